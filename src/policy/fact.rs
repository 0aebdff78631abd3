//! Facts: named, typed values of a case that criteria test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The type of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// Yes or no.
    Bool,
    /// A finite number, in `unit` where one is named.
    Number {
        /// The unit, as `months` or `%`.
        unit: Option<String>,
    },
    /// One of the listed words.
    Choice {
        /// The words, in the order of the file.
        choices: Vec<String>,
    },
}

impl FactKind {
    /// The type as files spell it.
    pub fn name(&self) -> &'static str {
        match self {
            FactKind::Bool => "bool",
            FactKind::Number { .. } => "number",
            FactKind::Choice { .. } => "choice",
        }
    }

    /// Whether `value` is of this type, and among the choices if there are any.
    pub fn admits(&self, value: &FactValue) -> bool {
        match (self, value) {
            (FactKind::Bool, FactValue::Bool(_)) => true,
            (FactKind::Number { .. }, FactValue::Number(number)) => number.is_finite(),
            (FactKind::Choice { choices }, FactValue::Choice(word)) => choices.contains(word),
            _ => false,
        }
    }

    /// What a value of this type looks like, in words.
    pub fn expectation(&self) -> String {
        match self {
            FactKind::Bool => "true or false".to_owned(),
            FactKind::Number { unit: None } => "a number".to_owned(),
            FactKind::Number { unit: Some(unit) } => format!("a number ({unit})"),
            FactKind::Choice { choices } => format!("one of {}", choices.join(", ")),
        }
    }
}

/// One entry of a policy's dictionary of facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactDefinition {
    /// Its name.
    pub name: String,
    /// The question put to a reviewer.
    pub ask: String,
    /// Its type.
    pub kind: FactKind,
    /// Boolean facts that are true whenever this one is.
    pub implies: Vec<String>,
}

/// A policy's dictionary of facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dictionary {
    facts: BTreeMap<String, FactDefinition>,
    /// For every fact, those that imply it in one step.
    causes: BTreeMap<String, Vec<String>>,
}

impl Dictionary {
    /// A dictionary of these definitions.
    pub fn new(definitions: impl IntoIterator<Item = FactDefinition>) -> Self {
        let facts: BTreeMap<String, FactDefinition> = definitions
            .into_iter()
            .map(|definition| (definition.name.clone(), definition))
            .collect();
        let mut causes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (cause, definition) in &facts {
            for effect in &definition.implies {
                causes
                    .entry(effect.clone())
                    .or_default()
                    .push(cause.clone());
            }
        }
        Dictionary { facts, causes }
    }

    /// The definition of a fact.
    pub fn get(&self, name: &str) -> Option<&FactDefinition> {
        self.facts.get(name)
    }

    /// Every definition, by name.
    pub fn iter(&self) -> impl Iterator<Item = &FactDefinition> {
        self.facts.values()
    }

    /// Every fact that is true whenever `name` is, through any number of steps.
    pub fn implied_by(&self, name: &str) -> Vec<&str> {
        let mut effects = self.reach(name, Dictionary::effects, &mut BTreeSet::new());
        effects.retain(|effect| *effect != name);
        effects
    }

    fn effects(&self, cause: &str) -> &[String] {
        self.get(cause)
            .map_or(&[], |definition| &definition.implies)
    }

    fn causes(&self, effect: &str) -> &[String] {
        self.causes.get(effect).map_or(&[], Vec::as_slice)
    }

    /// Everything any number of steps away from `start` and not `reached` before.
    fn reach<'d>(
        &'d self,
        start: &str,
        step: fn(&'d Dictionary, &str) -> &'d [String],
        reached: &mut BTreeSet<&'d str>,
    ) -> Vec<&'d str> {
        let mut found = vec![];
        let mut pending: Vec<&[String]> = vec![step(self, start)];
        while let Some(names) = pending.pop() {
            for name in names {
                if reached.insert(name) {
                    found.push(name.as_str());
                    pending.push(step(self, name));
                }
            }
        }
        found
    }

    /// Every name, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.facts.keys().map(String::as_str)
    }
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// Yes or no.
    Bool(bool),
    /// A number, in the unit of its definition.
    Number(f64),
    /// One of the definition's choices.
    Choice(String),
}

impl fmt::Display for FactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FactValue::Bool(value) => write!(f, "{value}"),
            FactValue::Number(value) => write!(f, "{value}"),
            FactValue::Choice(value) => f.write_str(value),
        }
    }
}

/// The facts recorded for a case. A fact that is not here is *unknown*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(BTreeMap<String, FactValue>);

/// Two facts of one case that cannot both hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{cause}` is true, which implies `{effect}`, but `{effect}` is recorded as false")]
pub struct Contradiction {
    /// The fact that is true.
    pub cause: String,
    /// The fact it implies.
    pub effect: String,
}

impl Facts {
    /// The value recorded, if any.
    pub fn get(&self, name: &str) -> Option<&FactValue> {
        self.0.get(name)
    }

    /// Records a value, replacing an earlier one.
    pub fn set(&mut self, name: impl Into<String>, value: FactValue) {
        self.0.insert(name.into(), value);
    }

    /// Every recorded fact, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FactValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Adds what `implies` makes certain: true carries forward, false carries
    /// back. Nothing recorded is ever changed.
    ///
    /// # Errors
    /// When two recorded facts contradict an implication.
    pub fn close(mut self, dictionary: &Dictionary) -> Result<Self, Contradiction> {
        let recorded = |value: bool| {
            let facts = self.0.iter();
            facts.filter(move |(_, one)| **one == FactValue::Bool(value))
        };
        let mut learned = Vec::new();
        // What one fact reaches, another need not go through again.
        let mut reached = BTreeSet::new();
        for (cause, _) in recorded(true) {
            for effect in dictionary.reach(cause, Dictionary::effects, &mut reached) {
                if self.get(effect) == Some(&FactValue::Bool(false)) {
                    return Err(Contradiction {
                        cause: cause.clone(),
                        effect: effect.to_owned(),
                    });
                }
                learned.push((effect.to_owned(), true));
            }
        }
        let mut reached = BTreeSet::new();
        for (effect, _) in recorded(false) {
            for cause in dictionary.reach(effect, Dictionary::causes, &mut reached) {
                learned.push((cause.to_owned(), false));
            }
        }
        for (name, value) in learned {
            self.0.entry(name).or_insert(FactValue::Bool(value));
        }
        Ok(self)
    }
}

impl FromIterator<(String, FactValue)> for Facts {
    fn from_iter<I: IntoIterator<Item = (String, FactValue)>>(facts: I) -> Self {
        Facts(facts.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(name: &str, implies: &[&str]) -> FactDefinition {
        FactDefinition {
            name: name.to_owned(),
            ask: String::new(),
            kind: FactKind::Bool,
            implies: implies.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn close(given: &[(&str, bool)]) -> Result<Vec<(String, bool)>, Contradiction> {
        let dictionary = Dictionary::new([
            definition("local", &["active"]),
            definition("active", &["any"]),
            definition("any", &[]),
        ]);
        let facts: Facts = given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), FactValue::Bool(*value)))
            .collect();
        facts.close(&dictionary).map(|facts| {
            facts
                .iter()
                .map(|(name, value)| (name.to_owned(), *value == FactValue::Bool(true)))
                .collect()
        })
    }

    fn named(facts: &[(&str, bool)]) -> Vec<(String, bool)> {
        facts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect()
    }

    #[test]
    fn true_carries_forward_and_false_back_through_chains() {
        assert_eq!(
            close(&[("local", true)]),
            Ok(named(&[("active", true), ("any", true), ("local", true)]))
        );
        assert_eq!(
            close(&[("any", false)]),
            Ok(named(&[
                ("active", false),
                ("any", false),
                ("local", false)
            ]))
        );
    }

    #[test]
    fn the_other_directions_say_nothing() {
        assert_eq!(close(&[("local", false)]), Ok(named(&[("local", false)])));
        assert_eq!(close(&[("any", true)]), Ok(named(&[("any", true)])));
    }

    #[test]
    fn contradictions_are_named_even_across_a_chain() {
        let error = close(&[("local", true), ("any", false)]).expect_err("contradiction");
        assert_eq!(
            (error.cause.as_str(), error.effect.as_str()),
            ("local", "any")
        );
    }

    #[test]
    fn long_chains_are_closed_at_once() {
        let name = |number: usize| format!("f{number:05}");
        let chain = (0..20_000).map(|number| definition(&name(number), &[&name(number + 1)]));
        let dictionary = Dictionary::new(chain);
        for (recorded, value) in [(0, true), (20_000, false)] {
            let fact = (name(recorded), FactValue::Bool(value));
            let facts: Facts = [fact].into_iter().collect();
            let closed = facts.close(&dictionary).expect("no contradiction");
            assert_eq!(closed.iter().count(), 20_001);
        }
        let ends = [(name(0), true), (name(20_000), false)];
        let facts: Facts = ends
            .into_iter()
            .map(|(name, value)| (name, FactValue::Bool(value)))
            .collect();
        let error = facts.close(&dictionary).expect_err("contradiction");
        assert_eq!((error.cause, error.effect), (name(0), name(20_000)));
    }
}
