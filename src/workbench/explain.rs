//! Explaining one case under one version.

use super::cases::CaseSource;
use super::evidence::Evidence;
use super::names::{Named, version_of, version_on};
use super::open::Workbench;
use super::problem::Problem;
use crate::cases::{Case, CaseBook};
use crate::criteria::{Explanation, Settling, evaluate, settling_set};
use crate::policy::VersionRef;
use crate::replay::{Dated, dates};
use crate::text::nearest;

/// A case explained under a version.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The case.
    pub case: Case,
    /// The version.
    pub version: VersionRef,
    /// The dates of the case, with what was in force on each.
    pub dates: Vec<Dated>,
    /// Why this version.
    pub basis: Basis,
    /// The determination with everything it rests on.
    pub explanation: Explanation,
    /// For `pend`: the facts that would settle it.
    pub settling: Settling,
    /// What the answer rests on.
    pub evidence: Evidence,
}

/// Why a case is explained under one version rather than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// It was asked for.
    Asked,
    /// The case was decided under it.
    Recorded,
    /// It was in force on the decision or service date.
    InForce,
    /// Nothing else is known: it is the latest.
    Latest,
}

impl Basis {
    /// The basis in words.
    pub fn describe(self) -> &'static str {
        match self {
            Basis::Asked => "as asked",
            Basis::Recorded => "the version it was decided under",
            Basis::InForce => "the version in force on its date",
            Basis::Latest => "the latest version",
        }
    }
}

impl Workbench {
    /// The case of that identifier.
    ///
    /// # Errors
    /// When there is none, or a file cannot be read.
    pub fn case(&self, source: &CaseSource, id: &str) -> Result<Case, Problem> {
        let (book, _) = self.case_book(source, None)?;
        find_case(&book, id).cloned()
    }

    /// Explains a case under the version named, or else under the one it was
    /// decided under, the one in force on its date, or the latest.
    ///
    /// # Errors
    /// When there is no such version.
    pub fn explain(&self, case: &Case, against: Option<&str>) -> Result<Explained, Problem> {
        let ((policy, version), basis) = self.version_to_explain(case, against)?;
        let explanation = evaluate(version, &case.request);
        Ok(Explained {
            settling: settling_set(version, &policy.facts, &case.request),
            explanation,
            version: policy.version_ref(version),
            dates: dates(policy, case),
            basis,
            evidence: self.evidence(&[(policy, version)]),
            case: case.clone(),
        })
    }

    fn version_to_explain<'a>(
        &'a self,
        case: &Case,
        against: Option<&str>,
    ) -> Result<(Named<'a>, Basis), Problem> {
        let policy = self.policy(Some(&case.policy))?;
        if let Some(name) = against {
            let named = match name.split_once('@') {
                Some(_) => self.version(name)?,
                None => (policy, version_of(policy, name)?),
            };
            if named.0.reference != case.policy {
                return Err(Problem::usage(
                    format!("case {} is of {}", case.id, case.policy),
                    format!("name a version of {}", case.policy),
                ));
            }
            return Ok((named, Basis::Asked));
        }
        let recorded = case.recorded.as_ref();
        if let Some(name) = recorded.and_then(|recorded| recorded.version.as_deref()) {
            let version = policy.version(name).ok_or_else(|| {
                Problem::usage(
                    format!(
                        "{} was decided under {name}, which the library does not have",
                        case.id
                    ),
                    "name the version to explain it under with --against",
                )
            })?;
            return Ok(((policy, version), Basis::Recorded));
        }
        let date = recorded
            .and_then(|recorded| recorded.decision_date)
            .or(case.service_date);
        match date {
            Some(date) => Ok(((policy, version_on(policy, date)?), Basis::InForce)),
            None => Ok(((policy, version_of(policy, "latest")?), Basis::Latest)),
        }
    }
}

fn find_case<'a>(book: &'a CaseBook, id: &str) -> Result<&'a Case, Problem> {
    let found = book.case(id).or_else(|| {
        let mut alike = book
            .cases
            .iter()
            .filter(|case| case.id.eq_ignore_ascii_case(id));
        alike.next().filter(|_| alike.next().is_none())
    });
    found.ok_or_else(|| {
        let known = book.cases.iter().map(|case| case.id.as_str());
        let hint = match nearest(id, known) {
            Some(known) => format!("did you mean {known}?"),
            None => match (book.cases.first(), book.cases.last()) {
                (Some(first), Some(last)) => format!(
                    "there are {} stored cases, from {} to {}",
                    book.cases.len(),
                    first.id,
                    last.id
                ),
                _ => "the library stores no cases".to_owned(),
            },
        };
        let mut problem = Problem::usage(format!("there is no case `{id}`"), hint);
        if !book.rejects.is_empty() {
            let count = book.rejects.len();
            problem.hints.push(format!(
                "it may be among the rejected rows, of which there are {count}: see `lookback replay`"
            ));
        }
        problem
    })
}
