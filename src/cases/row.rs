//! One row, from what a file says to a typed case.

use std::collections::BTreeMap;

use super::{Case, Recorded};
use crate::criteria::{Determination, Request};
use crate::policy::{
    Code, CodeSystem, Criterion, CriterionId, Date, FactKind, FactValue, Facts, Policy,
    criterion::ANSWER_PREFIX,
};
use crate::text::nearest;

/// A row as a file has it, not yet typed.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub case_id: String,
    pub policy: Option<String>,
    pub service_date: Option<String>,
    pub procedure_codes: Vec<String>,
    pub diagnosis_codes: Vec<String>,
    pub determination: Option<String>,
    pub determination_version: Option<String>,
    pub decision_date: Option<String>,
    pub facts: BTreeMap<String, FactValue>,
    pub note: Option<String>,
}

impl Row {
    /// The typed case.
    ///
    /// # Errors
    /// The first thing in the row that does not fit.
    pub(super) fn typed(self, policies: &[Policy]) -> Result<Case, String> {
        if self.case_id.trim().is_empty() {
            return Err("`case_id` is empty".to_owned());
        }
        let policy = find_policy(self.policy.as_deref(), policies)?;
        let recorded = self.recorded()?;
        let date = |key: &str, text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => parse_date(key, text).map(Some),
        };
        Ok(Case {
            service_date: date("service_date", &self.service_date)?,
            recorded,
            request: Request {
                procedure_codes: codes(&self.procedure_codes, Code::parse_procedure)?,
                diagnosis_codes: codes(&self.diagnosis_codes, |text| {
                    Code::parse(CodeSystem::Icd10Cm, text)
                })?,
                facts: facts(self.facts, policy)?,
            },
            id: self.case_id,
            policy: policy.reference.clone(),
            note: self.note,
        })
    }

    fn recorded(&self) -> Result<Option<Recorded>, String> {
        let Some(name) = &self.determination else {
            if self.determination_version.is_some() || self.decision_date.is_some() {
                return Err("a decision is dated, but `determination` is missing".to_owned());
            }
            return Ok(None);
        };
        let determination = Determination::from_name(name).ok_or_else(|| {
            let known = Determination::ALL.map(Determination::name).join(", ");
            format!("`determination` is \"{name}\": expected one of {known}")
        })?;
        let decision_date = match &self.decision_date {
            None => None,
            Some(text) => Some(parse_date("decision_date", text)?),
        };
        Ok(Some(Recorded {
            determination,
            version: self.determination_version.clone(),
            decision_date,
        }))
    }
}

fn find_policy<'a>(reference: Option<&str>, policies: &'a [Policy]) -> Result<&'a Policy, String> {
    match (reference, policies) {
        (Some(reference), _) => policies
            .iter()
            .find(|policy| policy.reference == reference)
            .ok_or_else(|| match policies {
                [only] => format!(
                    "`policy` is `{reference}`, but cases of {} are read here",
                    only.reference
                ),
                _ => format!("the library has no policy `{reference}`"),
            }),
        (None, [only]) => Ok(only),
        (None, _) => Err("`policy` is missing; name it with --policy".to_owned()),
    }
}

fn parse_date(key: &str, text: &str) -> Result<Date, String> {
    text.parse().map_err(|error| format!("`{key}`: {error}"))
}

fn codes<E: std::fmt::Display>(
    texts: &[String],
    parse: impl Fn(&str) -> Result<Code, E>,
) -> Result<Vec<Code>, String> {
    texts
        .iter()
        .map(|text| parse(text).map_err(|error| error.to_string()))
        .collect()
}

/// Checks each fact against the dictionary and adds what `implies` makes certain.
fn facts(given: BTreeMap<String, FactValue>, policy: &Policy) -> Result<Facts, String> {
    let mut facts = Facts::default();
    for (name, value) in given {
        let kind = kind(&name, policy)?;
        if !kind.admits(&value) {
            return Err(format!(
                "`{name}` is {}: expected {}",
                quoted(&value),
                kind.expectation()
            ));
        }
        facts.set(name, value);
    }
    facts
        .close(&policy.facts)
        .map_err(|error| error.to_string())
}

fn quoted(value: &FactValue) -> String {
    match value {
        FactValue::Choice(text) => format!("\"{text}\""),
        other => other.to_string(),
    }
}

fn kind(name: &str, policy: &Policy) -> Result<FactKind, String> {
    if let Some(definition) = policy.facts.get(name) {
        return Ok(definition.kind.clone());
    }
    if let Some(id) = name.strip_prefix(ANSWER_PREFIX).and_then(CriterionId::new) {
        let answered = |version: &crate::policy::Version| {
            version
                .criterion(&id)
                .is_some_and(Criterion::is_answered_directly)
        };
        if policy.versions.iter().any(answered) {
            return Ok(FactKind::Bool);
        }
        return Err(format!(
            "no version has a criterion {id} that is answered directly"
        ));
    }
    Err(match nearest(name, policy.facts.names()) {
        Some(known) => {
            format!(
                "{} has no fact `{name}`; did you mean `{known}`?",
                policy.reference
            )
        }
        None => format!("{} has no fact `{name}`", policy.reference),
    })
}
