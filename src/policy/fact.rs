//! Facts: named, typed values of a case that criteria test.

use std::collections::BTreeMap;
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
}

impl Dictionary {
    /// A dictionary of these definitions.
    pub fn new(definitions: impl IntoIterator<Item = FactDefinition>) -> Self {
        Dictionary {
            facts: definitions
                .into_iter()
                .map(|definition| (definition.name.clone(), definition))
                .collect(),
        }
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
        let mut reached: Vec<&str> = vec![];
        let mut pending = vec![name];
        while let Some(cause) = pending.pop() {
            for effect in self.get(cause).into_iter().flat_map(|cause| &cause.implies) {
                if effect != name && !reached.contains(&effect.as_str()) {
                    reached.push(effect);
                    pending.push(effect);
                }
            }
        }
        reached
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
        let mut learned = Vec::new();
        for definition in dictionary.iter() {
            let cause = &definition.name;
            for effect in dictionary.implied_by(cause) {
                let is = |name: &str, value| self.get(name) == Some(&FactValue::Bool(value));
                if is(cause, true) && is(effect, false) {
                    return Err(Contradiction {
                        cause: cause.clone(),
                        effect: effect.to_owned(),
                    });
                }
                if is(cause, true) {
                    learned.push((effect.to_owned(), true));
                }
                if is(effect, false) {
                    learned.push((cause.clone(), false));
                }
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
}
