//! The values of a fact between which rules can tell.
//!
//! A number matters only through the thresholds it is compared with, so one
//! value at each threshold, between each two and beyond both ends stands for
//! all numbers.

use std::collections::BTreeMap;

use crate::policy::{Criterion, Dictionary, FactKind, FactValue, Rule, Test, Version};

/// For every fact the rules of these versions read, the values worth trying.
pub fn domains(versions: &[&Version], dictionary: &Dictionary) -> BTreeMap<String, Vec<FactValue>> {
    let mut domains = BTreeMap::new();
    let mut thresholds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for fact in versions
        .iter()
        .flat_map(|version| version.all_criteria())
        .filter(|criterion| criterion.is_answered_directly())
        .map(|criterion| criterion.id.answer_fact())
    {
        domains.insert(fact, both_answers());
    }
    for test in versions
        .iter()
        .flat_map(|version| version.criteria.iter().flat_map(tests))
    {
        let of_fact = thresholds.entry(test.fact()).or_default();
        match test {
            Test::Compare {
                value: FactValue::Number(number),
                ..
            } => of_fact.push(*number),
            Test::In { values, .. } => {
                of_fact.extend(values.iter().filter_map(|value| match value {
                    FactValue::Number(number) => Some(*number),
                    _ => None,
                }))
            }
            _ => {}
        }
    }
    for (fact, thresholds) in thresholds {
        let values = match dictionary.get(fact).map(|definition| &definition.kind) {
            Some(FactKind::Choice { choices }) => {
                choices.iter().cloned().map(FactValue::Choice).collect()
            }
            Some(FactKind::Number { .. }) => around(thresholds),
            Some(FactKind::Bool) | None => both_answers(),
        };
        domains.insert(fact.to_owned(), values);
    }
    domains
}

fn tests(criterion: &Criterion) -> Vec<&Test> {
    let mut tests = vec![];
    for rule in criterion.walk().flat_map(rules) {
        rule.expr.for_each_test(&mut |test| tests.push(test));
    }
    tests
}

fn rules(criterion: &Criterion) -> impl Iterator<Item = &Rule> {
    criterion.when.iter().chain(&criterion.rule)
}

fn both_answers() -> Vec<FactValue> {
    vec![FactValue::Bool(true), FactValue::Bool(false)]
}

fn around(mut thresholds: Vec<f64>) -> Vec<FactValue> {
    thresholds.sort_by(f64::total_cmp);
    thresholds.dedup();
    let (Some(first), Some(last)) = (thresholds.first(), thresholds.last()) else {
        return vec![FactValue::Number(0.0)];
    };
    let mut values = vec![below(*first)];
    for pair in thresholds.windows(2) {
        values.extend([pair[0], f64::midpoint(pair[0], pair[1])]);
    }
    values.extend([*last, above(*last)]);
    // Beside the largest number there is, none is left.
    values.retain(|value| value.is_finite());
    values.dedup();
    values.into_iter().map(FactValue::Number).collect()
}

/// A number below, the next whole one if it can be told apart.
fn below(number: f64) -> f64 {
    (number - 1.0).min(number.next_down())
}

fn above(number: f64) -> f64 {
    (number + 1.0).max(number.next_up())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_stands_for_each_interval() {
        let numbers: Vec<_> = around(vec![6.0, 3.0, 3.0])
            .iter()
            .map(FactValue::to_string)
            .collect();
        assert_eq!(numbers, ["2", "3", "4.5", "6", "7"]);
    }

    #[test]
    fn both_sides_of_a_threshold_are_there_however_large_it_is() {
        let numbers = |thresholds: &[f64]| -> Vec<f64> {
            let values = around(thresholds.to_vec());
            let number = |value| match value {
                FactValue::Number(number) => number,
                other => panic!("{other} is no number"),
            };
            values.into_iter().map(number).collect()
        };
        for threshold in [9_007_199_254_740_992.0, 1e300, -1e300, 1e-300, 0.0] {
            let [less, same, more] = numbers(&[threshold])[..] else {
                panic!("three numbers around {threshold}");
            };
            assert!(less < same && same == threshold && same < more);
        }
        assert_eq!(numbers(&[f64::MAX]), [f64::MAX.next_down(), f64::MAX]);
        let next = 1e300_f64.next_up();
        assert_eq!(
            numbers(&[1e300, next]),
            [1e300_f64.next_down(), 1e300, next, next.next_up()]
        );
    }
}
