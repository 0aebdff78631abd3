//! What an answer rests on, at the foot of every page.

use crate::policy::ContentHash;
use crate::report::{Line, Page, Role, counted};
use crate::workbench::{Evidence, ProposalOrigin, VersionEvidence};

/// Adds the evidence to a page.
pub(super) fn add(page: &mut Page, evidence: &Evidence) {
    page.blank();
    let mut row = |name: &str, value: &str| {
        page.push(
            Line::default()
                .hanging(9)
                .padded(Role::Quiet, name, 9)
                .add(Role::Quiet, value),
        );
    };
    row("program", &evidence.program);
    row("library", &evidence.library.describe());
    for file in &evidence.unusable {
        row("not used", file);
    }
    if evidence.unread > 0 {
        let policies = counted(evidence.unread, "other policy", "other policies");
        row("not read", &format!("the versions of {policies}"));
    }
    if let Some(older) = &evidence.older_library {
        row("older", &older.describe());
    }
    for file in &evidence.older_unusable {
        row("not used", &format!("{file}, of the older"));
    }
    for version in &evidence.versions {
        row(
            "version",
            &format!(
                "{} {} {}",
                version.version,
                version.provenance.name(),
                made_of(version)
            ),
        );
    }
    for set in &evidence.code_sets {
        row(
            "codes",
            &format!("{} sha256 {}", set.name, short(&set.hash)),
        );
    }
    for file in &evidence.case_files {
        row(
            "cases",
            &format!("{} sha256 {}", file.file, short(&file.hash)),
        );
    }
    if let Some(command) = evidence.command() {
        row("command", &command);
    }
}

/// By content; for what is not in the library, what it was made of.
fn made_of(version: &VersionEvidence) -> String {
    let hash = short(&version.hash);
    match &version.origin {
        None => format!("sha256 {hash}"),
        Some(ProposalOrigin::File(file)) => format!("{file} sha256 {hash}"),
        Some(ProposalOrigin::Edited { base, edits }) => {
            format!("is {base} sha256 {hash} with {}", edits.join("; "))
        }
    }
}

/// Enough digits to tell files apart; JSON has them all.
fn short(hash: &ContentHash) -> String {
    format!("{:.16}…", hash.to_string())
}
