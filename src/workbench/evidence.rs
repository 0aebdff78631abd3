//! What an answer rests on, so that it can be proved later.

use sha2::{Digest, Sha256};

use super::names::Named;
use super::open::Workbench;
use crate::library::Origin;
use crate::policy::{ContentHash, Provenance, VersionRef};

/// What an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The program and its version.
    pub program: String,
    /// What the library was read from.
    pub library: Origin,
    /// The files of the library that could not be used.
    pub unusable: Vec<String>,
    /// The versions.
    pub versions: Vec<VersionEvidence>,
    /// The files of cases.
    pub case_files: Vec<CaseFileEvidence>,
}

/// A version, by content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionEvidence {
    /// The version.
    pub version: VersionRef,
    /// How its text was come by.
    pub provenance: Provenance,
    /// The SHA-256 of its file.
    pub hash: ContentHash,
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

impl Workbench {
    /// What an answer about these versions rests on.
    pub fn evidence(&self, versions: &[Named<'_>]) -> Evidence {
        Evidence {
            program: format!("lookback {}", env!("CARGO_PKG_VERSION")),
            library: self.library.origin.clone(),
            unusable: self.library.unusable_files(),
            versions: versions
                .iter()
                .map(|(policy, version)| VersionEvidence {
                    version: policy.version_ref(version),
                    provenance: version.provenance,
                    hash: version.hash.clone(),
                })
                .collect(),
            case_files: vec![],
        }
    }
}
