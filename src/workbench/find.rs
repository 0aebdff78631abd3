//! Finding without loading: searches and lives of codes from the index alone.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::evidence::{Evidence, VersionEvidence};
use super::names::policies_hint;
use super::open::{Opening, Workbench, no_policy};
use super::problem::Problem;
use super::search::Searched;
use crate::library::{Folder, Library, Source, folders, open_source};
use crate::policy::VersionRef;
use crate::search::{
    CodePattern, IndexCache, OpenedIndex, Request, SearchError, SearchIndex, SearchResults,
};

/// A library that is searched and not loaded.
///
/// On an unchanged library it reads the index, and of the library only the
/// list of its files: a payer's library takes seconds to load.
pub struct Finder {
    source: Box<dyn Source>,
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
    pub fn of(source: Box<dyn Source>, cache: IndexCache) -> Result<Self, Problem> {
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
        Ok(Searched {
            query: request.query.clone(),
            evidence: self.evidence(&index, &results),
            results,
        })
    }

    /// A workbench with those policies only that list a code meant by a text,
    /// or all of them if the text means none: enough to tell the lives of
    /// these codes, and of nothing else.
    ///
    /// # Errors
    /// When the index fails, or the library cannot be read.
    pub fn workbench_for_codes(&self, text: &str) -> Result<Workbench, Problem> {
        let Some(pattern) = CodePattern::read(text.trim()) else {
            return Workbench::of(self.source.as_ref());
        };
        let (index, listing) = self.answer(|index| index.policies_listing(&pattern))?;
        if listing.is_empty() {
            return Workbench::of(self.source.as_ref());
        }
        let wanted: BTreeSet<&str> = listing
            .iter()
            .filter_map(|reference| index.folder_of(reference))
            .collect();
        let paths = self.source.list()?;
        let all = folders(&paths);
        let wanted: Vec<Folder> = all
            .into_iter()
            .filter(|folder| wanted.contains(folder.name.as_str()))
            .collect();
        let mut workbench = Workbench::of_folders(self.source.as_ref(), &wanted, &paths)?;
        workbench.add_unusable(index.unusable_files());
        Ok(workbench)
    }

    /// Whether it is of just what a library holds.
    pub(super) fn is_of(&self, library: &Library) -> bool {
        self.index().is_of(&library.policies)
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

    /// What the answer rests on: every version of every policy with a hit.
    fn evidence(&self, index: &SearchIndex, results: &SearchResults) -> Evidence {
        let found: BTreeSet<&str> = results
            .hits
            .iter()
            .map(|hit| hit.item.policy.as_str())
            .collect();
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
            })
        });
        Evidence {
            program: super::evidence::program(),
            library: self.source.origin(),
            older_library: None,
            older_unusable: vec![],
            unusable: index.unusable_files(),
            versions: versions.collect(),
            case_files: vec![],
            code_sets: vec![],
        }
    }
}
