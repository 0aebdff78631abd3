//! What rows may speak of: the policies, their facts, and the criteria that
//! are answered directly.

use std::collections::{HashMap, HashSet};

use crate::policy::{Criterion, CriterionId, FactKind, Policy, criterion::ANSWER_PREFIX};
use crate::text::nearest;

/// The policies whose cases are read, ready to be looked up row by row.
#[derive(Clone, Debug)]
pub struct Vocabulary<'p> {
    policies: HashMap<&'p str, PolicyWords<'p>>,
    /// The policy of a row that names none.
    only: Option<&'p str>,
}

/// The facts of one policy.
#[derive(Clone, Debug)]
pub(super) struct PolicyWords<'p> {
    pub(super) policy: &'p Policy,
    /// The criteria that some version has answered directly.
    answered: HashSet<&'p CriterionId>,
}

impl<'p> Vocabulary<'p> {
    /// What cases of these policies may speak of. Where there is one policy
    /// only, a row need not name it.
    pub fn of(policies: impl IntoIterator<Item = &'p Policy>) -> Self {
        let policies: HashMap<&str, PolicyWords<'p>> = policies
            .into_iter()
            .map(|policy| (policy.reference.as_str(), PolicyWords::of(policy)))
            .collect();
        let mut references = policies.keys();
        Vocabulary {
            only: references.next().copied().filter(|_| policies.len() == 1),
            policies,
        }
    }

    /// The policy a row is of.
    pub(super) fn policy(&self, reference: Option<&str>) -> Result<&PolicyWords<'p>, String> {
        let Some(named) = reference.or(self.only) else {
            return Err("`policy` is missing; name it with --policy".to_owned());
        };
        self.policies.get(named).ok_or_else(|| match self.only {
            Some(only) => format!("`policy` is `{named}`, but cases of {only} are read here"),
            None => match nearest(named, self.references()) {
                Some(known) => {
                    format!("the library has no policy `{named}`; did you mean `{known}`?")
                }
                None => format!("the library has no policy `{named}`"),
            },
        })
    }

    fn references(&self) -> Vec<&'p str> {
        let mut references: Vec<_> = self.policies.keys().copied().collect();
        references.sort_unstable();
        references
    }

    /// Whether some policy has a fact of that name.
    pub(super) fn knows_fact(&self, name: &str) -> bool {
        self.policies.values().any(|words| words.kind(name).is_ok())
    }

    /// The names of all facts of all policies, in order.
    pub(super) fn fact_names(&self) -> Vec<&'p str> {
        let mut names: Vec<&str> = self
            .policies
            .values()
            .flat_map(|words| words.policy.facts.names())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl<'p> PolicyWords<'p> {
    fn of(policy: &'p Policy) -> Self {
        let criteria = policy.versions.iter().flat_map(|one| one.all_criteria());
        PolicyWords {
            policy,
            answered: criteria
                .filter(|criterion| Criterion::is_answered_directly(criterion))
                .map(|criterion| &criterion.id)
                .collect(),
        }
    }

    /// The type of a fact.
    ///
    /// # Errors
    /// When the policy has no such fact.
    pub(super) fn kind(&self, name: &str) -> Result<&'p FactKind, String> {
        if let Some(definition) = self.policy.facts.get(name) {
            return Ok(&definition.kind);
        }
        if let Some(id) = name.strip_prefix(ANSWER_PREFIX).and_then(CriterionId::new) {
            return if self.answered.contains(&id) {
                Ok(&FactKind::Bool)
            } else {
                Err(format!(
                    "no version has a criterion {id} that is answered directly"
                ))
            };
        }
        let reference = &self.policy.reference;
        Err(match nearest(name, self.policy.facts.names()) {
            Some(known) => {
                format!("{reference} has no fact `{name}`; did you mean `{known}`?")
            }
            None => format!("{reference} has no fact `{name}`"),
        })
    }
}
