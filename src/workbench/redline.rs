//! Everything a committee asks about two versions.

use super::compare::{Compared, Relation};
use super::effect::{Affected, affected};
use super::examine::{Declarations, declarations};
use super::facts::disagreement;
use super::names::Named;
use super::open::Workbench;
use super::problem::Problem;
use crate::cases::Case;
use crate::compare::Pair;
use crate::replay::{Replay, replay};
use crate::revlog::{EntryReading, Undeclared, read_log};

/// Two versions compared, with what the log says, what it does to every case,
/// and what it does to the stored ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Redline {
    /// What differs.
    pub compared: Compared,
    /// What the log says of the change.
    pub log: LogOfChange,
    /// Which changes it declares, where the versions are neighbours.
    pub declared: Declarations,
    /// The effect, or why it cannot be analysed.
    pub affected: Result<Affected, Problem>,
    /// The stored cases against both, or why they are not replayed.
    pub replay: Result<CasesReplayed, String>,
}

/// Stored cases against both versions.
#[derive(Clone, Debug, PartialEq)]
pub struct CasesReplayed {
    /// What each version makes of them.
    pub replay: Replay,
    /// How many rows of their files were rejected and take no part.
    pub rejected: usize,
}

/// What the log of a policy says of a change from one version to another.
#[derive(Clone, Debug, PartialEq)]
pub enum LogOfChange {
    /// It is not asked, and why: a log tells of one policy, forwards.
    NotAsked(&'static str),
    /// The versions after the older, up to the newer.
    Read {
        /// The entries that made them.
        entries: Vec<EntryReading>,
        /// Those that no entry made, each with all it changed.
        unlogged: Vec<(String, Vec<Undeclared>)>,
    },
}

impl LogOfChange {
    /// The entries read.
    pub fn entries(&self) -> &[EntryReading] {
        match self {
            LogOfChange::NotAsked(_) => &[],
            LogOfChange::Read { entries, .. } => entries,
        }
    }

    /// The versions read that no entry made.
    pub fn unlogged(&self) -> &[(String, Vec<Undeclared>)] {
        match self {
            LogOfChange::NotAsked(_) => &[],
            LogOfChange::Read { unlogged, .. } => unlogged,
        }
    }

    /// How many changes the log does not declare.
    pub fn undeclared(&self) -> usize {
        let of_entries = self.entries().iter().map(|entry| entry.undeclared.len());
        let unlogged = self.unlogged().iter().map(|(_, changes)| changes.len());
        of_entries.chain(unlogged).sum()
    }
}

fn log_of_change(pair: Pair<Named<'_>>, relation: &Relation) -> LogOfChange {
    let (policy, old) = pair.old;
    let (_, new) = pair.new;
    match relation {
        Relation::Versions => {}
        Relation::Policies(_) => {
            return LogOfChange::NotAsked("the versions are of two policies");
        }
        Relation::Commits(_) => {
            return LogOfChange::NotAsked(
                "it tells what versions changed, not what was edited in the library",
            );
        }
    }
    let place = |name: &str| policy.versions.iter().position(|one| one.name == name);
    let (Some(from), Some(to)) = (place(&old.name), place(&new.name)) else {
        return LogOfChange::NotAsked("the policy does not have both versions");
    };
    if from >= to {
        return LogOfChange::NotAsked("the second version is not the later one");
    }
    let is_between = |name: &str| place(name).is_some_and(|made| from < made && made <= to);
    let reading = read_log(policy);
    let of_entry = |entry: &EntryReading| entry.version.as_deref().is_some_and(is_between);
    LogOfChange::Read {
        entries: reading.entries.into_iter().filter(of_entry).collect(),
        unlogged: reading
            .unlogged
            .into_iter()
            .filter(|(version, _)| is_between(version))
            .collect(),
    }
}

/// The stored cases of the policy against both versions.
fn cases_of_change(
    workbench: &Workbench,
    pair: Pair<Named<'_>>,
    relation: &Relation,
) -> Result<CasesReplayed, String> {
    if let Relation::Policies(_) = relation {
        return Err("a stored case is of one policy".to_owned());
    }
    if let Some(why) = disagreement(pair) {
        return Err(format!("the two do not test the same facts: {why}"));
    }
    let (policy, _) = pair.new;
    let book = workbench.cases_of(&policy.reference);
    let cases: Vec<&Case> = book.cases.iter().collect();
    Ok(CasesReplayed {
        replay: replay(&cases, &[pair.old, pair.new], &mut |_| true),
        rejected: book.rejects.len(),
    })
}

/// Gathers everything about two versions, with the cases of a library.
pub(super) fn redline(compared: Compared, pair: Pair<Named<'_>>, workbench: &Workbench) -> Redline {
    let replay = cases_of_change(workbench, pair, &compared.relation);
    let at = match &compared.relation {
        Relation::Commits(at) => Some(at.clone()),
        _ => None,
    };
    let mut compared = compared;
    if replay.is_ok() {
        compared.evidence.case_files = workbench.case_evidence(Some(pair.new.0));
    }
    Redline {
        log: log_of_change(pair, &compared.relation),
        declared: declarations(pair, &compared),
        affected: affected(pair, at, compared.evidence.clone()),
        replay,
        compared,
    }
}

impl Workbench {
    /// Gathers everything about two versions.
    pub fn redline(&self, pair: Pair<Named<'_>>) -> Redline {
        redline(self.compare(pair), pair, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::EmbeddedSource;

    #[test]
    fn a_log_is_asked_only_about_one_policy_and_forwards() {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        let names = ["CP.MP.173@2019-02", "CP.MP.173@2019-07"].map(str::to_owned);
        let forwards = workbench.version_pair(&names).expect("two versions");
        let backwards = Pair::new(forwards.new, forwards.old);
        assert!(!workbench.redline(forwards).log.entries().is_empty());
        assert!(matches!(
            workbench.redline(backwards).log,
            LogOfChange::NotAsked(why) if why.contains("later")
        ));
        let mut other = forwards.new.0.clone();
        other.reference = "Other".to_owned();
        let two = Pair::new(forwards.old, (&other, forwards.new.1));
        let redline = workbench.redline(two);
        assert!(matches!(redline.log, LogOfChange::NotAsked(why) if why.contains("two policies")));
        assert!(redline.replay.is_err());
        assert_eq!(redline.compared.relation.name(), "policies");
    }
}
