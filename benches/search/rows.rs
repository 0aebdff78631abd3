//! Every item of every version as a row, for the peer.

use std::io::{BufWriter, Write};
use std::path::Path;

use lookback::library::Source;
use lookback::library::{FolderSource, folders, load_folders};
use lookback::policy::{Policy, Version};

use crate::Outcome;

/// Writes policy, version, kind, code system, code or number, heading, text.
pub fn write(library: &Path, table: &Path) -> Outcome<()> {
    let source = FolderSource::open(library)?;
    let mut to = BufWriter::new(std::fs::File::create(table)?);
    // A few folders at a time: the peer's rows are not to cost our memory.
    for some in folders(&source.list()?).chunks(50) {
        for policy in &load_folders(&source, some).policies {
            for version in &policy.versions {
                version_rows(&mut to, policy, version)?;
            }
        }
    }
    to.flush()?;
    Ok(())
}

fn version_rows(to: &mut impl Write, policy: &Policy, version: &Version) -> Outcome<()> {
    let mut row = |kind: &str, system: &str, id: &str, heading: &str, text: &str| {
        writeln!(
            to,
            "{}\t{}\t{kind}\t{system}\t{id}\t{heading}\t{text}",
            policy.reference, version.name
        )
    };
    row("title", "", &policy.reference, "", &policy.title)?;
    for one in version.all_criteria() {
        row("criterion", "", one.id.as_str(), "", &one.text)?;
    }
    for (table, one) in version.all_codes() {
        row(
            "code",
            table.system.name(),
            one.code.as_str(),
            &table.title,
            &one.text,
        )?;
    }
    for section in &version.sections {
        for paragraph in section.paragraphs() {
            row("section", "", "", &section.heading, &paragraph)?;
        }
    }
    for one in &version.revisions {
        row("log", "", &one.date.to_string(), "", &one.text)?;
    }
    for one in &version.notices {
        row("notice", "", "", "", &one.text)?;
    }
    Ok(())
}
