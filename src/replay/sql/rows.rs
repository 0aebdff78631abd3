//! The rows as the table has them: typed, closed under `implies`, and those
//! with a fault marked.

use std::collections::{BTreeMap, BTreeSet};

use super::dialect::Dialect;
use super::term::Term;
use super::{Read, SqlError};
use crate::policy::{Dictionary, FactKind, Policy, Version, criterion::ANSWER_PREFIX};
use crate::text::SafeText;

/// More pairs of cause and effect than this do not fit a statement.
const MAX_PAIRS: usize = 10_000;

/// What the table is asked for.
pub(super) struct Rows<'a> {
    dialect: Dialect,
    policy: &'a Policy,
    table: String,
    without: &'a BTreeSet<String>,
    /// The facts that criteria test, and those they are implied by or imply.
    facts: BTreeMap<String, FactKind>,
    /// The facts that criteria test.
    tested: BTreeSet<String>,
    procedures: bool,
    diagnoses: bool,
    /// Of the facts that matter: what is true whenever the first is.
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(
        policy: &'a Policy,
        versions: &[&Version],
        dialect: Dialect,
        table: &str,
        without: &'a BTreeSet<String>,
    ) -> Result<Self, SqlError> {
        let tables = || versions.iter().flat_map(|version| &version.codes);
        let gated =
            |procedures: bool| tables().any(|table| super::gates::counts(table, procedures));
        let facts = facts_tested(versions, &policy.facts);
        let mut rows = Rows {
            dialect,
            policy,
            table: table_name(dialect, table)?,
            without,
            tested: facts.keys().cloned().collect(),
            facts,
            procedures: gated(true),
            diagnoses: gated(false),
            pairs: vec![],
        };
        rows.add_implications()?;
        rows.check_names()?;
        Ok(rows)
    }

    /// What implies a fact that is read, and what that implies, is read too.
    fn add_implications(&mut self) -> Result<(), SqlError> {
        let dictionary = &self.policy.facts;
        let mut pairs: Vec<(&str, &str)> = vec![];
        for cause in dictionary.iter() {
            let effects = dictionary.implied_by(&cause.name);
            pairs.extend(effects.iter().map(|effect| (cause.name.as_str(), *effect)));
            if pairs.len() > MAX_PAIRS {
                return Err(SqlError::TooEntangled);
            }
        }
        for (cause, effect) in &pairs {
            if self.tested.contains(*cause) || self.tested.contains(*effect) {
                for name in [cause, effect] {
                    self.facts.insert((*name).to_owned(), FactKind::Bool);
                }
            }
        }
        pairs.retain(|pair| self.facts.contains_key(pair.0) && self.facts.contains_key(pair.1));
        self.pairs = pairs;
        Ok(())
    }

    /// Names that the engine would take for one another, or cut.
    fn check_names(&self) -> Result<(), SqlError> {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for read in self.reads() {
            if let Some(before) = seen.insert(read.column.to_ascii_lowercase(), read.column.clone())
            {
                return Err(SqlError::SameName(before, read.column));
            }
            if self
                .dialect
                .longest_name()
                .is_some_and(|most| read.column.len() > most)
            {
                return Err(SqlError::LongName(read.column));
            }
        }
        let read: BTreeSet<String> = self.reads().into_iter().map(|one| one.column).collect();
        match self
            .without
            .iter()
            .find(|name| !read.contains(*name) || *name == "case_id")
        {
            Some(name) => {
                let others = read.into_iter().filter(|one| one != "case_id");
                Err(SqlError::NotRead(name.clone(), others.collect()))
            }
            None => Ok(()),
        }
    }

    /// The columns the statement reads, those the table is without included.
    pub(super) fn reads(&self) -> Vec<Read> {
        let text = self.dialect.varchar();
        let mut reads = vec![("case_id", text), ("policy", text)];
        if self.procedures {
            reads.push(("procedure_codes", text));
        }
        if self.diagnoses {
            reads.push(("diagnosis_codes", text));
        }
        let facts = self.facts.iter();
        reads.extend(facts.map(|(name, kind)| (name.as_str(), self.dialect.type_of(kind))));
        let reads = reads.into_iter().map(|(column, kind)| Read {
            column: column.to_owned(),
            kind,
            missing: self.without.contains(column),
        });
        reads.collect()
    }

    /// A column of the table as text; missing in every row, where the table is
    /// without it.
    fn text(&self, column: &str) -> String {
        if self.without.contains(column) {
            return format!("CAST(NULL AS {})", self.dialect.varchar());
        }
        self.dialect.as_text(&self.raw(column))
    }

    fn raw(&self, column: &str) -> String {
        // Qualified: SQLite would take a name it does not know for a text.
        format!("t.{}", self.dialect.name_of(column))
    }

    /// The codes of a column, blanks between them.
    fn spaced(&self, column: &str) -> String {
        let mut text = self.text(column);
        for separator in [";", "\t", "\n", "\r"] {
            text = format!("REPLACE({text}, {}, ' ')", self.dialect.text(separator));
        }
        text
    }

    /// The lists of codes that are asked for: their column here, in the table,
    /// and the systems in words.
    fn lists(&self) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        let lists = [(self.procedures, PROCEDURES), (self.diagnoses, DIAGNOSES)];
        lists
            .into_iter()
            .filter_map(|(asked, list)| asked.then_some(list))
    }

    /// The queries that read the table, by name; the last has everything the
    /// criteria are evaluated on.
    pub(super) fn queries(&self) -> Vec<(&'static str, String)> {
        let mut queries = vec![("_read", self.read()), ("_rows", self.typed())];
        if !self.pairs.is_empty() {
            queries.push(("_facts", self.closed()));
        }
        queries
    }

    /// The table's columns as texts, but numbers.
    fn read(&self) -> String {
        let case_id = self.dialect.as_text(&self.raw("case_id"));
        let mut columns = vec![
            (self.raw("case_id"), "case_id".to_owned()),
            (
                format!("COUNT(*) OVER (PARTITION BY {case_id})"),
                "_copies".to_owned(),
            ),
            (self.text("policy"), "_policy".to_owned()),
        ];
        for (own, column, _) in self.lists() {
            columns.push((self.spaced(column), own.to_owned()));
        }
        for (name, kind) in &self.facts {
            let read = match kind {
                FactKind::Bool => format!("LOWER({})", self.text(name)),
                FactKind::Number { .. } if !self.without.contains(name) => self.raw(name),
                FactKind::Number { .. } => format!("CAST(NULL AS {})", self.dialect.type_of(kind)),
                FactKind::Choice { .. } => self.text(name),
            };
            columns.push((read, self.dialect.name_of(name)));
        }
        select(&columns, &self.table, "t")
    }

    /// The texts as what they stand for, and the first fault of each row.
    fn typed(&self) -> String {
        let branches: Vec<String> = self
            .faults()
            .iter()
            .map(|(fault, reason)| {
                let reason = SafeText::exact(reason);
                let reason = self.dialect.text(reason.as_str());
                format!("\n      WHEN {fault} THEN {reason}")
            })
            .collect();
        let mut columns = vec![
            ("r.case_id".to_owned(), "case_id".to_owned()),
            (
                format!("CASE{}\n    END", branches.concat()),
                "_rejected".to_owned(),
            ),
        ];
        for (own, ..) in self.lists() {
            // In upper case, without dots, each between blanks; nothing, where
            // none is recorded.
            let codes = format!(
                "CASE WHEN TRIM(r.{own}) <> '' THEN ' ' || UPPER(REPLACE(r.{own}, '.', '')) || ' ' END"
            );
            columns.push((codes, own.to_owned()));
        }
        for (name, kind) in &self.facts {
            let name = self.dialect.name_of(name);
            let read = format!("r.{name}");
            let typed = match kind {
                FactKind::Bool => format!("{read} IN ({})", words(&TRUE)),
                FactKind::Number { .. } => self.dialect.as_double(&read),
                FactKind::Choice { .. } => read,
            };
            columns.push((typed, name));
        }
        select(&columns, "_read", "r")
    }

    /// For each fault of a row: the condition and the reason.
    fn faults(&self) -> Vec<(String, String)> {
        let dialect = self.dialect;
        let case_id = dialect.as_text("r.case_id");
        let reference = &self.policy.reference;
        let mut faults = vec![
            (
                format!("r.case_id IS NULL OR TRIM({case_id}) = ''"),
                "`case_id` is empty".to_owned(),
            ),
            (
                "r._copies > 1".to_owned(),
                "`case_id` stands in several rows".to_owned(),
            ),
            (
                format!("r._policy <> {}", dialect.text(reference)),
                format!("`policy` is not {reference}"),
            ),
        ];
        for (own, column, systems) in self.lists() {
            faults.push((
                dialect.malformed(&format!("r.{own}"), column == PROCEDURES.1),
                format!("`{column}` holds what is not {systems} code"),
            ));
        }
        for (name, kind) in &self.facts {
            let reason = format!("`{name}` is not {}", kind.expectation());
            faults.push((self.fault_of(name, kind), reason));
        }
        faults
    }

    fn fault_of(&self, name: &str, kind: &FactKind) -> String {
        let read = format!("r.{}", self.dialect.name_of(name));
        match kind {
            FactKind::Bool => {
                format!("{read} NOT IN ({}, {})", words(&TRUE), words(&FALSE))
            }
            FactKind::Number { .. } => self.dialect.not_a_number(&read),
            FactKind::Choice { choices } => {
                let choices: Vec<_> = choices.iter().map(|one| self.dialect.text(one)).collect();
                format!("{read} NOT IN ({})", choices.join(", "))
            }
        }
    }

    /// The facts with what `implies` makes certain.
    fn closed(&self) -> String {
        let own = |name: &str| format!("r.{}", self.dialect.name_of(name));
        let contradictions: Vec<String> = self
            .pairs
            .iter()
            .map(|(cause, effect)| {
                let reason = format!(
                    "`{cause}` is true, which implies `{effect}`, but `{effect}` is recorded as false"
                );
                format!(
                    "\n      WHEN {} AND NOT {} THEN {}",
                    own(cause),
                    own(effect),
                    self.dialect.text(&reason)
                )
            })
            .collect();
        let mut columns = vec![
            ("r.case_id".to_owned(), "case_id".to_owned()),
            (
                format!(
                    "COALESCE(r._rejected, CASE{}\n    END)",
                    contradictions.concat()
                ),
                "_rejected".to_owned(),
            ),
        ];
        for (own, ..) in self.lists() {
            columns.push((format!("r.{own}"), own.to_owned()));
        }
        for name in &self.tested {
            let of = |is_it: &dyn Fn(&(&str, &str)) -> bool| -> Vec<(&str, &str)> {
                self.pairs
                    .iter()
                    .filter(|pair| is_it(pair))
                    .copied()
                    .collect()
            };
            let causes = of(&|(_, effect)| effect == name);
            let effects = of(&|(cause, _)| cause == name);
            columns.push((
                self.learned(name, &causes, &effects),
                self.dialect.name_of(name),
            ));
        }
        select(&columns, "_rows", "r")
    }

    /// A fact; or true, where a cause of it is; or false, where an effect is.
    fn learned(&self, name: &str, causes: &[(&str, &str)], effects: &[(&str, &str)]) -> String {
        let own = |name: &str| Term::atom(format!("r.{}", self.dialect.name_of(name)));
        let mut branches = vec![];
        if !causes.is_empty() {
            let any = Term::any(causes.iter().map(|(cause, _)| own(cause)));
            branches.push((any, Term::constant(true)));
        }
        if !effects.is_empty() {
            let any = Term::any(effects.iter().map(|(_, effect)| own(effect).not()));
            branches.push((any, Term::constant(false)));
        }
        if branches.is_empty() {
            return own(name).sql().to_owned();
        }
        let learned = Term::case(&branches, None);
        format!("COALESCE({}, {})", own(name).sql(), learned.sql())
    }
}

/// A list of codes: its column here, in the table, and the systems in words.
const PROCEDURES: (&str, &str, &str) = ("_procedures", "procedure_codes", "a CPT or HCPCS");
const DIAGNOSES: (&str, &str, &str) = ("_diagnoses", "diagnosis_codes", "an ICD-10-CM");

/// Words for true and false, as case files may have them.
const TRUE: [&str; 5] = ["true", "yes", "y", "t", "1"];
const FALSE: [&str; 5] = ["false", "no", "n", "f", "0"];

fn words(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    quoted.join(", ")
}

fn select(columns: &[(String, String)], from: &str, alias: &str) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|(sql, name)| format!("    {sql} AS {name}"))
        .collect();
    format!(
        "  SELECT\n{}\n  FROM {from} AS {alias}",
        columns.join(",\n")
    )
}

/// The facts that the criteria of these versions test.
fn facts_tested(versions: &[&Version], dictionary: &Dictionary) -> BTreeMap<String, FactKind> {
    let mut facts = BTreeMap::new();
    for criterion in versions.iter().flat_map(|version| version.all_criteria()) {
        if criterion.is_answered_directly() {
            facts.insert(criterion.id.answer_fact(), FactKind::Bool);
        }
        for rule in criterion.when.iter().chain(&criterion.rule) {
            rule.expr.for_each_test(&mut |test| {
                let kind = dictionary.get(test.fact()).map(|one| one.kind.clone());
                facts.insert(test.fact().to_owned(), kind.unwrap_or(FactKind::Bool));
            });
        }
    }
    debug_assert!(
        facts
            .keys()
            .all(|name| { dictionary.get(name).is_some() || name.starts_with(ANSWER_PREFIX) })
    );
    facts
}

/// A table's name, with the schema it is in: `claims.cases`.
fn table_name(dialect: Dialect, table: &str) -> Result<String, SqlError> {
    let parts: Vec<&str> = table.split('.').collect();
    let unfit = |part: &&str| part.is_empty() || part.chars().any(crate::text::is_hidden);
    if parts.iter().any(unfit) {
        return Err(SqlError::Table(table.to_owned()));
    }
    let parts: Vec<String> = parts.iter().map(|part| dialect.name_of(part)).collect();
    Ok(parts.join("."))
}
