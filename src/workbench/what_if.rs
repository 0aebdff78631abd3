//! Versions that are not in the library: drafts, and edits of versions that
//! are. They are replayed beside the others and never in force.

use std::path::{Path, PathBuf};

use super::evidence::VersionEvidence;
use super::names::{Named, version_of};
use super::open::Workbench;
use super::problem::Problem;
use crate::criteria::parse_rule;
use crate::format::{Severity, read_version};
use crate::policy::{Criterion, CriterionId, Policy, Provenance, Rule, Version, VersionRef};
use crate::text::nearest;

/// Versions to replay that are not in the library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// Version files.
    pub drafts: Vec<PathBuf>,
    /// Edits of single rules, as `II.B.1: pain_reduction_pct >= 60` or
    /// `CP.MP.173@2020-01/II.B.1: ...`.
    pub edits: Vec<String>,
}

/// A version that is not in the library.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Proposal<'a> {
    policy: &'a Policy,
    version: Version,
    origin: ProposalOrigin,
}

/// What a version that is not in the library was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalOrigin {
    /// A file.
    File(String),
    /// A version of the library, by these edits.
    Edited {
        /// The version, whose content hash is given.
        base: VersionRef,
        /// The edits, as they were asked for.
        edits: Vec<String>,
    },
}

/// An edit, understood.
struct Edit<'a> {
    base: Named<'a>,
    criterion: CriterionId,
    rule: Rule,
    source: String,
}

impl<'a> Proposal<'a> {
    pub(super) fn named(&self) -> Named<'_> {
        (self.policy, &self.version)
    }

    /// Puts the version among others of its policy: after the one it was made
    /// of, or after all.
    pub(super) fn join<'b>(&'b self, versions: &mut Vec<Named<'b>>) {
        let of_policy = |named: &Named<'_>| named.0.reference == self.policy.reference;
        let base = match &self.origin {
            ProposalOrigin::File(_) => None,
            ProposalOrigin::Edited { base, .. } => versions
                .iter()
                .position(|named| of_policy(named) && named.1.name == base.version),
        };
        let place = base.or_else(|| versions.iter().rposition(of_policy));
        versions.insert(place.map_or(versions.len(), |at| at + 1), self.named());
    }

    /// Tells in what an answer rests on what the version was made of.
    pub(super) fn note(&self, evidence: &mut [VersionEvidence]) {
        let name = self.policy.version_ref(&self.version);
        for one in evidence.iter_mut().filter(|one| one.version == name) {
            one.origin = Some(self.origin.clone());
        }
    }
}

impl Workbench {
    /// The versions proposed, drafts last.
    ///
    /// # Errors
    /// When a draft cannot be read, or an edit not be understood.
    pub(super) fn proposals(
        &self,
        what_if: &WhatIf,
        policy: Option<&Policy>,
    ) -> Result<Vec<Proposal<'_>>, Problem> {
        let reference = policy.map(|policy| policy.reference.as_str());
        let mut edits: Vec<Edit<'_>> = vec![];
        for source in &what_if.edits {
            let edit = self.edit(source, reference)?;
            let twin =
                |one: &&Edit<'_>| same(one.base, edit.base) && one.criterion == edit.criterion;
            if edits.iter().any(|one| twin(&one)) {
                return Err(Problem::usage(
                    format!("{} is edited twice", edit.criterion),
                    "give each criterion one rule",
                ));
            }
            edits.push(edit);
        }
        let mut proposals: Vec<Proposal<'_>> = vec![];
        while let Some(first) = edits.first() {
            let base = first.base;
            let (of_base, others) = edits.into_iter().partition(|edit| same(edit.base, base));
            proposals.push(edited(base, of_base));
            edits = others;
        }
        for path in &what_if.drafts {
            let draft = draft(self.policy(reference)?, path)?;
            let name = &draft.version.name;
            if proposals.iter().any(|one| one.version.name == *name) {
                return Err(Problem::usage(
                    format!("two drafts hold version {}", name.trim_start_matches(DRAFT)),
                    "give each draft a version name of its own",
                ));
            }
            proposals.push(draft);
        }
        Ok(proposals)
    }

    fn edit(&self, source: &str, reference: Option<&str>) -> Result<Edit<'_>, Problem> {
        let form = "write an edit as 'II.B.1: life_expectancy_months > 6', or as 'CP.MP.173@2020-01/II.B.1: ...'";
        let Some((place, rule)) = source.split_once(':') else {
            return Err(Problem::usage(
                format!("the edit `{source}` names no criterion and rule"),
                form,
            ));
        };
        let (base, criterion) = match place.rsplit_once('/') {
            Some((base, criterion)) => (self.base(base.trim(), reference)?, criterion),
            None => {
                let policy = self.policy(reference)?;
                ((policy, version_of(policy, "latest")?), place)
            }
        };
        let (policy, version) = base;
        let criterion = criterion.trim();
        let id = CriterionId::new(criterion).filter(|id| version.criterion(id).is_some());
        let Some(id) = id else {
            let known = version.all_criteria().map(|one| one.id.as_str());
            let hint = match nearest(criterion, known) {
                Some(known) => format!("did you mean {known}?"),
                None => form.to_owned(),
            };
            let name = policy.version_ref(version);
            return Err(Problem::usage(
                format!("{name} has no criterion `{criterion}`"),
                hint,
            ));
        };
        let before = source.len() - rule.trim_start().len();
        let rule = parse_rule(rule.trim(), &policy.facts).map_err(|error| {
            let column = source[..before].chars().count() + error.column;
            Problem::usage(
                format!("the edit `{source}`: {error}, at column {column}"),
                error.hint,
            )
        })?;
        Ok(Edit {
            base,
            criterion: id,
            rule,
            source: source.to_owned(),
        })
    }

    fn base(&self, text: &str, reference: Option<&str>) -> Result<Named<'_>, Problem> {
        match reference {
            Some(_) if !text.contains('@') && self.library.policy(text).is_none() => {
                let policy = self.policy(reference)?;
                Ok((policy, version_of(policy, text)?))
            }
            _ => self.version(text),
        }
    }
}

fn same(left: Named<'_>, right: Named<'_>) -> bool {
    (&left.0.reference, &left.1.name) == (&right.0.reference, &right.1.name)
}

fn edited<'a>((policy, base): Named<'a>, edits: Vec<Edit<'a>>) -> Proposal<'a> {
    let mut version = base.clone();
    version.name = format!("{}+edit", base.name);
    version.provenance = Provenance::Draft;
    let mut sources = vec![];
    for edit in edits {
        set_rule(&mut version.criteria, &edit.criterion, &edit.rule);
        sources.push(edit.source);
    }
    Proposal {
        policy,
        version,
        origin: ProposalOrigin::Edited {
            base: policy.version_ref(base),
            edits: sources,
        },
    }
}

fn set_rule(criteria: &mut [Criterion], id: &CriterionId, rule: &Rule) {
    for criterion in criteria {
        if criterion.id == *id {
            criterion.rule = Some(rule.clone());
        }
        set_rule(&mut criterion.children, id, rule);
    }
}

/// What the name of a draft begins with.
const DRAFT: &str = "DRAFT-";

fn draft<'a>(policy: &'a Policy, path: &Path) -> Result<Proposal<'a>, Problem> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        Problem::input(
            format!("{name} cannot be read: {error}"),
            "name a version file, as those of the library are",
        )
    })?;
    let (version, diagnostics) = read_version(&name, &bytes, &policy.facts);
    let Some(mut version) = version else {
        let errors = diagnostics
            .iter()
            .filter(|one| one.severity == Severity::Error);
        let mut problem = Problem::input(
            format!(
                "the draft {name} cannot be used as a version of {}",
                policy.reference
            ),
            "",
        );
        problem.hints = errors
            .map(|one| {
                let hint = one
                    .hint
                    .as_ref()
                    .map_or(String::new(), |hint| format!("; {hint}"));
                format!("{}: {}{hint}", one.place(), one.message)
            })
            .collect();
        return Err(problem);
    };
    version.name.insert_str(0, DRAFT);
    version.provenance = Provenance::Draft;
    Ok(Proposal {
        policy,
        version,
        origin: ProposalOrigin::File(name),
    })
}
