//! Policies and their versions.

use std::fmt;

use super::{Code, CodeSystem, Criterion, CriterionId, Date, Dictionary, Rule};

/// One document with a reference number and several versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The reference number, as `CP.MP.173`.
    pub reference: String,
    /// The title.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The facts its rules may test.
    pub facts: Dictionary,
    /// Its versions, by effective date.
    pub versions: Vec<Version>,
    /// The files of versions that could not be used. While there are any, it
    /// cannot be told which version was in force when.
    pub unread: Vec<String>,
}

/// The policy as one revision left it.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Its name, a date as a rule: `2020-01`.
    pub name: String,
    /// When it took effect.
    pub effective: Date,
    /// When it was last reviewed, if the document says.
    pub reviewed: Option<Date>,
    /// When it was approved, if the document says.
    pub approved: Option<Date>,
    /// How we come by its text.
    pub provenance: Provenance,
    /// The document it was taken from.
    pub source: Option<Source>,
    /// Prose, in document order.
    pub sections: Vec<Section>,
    /// The statements: the top-level criteria, in document order.
    pub criteria: Vec<Criterion>,
    /// Code tables, in document order.
    pub codes: Vec<CodeTable>,
    /// Words shown with a determination.
    pub notices: Vec<Notice>,
    /// The document's own revision log, in document order.
    pub revisions: Vec<Revision>,
    /// Other documents it refers to.
    pub references: Vec<Reference>,
    /// SHA-256 of the version's file.
    pub hash: ContentHash,
}

impl Version {
    /// Every criterion, in document order.
    pub fn all_criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.criteria.iter().flat_map(Criterion::walk)
    }

    /// The criterion of that number.
    pub fn criterion(&self, id: &CriterionId) -> Option<&Criterion> {
        self.all_criteria().find(|criterion| criterion.id == *id)
    }

    /// Every code row with its table, in document order.
    pub fn all_codes(&self) -> impl Iterator<Item = (&CodeTable, &CodeRow)> {
        self.codes
            .iter()
            .flat_map(|table| table.rows.iter().map(move |row| (table, row)))
    }
}

impl Policy {
    /// The version of that name.
    pub fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.name == name)
    }

    /// The latest version that is no draft; the latest draft if there are
    /// only drafts.
    pub fn latest(&self) -> Option<&Version> {
        self.approved().next_back().or(self.versions.last())
    }

    /// How others name a version of this policy.
    pub fn version_ref(&self, version: &Version) -> VersionRef {
        VersionRef {
            policy: self.reference.clone(),
            version: version.name.clone(),
        }
    }
}

/// Names one version of one policy: `CP.MP.173@2020-01`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionRef {
    /// The policy's reference number.
    pub policy: String,
    /// The version's name.
    pub version: String,
}

impl fmt::Display for VersionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.policy, self.version)
    }
}

/// How we come by a version's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Taken from the published document.
    Published,
    /// Rebuilt from a later version and the revision log.
    Reconstructed,
    /// Not approved yet.
    Draft,
}

impl Provenance {
    /// Every provenance.
    pub const ALL: [Provenance; 3] = [
        Provenance::Published,
        Provenance::Reconstructed,
        Provenance::Draft,
    ];

    /// The word files and screens use.
    pub fn name(self) -> &'static str {
        match self {
            Provenance::Published => "published",
            Provenance::Reconstructed => "reconstructed",
            Provenance::Draft => "draft",
        }
    }
}

/// The document a version was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its title or file name.
    pub title: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: Option<String>,
}

/// A headed piece of prose. Paragraphs are separated by blank lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// The text.
    pub text: String,
}

impl Section {
    /// The paragraphs, each with its white space folded.
    pub fn paragraphs(&self) -> impl Iterator<Item = String> {
        paragraphs(&self.text)
    }
}

/// Splits prose at blank lines and folds the white space of each part: the
/// spaces and line ends of a keyboard. Any other space looks the same and is not.
pub fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    let mut lines = text.lines().peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|line| line.trim().is_empty()).is_some() {}
        let mut words = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.trim().is_empty()) {
            words.extend(line.split_ascii_whitespace());
        }
        (!words.is_empty()).then(|| words.join(" "))
    })
}

/// What a code table decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// A request with none of these procedure codes is not addressed.
    Address,
    /// A request with none of these codes is not met.
    Require,
    /// Its absence is only remarked upon.
    Advise,
}

impl Gate {
    /// Every gate.
    pub const ALL: [Gate; 3] = [Gate::Address, Gate::Require, Gate::Advise];

    /// The word files and screens use.
    pub fn name(self) -> &'static str {
        match self {
            Gate::Address => "address",
            Gate::Require => "require",
            Gate::Advise => "advise",
        }
    }
}

/// A list of codes of one code system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeTable {
    /// The code system.
    pub system: CodeSystem,
    /// The table's heading.
    pub title: String,
    /// What it decides.
    pub gate: Gate,
    /// Its rows, in document order.
    pub rows: Vec<CodeRow>,
}

/// One row of a code table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// The code.
    pub code: Code,
    /// Its descriptor, as this version words it.
    pub text: String,
}

/// Words shown with a determination that never change it.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// When they are shown; always, if absent.
    pub when: Option<Rule>,
    /// The words.
    pub text: String,
}

/// An entry of the document's revision log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The date of the revision.
    pub date: Date,
    /// The date of its approval, if the log has one.
    pub approved: Option<Date>,
    /// What the entry says.
    pub text: String,
}

/// A pointer to another document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The policy referred to, if it is one.
    pub policy: Option<String>,
    /// What it is referred to for.
    pub text: String,
}

/// The SHA-256 of a version's file, which `sha256sum` reproduces.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    /// The first twelve hexadecimal digits, enough to tell versions apart on a screen.
    pub fn short(&self) -> String {
        self.to_string()[..12].to_owned()
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}
