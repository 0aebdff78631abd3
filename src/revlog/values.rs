//! Numbers, quantifiers and units in criteria, and whether one took the
//! place of another.

use super::read::QUANTIFIERS;
use crate::compare::{Aspect, CriterionChange};
use crate::policy::Need;

/// Whether a criterion's numbers, quantifier or combinator changed from the
/// one value to the other.
pub(super) fn value_differs(change: &CriterionChange, old: Option<&str>, new: &str) -> bool {
    let (Some(was), Some(now)) = (&change.views.old, &change.views.new) else {
        return false;
    };
    let text = change.texts().map(Option::unwrap_or_default);
    let (was_values, now_values) = (values(&text.old), values(&text.new));
    let holds = |values: &[Value], value: &Value| values.iter().any(|one| one.agrees(value));
    let differs = |claimed: &[Value], with: &[Value], without: &[Value]| {
        claimed.iter().all(|value| holds(with, value))
            && claimed.iter().any(|value| !holds(without, value))
    };
    let new_values = values(new);
    let old_values = old.map(values);
    let by_text = differs(&new_values, &now_values, &was_values)
        && old_values
            .as_ref()
            .is_none_or(|old| differs(old, &was_values, &now_values));
    let by_need = change.aspects.contains(&Aspect::Need)
        && holds(&new_values, &need_value(now.need))
        && old_values.is_none_or(|old| holds(&old, &need_value(was.need)));
    by_text || by_need
}

/// A number or a quantifier, with its unit if the text gives one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Value {
    value: String,
    unit: Option<&'static str>,
}

impl Value {
    /// Whether two texts can mean the same: 6 months are not 6 weeks, and 6
    /// may be either.
    fn agrees(&self, other: &Value) -> bool {
        self.value == other.value
            && (self.unit == other.unit || self.unit.is_none() || other.unit.is_none())
    }
}

/// The numbers and quantifiers of a text, numbers as digits.
fn values(text: &str) -> Vec<Value> {
    let lower = text.to_lowercase().replace('%', " percent ");
    let words: Vec<&str> = lower
        .split(|one: char| !(one.is_alphanumeric() || one == '.'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    let values = words.iter().enumerate().filter_map(|(index, word)| {
        let value = value(word)?;
        let unit = words[index + 1..]
            .iter()
            .take(3)
            .take_while(|word| self::value(word).is_none())
            .find_map(|word| unit(word));
        Some(Value { value, unit })
    });
    values.collect()
}

fn value(word: &str) -> Option<String> {
    let quantifier = QUANTIFIERS.iter().find(|(known, _)| *known == word);
    match quantifier {
        Some((_, value)) => Some((*value).to_owned()),
        None => word
            .starts_with(|one: char| one.is_ascii_digit())
            .then(|| word.to_owned()),
    }
}

fn unit(word: &str) -> Option<&'static str> {
    const UNITS: &[&str] = &[
        "minute", "hour", "day", "week", "month", "year", "percent", "point", "mg", "mcg", "kg",
        "g", "ml", "cm", "mm", "visit", "session", "trial", "level",
    ];
    UNITS
        .iter()
        .find(|unit| word == **unit || word.strip_suffix('s') == Some(unit))
        .copied()
}

fn need_value(need: Need) -> Value {
    let value = match need {
        Need::All => "all".to_owned(),
        Need::Any => "any".to_owned(),
        Need::None => "none".to_owned(),
        Need::AtLeast(count) => count.to_string(),
    };
    Value { value, unit: None }
}
