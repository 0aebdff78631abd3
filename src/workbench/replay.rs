//! Replaying stored cases.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use super::evidence::{CaseFileEvidence, Evidence};
use super::names::{Named, version_of};
use super::open::Workbench;
use super::problem::Problem;
use crate::cases::{Case, CaseBook, Reject, read_jsonl};
use crate::policy::Policy;
use crate::replay::{Progress, Replay, Summary, replay};

/// What to replay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayRequest {
    /// Where the cases come from.
    pub cases: CaseSource,
    /// Only cases of this policy; and the policy of cases that name none.
    pub policy: Option<String>,
    /// The versions to replay against.
    pub against: Against,
}

/// Where cases come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CaseSource {
    /// The cases stored with the library.
    #[default]
    Stored,
    /// These files.
    Files(Vec<PathBuf>),
}

/// The versions to replay against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Against {
    /// Every version of every policy that has cases.
    #[default]
    All,
    /// These, as a person names them.
    Versions(Vec<String>),
}

/// A replay with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// The replay.
    pub replay: Replay,
    /// What comes out of it, counted.
    pub summary: Summary,
    /// The rows that were refused.
    pub rejects: Vec<Reject>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

impl Workbench {
    /// The cases stored with the library.
    pub fn stored_cases(&self) -> &CaseBook {
        self.stored_cases.get_or_init(|| {
            let mut book = CaseBook::default();
            for head in self.library.heads() {
                self.add_cases(head, &mut book);
            }
            book
        })
    }

    /// The cases stored with a policy.
    pub fn cases_of(&self, reference: &str) -> Arc<CaseBook> {
        let Some(head) = self.library.head(reference) else {
            return Arc::default();
        };
        let mut known = self.cases_of.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            let mut book = CaseBook::default();
            self.add_cases(head, &mut book);
            Arc::new(book)
        };
        Arc::clone(known.entry(head.reference.clone()).or_insert_with(read))
    }

    /// The folder says whose cases they are.
    fn add_cases(&self, head: &Policy, book: &mut CaseBook) {
        for file in self.library.case_files(&head.reference) {
            let policy = std::slice::from_ref(head);
            book.add(read_jsonl(&file.path, &file.bytes, policy));
        }
    }

    /// Replays cases. `progress` is told how many are done and answers
    /// whether to go on.
    ///
    /// # Errors
    /// When a file of cases cannot be read, or there is no such version.
    pub fn replay(
        &self,
        request: &ReplayRequest,
        progress: Progress<'_>,
    ) -> Result<Replayed, Problem> {
        let policy = match &request.policy {
            Some(reference) => Some(self.policy(Some(reference))?),
            None => None,
        };
        let (book, files) = self.case_book(&request.cases, policy)?;
        let cases: Vec<&Case> = book
            .cases
            .iter()
            .filter(|case| policy.is_none_or(|policy| policy.reference == case.policy))
            .collect();
        let versions = self.versions_against(&request.against, policy, &cases)?;
        let mut evidence = self.evidence(&versions);
        evidence.case_files = files;
        let unasked = cases.iter().find(|case| {
            !versions
                .iter()
                .any(|(policy, _)| policy.reference == case.policy)
        });
        if let Some(case) = unasked {
            return Err(Problem::usage(
                format!(
                    "no version of {} is among those to replay against",
                    case.policy
                ),
                format!(
                    "name one with --against, or leave its cases out with --policy; {} is one",
                    case.id
                ),
            ));
        }
        let replay = replay(&cases, &versions, progress);
        Ok(Replayed {
            summary: replay.summary(&cases, &versions),
            replay,
            rejects: book.rejects.clone(),
            evidence,
        })
    }

    /// The stored files of cases, of one policy or of all, by content.
    pub(super) fn case_evidence(
        &self,
        policy: Option<&crate::policy::Policy>,
    ) -> Vec<CaseFileEvidence> {
        let heads = match policy {
            Some(policy) => std::slice::from_ref(policy),
            None => self.library.heads(),
        };
        let files = heads
            .iter()
            .flat_map(|head| self.library.case_files(&head.reference));
        files
            .map(|file| CaseFileEvidence::of(&file.path, &file.bytes))
            .collect()
    }

    pub(super) fn case_book(
        &self,
        source: &CaseSource,
        policy: Option<&Policy>,
    ) -> Result<(Cow<'_, CaseBook>, Vec<CaseFileEvidence>), Problem> {
        let CaseSource::Files(paths) = source else {
            let book = match policy {
                Some(policy) => Cow::Owned(CaseBook::clone(&self.cases_of(&policy.reference))),
                None => Cow::Borrowed(self.stored_cases()),
            };
            return Ok((book, self.case_evidence(policy)));
        };
        // A case that names no policy is of the one that was asked for.
        let policies = match policy {
            Some(policy) => vec![policy],
            None => self.library.policies(),
        };
        let mut book = CaseBook::default();
        let mut files = vec![];
        for path in paths {
            let name = path.display().to_string();
            let bytes = std::fs::read(path).map_err(|error| {
                Problem::input(
                    format!("{name} cannot be read: {error}"),
                    "name a file of cases, one JSON object a line",
                )
            })?;
            files.push(CaseFileEvidence::of(&name, &bytes));
            book.add(read_jsonl(&name, &bytes, policies.iter().copied()));
        }
        Ok((Cow::Owned(book), files))
    }

    /// The versions meant, by policy and effective date, each once.
    fn versions_against<'a>(
        &'a self,
        against: &Against,
        policy: Option<&'a Policy>,
        cases: &[&Case],
    ) -> Result<Vec<Named<'a>>, Problem> {
        let of_cases: BTreeSet<&str> = cases.iter().map(|case| case.policy.as_str()).collect();
        let is_concerned = |one: &Policy| match policy {
            Some(policy) => one.reference == policy.reference,
            None => of_cases.contains(one.reference.as_str()),
        };
        self.library.read_all(&is_concerned);
        let concerned: Vec<&Policy> = self
            .library
            .policies_read()
            .filter(|one| is_concerned(one))
            .collect();
        self.versions_of(against, &concerned)
    }

    /// The versions meant of these policies, by policy and effective date,
    /// each once.
    pub(super) fn versions_of<'a>(
        &'a self,
        against: &Against,
        concerned: &[&'a crate::policy::Policy],
    ) -> Result<Vec<Named<'a>>, Problem> {
        let mut versions: Vec<Named<'a>> = match against {
            Against::All => concerned
                .iter()
                .flat_map(|policy| policy.versions.iter().map(|version| (*policy, version)))
                .collect(),
            Against::Versions(names) => {
                let mut versions = vec![];
                for name in names {
                    match concerned {
                        [only] if !name.contains('@') && self.library.head(name).is_none() => {
                            versions.push((*only, version_of(only, name)?));
                        }
                        _ => versions.push(self.version(name)?),
                    }
                }
                versions
            }
        };
        let key = |named: &Named<'a>| {
            let (policy, version) = named;
            (
                policy.reference.clone(),
                version.effective,
                version.name.clone(),
            )
        };
        versions.sort_by_key(key);
        versions.dedup_by_key(|named| key(named));
        Ok(versions)
    }
}
