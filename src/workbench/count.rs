//! Replaying files of cases that are too long to list.

use super::cases::{CaseFiles, CaseSource, Take};
use super::evidence::{CaseFileEvidence, Evidence};
use super::open::Workbench;
use super::problem::Problem;
use super::replay::ReplayRequest;
use crate::cases::{Reject, Vocabulary};
use crate::policy::Policy;
use crate::replay::{BLOCK, CountProgress, Counted, Counting, Session, Summary};

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
            CaseSource::Files(files) => self.count_files(request, files, progress),
            CaseSource::Stored => {
                let replayed = self.replay(request, &mut |done| progress(done as u64))?;
                Ok(CountedReplay {
                    summary: replayed.summary,
                    rejects: replayed.rejects,
                    cancelled: replayed.replay.cancelled,
                    evidence: replayed.evidence,
                })
            }
        }
    }

    fn count_files(
        &self,
        request: &ReplayRequest,
        files: &CaseFiles,
        progress: CountProgress<'_>,
    ) -> Result<CountedReplay, Problem> {
        let policy = match &request.policy {
            Some(reference) => Some(self.policy(Some(reference))?),
            None => None,
        };
        let concerned: Vec<&Policy> = match policy {
            Some(policy) => vec![policy],
            None => self.library.policies(),
        };
        let proposals = self.proposals(&request.what_if, policy)?;
        let mut versions = self.versions_of(&request.against, &concerned)?;
        for proposal in &proposals {
            proposal.join(&mut versions);
        }
        let vocabulary = Vocabulary::of(concerned.iter().copied());
        let asked = Counting {
            policies: &concerned,
            versions: &versions,
            vocabulary: &vocabulary,
            columns: &files.columns,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            block: BLOCK,
        };
        let mut cancelled = false;
        let mut tell = |done: u64| {
            let go_on = progress(done);
            cancelled |= !go_on;
            go_on
        };
        let (counted, case_files) = self.count_asked(asked, files, policy, &mut tell)?;
        // Of many policies, those that have cases count.
        let known = &counted.summary.versions;
        versions.retain(|(policy, version)| known.contains(&policy.version_ref(version)));
        let mut evidence = self.evidence(&versions);
        for proposal in &proposals {
            proposal.note(&mut evidence.versions);
        }
        evidence.case_files = case_files;
        Ok(CountedReplay {
            summary: counted.summary,
            rejects: counted.rejects,
            cancelled,
            evidence,
        })
    }

    /// Files are read a second time if an identifier may stand twice in them.
    /// A pipe cannot be: there every identifier is kept.
    fn count_asked(
        &self,
        asked: Counting<'_>,
        files: &CaseFiles,
        policy: Option<&Policy>,
        progress: CountProgress<'_>,
    ) -> Result<(Counted, Vec<CaseFileEvidence>), Problem> {
        let count =
            |session: &mut Session<'_>| self.each_file(files, policy, &mut Take::Count(session));
        if files.can_be_read_again() {
            let mut session = Session::quick(asked, progress);
            let evidence = count(&mut session)?;
            if !session.is_in_doubt() {
                return Ok((session.finish(), evidence));
            }
        }
        let mut session = Session::exact(asked, progress);
        let evidence = count(&mut session)?;
        Ok((session.finish(), evidence))
    }
}
