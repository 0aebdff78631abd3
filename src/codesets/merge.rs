//! Published years into the lives of codes.
//!
//! Years are added in order and without a gap. Adding them one by one to a
//! set, or all at once to an empty one, gives the same lives.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::edition::Edition;
use super::fiscal_year::Stage;
use super::life::Life;
use super::read::hcpcs::Row;
use super::{Key, Published, ReadError};
use crate::policy::CodeSystem;

/// The lives of the codes of one system, growing by years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Merger {
    pub system: CodeSystem,
    pub editions: Vec<Published>,
    pub lives: BTreeMap<Key, Life>,
}

impl Merger {
    pub(super) fn new(system: CodeSystem) -> Merger {
        Merger {
            system,
            editions: vec![],
            lives: BTreeMap::new(),
        }
    }

    /// Whether a year may come next.
    pub(super) fn expects(&self, file: &str, year: i16) -> Result<(), ReadError> {
        let (Some(first), Some(last)) = (self.editions.first(), self.editions.last()) else {
            return Ok(());
        };
        let (first, last) = (first.edition, last.edition);
        if year == last.year + 1 {
            return Ok(());
        }
        let edition = Edition { year, ..last };
        let (message, hint) = if year > last.year {
            let next = Edition {
                year: last.year + 1,
                ..last
            };
            (
                format!("{edition} cannot follow {last}: the years between are missing"),
                format!("name the files from {next} on as well"),
            )
        } else if year >= first.year {
            (
                format!("{edition} is in the code set already, which holds {first} to {last}"),
                "leave it out; to build the set anew from the files named, add --rebuild"
                    .to_owned(),
            )
        } else {
            (
                format!("{edition} lies before {first}, with which the code set begins"),
                "name the files of all years and add --rebuild".to_owned(),
            )
        };
        Err(ReadError::of_file(file, message, hint))
    }

    /// Adds a fiscal year of ICD-10-CM.
    pub(super) fn add_fiscal_year(&mut self, published: Published, stages: Vec<Stage>) {
        self.editions.push(published);
        for Stage { from, rows } in stages {
            for (_, life) in self
                .lives
                .iter_mut()
                .filter(|(key, _)| !rows.contains_key(key))
            {
                life.end_before(from);
            }
            for (key, row) in rows {
                let life = self.lives.entry(key).or_default();
                life.continue_from(from, row.billable);
                life.name_from(from, row.title);
            }
        }
    }

    /// Adds a year of a system whose rows carry their own dates. A code that
    /// the year leaves out without having ended it ends with the year before.
    pub(super) fn add_dated_year(&mut self, published: Published, rows: Vec<Row>) {
        let edition = published.edition;
        self.editions.push(published);
        let mut left_out: BTreeMap<Key, &mut Life> = self
            .lives
            .iter_mut()
            .map(|(key, life)| (*key, life))
            .collect();
        for row in &rows {
            left_out.remove(&row.code);
        }
        for life in left_out.into_values() {
            life.end_before(edition.first_day());
        }
        for row in rows {
            let life = self.lives.entry(row.code).or_default();
            update(life, &row, edition);
            let from = named_from(&row, life, edition);
            life.name_from(from, row.title);
        }
    }
}

/// Brings the last interval in line with a row, or begins another if the code
/// had ended and is back.
fn update(life: &mut Life, row: &Row, edition: Edition) {
    // CPT files carry no dates: a code that goes on keeps its start.
    let dated = edition.system != CodeSystem::Cpt;
    let corrects = dated && life.intervals.len() == 1;
    match life.intervals.last_mut() {
        Some(last) if last.to.is_none() => {
            if corrects {
                last.from = row.added;
            }
            last.to = row.terminated;
        }
        Some(last) if row.terminated.is_some() && Some(row.added) <= last.to => {
            last.to = row.terminated;
        }
        last => {
            let ended = last.and_then(|last| last.to);
            let from = ended.map_or(row.added, |ended| resumed(row, ended, edition));
            life.continue_from(from, true);
            if let Some(last) = life.open() {
                last.to = row.terminated.filter(|day| *day >= last.from);
            }
        }
    }
}

/// The day on which a code that had ended is back: that of the action which
/// brought it back, if the row still has it.
fn resumed(row: &Row, ended: Date, edition: Edition) -> Date {
    [Some(row.added), row.acted]
        .into_iter()
        .flatten()
        .find(|day| *day > ended)
        .unwrap_or(edition.first_day())
}

/// The day from which a changed descriptor applies: that of the action if it
/// lies within a year before the edition's end, else the edition's first.
fn named_from(row: &Row, life: &Life, edition: Edition) -> Date {
    let known = life.titles.last().map(|last| last.from);
    let first = life
        .intervals
        .last()
        .map_or(edition.first_day(), |one| one.from);
    let previous = Edition {
        year: edition.year - 1,
        ..edition
    };
    let acted = row
        .acted
        .filter(|day| *day > previous.first_day() && *day <= edition.last_day());
    match known {
        // What it was called before the first edition, no file tells.
        None => first.max(edition.first_day()),
        Some(known) => acted
            .filter(|day| *day > known)
            .unwrap_or(edition.first_day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codesets::life::Title;
    use crate::codesets::read::order;
    use jiff::civil::date;

    fn published(system: CodeSystem, year: i16) -> Published {
        let edition = Edition { system, year };
        Published { edition, codes: 0 }
    }

    fn described(life: &Life) -> String {
        let intervals = life.intervals.iter().map(|one| {
            let end = one.to.map(|day| day.to_string()).unwrap_or_default();
            let kind = if one.billable { "" } else { " header" };
            format!("{}..{end}{kind}", one.from)
        });
        intervals.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_code_absent_in_one_year_has_two_intervals() {
        let years = ["A000:1 A001:1", "A000:0 A0001:1", "A000:0 A0001:1 A001:1"];
        let mut merger = Merger::new(CodeSystem::Icd10Cm);
        for (index, codes) in years.iter().enumerate() {
            let year = 2014 + index as i16;
            let lines: String = codes
                .split(' ')
                .map(|code| {
                    let (code, flag) = code.split_once(':').expect("a flag");
                    format!("00001 {code:<7} {flag} Title of {code}\n")
                })
                .collect();
            let edition = published(CodeSystem::Icd10Cm, year);
            merger.expects("f", year).expect("the next year");
            let rows = order::read("f", lines.as_bytes()).expect("rows");
            let from = edition.edition.first_day();
            merger.add_fiscal_year(edition, vec![Stage { from, rows }]);
        }
        let life = |code| described(&merger.lives[&Key::read(code).expect("a code")]);
        assert_eq!(life("A000"), "2013-10-01..2014-09-30, 2014-10-01.. header");
        assert_eq!(life("A001"), "2013-10-01..2014-09-30, 2015-10-01..");
        assert_eq!(life("A0001"), "2014-10-01..");
    }

    #[test]
    fn years_come_in_order_and_without_a_gap() {
        let mut merger = Merger::new(CodeSystem::Icd10Cm);
        merger.add_fiscal_year(published(CodeSystem::Icd10Cm, 2017), vec![]);
        for (year, reason) in [
            (2019, "ICD-10-CM FY2019 cannot follow ICD-10-CM FY2017"),
            (2017, "in the code set already"),
            (2016, "lies before"),
        ] {
            let error = merger.expects("f", year).expect_err(reason).to_string();
            assert!(error.contains(reason), "{error}");
        }
        assert_eq!(merger.expects("f", 2018), Ok(()));
    }

    /// Rows as `added[-terminated][@acted]`; `-` for a year without the code.
    fn dated(years: &[&str]) -> String {
        let mut merger = Merger::new(CodeSystem::Hcpcs);
        let code = Key::read("A4300").expect("a code");
        for (index, text) in years.iter().enumerate() {
            let edition = published(CodeSystem::Hcpcs, 2017 + index as i16);
            let day = |text: &str| -> Date { text.parse().expect("a day") };
            let (dates, acted) = text.split_once('@').unwrap_or((text, ""));
            let mut dates = dates.split("..");
            let row = dates.next().filter(|text| *text != "-").map(|added| Row {
                code,
                title: Title::new(text, ""),
                added: day(added),
                terminated: dates.next().map(day),
                acted: (!acted.is_empty()).then(|| day(acted)),
            });
            merger.add_dated_year(edition, row.into_iter().collect());
        }
        described(&merger.lives[&code])
    }

    #[test]
    fn dates_of_later_years_carry_the_life_on() {
        let table: [(&[&str], &str); 6] = [
            (&["2001-01-01", "2001-01-01"], "2001-01-01.."),
            (
                &["2001-01-01", "2001-01-01..2018-06-30"],
                "2001-01-01..2018-06-30",
            ),
            (&["2001-01-01", "-"], "2001-01-01..2017-12-31"),
            (&["2001-01-01..2016-12-31", "-"], "2001-01-01..2016-12-31"),
            (&["2018-01-01", "2018-04-01"], "2018-04-01.."),
            (
                &["2001-01-01..2016-12-31", "2001-01-01@2018-07-01"],
                "2001-01-01..2016-12-31, 2018-07-01..",
            ),
        ];
        for (years, expected) in table {
            assert_eq!(dated(years), expected, "{years:?}");
        }
    }

    #[test]
    fn a_descriptor_changes_on_the_day_of_the_action() {
        let life = |acted| {
            let mut merger = Merger::new(CodeSystem::Hcpcs);
            let row = |title: &str, acted| Row {
                code: Key::read("A4300").expect("a code"),
                title: Title::new(title, ""),
                added: date(2001, 1, 1),
                terminated: None,
                acted,
            };
            merger.add_dated_year(published(CodeSystem::Hcpcs, 2018), vec![row("old", None)]);
            merger.add_dated_year(published(CodeSystem::Hcpcs, 2019), vec![row("new", acted)]);
            let life = merger.lives.into_values().next().expect("a life");
            life.titles
                .iter()
                .map(|one| one.from.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(life(Some(date(2018, 7, 1))), ["2018-01-01", "2018-07-01"]);
        assert_eq!(life(Some(date(2004, 1, 1))), ["2018-01-01", "2019-01-01"]);
        assert_eq!(life(None), ["2018-01-01", "2019-01-01"]);
    }
}
