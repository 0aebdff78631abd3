//! What a screen may look at, and what it may ask for.

use ratatui::layout::Rect;

use super::job::Job;
use super::overlay::chooser::Entry;
use super::place::Place;
use crate::policy::{Date, Policy, Version, VersionRef};
use crate::workbench::Workbench;

/// What a screen may look at while it updates or draws.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// The opened library.
    pub workbench: &'a Workbench,
    /// The cells a screen has to itself.
    pub body: Rect,
    /// The date asked about, if one is set.
    pub as_of: Option<Date>,
}

impl<'a> Env<'a> {
    /// The policy and version of that name, if the policy was opened.
    pub fn version(&self, named: &VersionRef) -> Option<(&'a Policy, &'a Version)> {
        let policy = self.policy(&named.policy)?;
        Some((policy, policy.version(&named.version)?))
    }

    /// The policy of that reference number, if it was opened: the screen never
    /// waits for files.
    pub fn policy(&self, reference: &str) -> Option<&'a Policy> {
        self.workbench.library().policy_read(reference)
    }

    /// Whether a policy is there that has yet to be opened.
    pub fn has_to_open(&self, reference: &str) -> bool {
        self.policy(reference).is_none() && self.workbench.library().head(reference).is_some()
    }
}

/// What a screen asks of the program around it.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Go somewhere; `Esc` leads back.
    Go(Place),
    /// Find something out, off the screen's thread.
    Ask(Job),
    /// Search for what the field holds now.
    Search,
    /// Stop the replay that is running.
    CancelReplay,
    /// The analysis that is running is no longer wanted.
    CancelAnalysis,
    /// Choose among entries; each leads somewhere.
    Choose(&'static str, Vec<Entry>),
    /// Tell something at the foot of the screen.
    Say(String),
}

/// The version so many steps from this one, if there is one.
pub fn neighbour(policy: &Policy, version: &str, step: isize) -> Option<VersionRef> {
    let at = policy.versions.iter().position(|one| one.name == version)?;
    let at = at.checked_add_signed(step)?;
    policy.versions.get(at).map(|one| policy.version_ref(one))
}
