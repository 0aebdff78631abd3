//! What a key does in the check.

use super::state::State;
use super::view::areas;
use crate::policy::VersionRef;
use crate::tui::env::{Env, Step};
use crate::tui::keys::Action;
use crate::tui::place::Place;
use crate::workbench::{Finding, FindingSource};

impl State {
    /// What a key does.
    pub fn update(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        match action {
            Action::Move(motion) => {
                let blocks = self.blocks();
                areas(env.body).text.go(&mut self.flow, motion, &blocks);
                vec![]
            }
            Action::Open => self.finding().map_or(vec![], |finding| open(finding, env)),
            Action::Again => self.enter(),
            _ => vec![],
        }
    }
}

fn open(finding: &Finding, env: Env<'_>) -> Vec<Step> {
    match place(finding, env) {
        Some(place) => vec![Step::Go(place)],
        None => {
            let file = finding.place.as_deref().unwrap_or("the library");
            let text = format!("nothing of it could be loaded: mend {file} and start again");
            vec![Step::Say(text)]
        }
    }
}

/// Where a finding leads: the log, the cases, or the version of the file.
fn place(finding: &Finding, env: Env<'_>) -> Option<Place> {
    let (reference, version) = named(finding)?;
    let policy = env.policy(&reference)?.reference.clone();
    let known = |version: &String| env.policy(&reference)?.version(version).map(|_| ());
    match finding.source {
        FindingSource::Log => Some(Place::Log { policy, version }),
        FindingSource::Cases => Some(Place::Replay {
            policy,
            case: None,
            version: None,
        }),
        _ => {
            let version = version.filter(|version| known(version).is_some())?;
            Some(Place::Policy {
                version: VersionRef { policy, version },
                spot: None,
            })
        }
    }
}

/// The policy and version a finding is about, or lies in the files of.
fn named(finding: &Finding) -> Option<(String, Option<String>)> {
    if let Some(about) = &finding.about {
        return Some(match about.split_once('@') {
            Some((policy, version)) => (policy.to_owned(), Some(version.to_owned())),
            None => (about.clone(), None),
        });
    }
    let (folder, file) = finding.place.as_ref()?.split_once('/')?;
    let version = file.split_once(".toml").map(|(name, _)| name.to_owned());
    Some((folder.to_owned(), version))
}
