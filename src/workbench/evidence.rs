//! What an answer rests on, so that it can be proved later.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::names::Named;
use super::open::Workbench;
use super::what_if::ProposalOrigin;
use crate::library::Origin;
use crate::policy::{ContentHash, Provenance, VersionRef};

/// What an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The program and its version.
    pub program: String,
    /// What the library was read from.
    pub library: Origin,
    /// What the older side was read from, if from something else.
    pub older_library: Option<Origin>,
    /// The files of that one that could not be used.
    pub older_unusable: Vec<String>,
    /// The files of the library, among those looked at, that could not be used.
    pub unusable: Vec<String>,
    /// How many policies have versions that were not looked at, for the
    /// answer does not rest on them.
    pub unread: usize,
    /// The versions.
    pub versions: Vec<VersionEvidence>,
    /// The files of cases.
    pub case_files: Vec<CaseFileEvidence>,
    /// The code sets.
    pub code_sets: Vec<CodeSetEvidence>,
    /// What was asked, as the words of a command line; empty where it was not
    /// asked with a command.
    pub arguments: Vec<String>,
}

impl Evidence {
    /// The command that was given, in one line; none if it was not a command.
    pub fn command(&self) -> Option<String> {
        let words = self.arguments.iter().map(|word| quoted(word));
        let words: Vec<_> = words.collect();
        (!words.is_empty()).then(|| format!("lookback {}", words.join(" ")))
    }

    /// The evidence of an answer that rests on code sets too.
    #[must_use]
    pub fn resting_on(mut self, code_sets: Vec<CodeSetEvidence>) -> Self {
        self.code_sets = code_sets;
        self
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |one: char| one.is_ascii_alphanumeric() || "-_./@:,=+".contains(one);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', "'\\''")))
}

/// A code set, by content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSetEvidence {
    /// Its system and years: `ICD-10-CM FY2014 to FY2026`.
    pub name: String,
    /// The SHA-256 of its file.
    pub hash: ContentHash,
}

/// A version, by content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionEvidence {
    /// The version.
    pub version: VersionRef,
    /// How its text was come by.
    pub provenance: Provenance,
    /// The SHA-256 of its file, or of the one it was made of.
    pub hash: ContentHash,
    /// What it was made of, if it is not in the library.
    pub origin: Option<ProposalOrigin>,
}

impl VersionEvidence {
    pub(super) fn of((policy, version): Named<'_>) -> Self {
        VersionEvidence {
            version: policy.version_ref(version),
            provenance: version.provenance,
            hash: version.hash.clone(),
            origin: None,
        }
    }
}

/// A file of cases, by content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFileEvidence {
    /// The file.
    pub file: String,
    /// Its SHA-256.
    pub hash: ContentHash,
}

impl CaseFileEvidence {
    pub(super) fn of(file: &str, bytes: &[u8]) -> Self {
        CaseFileEvidence {
            file: file.to_owned(),
            hash: ContentHash(Sha256::digest(bytes).into()),
        }
    }
}

/// The program and its version.
pub(super) fn program() -> String {
    format!("lookback {}", env!("CARGO_PKG_VERSION"))
}

impl Workbench {
    /// The code sets at hand, by content.
    pub fn code_set_evidence(&self) -> Vec<CodeSetEvidence> {
        let sets = self.code_sets().all();
        sets.map(|set| CodeSetEvidence {
            name: set.describe(),
            hash: ContentHash(Sha256::digest(set.bytes()).into()),
        })
        .collect()
    }

    /// What an answer about these versions rests on.
    pub fn evidence(&self, versions: &[Named<'_>]) -> Evidence {
        Evidence {
            program: program(),
            library: self.library.origin(),
            older_library: None,
            older_unusable: vec![],
            unusable: self.library.unusable_files(),
            unread: self.library.unread(),
            versions: versions
                .iter()
                .map(|named| VersionEvidence::of(*named))
                .collect(),
            case_files: vec![],
            code_sets: vec![],
            arguments: vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_split_or_act_on_it() {
        let table = [
            ("--against", "--against"),
            ("CP.MP.173@2020-01", "CP.MP.173@2020-01"),
            ("my cases.csv", "'my cases.csv'"),
            ("", "''"),
            ("a'b", "'a'\\''b'"),
            ("$(x)", "'$(x)'"),
        ];
        for (word, expected) in table {
            assert_eq!(quoted(word), expected);
        }
    }
}
