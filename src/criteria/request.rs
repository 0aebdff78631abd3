//! What a version is asked about: codes and facts.

use super::Truth;
use crate::policy::{Code, Facts, Gate, Version};

/// One request, as far as criteria can see it.
///
/// An empty list of codes means that none was recorded, which is *unknown*
/// rather than *none listed*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The procedure codes recorded.
    pub procedure_codes: Vec<Code>,
    /// The diagnosis codes recorded.
    pub diagnosis_codes: Vec<Code>,
    /// The facts recorded, closed under `implies`.
    pub facts: Facts,
}

/// What the code tables of a version say about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gates {
    /// Whether a procedure code is listed; true if no table asks.
    pub address: Truth,
    /// Whether the tables of procedures that are required list one.
    pub require_procedure: Truth,
    /// Whether the tables of diagnoses that are required list one.
    pub require_diagnosis: Truth,
}

impl Gates {
    /// What the tables of `version` say about `request`.
    pub fn of(version: &Version, request: &Request) -> Gates {
        let listed = |gate: Gate, procedure: bool| {
            version
                .codes
                .iter()
                .filter(move |table| table.gate == gate && table.system.is_procedure() == procedure)
                .map(|table| {
                    let codes = request.codes(procedure);
                    if codes.is_empty() {
                        Truth::Unknown
                    } else {
                        table
                            .rows
                            .iter()
                            .any(|row| codes.iter().any(|code| code.names_same(&row.code)))
                            .into()
                    }
                })
                .collect::<Vec<_>>()
        };
        let address = listed(Gate::Address, true);
        let all = |values: Vec<Truth>| values.into_iter().fold(Truth::True, Truth::and);
        Gates {
            // Tables that address share the request out among them: one suffices.
            address: if address.is_empty() {
                Truth::True
            } else {
                address.into_iter().fold(Truth::False, Truth::or)
            },
            require_procedure: all(listed(Gate::Require, true)),
            require_diagnosis: all(listed(Gate::Require, false)),
        }
    }

    /// Whether every required table lists a code of the request.
    pub fn required(self) -> Truth {
        self.require_procedure.and(self.require_diagnosis)
    }
}

impl Request {
    /// The recorded codes of procedures, or of diagnoses.
    pub fn codes(&self, procedure: bool) -> &[Code] {
        if procedure {
            &self.procedure_codes
        } else {
            &self.diagnosis_codes
        }
    }
}
