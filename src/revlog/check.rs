//! Claims held against what the comparison observed.

use super::claims::Claim;
use super::hygiene::{LogFinding, findings};
use super::ledger::{hold, hold_together, unchecked};
use super::read::claims;
use crate::compare::{CodeChange, CriterionChange, SectionChange, TableChange};
use crate::policy::{Policy, Provenance, Revision, Version};

/// The revision log of a policy, read from its latest version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogReading {
    /// The entries, in the order of the log.
    pub entries: Vec<EntryReading>,
    /// Versions that no entry made, each with all it changed.
    pub unlogged: Vec<(String, Vec<Undeclared>)>,
    /// What is wrong with the log as such.
    pub findings: Vec<LogFinding>,
}

impl LogReading {
    /// Every change that the log does not declare, with the version that made it.
    pub fn undeclared(&self) -> impl Iterator<Item = (Option<&str>, &Undeclared)> {
        let of_entries = self.entries.iter().flat_map(|entry| {
            let changes = entry.undeclared.iter();
            changes.map(|change| (entry.version.as_deref(), change))
        });
        let unlogged = self.unlogged.iter().flat_map(|(version, changes)| {
            changes
                .iter()
                .map(|change| (Some(version.as_str()), change))
        });
        of_entries.chain(unlogged)
    }
}

/// One entry with its claims and the change it should account for.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryReading {
    /// The entry.
    pub entry: Revision,
    /// The version it made, if the library has it.
    pub version: Option<String>,
    /// The version before that, if the library has it.
    pub before: Option<String>,
    /// Its claims, each held against the change.
    pub claims: Vec<CheckedClaim>,
    /// Changes between the two versions that no claim accounts for. Of several
    /// entries that made one version, the first of them has these.
    pub undeclared: Vec<Undeclared>,
    /// Why agreement may prove less than it seems to.
    pub caveat: Option<String>,
}

/// A claim and whether the versions bear it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedClaim {
    /// The claim.
    pub claim: Claim,
    /// Whether it is borne out.
    pub status: Status,
    /// What was found, or why it cannot be checked.
    pub found: String,
}

/// Whether a claim is borne out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The versions differ as the claim says.
    BorneOut,
    /// They do not.
    Contradicted,
    /// It cannot be told.
    NotCheckable,
}

impl Status {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Status::BorneOut => "borne-out",
            Status::Contradicted => "contradicted",
            Status::NotCheckable => "not-checkable",
        }
    }
}

/// A change that no claim accounts for.
#[derive(Clone, Debug, PartialEq)]
pub enum Undeclared {
    /// Of a criterion.
    Criterion(CriterionChange),
    /// Of a code.
    Code(CodeChange),
    /// Of a code table that lists nothing, so that no code tells of it.
    Table(TableChange),
    /// Of a paragraph.
    Section(SectionChange),
}

impl Undeclared {
    /// The change in a few words.
    pub fn describe(&self) -> String {
        match self {
            Undeclared::Criterion(change) => {
                let numbers = if change.is_divided() {
                    change.numbers()
                } else {
                    change.id().to_string()
                };
                format!("criterion {numbers} {}", change.kind.name())
            }
            Undeclared::Code(change) => format!(
                "{} {} {}",
                change.code.system(),
                change.code,
                change.kind.name()
            ),
            Undeclared::Table(change) => change.describe(),
            Undeclared::Section(change) => format!("a paragraph of {} changed", change.heading),
        }
    }
}

/// Reads the log of a policy's latest version against all its versions.
pub fn read_log(policy: &Policy) -> LogReading {
    let Some(latest) = policy.latest() else {
        return LogReading {
            entries: vec![],
            unlogged: vec![],
            findings: vec![],
        };
    };
    let made: Vec<Option<usize>> = latest
        .revisions
        .iter()
        .map(|entry| version_of(policy, entry))
        .collect();
    let mut entries: Vec<EntryReading> = latest
        .revisions
        .iter()
        .zip(&made)
        .map(|(entry, index)| read_entry(policy, entry, *index))
        .collect();
    let mut unlogged = vec![];
    // What a version that cannot be read would explain is not to be told.
    let neighbours = if policy.unread.is_empty() {
        &policy.versions[..]
    } else {
        &[]
    };
    for (index, pair) in neighbours.windows(2).enumerate() {
        let [before, version] = pair else { continue };
        let of_version: Vec<usize> = (0..made.len())
            .filter(|entry| made[*entry] == Some(index + 1))
            .collect();
        if !of_version.is_empty() {
            hold_entries(&mut entries, &of_version, before, version);
        } else if version.provenance != Provenance::Draft {
            let (_, undeclared) = hold(vec![], before, version);
            unlogged.push((version.name.clone(), undeclared));
        }
    }
    unlogged.retain(|(_, changes)| !changes.is_empty());
    LogReading {
        findings: findings(policy, latest),
        unlogged,
        entries,
    }
}

/// Holds the entries that made one version against its change, all of them
/// against one ledger.
fn hold_entries(
    entries: &mut [EntryReading],
    of_version: &[usize],
    before: &Version,
    version: &Version,
) {
    let claims = of_version
        .iter()
        .map(|entry| claims(&entries[*entry].entry.text))
        .collect();
    let (checked, undeclared) = hold_together(claims, before, version);
    for (entry, checked) in of_version.iter().zip(checked) {
        entries[*entry].claims = checked;
    }
    if let Some(first) = of_version.first() {
        entries[*first].undeclared = undeclared;
    }
}

/// The version an entry made: the one that took effect on its date.
pub(super) fn version_of(policy: &Policy, entry: &Revision) -> Option<usize> {
    policy
        .versions
        .iter()
        .position(|version| version.effective == entry.date)
        .or_else(|| {
            policy
                .versions
                .iter()
                .position(|version| version.effective.overlaps(entry.date))
        })
}

/// An entry with the version it made; what it claims of an earlier version is
/// not held against the change yet.
fn read_entry(policy: &Policy, entry: &Revision, index: Option<usize>) -> EntryReading {
    let version = index.map(|index| &policy.versions[index]);
    let before = index
        .and_then(|index| index.checked_sub(1))
        .map(|index| &policy.versions[index]);
    let checked = match (before, version) {
        _ if !policy.unread.is_empty() => {
            let why = format!(
                "{} cannot be used and may be the version before",
                policy.unread.join(", ")
            );
            not_checkable(claims(&entry.text), &why)
        }
        (Some(_), Some(_)) => vec![],
        (None, Some(version)) => first_version(claims(&entry.text), version),
        _ => not_checkable(
            claims(&entry.text),
            "the library has no version of that date",
        ),
    };
    EntryReading {
        entry: entry.clone(),
        version: version.map(|version| version.name.clone()),
        before: before.map(|version| version.name.clone()),
        caveat: before.zip(version).and_then(|(old, new)| caveat(old, new)),
        claims: checked,
        undeclared: vec![],
    }
}

/// A version rebuilt from the log agrees with the log because it was rebuilt so.
fn caveat(before: &Version, version: &Version) -> Option<String> {
    let rebuilt: Vec<&str> = [before, version]
        .into_iter()
        .filter(|version| version.provenance == Provenance::Reconstructed)
        .map(|version| version.name.as_str())
        .collect();
    let verb = if rebuilt.len() == 1 { "was" } else { "were" };
    (!rebuilt.is_empty()).then(|| {
        format!(
            "{} {verb} reconstructed from this log: agreement shows that the \
             reconstruction follows the log, not that the published text did",
            rebuilt.join(" and ")
        )
    })
}

fn not_checkable(claims: Vec<Claim>, why: &str) -> Vec<CheckedClaim> {
    claims
        .into_iter()
        .map(|claim| CheckedClaim {
            claim,
            status: Status::NotCheckable,
            found: why.to_owned(),
        })
        .collect()
}

fn first_version(claims: Vec<Claim>, version: &Version) -> Vec<CheckedClaim> {
    claims
        .into_iter()
        .map(|claim| match claim {
            Claim::PolicyDeveloped => CheckedClaim {
                claim,
                status: Status::BorneOut,
                found: format!("{} is the first version in the library", version.name),
            },
            claim => unchecked(claim, "the library has no version before it"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{read_policy, read_version};

    fn policy(versions: &[&str]) -> Policy {
        let head = b"format = 1\nreference = \"P\"\ntitle = \"t\"\npublisher = \"p\"\n";
        let mut policy = read_policy("policy.toml", head).0.expect("a policy");
        policy.versions = versions
            .iter()
            .map(|text| {
                let text = format!("format = 1\nprovenance = \"published\"\n{text}");
                let (version, found) = read_version("v.toml", text.as_bytes(), &policy.facts);
                version.unwrap_or_else(|| panic!("{found:?}"))
            })
            .collect();
        policy
    }

    fn version(name: &str, codes: &[&str], entries: &[(&str, &str)]) -> String {
        let rows: Vec<String> = codes
            .iter()
            .map(|code| format!("{{ code = \"{code}\", text = \"{code}\" }}"))
            .collect();
        let entries: Vec<String> = entries
            .iter()
            .map(|(date, text)| format!("[[revisions]]\ndate = \"{date}\"\ntext = \"{text}\"\n"))
            .collect();
        format!(
            "version = \"{name}\"\neffective = \"{name}\"\n{}\
             [[criteria]]\nid = \"I\"\ntext = \"Pain\"\n\
             [[codes]]\nsystem = \"CPT\"\ntitle = \"Codes\"\ngate = \"advise\"\nrows = [{}]\n",
            entries.concat(),
            rows.join(", ")
        )
    }

    #[test]
    fn entries_of_one_version_share_a_ledger_and_versions_without_one_are_told() {
        let log = [("2020-01", "Added 62321."), ("2020-01", "Added 62322.")];
        let versions = [
            version("2019-01", &["62320"], &[]),
            version("2020-01", &["62320", "62321", "62322"], &[]),
            version("2021-01", &["62320", "62321", "62322", "62323"], &log),
        ];
        let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
        let reading = read_log(&policy(&versions));
        assert!(
            reading
                .entries
                .iter()
                .all(|entry| entry.undeclared.is_empty())
        );
        assert!(
            reading
                .entries
                .iter()
                .all(|entry| entry.claims[0].status == Status::BorneOut)
        );
        let undeclared: Vec<_> = reading
            .undeclared()
            .map(|(version, change)| (version, change.describe()))
            .collect();
        assert_eq!(
            undeclared,
            [(Some("2021-01"), "CPT 62323 added".to_owned())]
        );
    }
}
