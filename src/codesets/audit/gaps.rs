//! Gaps in runs of CPT codes.
//!
//! Whether the codes in a gap exist, only a CPT set can tell; without one the
//! numbers alone must make it plain: codes in a row, one or two left out, and
//! codes in a row again. Other systems have too many neighbours that mean
//! something else for a gap to mean anything.

use super::{Found, Kind, Severity};
use crate::codesets::{CodeSets, Edition, Key, Status};
use crate::policy::{Code, CodeSystem, Version};

/// The most codes a gap may leave out.
const WIDEST: u32 = 2;
/// The fewest codes on either side of it.
const SHORTEST: u32 = 2;

/// The gaps of a version's CPT codes.
pub(super) fn of_version(version: &Version, sets: &CodeSets) -> Vec<Found> {
    let codes = version.all_codes().map(|(_, row)| &row.code);
    let mut numbers: Vec<u32> = codes
        .filter(|code| code.system() == CodeSystem::Cpt && code.is_well_formed())
        .filter_map(|code| code.as_str().parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let runs = runs(&numbers);
    runs.windows(2)
        .filter_map(|pair| gap(pair[0], pair[1], version, sets))
        .collect()
}

/// The first and last number of each run.
fn runs(numbers: &[u32]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = vec![];
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    runs
}

fn gap(left: (u32, u32), right: (u32, u32), version: &Version, sets: &CodeSets) -> Option<Found> {
    let long = |(first, last): (u32, u32)| last - first + 1 >= SHORTEST;
    let missing = left.1 + 1..right.0;
    if !long(left) || !long(right) || missing.len() > WIDEST as usize {
        return None;
    }
    let day = version.effective.last_day();
    let set = sets
        .of(CodeSystem::Cpt)
        .filter(|set| set.covered().contains(&day));
    let missing: Vec<u32> = missing
        .filter(|number| {
            let key = Key::read(&name(*number));
            let status = key.zip(set).map(|(key, set)| set.status(&key, day));
            status.is_none_or(|status| status == Status::Valid)
        })
        .collect();
    let (first, last) = (*missing.first()?, *missing.last()?);
    let ground = match set {
        Some(_) => format!("valid in {}", Edition::on(CodeSystem::Cpt, day)),
        None => "judged by number only, for there is no CPT set here".to_owned(),
    };
    let verb = if first == last { "is" } else { "are" };
    Some(Found {
        kind: Kind::Gap,
        severity: Severity::Note,
        code: Code::as_printed(CodeSystem::Cpt, &name(first)),
        edition: set.map(|_| Edition::on(CodeSystem::Cpt, day)),
        message: format!(
            "{} {verb} not listed between {} and {}; {ground}",
            span((first, last)),
            span(left),
            span(right)
        ),
        hint: Some("see whether they are left out on purpose".to_owned()),
    })
}

fn name(number: u32) -> String {
    format!("{number:05}")
}

fn span((first, last): (u32, u32)) -> String {
    if first == last {
        name(first)
    } else {
        format!("{}-{}", name(first), name(last))
    }
}
