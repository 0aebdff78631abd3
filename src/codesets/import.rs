//! Published files into compact ones.

use std::collections::BTreeMap;

use super::edition::{Edition, YEARS};
use super::fiscal_year;
use super::merge::Merger;
use super::read::document::{Document, Kind, documents};
use super::read::{addenda, cpt, hcpcs, order, workbook};
use super::{CodeSet, Published, ReadError, compact};
use crate::policy::CodeSystem;

/// A file as it was named.
#[derive(Clone, Copy, Debug)]
pub struct NamedFile<'a> {
    /// Its name, as messages tell it.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The rows of a file.
enum Rows {
    Order(order::Rows),
    Dated(Vec<hcpcs::Row>),
}

/// What the files hold of a year.
#[derive(Default)]
struct Year {
    rows: Option<(String, Rows)>,
    addenda: Option<(String, addenda::Addenda)>,
}

type Years = BTreeMap<(CodeSystem, i16), Year>;

/// Reads published files and carries on the sets there are with them; a set
/// that is not there begins with the first year named. `year` is for a file
/// whose name tells none. Gives the sets that changed.
///
/// # Errors
/// When a file cannot be used, a year is missing between others, or is in the
/// set already.
pub fn import<'s>(
    files: &[NamedFile<'_>],
    year: Option<i16>,
    base: &dyn Fn(CodeSystem) -> Option<&'s CodeSet>,
) -> Result<Vec<CodeSet>, ReadError> {
    let mut years = Years::new();
    for file in files {
        for document in documents(file.name, file.bytes)? {
            read(&document, year, &mut years)?;
        }
    }
    let mut mergers: BTreeMap<CodeSystem, Merger> = BTreeMap::new();
    for ((system, year), parts) in years {
        let merger = mergers.entry(system).or_insert_with(|| {
            base(system).map_or_else(|| Merger::new(system), CodeSet::to_merger)
        });
        add(merger, Edition { system, year }, parts)?;
    }
    mergers
        .values()
        .map(|merger| CodeSet::open(file_name(merger.system), compact::write(merger)))
        .collect()
}

/// The name of a system's compact file.
pub fn file_name(system: CodeSystem) -> &'static str {
    match system {
        CodeSystem::Cpt => "cpt.lookback-codes",
        CodeSystem::Hcpcs => "hcpcs.lookback-codes",
        CodeSystem::Icd10Cm => "icd10cm.lookback-codes",
    }
}

fn read(document: &Document, year: Option<i16>, years: &mut Years) -> Result<(), ReadError> {
    let Document {
        name, kind, bytes, ..
    } = document;
    let system = kind.system();
    let year = document
        .year
        .or(year)
        .filter(|year| YEARS.contains(year))
        .ok_or_else(|| {
            let message = "its name does not tell its year";
            let hint = "add --year YYYY; for ICD-10-CM, the fiscal year";
            ReadError::of_file(name, message, hint)
        })?;
    let edition = Edition { system, year };
    let parts = years.entry((system, year)).or_default();
    let twice = |other: &str| {
        let message = format!("{edition} is in {other} already");
        ReadError::of_file(name, message, "name each year once")
    };
    if *kind == Kind::Addenda {
        if let Some((other, _)) = &parts.addenda {
            return Err(twice(other));
        }
        parts.addenda = Some((name.clone(), addenda::read(name, bytes)?));
        return Ok(());
    }
    if let Some((other, _)) = &parts.rows {
        return Err(twice(other));
    }
    let rows = match kind {
        Kind::Order | Kind::Addenda => Rows::Order(order::read(name, bytes)?),
        Kind::Hcpcs => Rows::Dated(hcpcs::read(name, bytes)?),
        Kind::Workbook => Rows::Dated(workbook::read(name, bytes)?),
        Kind::Cpt => Rows::Dated(cpt::read(name, bytes, edition)?),
    };
    parts.rows = Some((name.clone(), rows));
    Ok(())
}

fn add(merger: &mut Merger, edition: Edition, parts: Year) -> Result<(), ReadError> {
    let (name, rows) = parts.rows.ok_or_else(|| {
        let name = parts.addenda.as_ref().map_or("", |(name, _)| name);
        let message = format!("these are addenda of {edition}, whose order file is missing");
        ReadError::of_file(name, message, "name the order file of that year as well")
    })?;
    merger.expects(&name, edition.year)?;
    match rows {
        Rows::Order(rows) => {
            let billable = rows.values().filter(|row| row.billable).count();
            let published = Published::new(edition, billable);
            let addenda = parts.addenda.as_ref().map(|(_, addenda)| addenda);
            let stages = fiscal_year::stages(edition.year, rows, addenda)?;
            merger.add_fiscal_year(published, stages);
        }
        Rows::Dated(rows) => {
            let published = Published::new(edition, rows.len());
            merger.add_dated_year(published, rows);
        }
    }
    Ok(())
}
