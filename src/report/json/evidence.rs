//! What an answer rests on.

use serde::Serialize;

use crate::workbench::{Evidence, Origin, ProposalOrigin, VersionEvidence};

/// `provenance` of every document.
#[derive(Serialize)]
pub(super) struct Provenance {
    program: String,
    library: Library,
    /// Of the older side, where it was read from something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    library_old: Option<Library>,
    versions: Vec<Version>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    case_files: Vec<File>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_sets: Vec<CodeSet>,
    /// What was asked, as the words of a command line; not where the answer went.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    arguments: Vec<String>,
}

#[derive(Serialize)]
struct CodeSet {
    name: String,
    sha256: String,
}

#[derive(Serialize)]
struct Library {
    place: String,
    commit: Option<String>,
    clean: Option<bool>,
    revision: Option<String>,
    /// Files of the library that could not be used.
    unusable: Vec<String>,
    /// Policies whose versions were not looked at.
    #[serde(skip_serializing_if = "is_zero")]
    policies_not_read: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct Version {
    version: String,
    provenance: &'static str,
    /// Of its file; of an edited version, of the one it was made of.
    sha256: String,
    /// A draft's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// The version that was edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_from: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<String>,
}

impl From<&VersionEvidence> for Version {
    fn from(one: &VersionEvidence) -> Self {
        let mut version = Version {
            version: one.version.to_string(),
            provenance: one.provenance.name(),
            sha256: one.hash.to_string(),
            file: None,
            edited_from: None,
            edits: vec![],
        };
        match &one.origin {
            None => {}
            Some(ProposalOrigin::File(file)) => version.file = Some(file.clone()),
            Some(ProposalOrigin::Edited { base, edits }) => {
                version.edited_from = Some(base.to_string());
                version.edits.clone_from(edits);
            }
        }
        version
    }
}

#[derive(Serialize)]
struct File {
    file: String,
    sha256: String,
}

impl From<&Evidence> for Provenance {
    fn from(evidence: &Evidence) -> Self {
        let library = |origin: &Origin, unusable: &[String], unread: usize| Library {
            place: origin.place.clone(),
            commit: origin.commit.clone(),
            clean: origin.clean,
            revision: origin.revision.clone(),
            unusable: unusable.to_vec(),
            policies_not_read: unread,
        };
        let older = evidence.older_library.as_ref();
        Provenance {
            program: evidence.program.clone(),
            library: library(&evidence.library, &evidence.unusable, evidence.unread),
            library_old: older.map(|origin| library(origin, &evidence.older_unusable, 0)),
            versions: evidence.versions.iter().map(Version::from).collect(),
            case_files: evidence
                .case_files
                .iter()
                .map(|one| File {
                    file: one.file.clone(),
                    sha256: one.hash.to_string(),
                })
                .collect(),
            code_sets: evidence
                .code_sets
                .iter()
                .map(|one| CodeSet {
                    name: one.name.clone(),
                    sha256: one.hash.to_string(),
                })
                .collect(),
            arguments: evidence.arguments.clone(),
        }
    }
}
