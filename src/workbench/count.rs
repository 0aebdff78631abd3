//! Replaying files of cases that are too long to list.

use std::path::{Path, PathBuf};

use super::evidence::{CaseFileEvidence, Evidence};
use super::open::Workbench;
use super::problem::Problem;
use super::replay::{CaseSource, ReplayRequest};
use crate::cases::{ColumnMap, Reject, Vocabulary};
use crate::policy::Policy;
use crate::replay::{BLOCK, CaseTable, CountError, Counting, Summary, count};

/// A replay that was counted, with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedReplay {
    /// The counts.
    pub summary: Summary,
    /// The rows that were refused.
    pub rejects: Vec<Reject>,
    /// Whether it was cancelled before the last case.
    pub cancelled: bool,
    /// What the answer rests on.
    pub evidence: Evidence,
}

impl Workbench {
    /// Replays cases and counts what comes out. `progress` is told how many
    /// are done and answers whether to go on.
    ///
    /// # Errors
    /// When a file of cases cannot be read, or there is no such version.
    pub fn count(
        &self,
        request: &ReplayRequest,
        progress: &mut (dyn FnMut(u64) -> bool + Send),
    ) -> Result<CountedReplay, Problem> {
        match &request.cases {
            CaseSource::Files(paths) if paths.iter().all(|path| is_csv(path)) => {
                self.count_tables(request, paths, progress)
            }
            _ => self.count_listed(request, progress),
        }
    }

    fn count_tables(
        &self,
        request: &ReplayRequest,
        paths: &[PathBuf],
        progress: &mut (dyn FnMut(u64) -> bool + Send),
    ) -> Result<CountedReplay, Problem> {
        let policy = match &request.policy {
            Some(reference) => Some(self.policy(Some(reference))?),
            None => None,
        };
        let concerned: Vec<&Policy> = match policy {
            Some(policy) => vec![policy],
            None => self.library.policies(),
        };
        let versions = self.versions_of(&request.against, &concerned)?;
        let vocabulary = Vocabulary::of(concerned.iter().copied());
        let files: Vec<CaseTable<'_>> = paths.iter().map(|path| table(path)).collect();
        let asked = Counting {
            policies: &concerned,
            versions: &versions,
            vocabulary: &vocabulary,
            columns: &ColumnMap::default(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            block: BLOCK,
        };
        let counted = count(asked, &files, progress).map_err(problem)?;
        let named: Vec<_> = versions
            .iter()
            .zip(&counted.summary.counts)
            .map(|(named, _)| *named)
            .collect();
        let mut evidence = self.evidence(&named);
        evidence.case_files = counted
            .files
            .into_iter()
            .map(|(file, hash)| CaseFileEvidence { file, hash })
            .collect();
        Ok(CountedReplay {
            summary: counted.summary,
            rejects: counted.rejects,
            cancelled: counted.cancelled,
            evidence,
        })
    }

    fn count_listed(
        &self,
        request: &ReplayRequest,
        progress: &mut (dyn FnMut(u64) -> bool + Send),
    ) -> Result<CountedReplay, Problem> {
        let replayed = self.replay(request, &mut |done| progress(done as u64))?;
        Ok(CountedReplay {
            summary: replayed.summary,
            rejects: replayed.rejects,
            cancelled: replayed.replay.cancelled,
            evidence: replayed.evidence,
        })
    }
}

fn is_csv(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"))
}

fn table(path: &Path) -> CaseTable<'_> {
    CaseTable {
        name: path.display().to_string(),
        open: Box::new(move || Ok(Box::new(std::fs::File::open(path)?))),
    }
}

fn problem(error: CountError) -> Problem {
    let way_out = match &error {
        CountError::Input { .. } => "name a file of cases, as CSV with a header",
        CountError::Header { .. } => "see the columns under \"Cases\" in the README",
        CountError::Unasked(_) => "name one with --against, or leave its cases out with --policy",
        CountError::TooLarge => "leave out --summary",
    };
    match error {
        CountError::Unasked(_) => Problem::usage(error.to_string(), way_out),
        _ => Problem::input(error.to_string(), way_out),
    }
}
