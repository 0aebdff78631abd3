//! The replay of a policy as one SQL statement.

use std::collections::BTreeSet;

use super::evidence::Evidence;
use super::open::Workbench;
use super::problem::Problem;
use super::replay::Against;
use crate::policy::{Version, VersionRef};
pub use crate::replay::sql::Dialect as SqlDialect;
use crate::replay::sql::{Dialect, SqlError, SqlReplay, Statement};
use crate::text::nearest;

/// Which replay, and for which engine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SqlRequest {
    /// The policy.
    pub policy: String,
    /// The versions to replay against.
    pub against: Against,
    /// Whose SQL.
    pub dialect: Dialect,
    /// The table of cases.
    pub table: String,
    /// Columns that the table does not have.
    pub without: BTreeSet<String>,
}

/// A replay as a statement, with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenSql {
    /// Whose SQL.
    pub dialect: Dialect,
    /// The table of cases.
    pub table: String,
    /// The versions replayed against, by effective date.
    pub versions: Vec<VersionRef>,
    /// The statement, and what it reads and gives.
    pub statement: Statement,
    /// What the answer rests on.
    pub evidence: Evidence,
}

impl Workbench {
    /// Writes the replay of a policy as a statement.
    ///
    /// # Errors
    /// When there is no such policy or version, or when names do not fit the
    /// engine.
    pub fn sql(&self, request: &SqlRequest) -> Result<WrittenSql, Problem> {
        let policy = self.policy(Some(&request.policy))?;
        let named = self.versions_against(&request.against, Some(policy), &[])?;
        if let Some((other, _)) = named
            .iter()
            .find(|(one, _)| one.reference != policy.reference)
        {
            return Err(Problem::usage(
                format!(
                    "{} is another policy than {}",
                    other.reference, policy.reference
                ),
                "write one statement for each policy",
            ));
        }
        if named.is_empty() {
            return Err(Problem::usage(
                format!("{} has no version to replay against", policy.reference),
                "see `lookback check` for why",
            ));
        }
        let versions: Vec<&Version> = named.iter().map(|(_, version)| *version).collect();
        let statement = SqlReplay {
            policy,
            versions: &versions,
            dialect: request.dialect,
            table: &request.table,
            without: &request.without,
        };
        let statement = statement.write().map_err(problem)?;
        Ok(WrittenSql {
            dialect: request.dialect,
            table: request.table.clone(),
            versions: named
                .iter()
                .map(|(policy, version)| policy.version_ref(version))
                .collect(),
            statement,
            evidence: self.evidence(&named),
        })
    }
}

fn problem(error: SqlError) -> Problem {
    let message = error.to_string();
    match &error {
        SqlError::Table(_) => {
            Problem::usage(message, "write a table's name, as cases or claims.cases")
        }
        SqlError::NotRead(name, read) => {
            let hint = match nearest(name, read.iter().map(String::as_str)) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("it reads {}", read.join(", ")),
            };
            Problem::usage(message, hint)
        }
        SqlError::SameName(..) | SqlError::LongName(_) | SqlError::TooEntangled => {
            Problem::input(message, "replay the cases with `lookback replay` instead")
        }
    }
}
