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
    let mut values = vec![first - 1.0];
    for pair in thresholds.windows(2) {
        values.extend([pair[0], f64::midpoint(pair[0], pair[1])]);
    }
    values.extend([*last, last + 1.0]);
    values.into_iter().map(FactValue::Number).collect()
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
}
