//! The findings as a text to read, by severity.

use crate::format::Severity;
use crate::tui::paint::{Block, Ink, Para, Piece, plain};
use crate::workbench::Finding;

/// What a block of the findings is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The heading of a severity.
    Severity(Severity),
    /// A finding, counted from 0.
    Finding(usize),
}

/// The blocks of the findings, which come sorted by severity.
pub fn blocks(findings: &[Finding]) -> Vec<Block<Key>> {
    let mut blocks = vec![];
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_it = findings.iter().enumerate();
        let of_it: Vec<_> = of_it.filter(|(_, one)| one.severity == severity).collect();
        if of_it.is_empty() {
            continue;
        }
        let heading = format!("{} ({})", plural(severity), of_it.len());
        blocks.push(Block::heading(Key::Severity(severity), &heading));
        blocks.extend(
            of_it
                .into_iter()
                .map(|(index, finding)| block(index, finding)),
        );
    }
    blocks
}

/// A severity as a heading.
fn plural(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Errors: what is not used",
        Severity::Warning => "Warnings: what to look at",
        Severity::Note => "Notes: good to know",
    }
}

fn block(index: usize, finding: &Finding) -> Block<Key> {
    let (ink, sign) = match finding.severity {
        Severity::Error => (Ink::Bad, "ERROR    "),
        Severity::Warning => (Ink::Open, "WARNING  "),
        Severity::Note => (Ink::Dim, "NOTE     "),
    };
    let place = finding.about.as_ref().or(finding.place.as_ref());
    let head = vec![
        Piece::new(Ink::Id, place.map_or("", String::as_str)),
        Piece::new(
            Ink::Dim,
            format!("  {} · {}", finding.source.name(), finding.rule),
        ),
    ];
    let mut paras = vec![
        Para::led(0, Piece::new(ink, sign), head),
        Para::of(9, vec![plain(&finding.message)]),
    ];
    if let Some(hint) = &finding.hint {
        let lead = Piece::new(Ink::Dim, "→ ");
        paras.push(Para::led(9, lead, vec![Piece::new(Ink::Dim, hint)]));
    }
    Block::of(Key::Finding(index), paras)
}
