//! The library as two states have it: two commits, or a commit and the files
//! as they are.

use super::compare::{Compared, compared};
use super::effect::{Affected, affected};
use super::evidence::{Evidence, VersionEvidence};
use super::facts::{FactChange, fact_changes};
use super::names::Named;
use super::open::{Opening, Workbench};
use super::problem::Problem;
use super::redline::{Redline, redline};
use crate::compare::{Comparison, Pair, compare};
use crate::policy::{ContentHash, Date, Policy, Provenance, Version};

/// Two states of one library.
pub struct Between {
    states: Pair<Workbench>,
}

/// What differs between two states of a library.
#[derive(Clone, Debug, PartialEq)]
pub struct LibraryChanges {
    /// The states, in words.
    pub at: Pair<String>,
    /// The policies that differ, by reference number.
    pub policies: Vec<PolicyChange>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

/// What differs in a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyChange {
    /// Its reference number.
    pub policy: String,
    /// Its title in both states; one is absent if it was added or removed.
    pub titles: Pair<Option<String>>,
    /// Files because of which it cannot be told whether it came or went.
    pub in_doubt: Vec<String>,
    /// What differs in its dictionary of facts.
    pub facts: Vec<FactChange>,
    /// What differs in its versions, by effective date.
    pub versions: Vec<VersionChange>,
}

/// What differs in a version.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionChange {
    /// Its name.
    pub version: String,
    /// What happened to it.
    pub kind: VersionChangeKind,
    /// Its content in both states.
    pub hashes: Pair<Option<ContentHash>>,
}

/// What happened to a version.
#[derive(Clone, Debug, PartialEq)]
pub enum VersionChangeKind {
    /// It is new.
    Added(Provenance),
    /// It is gone.
    Removed(Provenance),
    /// Its file says something else, or says it otherwise.
    Edited {
        /// What it was before the edit; one that was published is to stay
        /// as it is.
        was: Provenance,
        /// When it had been approved, if it says.
        approved: Option<Date>,
        /// What differs.
        comparison: Box<Comparison>,
    },
    /// It is among those that can be read in one state only, and these files
    /// of the other cannot be used.
    InDoubt(Vec<String>),
}

impl VersionChangeKind {
    /// The word reports use.
    pub fn name(&self) -> &'static str {
        match self {
            VersionChangeKind::Added(_) => "added",
            VersionChangeKind::Removed(_) => "removed",
            VersionChangeKind::Edited { .. } => "edited",
            VersionChangeKind::InDoubt(_) => "in-doubt",
        }
    }

    /// What happened to it, in words.
    pub fn in_words(&self) -> String {
        match self {
            VersionChangeKind::Added(provenance) => format!("added ({})", provenance.name()),
            VersionChangeKind::Removed(Provenance::Published) => {
                "REMOVED, though it was published".to_owned()
            }
            VersionChangeKind::Removed(was) => format!("removed ({})", was.name()),
            VersionChangeKind::Edited { was, approved, .. } => match (was, approved) {
                (Provenance::Draft | Provenance::Reconstructed, _) => {
                    format!("edited ({})", was.name())
                }
                (Provenance::Published, Some(date)) => {
                    format!("EDITED AFTER APPROVAL (approved {date})")
                }
                (Provenance::Published, None) => {
                    "EDITED AFTER PUBLICATION (no approval date)".to_owned()
                }
            },
            VersionChangeKind::InDoubt(files) => in_doubt(files),
        }
    }

    /// Whether something changed that is to stay as it is once approved.
    pub fn is_after_approval(&self) -> bool {
        match self {
            VersionChangeKind::Edited { was, .. } | VersionChangeKind::Removed(was) => {
                *was == Provenance::Published
            }
            VersionChangeKind::Added(_) | VersionChangeKind::InDoubt(_) => false,
        }
    }
}

impl PolicyChange {
    /// The word reports use.
    pub fn name(&self) -> &'static str {
        match (&self.titles.old, &self.titles.new) {
            _ if !self.in_doubt.is_empty() => "in-doubt",
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        }
    }

    /// What happened to it, in words.
    pub fn in_words(&self) -> String {
        match (&self.titles.old, &self.titles.new) {
            _ if !self.in_doubt.is_empty() => in_doubt(&self.in_doubt),
            (Some(old), Some(new)) if old != new => format!("changed; its title was {old}"),
            _ => self.name().to_owned(),
        }
    }
}

fn in_doubt(files: &[String]) -> String {
    format!(
        "it cannot be told: in one of the two states {} cannot be used",
        files.join(", ")
    )
}

impl LibraryChanges {
    /// What is compared, in a line.
    pub fn title(&self) -> String {
        format!("The library {} and {}", self.at.old, self.at.new)
    }

    /// How much differs, in a line.
    pub fn summary(&self) -> String {
        let policies = |name: &str| {
            let policies = self.policies.iter();
            policies.filter(|policy| policy.name() == name).count()
        };
        // What comes and goes with its policy is not counted again.
        let kept = || {
            self.policies
                .iter()
                .filter(|policy| policy.name() == "changed")
        };
        let versions = |name: &str| {
            let versions = kept().flat_map(|policy| &policy.versions);
            versions.filter(|one| one.kind.name() == name).count()
        };
        let after_approval = kept().flat_map(|policy| &policy.versions);
        let after_approval = after_approval
            .filter(|one| one.kind.name() == "edited" && one.kind.is_after_approval())
            .count();
        let facts = kept().map(|policy| policy.facts.len()).sum();
        let parts = [
            (policies("added"), "policy", "policies", "added"),
            (policies("removed"), "policy", "policies", "removed"),
            (versions("added"), "version", "versions", "added"),
            (versions("removed"), "version", "versions", "removed"),
            (versions("edited"), "version", "versions", "edited"),
            (facts, "fact", "facts", "changed"),
            (
                policies("in-doubt") + versions("in-doubt"),
                "policy or version",
                "policies or versions",
                "in doubt",
            ),
        ];
        let told: Vec<String> = parts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many, what)| {
                let noun = if count == 1 { one } else { many };
                match (what, after_approval) {
                    ("edited", 1..) => {
                        format!("{count} {noun} edited, {after_approval} of them after publication")
                    }
                    _ => format!("{count} {noun} {what}"),
                }
            })
            .collect();
        if told.is_empty() {
            "no policy, version or fact differs".to_owned()
        } else {
            told.join("; ")
        }
    }

    /// Every change of a version.
    pub fn versions(&self) -> impl Iterator<Item = &VersionChange> {
        self.policies.iter().flat_map(|policy| &policy.versions)
    }
}

impl Between {
    /// Opens the library twice: as two revisions had it, written `A..B`, or as
    /// one had it and as the files are, written `A..`.
    ///
    /// # Errors
    /// When the range cannot be read, or a state cannot be opened.
    pub fn open(opening: &Opening, range: &str) -> Result<Self, Problem> {
        if opening.revision.is_some() {
            return Err(Problem::usage(
                "--at and --between both say which revision is meant",
                "leave out --at",
            ));
        }
        let (old, new) = revisions(range)?;
        let open = |revision: Option<String>| {
            Workbench::open(&Opening {
                revision,
                ..opening.clone()
            })
        };
        Ok(Between {
            states: Pair::new(open(Some(old))?, open(new)?),
        })
    }

    /// The two states.
    pub fn states(&self) -> Pair<&Workbench> {
        self.states.as_ref()
    }

    /// Whether names ask for all that differs, in the library or in a policy,
    /// rather than for versions.
    pub fn whole_policies<'a>(&self, names: &'a [String]) -> Option<Option<&'a str>> {
        match names {
            [] => Some(None),
            [one] if !one.contains('@') => {
                let states = self.states.as_ref();
                let has = |state: &Workbench| state.library.policy(one).is_some();
                (has(states.old) || has(states.new)).then_some(Some(one))
            }
            _ => None,
        }
    }

    /// The versions that `names` mean: one, as both states have it; or the
    /// first as the older state has it and the second as the newer.
    ///
    /// # Errors
    /// When there are none.
    pub fn version_pair(&self, names: &[String]) -> Result<Pair<Named<'_>>, Problem> {
        let names = match names {
            [one] => Pair::new(one, one),
            [old, new] => Pair::new(old, new),
            _ => {
                return Err(Problem::usage(
                    "no version is named",
                    "name one, as CP.MP.173@2020-01",
                ));
            }
        };
        let named = |workbench, name: &String| {
            let state = describe(workbench);
            let found = Workbench::version(workbench, name);
            found.map_err(|problem| Problem {
                message: format!("{} ({state})", problem.message),
                ..problem
            })
        };
        Ok(Pair::new(
            named(&self.states.old, names.old)?,
            named(&self.states.new, names.new)?,
        ))
    }

    /// Compares two versions.
    pub fn compare(&self, pair: Pair<Named<'_>>) -> Compared {
        compared(pair, Some(self.at()), self.evidence(Some(pair)))
    }

    /// Gathers everything about two versions, with the cases of the newer state.
    pub fn redline(&self, pair: Pair<Named<'_>>) -> Redline {
        redline(self.compare(pair), pair, &self.states.new)
    }

    /// Analyses the effect of changing from one version to another.
    ///
    /// # Errors
    /// As [`Workbench::effect`].
    pub fn effect(&self, pair: Pair<Named<'_>>) -> Result<Affected, Problem> {
        affected(pair, Some(self.at()), self.evidence(Some(pair)))
    }

    /// What differs in the library, or in one policy of it.
    ///
    /// # Errors
    /// When neither state has that policy.
    pub fn changes(&self, policy: Option<&str>) -> Result<LibraryChanges, Problem> {
        let only = match policy {
            Some(name) => {
                let found = self.states.new.policy(Some(name));
                Some(
                    &found
                        .or_else(|_| self.states.old.policy(Some(name)))?
                        .reference,
                )
            }
            None => None,
        };
        let policies = self.states.as_ref().map(|state| state.library.policies());
        let mut references: Vec<&String> = policies
            .old
            .iter()
            .chain(&policies.new)
            .map(|policy| &policy.reference)
            .filter(|reference| only.is_none_or(|only| only == *reference))
            .collect();
        references.sort();
        references.dedup();
        Ok(LibraryChanges {
            at: self.at(),
            policies: references
                .into_iter()
                .filter_map(|reference| self.policy_change(reference))
                .collect(),
            evidence: self.evidence(None),
        })
    }

    fn at(&self) -> Pair<String> {
        self.states.as_ref().map(describe)
    }

    fn evidence(&self, pair: Option<Pair<Named<'_>>>) -> Evidence {
        let named: Vec<Named<'_>> = pair.iter().map(|pair| pair.new).collect();
        let mut evidence = self.states.new.evidence(&named);
        let old = pair.map(|pair| VersionEvidence::of(pair.old));
        evidence.versions.splice(..0, old);
        let older = &self.states.old.library;
        evidence.older_library = Some(older.origin());
        evidence.older_unusable = older.unusable_files();
        evidence
    }

    fn policy_change(&self, reference: &str) -> Option<PolicyChange> {
        let sides = self.states.as_ref();
        let sides = sides.map(|state| state.library.policy(reference));
        let in_doubt = match (sides.old, sides.new) {
            (None, _) => unread_policies(&self.states.old),
            (_, None) => unread_policies(&self.states.new),
            _ => vec![],
        };
        let mut change = PolicyChange {
            policy: reference.to_owned(),
            titles: sides.map(|side| side.map(|policy| policy.title.clone())),
            in_doubt,
            facts: vec![],
            versions: vec![],
        };
        if let (Some(old), Some(new)) = (sides.old, sides.new) {
            change.facts = fact_changes(Pair::new(&old.facts, &new.facts));
        }
        if change.in_doubt.is_empty() {
            change.versions = version_changes(sides);
        }
        let differs =
            change.titles.differs() || !change.facts.is_empty() || !change.versions.is_empty();
        differs.then_some(change)
    }
}

/// The two revisions of a range; none for the files as they are.
fn revisions(range: &str) -> Result<(String, Option<String>), Problem> {
    let hint = "write OLD..NEW, as HEAD~3..HEAD; OLD.. goes to the files as they are";
    let (old, new) = range
        .split_once("..")
        .ok_or_else(|| Problem::usage(format!("`{range}` names one revision, not two"), hint))?;
    if new.contains("..") || new.starts_with('.') {
        return Err(Problem::usage(
            format!("`{range}` is no range of two revisions"),
            hint,
        ));
    }
    if old.is_empty() {
        return Err(Problem::usage(
            format!("`{range}` names no older revision"),
            hint,
        ));
    }
    Ok((
        old.to_owned(),
        Some(new.to_owned()).filter(|new| !new.is_empty()),
    ))
}

/// Which state of a library it is, in words.
fn describe(workbench: &Workbench) -> String {
    let origin = workbench.library.origin();
    match &origin.revision {
        Some(revision) => format!("at {revision}"),
        None => "as the files are".to_owned(),
    }
}

/// The heads of policies that cannot be read: one of them may be any policy's.
fn unread_policies(workbench: &Workbench) -> Vec<String> {
    let files = workbench.library.unusable_files().into_iter();
    files
        .filter(|file| file.ends_with("/policy.toml"))
        .collect()
}

fn version_changes(policies: Pair<Option<&Policy>>) -> Vec<VersionChange> {
    let versions = policies.map(|policy| policy.map_or(&[][..], |policy| &policy.versions));
    let unread = policies.map(|policy| policy.map_or(&[][..], |policy| &policy.unread));
    let gone = versions.old.iter().filter(|version| {
        let mut others = versions.new.iter();
        others.all(|other| other.name != version.name)
    });
    let mut all: Vec<&Version> = versions.new.iter().chain(gone).collect();
    all.sort_by_key(|version| (version.effective, &version.name));
    all.into_iter()
        .filter_map(|version| {
            let name = &version.name;
            let sides = versions.map(|side| side.iter().find(|one| one.name == *name));
            Some(VersionChange {
                version: name.clone(),
                kind: version_change(sides, unread)?,
                hashes: sides.map(|side| side.map(|version| version.hash.clone())),
            })
        })
        .collect()
}

/// What happened to a version; nothing, where its file is the same.
fn version_change(
    sides: Pair<Option<&Version>>,
    unread: Pair<&[String]>,
) -> Option<VersionChangeKind> {
    Some(match (sides.old, sides.new) {
        (Some(before), Some(after)) if before.hash == after.hash => return None,
        (Some(before), Some(after)) => VersionChangeKind::Edited {
            was: before.provenance,
            approved: before.approved,
            comparison: Box::new(compare(before, after)),
        },
        // A file that cannot be read may hold it.
        (None, _) if !unread.old.is_empty() => VersionChangeKind::InDoubt(unread.old.to_vec()),
        (_, None) if !unread.new.is_empty() => VersionChangeKind::InDoubt(unread.new.to_vec()),
        (None, Some(after)) => VersionChangeKind::Added(after.provenance),
        (Some(before), None) => VersionChangeKind::Removed(before.provenance),
        (None, None) => return None,
    })
}
