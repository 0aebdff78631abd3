//! What code tables ask of a case.

use std::collections::BTreeSet;

use super::dialect::Dialect;
use super::term::Term;
use crate::policy::{Code, CodeSystem, CodeTable, Gate, Version};

/// Whether a determination depends on a table, and on codes of that kind.
pub(super) fn counts(table: &CodeTable, procedures: bool) -> bool {
    let kind = table.system.is_procedure() == procedures;
    match table.gate {
        Gate::Address => procedures && kind,
        Gate::Require => kind,
        Gate::Advise => false,
    }
}

/// Whether a procedure code is listed where a table asks for one: the tables
/// share the request out among them, so one listed code suffices.
pub(super) fn address(version: &Version, dialect: Dialect) -> Term {
    let tables: Vec<&CodeTable> = tables(version, Gate::Address, true).collect();
    if tables.is_empty() {
        return Term::constant(true);
    }
    listed(&tables, true, dialect)
}

/// Whether every table that is required lists a code of the case.
pub(super) fn required(version: &Version, dialect: Dialect) -> Vec<Term> {
    let of = |procedures: bool| {
        tables(version, Gate::Require, procedures)
            .map(move |table| listed(&[table], procedures, dialect))
    };
    of(true).chain(of(false)).collect()
}

fn tables(version: &Version, gate: Gate, procedures: bool) -> impl Iterator<Item = &CodeTable> {
    let tables = version.codes.iter();
    tables.filter(move |table| table.gate == gate && counts(table, procedures))
}

/// Whether one of these codes is among those of the case; unknown, where none
/// is recorded.
fn listed(tables: &[&CodeTable], procedures: bool, dialect: Dialect) -> Term {
    let column = if procedures {
        "_procedures"
    } else {
        "_diagnoses"
    };
    let codes: BTreeSet<String> = tables
        .iter()
        .flat_map(|table| &table.rows)
        .filter(|row| is_well_formed(&row.code, procedures))
        .map(|row| row.code.as_str().replace('.', ""))
        .collect();
    if codes.is_empty() {
        // Never so, and unknown where nothing is recorded.
        return Term::comparison(format!("{column} = ''"));
    }
    let codes: Vec<String> = codes.into_iter().collect();
    if let Some(found) = dialect.finds(column, &format!(" ({}) ", codes.join("|"))) {
        return Term::comparison(found);
    }
    let tests = codes.iter();
    Term::any(tests.map(|code| Term::comparison(format!("{column} LIKE '% {code} %'"))))
}

/// Whether a case can have the code: one that a document misprints stands in
/// no case, and not in the statement either.
fn is_well_formed(code: &Code, procedures: bool) -> bool {
    if procedures {
        Code::parse_procedure(code.as_str()).is_ok()
    } else {
        Code::parse(CodeSystem::Icd10Cm, code.as_str()).is_ok()
    }
}
