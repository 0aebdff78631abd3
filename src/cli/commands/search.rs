//! `lookback search`

use clap::Args;

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::policy::Date;
use crate::report::{json, text};
use crate::search::{ItemKind, Request};
use crate::workbench::{Finder, Problem};

/// Find words, phrases and codes, with the versions they live in.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback search infection
  lookback search '\"active infection\" kind:criterion'
  lookback search 6236* --as-of 2019-03-01
  lookback search infection changed:2019..2020
  lookback search G90.521 --json

A query is words (all must occur), \"phrases\", -words that must not occur, OR between
alternatives, infecton~ for words spelt alike, codes (62351, 6236*, G90.52?, 62360-62370)
and policy: kind: system: version: as-of: changed: before a value.")]
pub(in crate::cli) struct SearchArgs {
    /// What to look for.
    #[arg(required = true)]
    query: Vec<String>,
    /// Only what may have been in force on this date (2019, 2019-08, 2019-08-14).
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Only this policy.
    #[arg(long, value_name = "REF")]
    policy: Option<String>,
    /// Only this kind of item: title, criterion, code, section, log, notice, reference.
    #[arg(long, value_parser = kind)]
    kind: Option<ItemKind>,
    /// List at most so many hits.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

fn kind(name: &str) -> Result<ItemKind, String> {
    ItemKind::from_name(name).ok_or_else(|| {
        let known = ItemKind::ALL.map(ItemKind::name).join(", ");
        format!("expected one of {known}")
    })
}

pub(in crate::cli) fn run(
    args: &SearchArgs,
    finder: &Finder,
    output: &Output,
) -> Result<Ending, Problem> {
    let policy = match &args.policy {
        Some(reference) => Some(finder.reference(reference)?),
        None => None,
    };
    let searched = finder.search(&Request {
        query: args.query.join(" "),
        policy,
        kind: args.kind,
        as_of: args.as_of,
        limit: args.limit,
        prefix_last: false,
    })?;
    output.write(|| text::search(&searched), || json::search(&searched))?;
    Ok(Ending::Done)
}
