//! What the hits are of, and narrowing a search to one of these values.

use crate::search::Facets;

/// A value that hits have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The condition in a query, as `kind:criterion`.
    pub term: String,
    /// How many hits have it.
    pub count: usize,
    /// Whether the query holds the condition.
    pub chosen: bool,
}

/// The values: kinds, code systems, then policies, the most hits first.
pub fn values(facets: &Facets, query: &str) -> Vec<Value> {
    let kinds = facets.kinds.iter();
    let kinds = kinds.map(|(kind, count)| (term("kind", kind.name()), *count));
    let systems = facets.systems.iter();
    let systems = systems.map(|(system, count)| (term("system", system.name()), *count));
    let policies = facets.policies.iter();
    let policies = policies.map(|(policy, count)| (term("policy", policy), *count));
    let all = kinds.chain(systems).chain(policies);
    all.map(|(term, count)| Value {
        chosen: place(query, &term).is_some(),
        term,
        count,
    })
    .collect()
}

/// The query narrowed to a value; widened again, if it was narrowed to it.
pub fn narrowed(query: &str, value: &Value) -> String {
    let Some(at) = place(query, &value.term) else {
        // Before it: the last word may still be typed, and may go on.
        return format!("{} {}", value.term, query.trim_start());
    };
    let (before, after) = (&query[..at], &query[at + value.term.len()..]);
    format!("{} {}", before.trim_end(), after.trim_start())
        .trim()
        .to_owned()
}

fn term(field: &str, value: &str) -> String {
    // Letters, digits and inner punctuation are a word in a query.
    let is_word = |one: char| one.is_alphanumeric() || ".-_/".contains(one);
    let ends = value.starts_with(char::is_alphanumeric) && value.ends_with(char::is_alphanumeric);
    match ends && value.chars().all(is_word) {
        true => format!("{field}:{value}"),
        false => format!("{field}:\"{}\"", value.replace('"', " ")),
    }
}

/// Where a condition stands in a query, as a word of its own.
fn place(query: &str, term: &str) -> Option<usize> {
    let is_end = |text: &str, edge: Option<char>| text.is_empty() || edge == Some(' ');
    query.match_indices(term).map(|(at, _)| at).find(|at| {
        let (before, after) = (&query[..*at], &query[at + term.len()..]);
        is_end(before, before.chars().next_back()) && is_end(after, after.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(term: &str) -> Value {
        Value {
            term: term.to_owned(),
            count: 1,
            chosen: false,
        }
    }

    #[test]
    fn narrowing_twice_gives_the_query_back() {
        for query in ["pump", "\"active infection\" -site", "pump kind:code x"] {
            let once = narrowed(query, &value("policy:P.1"));
            assert_eq!(once, format!("policy:P.1 {query}"));
            assert_eq!(narrowed(&once, &value("policy:P.1")), query);
        }
        assert_eq!(narrowed("a kind:code b", &value("kind:code")), "a b");
        // A longer word is another.
        let other = narrowed("policy:P.12", &value("policy:P.1"));
        assert_eq!(other, "policy:P.1 policy:P.12");
        assert_eq!(
            narrowed("-kind:code", &value("kind:code")),
            "kind:code -kind:code"
        );
    }

    #[test]
    fn values_with_spaces_are_quoted() {
        assert_eq!(term("policy", "CP.MP.173"), "policy:CP.MP.173");
        assert_eq!(term("policy", "My policy (2)"), "policy:\"My policy (2)\"");
        assert_eq!(term("system", "ICD-10-CM"), "system:ICD-10-CM");
    }
}
