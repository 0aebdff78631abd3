//! The replay of a policy as one SQL statement over a table of cases, for
//! where the cases cannot leave their warehouse.
//!
//! The statement means what the reference evaluator means, three values and
//! the deciding criteria included. Only what the library says is in it, as
//! literals; what cases say never is.

mod criteria;
mod dialect;
mod gates;
mod rows;
mod term;
mod verdict;

use std::collections::BTreeSet;
use std::fmt::Write;

pub use dialect::Dialect;

use crate::policy::{Policy, Version};
use criteria::Writer;
use rows::Rows;
use term::{Column, Layers};
use verdict::{Verdict, verdict};

/// A note names this many criteria and versions.
const NAMED: usize = 8;

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct SqlReplay<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// Its versions to replay against, by effective date.
    pub versions: &'a [&'a Version],
    /// Whose SQL.
    pub dialect: Dialect,
    /// The table of cases, with its schema if need be: `claims.cases`.
    pub table: &'a str,
    /// Columns that the table does not have: what they would hold is missing
    /// in every case.
    pub without: &'a BTreeSet<String>,
}

/// The statement, and what it reads and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// One SELECT, without a semicolon at its end.
    pub sql: String,
    /// The columns it reads.
    pub reads: Vec<Read>,
    /// The columns it gives.
    pub gives: Vec<String>,
}

/// A column of the table of cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Its name.
    pub column: String,
    /// The type it should have.
    pub kind: &'static str,
    /// Whether the table was said to be without it.
    pub missing: bool,
}

/// Why a replay cannot be written as a statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// The table's name has an empty part, or characters that cannot be seen.
    #[error("`{0}` cannot name a table")]
    Table(String),
    /// Not a column the statement would read.
    #[error("the statement reads no column `{0}` that a table can be without")]
    NotRead(String, Vec<String>),
    /// Most engines do not tell upper from lower case in names.
    #[error("`{0}` and `{1}` would be one column")]
    SameName(String, String),
    /// The engine would cut the name.
    #[error("`{0}` is too long to name a column of this engine")]
    LongName(String),
    /// Facts imply each other in more ways than fit a statement.
    #[error("the facts of the policy imply each other in too many ways for one statement")]
    TooEntangled,
}

impl SqlReplay<'_> {
    /// Writes the statement.
    ///
    /// # Errors
    /// When names or implications do not fit the engine.
    pub fn write(&self) -> Result<Statement, SqlError> {
        let rows = Rows::of(
            self.policy,
            self.versions,
            self.dialect,
            self.table,
            self.without,
        )?;
        let mut layers = Layers::default();
        let verdicts: Vec<Verdict> = self
            .versions
            .iter()
            .enumerate()
            .map(|(place, version)| {
                let mut writer = Writer {
                    dialect: self.dialect,
                    layers: &mut layers,
                    version: place,
                };
                verdict(version, &mut writer)
            })
            .collect();
        let gives = self.gives(&verdicts);
        self.check_gives(&gives)?;
        Ok(Statement {
            sql: self.assemble(&rows, &layers, &gives),
            reads: rows.reads(),
            gives: gives.into_iter().map(|(name, _)| name).collect(),
        })
    }

    /// The columns of the answer, by name.
    fn gives(&self, verdicts: &[Verdict]) -> Vec<(String, String)> {
        let accepted = |sql: &str| format!("CASE WHEN _rejected IS NULL THEN {sql} END");
        let mut gives = vec![
            ("case_id".to_owned(), "case_id".to_owned()),
            ("rejected".to_owned(), "_rejected".to_owned()),
        ];
        for (version, verdict) in self.versions.iter().zip(verdicts) {
            gives.push((
                format!("determination_{}", version.name),
                accepted(verdict.determination.sql()),
            ));
            gives.push((
                format!("deciding_{}", version.name),
                accepted(&format!("TRIM({})", verdict.deciding.sql())),
            ));
        }
        for (pair, verdicts) in self.versions.windows(2).zip(verdicts.windows(2)) {
            let determinations = [&verdicts[0].determination, &verdicts[1].determination];
            gives.push((
                format!("flip_{}_{}", pair[0].name, pair[1].name),
                accepted(&format!(
                    "{} <> {}",
                    determinations[0].operand(),
                    determinations[1].operand()
                )),
            ));
        }
        gives
    }

    fn check_gives(&self, gives: &[(String, String)]) -> Result<(), SqlError> {
        let mut seen: Vec<String> = vec![];
        for (name, _) in gives {
            if self
                .dialect
                .longest_name()
                .is_some_and(|most| name.len() > most)
            {
                return Err(SqlError::LongName(name.clone()));
            }
            let lower = name.to_ascii_lowercase();
            if seen.contains(&lower) {
                return Err(SqlError::SameName(lower, name.clone()));
            }
            seen.push(lower);
        }
        Ok(())
    }

    fn assemble(&self, rows: &Rows<'_>, layers: &Layers, gives: &[(String, String)]) -> String {
        let begin = self.dialect.query();
        let mut sql = "WITH\n".to_owned();
        let mut last = "_rows".to_owned();
        for (index, (name, query)) in rows.queries().into_iter().enumerate() {
            let comma = if index > 0 { ",\n" } else { "" };
            let _ = write!(sql, "{comma}{name} {begin}\n{query}\n)");
            last = name.to_owned();
        }
        for (index, columns) in layers.iter().enumerate() {
            let name = format!("_layer{}", index + 1);
            let columns: Vec<String> = columns.iter().map(|one| self.column(one)).collect();
            let _ = write!(
                sql,
                ",\n{name} {begin}\n  SELECT p.*{}\n  FROM {last} AS p\n)",
                columns.concat()
            );
            last = name;
        }
        let gives: Vec<String> = gives
            .iter()
            .map(|(name, given)| format!("  {given} AS {}", self.dialect.name_of(name)))
            .collect();
        let _ = write!(sql, "\nSELECT\n{}\nFROM {last}", gives.join(",\n"));
        sql
    }

    /// A column of a layer, with the criteria it stands for behind it.
    fn column(&self, column: &Column) -> String {
        let mut ids: Vec<&str> = vec![];
        let mut places: BTreeSet<usize> = BTreeSet::new();
        for (id, place) in &column.uses {
            places.insert(*place);
            if !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
        let versions = places
            .iter()
            .map(|place| self.versions[*place].name.as_str());
        let mut note = short_list(&ids);
        if places.len() < self.versions.len() {
            note = format!("{note} of {}", short_list(&versions.collect::<Vec<_>>()));
        }
        format!(",\n    -- {note}\n    {} AS {}", column.sql, column.name)
    }
}

fn short_list(names: &[&str]) -> String {
    let more = if names.len() > NAMED { ", ..." } else { "" };
    format!("{}{more}", names[..names.len().min(NAMED)].join(", "))
}
