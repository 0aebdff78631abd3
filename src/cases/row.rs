//! One row, from what a file says to a typed case.

use std::borrow::Cow;

use super::columns::Target;
use super::value::{codes_of, may_mean_missing, number_of, truth_of};
use super::vocabulary::{PolicyWords, Vocabulary};
use super::{Case, Recorded};
use crate::criteria::{Determination, Request};
use crate::policy::{Code, CodeSystem, Date, FactKind, FactValue, Facts};
use crate::text::nearest;

/// A row as a file has it, not yet typed.
#[derive(Clone, Debug, Default)]
pub struct Row<'r> {
    /// What is wrong with it already.
    pub(super) faults: Vec<String>,
    pub(super) case_id: Option<Cow<'r, str>>,
    pub(super) policy: Option<Cow<'r, str>>,
    pub(super) service_date: Option<Cow<'r, str>>,
    pub(super) procedure_codes: Vec<Cow<'r, str>>,
    pub(super) diagnosis_codes: Vec<Cow<'r, str>>,
    pub(super) determination: Option<Cow<'r, str>>,
    pub(super) determination_version: Option<Cow<'r, str>>,
    pub(super) decision_date: Option<Cow<'r, str>>,
    /// Each fact once.
    pub(super) facts: Vec<(Cow<'r, str>, Given<'r>)>,
    pub(super) note: Option<Cow<'r, str>>,
}

/// A fact's value as a file gives it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given<'r> {
    /// With the type the file gives it.
    Typed(FactValue),
    /// As text, whatever its type: `no` may be a word or an answer.
    Text(Cow<'r, str>),
}

impl<'r> Row<'r> {
    /// The typed case.
    ///
    /// # Errors
    /// Everything in the row that does not fit, separated by `; `.
    pub fn typed(mut self, vocabulary: &Vocabulary<'_>) -> Result<Case, String> {
        let mut faults = Faults(std::mem::take(&mut self.faults));
        match &self.case_id {
            Some(id) if id.trim().is_empty() => faults.0.push("`case_id` is empty".to_owned()),
            None if faults.0.is_empty() => faults.0.push("`case_id` is missing".to_owned()),
            _ => {}
        }
        let words = faults.take(vocabulary.policy(self.policy.as_deref()));
        let service_date = faults.date("service_date", self.service_date.as_deref());
        let procedure_codes = faults.codes(&self.procedure_codes, |text| {
            Code::parse_procedure(text).map_err(|error| error.to_string())
        });
        let diagnosis_codes = faults.codes(&self.diagnosis_codes, |text| {
            Code::parse(CodeSystem::Icd10Cm, text).map_err(|error| error.to_string())
        });
        let recorded = self.recorded(&mut faults);
        // Without the policy it cannot be told what its facts are.
        let facts = words.map(|words| facts(self.facts, words, &mut faults));
        match (self.case_id, words, facts) {
            (Some(id), Some(words), Some(facts)) if faults.0.is_empty() => Ok(Case {
                id: id.into_owned(),
                policy: words.policy.reference.clone(),
                service_date,
                request: Request {
                    procedure_codes,
                    diagnosis_codes,
                    facts,
                },
                recorded,
                note: self.note.map(Cow::into_owned),
            }),
            _ => Err(faults.0.join("; ")),
        }
    }

    /// Takes over the text of one field, blanks around it trimmed; an empty
    /// one says nothing.
    pub(super) fn set(&mut self, target: &'r Target, text: Cow<'r, str>) {
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        if text.is_empty() {
            return;
        }
        match target {
            Target::CaseId => self.case_id = Some(text),
            Target::Policy => self.policy = Some(text),
            Target::ServiceDate => self.service_date = Some(text),
            Target::ProcedureCodes => add_codes(&mut self.procedure_codes, text),
            Target::DiagnosisCodes => add_codes(&mut self.diagnosis_codes, text),
            Target::Determination => self.determination = Some(text),
            Target::DeterminationVersion => self.determination_version = Some(text),
            Target::DecisionDate => self.decision_date = Some(text),
            Target::Note => self.note = Some(text),
            Target::Fact(name) => self.facts.push((Cow::Borrowed(name), Given::Text(text))),
            Target::Ignored | Target::Unknown => {}
        }
    }

    fn recorded(&self, faults: &mut Faults) -> Option<Recorded> {
        let decision_date = faults.date("decision_date", self.decision_date.as_deref());
        let Some(name) = self.determination.as_deref() else {
            if self.determination_version.is_some() || self.decision_date.is_some() {
                let fault = "a decision is dated, but `determination` is missing";
                faults.0.push(fault.to_owned());
            }
            return None;
        };
        let Some(determination) = Determination::from_name(name) else {
            let known = Determination::ALL.map(Determination::name);
            let expected = format!("expected one of {}", known.join(", "));
            faults
                .0
                .push(misfit("determination", name, &expected, &known));
            return None;
        };
        Some(Recorded {
            determination,
            version: self.determination_version.as_deref().map(ToOwned::to_owned),
            decision_date,
        })
    }
}

fn add_codes<'r>(codes: &mut Vec<Cow<'r, str>>, text: Cow<'r, str>) {
    match text {
        Cow::Borrowed(text) => codes.extend(codes_of(text).map(Cow::Borrowed)),
        Cow::Owned(text) => codes.extend(codes_of(&text).map(|code| Cow::Owned(code.to_owned()))),
    }
}

/// What does not fit in a row.
struct Faults(Vec<String>);

impl Faults {
    fn take<T>(&mut self, value: Result<T, String>) -> Option<T> {
        value.map_err(|fault| self.0.push(fault)).ok()
    }

    fn date(&mut self, column: &str, text: Option<&str>) -> Option<Date> {
        let text = text?;
        let date = text.parse().map_err(|error| {
            let way_out = left_out(text);
            format!("`{column}`: {error}{way_out}")
        });
        self.take(date)
    }

    fn codes(
        &mut self,
        texts: &[Cow<'_, str>],
        parse: impl Fn(&str) -> Result<Code, String>,
    ) -> Vec<Code> {
        let codes = texts.iter().map(|text| {
            parse(text).map_err(|error| {
                let several = if text.contains([',', '|', '/']) {
                    "; several are separated by blanks or `;`"
                } else {
                    left_out(text)
                };
                format!("{error}{several}")
            })
        });
        codes.filter_map(|code| self.take(code)).collect()
    }
}

/// How a value is left out, for a word that may have been meant so.
fn left_out(text: &str) -> &'static str {
    if may_mean_missing(text) {
        "; what is not known is left empty"
    } else {
        ""
    }
}

/// A value that is not what its column expects.
fn misfit(column: &str, text: &str, expected: &str, known: &[&str]) -> String {
    let meant = match nearest(text, known.iter().copied()) {
        Some(known) if known != text => format!("; did you mean {known}?"),
        _ => String::new(),
    };
    format!(
        "`{column}` is \"{text}\": {expected}{meant}{}",
        left_out(text)
    )
}

/// Checks each fact against the dictionary and adds what `implies` makes certain.
fn facts(
    given: Vec<(Cow<'_, str>, Given<'_>)>,
    words: &PolicyWords<'_>,
    faults: &mut Faults,
) -> Facts {
    let mut facts = Facts::default();
    for (name, value) in given {
        let typed = words.kind(&name).and_then(|kind| typed(&name, value, kind));
        if let Some(value) = faults.take(typed) {
            facts.set(name, value);
        }
    }
    let closed = facts.close(&words.policy.facts);
    faults
        .take(closed.map_err(|error| error.to_string()))
        .unwrap_or_default()
}

fn typed(name: &str, value: Given<'_>, kind: &FactKind) -> Result<FactValue, String> {
    let value = match value {
        Given::Typed(value) if kind.admits(&value) => return Ok(value),
        Given::Typed(FactValue::Choice(text)) => Cow::Owned(text),
        Given::Typed(other) => {
            return Err(format!(
                "`{name}` is {other}: expected {}",
                kind.expectation()
            ));
        }
        Given::Text(text) => {
            let value = match kind {
                FactKind::Bool => truth_of(&text).map(FactValue::Bool),
                FactKind::Number { .. } => number_of(&text).map(FactValue::Number),
                FactKind::Choice { choices } => choices
                    .iter()
                    .find(|choice| **choice == *text)
                    .map(|choice| FactValue::Choice(choice.clone())),
            };
            match value {
                Some(value) => return Ok(value),
                None => text,
            }
        }
    };
    let known: Vec<&str> = match kind {
        FactKind::Choice { choices } => choices.iter().map(String::as_str).collect(),
        _ => vec![],
    };
    let expected = format!("expected {}", kind.expectation());
    Err(misfit(name, &value, &expected, &known))
}
