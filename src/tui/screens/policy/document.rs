//! A version as a text to read.

use std::collections::BTreeMap;

use crate::format::Severity;
use crate::policy::version::paragraphs;
use crate::policy::{
    Code, CodeTable, Criterion, CriterionId, Date, Gate, Need, Notice, Policy, Reference, Revision,
    Section, Version,
};
use crate::tui::paint::{Block, Ink, Para, Piece, plain};
use crate::workbench::CodeNote;

/// A spot in a policy that can be found again in another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A heading.
    Part(String),
    /// A paragraph under a heading, counted from 0.
    Paragraph(String, usize),
    /// A criterion.
    Criterion(CriterionId),
    /// A code.
    Code(Code),
    /// A notice, counted from 0.
    Notice(usize),
    /// An entry of the log.
    Entry(Date),
    /// A reference, counted from 0.
    Reference(usize),
}

impl Spot {
    /// Its place among the blocks of a version; failing that, that of what it
    /// stands under.
    pub fn find(&self, blocks: &[Block<Spot>]) -> Option<usize> {
        let exactly = |spot: &Spot| blocks.iter().position(|block| block.key == *spot);
        exactly(self).or_else(|| match self {
            Spot::Criterion(id) => Spot::Criterion(id.parent()?).find(blocks),
            Spot::Paragraph(heading, _) => exactly(&Spot::Part(heading.clone())),
            Spot::Code(code) => blocks.iter().position(
                |block| matches!(&block.key, Spot::Code(other) if other.system() == code.system()),
            ),
            Spot::Notice(_) => exactly(&Spot::Part(NOTICES.to_owned())),
            Spot::Entry(_) => exactly(&Spot::Part(LOG.to_owned())),
            Spot::Reference(_) => exactly(&Spot::Part(REFERENCES.to_owned())),
            Spot::Part(_) => None,
        })
    }

    /// Its name, where it has to be spoken of.
    pub fn name(&self) -> String {
        match self {
            Spot::Part(heading) | Spot::Paragraph(heading, _) => heading.clone(),
            Spot::Criterion(id) => id.to_string(),
            Spot::Code(code) => format!("{} {code}", code.system()),
            Spot::Notice(_) => NOTICES.to_owned(),
            Spot::Entry(date) => format!("the entry of {date}"),
            Spot::Reference(_) => REFERENCES.to_owned(),
        }
    }
}

const CRITERIA: &str = "Criteria";
const NOTICES: &str = "Notices";
const LOG: &str = "Revision log";
const REFERENCES: &str = "References";

/// What the code audit says of the codes of a version.
pub struct Notes<'a> {
    /// By code; none while the audit goes on.
    of: Option<BTreeMap<&'a Code, Vec<&'a CodeNote>>>,
}

impl<'a> Notes<'a> {
    /// Those of a policy's notes that are true of a version.
    pub fn of(policy: &Policy, version: &Version, notes: Option<&'a [CodeNote]>) -> Self {
        let at = policy
            .versions
            .iter()
            .position(|one| one.name == version.name);
        let at = at.unwrap_or_default();
        let of = notes.map(|notes| {
            let mut of: BTreeMap<&Code, Vec<&CodeNote>> = BTreeMap::new();
            for note in notes.iter().filter(|note| note.versions.contains(&at)) {
                of.entry(&note.code).or_default().push(note);
            }
            of
        });
        Notes { of }
    }

    fn on(&self, code: &Code) -> &[&'a CodeNote] {
        let notes = self.of.as_ref().and_then(|of| of.get(code));
        notes.map_or(&[], Vec::as_slice)
    }

    /// How many codes of a table have notes, in words.
    fn on_table(&self, table: &CodeTable) -> Option<Piece> {
        if self.of.is_none() {
            return Some(Piece::new(Ink::Dim, "; auditing …"));
        }
        let noted = table
            .rows
            .iter()
            .filter(|row| !self.on(&row.code).is_empty());
        match noted.count() {
            0 => None,
            1 => Some(Piece::new(Ink::Open, "; 1 with a finding")),
            count => Some(Piece::new(Ink::Open, format!("; {count} with findings"))),
        }
    }
}

/// The blocks of a version, in reading order.
pub fn blocks(version: &Version, notes: &Notes<'_>) -> Vec<Block<Spot>> {
    let mut blocks: Vec<Block<Spot>> = version.sections.iter().flat_map(section).collect();
    if !version.criteria.is_empty() {
        blocks.push(part(CRITERIA));
    }
    for statement in &version.criteria {
        criterion(statement, 0, &mut blocks);
    }
    blocks.extend(version.codes.iter().flat_map(|one| table(one, notes)));
    let notices = version.notices.iter().enumerate().map(notice).collect();
    blocks.extend(titled(NOTICES, notices));
    let entries = version.revisions.iter().map(entry).collect();
    blocks.extend(titled(LOG, entries));
    let references = version.references.iter().enumerate();
    blocks.extend(titled(REFERENCES, references.map(reference).collect()));
    blocks
}

fn part(heading: &str) -> Block<Spot> {
    Block::heading(Spot::Part(heading.to_owned()), heading)
}

fn titled(heading: &str, blocks: Vec<Block<Spot>>) -> Vec<Block<Spot>> {
    let mut all: Vec<Block<Spot>> = vec![];
    if !blocks.is_empty() {
        all.push(part(heading));
        all.extend(blocks);
    }
    all
}

fn section(section: &Section) -> Vec<Block<Spot>> {
    let mut blocks = vec![part(&section.heading)];
    for (index, text) in paragraphs(&section.text).enumerate() {
        let spot = Spot::Paragraph(section.heading.clone(), index);
        let block = Block::of(spot, vec![Para::of(0, vec![plain(text)])]);
        blocks.push(if index > 0 { block.spaced() } else { block });
    }
    blocks
}

fn criterion(criterion: &Criterion, depth: usize, blocks: &mut Vec<Block<Spot>>) {
    let indent = 2 * depth;
    let id = format!("{}  ", criterion.id);
    let text = vec![plain(&criterion.text)];
    let mut paras = vec![Para::led(indent, Piece::new(Ink::Id, id), text)];
    let test = test_in_words(criterion);
    if !test.is_empty() {
        paras.push(Para::of(indent + 2, test));
    }
    let outline = format!("{}  {}", criterion.id, criterion.text);
    let block = Block::of(Spot::Criterion(criterion.id.clone()), paras);
    let block = block.outlined(depth + 1, outline);
    blocks.push(if depth == 0 { block.spaced() } else { block });
    for child in &criterion.children {
        self::criterion(child, depth + 1, blocks);
    }
}

/// How a criterion combines what stands under it.
pub fn need_in_words(need: Need) -> String {
    match need {
        Need::All => "all of".to_owned(),
        Need::Any => "any of".to_owned(),
        Need::None => "none of".to_owned(),
        Need::AtLeast(count) => format!("at least {count} of"),
    }
}

/// The line under a criterion: what is tested, and how its parts combine.
fn test_in_words(criterion: &Criterion) -> Vec<Piece> {
    let mut parts: Vec<Vec<Piece>> = vec![];
    let mut add = |word: &str, text: &str| {
        parts.push(vec![
            Piece::new(Ink::Dim, format!("{word} ")),
            Piece::new(Ink::Dim, text),
        ]);
    };
    if let Some(when) = &criterion.when {
        add("applies when", &when.source);
    }
    if let Some(rule) = &criterion.rule {
        add("rule", &rule.source);
    }
    if criterion.is_answered_directly() {
        add("answered by", &criterion.id.answer_fact());
    }
    if !criterion.covers {
        parts.push(vec![Piece::new(Ink::Bad, "meeting this means NOT covered")]);
    }
    if !criterion.children.is_empty() {
        let need = need_in_words(criterion.need);
        parts.insert(0, vec![Piece::new(Ink::Strong, need)]);
    }
    parts.join(&Piece::new(Ink::Dim, " · "))
}

fn table(table: &CodeTable, notes: &Notes<'_>) -> Vec<Block<Spot>> {
    let heading = format!("{}: {}", table.system, table.title);
    let mut head = part(&heading);
    if let crate::tui::paint::Body::Paras(paras) = &mut head.body {
        let note = format!("{} codes: {}", table.rows.len(), gate_in_words(table.gate));
        let mut pieces = vec![Piece::new(Ink::Dim, note)];
        pieces.extend(notes.on_table(table));
        paras.push(Para::of(0, pieces));
    }
    let rows = table.rows.iter().map(|row| {
        let lead = Piece::new(Ink::Id, format!("{:<9}", row.code.as_str()));
        let mut paras = vec![Para::led(0, lead, vec![plain(&row.text)])];
        paras.extend(notes.on(&row.code).iter().flat_map(|note| finding(note)));
        Block::of(Spot::Code(row.code.clone()), paras)
    });
    std::iter::once(head).chain(rows).collect()
}

/// What the audit says of a code, below it: a mark and a sentence.
fn finding(note: &CodeNote) -> Vec<Para> {
    let (ink, mark) = match note.severity {
        Severity::Note => (Ink::Dim, "* "),
        Severity::Error | Severity::Warning => (Ink::Open, "! "),
    };
    let mut paras = vec![Para::led(
        9,
        Piece::new(ink, mark),
        vec![Piece::new(ink, &note.message)],
    )];
    if let Some(hint) = &note.hint {
        let lead = Piece::new(Ink::Dim, "→ ");
        paras.push(Para::led(9, lead, vec![Piece::new(Ink::Dim, hint)]));
    }
    paras
}

/// What a code table decides.
fn gate_in_words(gate: Gate) -> &'static str {
    match gate {
        Gate::Address => "the policy speaks only to requests with one of these",
        Gate::Require => "a request without one of these is not met",
        Gate::Advise => "for information, they decide nothing",
    }
}

fn notice((index, notice): (usize, &Notice)) -> Block<Spot> {
    let mut paras: Vec<Para> = paragraphs(&notice.text)
        .map(|text| Para::of(0, vec![plain(text)]))
        .collect();
    if let Some(when) = &notice.when {
        let when = format!("shown when {}", when.source);
        paras.push(Para::of(2, vec![Piece::new(Ink::Dim, when)]));
    }
    Block::of(Spot::Notice(index), paras)
}

fn entry(entry: &Revision) -> Block<Spot> {
    let lead = Piece::new(Ink::Id, format!("{:<12}", entry.date.to_string()));
    let mut body = vec![plain(&entry.text)];
    body.push(match entry.approved {
        Some(date) => Piece::new(Ink::Dim, format!("  approved {date}")),
        None => Piece::new(Ink::Open, "  no approval date"),
    });
    Block::of(Spot::Entry(entry.date), vec![Para::led(0, lead, body)])
}

fn reference((index, reference): (usize, &Reference)) -> Block<Spot> {
    let lead = match &reference.policy {
        Some(policy) => Piece::new(Ink::Id, format!("{policy}  ")),
        None => plain("- "),
    };
    let paras = vec![Para::led(0, lead, vec![plain(&reference.text)])];
    Block::of(Spot::Reference(index), paras)
}
