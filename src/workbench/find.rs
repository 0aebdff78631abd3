//! Finding without loading: searches and lives of codes from the index alone.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::codes::{CodeLife, code_pattern};
use super::evidence::{Evidence, VersionEvidence};
use super::names::policies_hint;
use super::open::{Opening, Workbench, no_policy};
use super::problem::Problem;
use super::search::{Searched, without_date};
use crate::library::{Source, open_source};
use crate::policy::{Policy, VersionRef};
use crate::search::{
    CodePattern, IndexCache, OpenedIndex, Request, SearchError, SearchIndex, SearchResults,
};

/// A library that is searched and not loaded.
///
/// On an unchanged library it reads the index, and of the library only the
/// list of its files: a payer's library takes seconds to load.
pub struct Finder {
    source: Arc<dyn Source>,
    cache: IndexCache,
    index: RwLock<Arc<SearchIndex>>,
    notes: Mutex<Vec<String>>,
}

impl Finder {
    /// Opens the index of a library, and brings it up to date.
    ///
    /// # Errors
    /// When the library is not there or cannot be listed, or no index can be
    /// made even in memory.
    pub fn open(opening: &Opening) -> Result<Self, Problem> {
        let source = open_source(opening.folder.as_deref(), opening.revision.as_deref())?;
        let finder = Finder::of(source, opening.cache())?;
        let index = finder.index();
        if index.references().next().is_none() && index.unusable_files().is_empty() {
            return Err(no_policy(opening));
        }
        Ok(finder)
    }

    /// As [`Finder::open`], of the library of a source.
    ///
    /// # Errors
    /// As [`Finder::open`].
    pub fn of(source: Arc<dyn Source>, cache: IndexCache) -> Result<Self, Problem> {
        // Git takes its time on a large library; the answer is wanted later.
        let OpenedIndex { index, notes } = std::thread::scope(|scope| {
            scope.spawn(|| source.origin());
            SearchIndex::open(source.as_ref(), &cache)
        })?;
        Ok(Finder {
            source,
            cache,
            index: RwLock::new(Arc::new(index)),
            notes: Mutex::new(notes),
        })
    }

    /// What there is to say about the index, at most a line each: that it was
    /// damaged and mended, or could not be kept.
    pub fn notes(&self) -> Vec<String> {
        self.notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The reference number of a policy as the library writes it.
    ///
    /// # Errors
    /// When there is no such policy.
    pub fn reference(&self, reference: &str) -> Result<String, Problem> {
        let index = self.index();
        let mut known: Vec<&str> = index.references().collect();
        known.sort_unstable();
        let same = |known: &&&str| known.eq_ignore_ascii_case(reference);
        match known.iter().find(same) {
            Some(known) => Ok((*known).to_owned()),
            None => Err(Problem::usage(
                format!("the library has no policy `{reference}`"),
                policies_hint(reference, &known),
            )),
        }
    }

    /// The files of the library that cannot be used, in order.
    pub fn unusable_files(&self) -> Vec<String> {
        self.index().unusable_files()
    }

    /// Searches the library.
    ///
    /// # Errors
    /// When the query is refused, or the index fails.
    pub fn search(&self, request: &Request) -> Result<Searched, Problem> {
        let (index, results) = self.answer(|index| index.search(request))?;
        let undated = without_date(request).filter(|_| results.total == 0);
        let undated = match undated {
            Some(undated) => Some(self.answer(|index| index.search(&undated))?.1),
            None => None,
        };
        // Words that are only like those asked for are no hits of them.
        let undated = undated.map(|found| if found.fuzzy { 0 } else { found.total });
        Ok(Searched {
            without_date: undated,
            query: request.query.clone(),
            evidence: self.evidence_of(&index, &found_in(&results)),
            results,
        })
    }

    /// The lives of all codes meant, as [`Workbench::codes`] tells them, and
    /// what they rest on: the versions of the policies that list them, or of
    /// all policies if there is nothing to tell.
    ///
    /// # Errors
    /// When the text is neither a code nor a pattern of codes, the index
    /// fails, or the library cannot be read.
    pub fn codes(&self, text: &str) -> Result<(Vec<CodeLife>, Evidence), Problem> {
        let pattern = code_pattern(text)?;
        let (index, policies) = self.answer(|index| index.policies_listing(&pattern))?;
        // Its code sets are wanted, none of its policies.
        let workbench = Workbench::of_folders(Arc::clone(&self.source), |_| false)?;
        let listed: Vec<&Policy> = policies.iter().collect();
        let lives = workbench.lives(&pattern, &listed);
        let listings = lives.iter().flat_map(|life| &life.listings);
        let found: BTreeSet<&str> = match lives.as_slice() {
            [] => index.references().collect(),
            _ => listings.map(|listing| listing.policy.as_str()).collect(),
        };
        let mut evidence = self.evidence_of(&index, &found);
        evidence
            .unusable
            .extend(workbench.library().unusable_files());
        evidence.unusable.sort();
        evidence.unusable.dedup();
        let evidence = evidence.resting_on(workbench.code_set_evidence());
        Ok((lives, evidence))
    }

    /// The policies that ever listed a code that a pattern means.
    pub(super) fn listing(&self, pattern: &CodePattern) -> Result<Vec<Policy>, Problem> {
        Ok(self.answer(|index| index.policies_listing(pattern))?.1)
    }

    /// Asks the index; if it fails, for it may be damaged, once more after it
    /// was built again.
    fn answer<A>(
        &self,
        ask: impl Fn(&SearchIndex) -> Result<A, SearchError>,
    ) -> Result<(Arc<SearchIndex>, A), Problem> {
        let index = self.index();
        match ask(&index) {
            Err(error) if error.environment && index.is_kept() => {
                let index = self.mend()?;
                let answer = ask(&index)?;
                Ok((index, answer))
            }
            answer => Ok((index, answer?)),
        }
    }

    fn mend(&self) -> Result<Arc<SearchIndex>, Problem> {
        let mended = SearchIndex::mend(self.source.as_ref(), &self.cache)?;
        let index = Arc::new(mended.index);
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.extend(mended.notes);
        Ok(index)
    }

    fn index(&self) -> Arc<SearchIndex> {
        Arc::clone(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The evidence of every version of some policies.
    fn evidence_of(&self, index: &SearchIndex, found: &BTreeSet<&str>) -> Evidence {
        let mut policies: Vec<_> = index
            .policies()
            .filter(|policy| found.contains(policy.reference.as_str()))
            .collect();
        policies.sort_by(|left, right| left.reference.cmp(&right.reference));
        let versions = policies.iter().flat_map(|policy| {
            policy.versions.iter().map(|version| VersionEvidence {
                version: VersionRef {
                    policy: policy.reference.clone(),
                    version: version.name.clone(),
                },
                provenance: version.provenance,
                hash: version.hash.clone(),
                origin: None,
            })
        });
        Evidence {
            program: super::evidence::program(),
            library: self.source.origin(),
            older_library: None,
            older_unusable: vec![],
            unusable: index.unusable_files(),
            unread: 0,
            versions: versions.collect(),
            case_files: vec![],
            code_sets: vec![],
            arguments: vec![],
        }
    }
}

/// The policies with a hit.
fn found_in(results: &SearchResults) -> BTreeSet<&str> {
    let hits = results.hits.iter();
    hits.map(|hit| hit.item.policy.as_str()).collect()
}
