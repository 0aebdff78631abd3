//! The code tables of a policy as the index stores them, so that the life of
//! a code is told, and its listings are audited, without loading the library.
//!
//! A row is written once for all versions that have it.

use std::collections::HashMap;

use super::bytes::{Reader, Writer};
use super::catalogue::PolicyRecord;
use crate::policy::{Code, CodeRow, CodeSystem, CodeTable, Dictionary, Gate, Policy, Version};

/// The bytes of a policy's code tables; nothing, if it never had any.
pub(super) fn write(policy: &Policy) -> Option<Vec<u8>> {
    let tables = |version: &Version| !version.codes.is_empty();
    if !policy.versions.iter().any(tables) {
        return None;
    }
    let mut to = Writer::default();
    let rows = numbered(&mut to, policy.versions.iter().flat_map(rows), |to, row| {
        to.number(row.code.system() as u64);
        to.text(row.code.as_str());
        to.text(&row.text);
    });
    to.list(&policy.versions, |to, version| {
        to.text(&version.effective.to_string());
        to.list(&version.codes, |to, table| {
            to.number(table.system as u64);
            to.text(&table.title);
            to.number(table.gate as u64);
            to.list(&table.rows, |to, row| to.count(rows[&Same(row)]));
        });
    });
    Some(to.0)
}

/// A policy with nothing but its reference number and its versions with their
/// code tables, if that is what the bytes are.
pub(super) fn read(bytes: &[u8], record: &PolicyRecord) -> Option<Policy> {
    let mut from = Reader(bytes);
    let rows = from.list(|from| {
        let system = *CodeSystem::ALL.get(from.count()?)?;
        Some(CodeRow {
            code: Code::as_printed(system, from.text()?),
            text: from.text()?.to_owned(),
        })
    })?;
    let mut known = record.versions.iter();
    let versions = from.list(|from| {
        let known = known.next()?;
        Some(Version {
            name: known.name.clone(),
            effective: from.text()?.parse().ok()?,
            reviewed: None,
            approved: None,
            provenance: known.provenance,
            source: None,
            sections: vec![],
            criteria: vec![],
            codes: from.list(|from| read_table(from, &rows))?,
            notices: vec![],
            revisions: vec![],
            references: vec![],
            hash: known.hash.clone(),
        })
    })?;
    known.next().is_none().then(|| Policy {
        reference: record.reference.clone(),
        title: String::new(),
        publisher: String::new(),
        facts: Dictionary::default(),
        versions,
        unread: vec![],
    })
}

fn read_table(from: &mut Reader<'_>, rows: &[CodeRow]) -> Option<CodeTable> {
    Some(CodeTable {
        system: *CodeSystem::ALL.get(from.count()?)?,
        title: from.text()?.to_owned(),
        gate: *Gate::ALL.get(from.count()?)?,
        rows: from.list(|from| rows.get(from.count()?).cloned())?,
    })
}

/// A row by what it says.
#[derive(PartialEq, Eq)]
struct Same<'a>(&'a CodeRow);

impl std::hash::Hash for Same<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.code.hash(state);
        self.0.text.hash(state);
    }
}

/// Writes each distinct row once, and gives the numbers they are written under.
fn numbered<'a>(
    to: &mut Writer,
    rows: impl Iterator<Item = &'a CodeRow>,
    write: impl FnMut(&mut Writer, &&'a CodeRow),
) -> HashMap<Same<'a>, usize> {
    let mut numbers = HashMap::new();
    let mut distinct = vec![];
    for row in rows {
        numbers.entry(Same(row)).or_insert_with(|| {
            distinct.push(row);
            distinct.len() - 1
        });
    }
    to.list(&distinct, write);
    numbers
}

fn rows(version: &Version) -> impl Iterator<Item = &CodeRow> {
    version.all_codes().map(|(_, row)| row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::{EmbeddedSource, load};

    #[test]
    fn code_tables_come_back_as_they_were() {
        let library = load(&EmbeddedSource).expect("a library");
        for policy in &library.policies {
            let bytes = write(policy).expect("code tables");
            let back = read(&bytes, &PolicyRecord::of(policy)).expect("a policy");
            assert_eq!(back.reference, policy.reference);
            let told = |policy: &Policy| -> Vec<_> {
                let versions = policy.versions.iter().cloned();
                let told =
                    |one: Version| (one.name, one.effective, one.provenance, one.hash, one.codes);
                versions.map(told).collect()
            };
            assert_eq!(told(&back), told(policy));
            for end in 0..bytes.len() {
                let cut = read(&bytes[..end], &PolicyRecord::of(policy));
                assert_eq!(cut, None, "{end}");
            }
        }
    }
}
