//! Every finding on a library.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::open::Workbench;
use crate::format::Severity;
use crate::policy::{Policy, VersionRef};
use crate::replay::{Reproduced, reproduced};
use crate::revlog::{LogReading, Status, read_log};

/// A finding on many cases names this many of them.
const MAX_NAMED: usize = 12;

/// Something a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What found it.
    pub source: FindingSource,
    /// The kind of finding, as `log-approval-missing`.
    pub rule: &'static str,
    /// Where: the policy or version, if it is about one.
    pub about: Option<String>,
    /// Where: the file and line, if it is about a file.
    pub place: Option<String>,
    /// The finding in a sentence: lower case, no full stop.
    pub message: String,
    /// The way out, or why it matters.
    pub hint: Option<String>,
}

impl Finding {
    /// Whether it is more than good to know.
    pub fn is_notable(&self) -> bool {
        self.severity > Severity::Note
    }
}

/// How many of the files of versions were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// So many.
    pub done: usize,
    /// Of so many.
    pub of: usize,
}

/// What found a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingSource {
    /// Reading the files.
    Files,
    /// Reading the revision log.
    Log,
    /// Holding the codes against the code sets.
    Codes,
    /// Reading the stored cases.
    Cases,
}

impl FindingSource {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            FindingSource::Files => "files",
            FindingSource::Log => "log",
            FindingSource::Codes => "codes",
            FindingSource::Cases => "cases",
        }
    }
}

impl Workbench {
    /// The revision log of a policy, held against its versions.
    pub fn read_log(&self, policy: &Policy) -> LogReading {
        read_log(policy)
    }

    /// Every finding on the library, errors first.
    pub fn check(&self) -> Vec<Finding> {
        self.check_unless_stopped(&|_| true).unwrap_or_default()
    }

    /// Every finding on the library, errors first. `go_on` is told how much
    /// was read and answers whether to go on; if not, there is no answer.
    pub fn check_unless_stopped(
        &self,
        go_on: &(dyn Fn(Reading) -> bool + Sync),
    ) -> Option<Vec<Finding>> {
        // Reading everything is what finds the faults of files.
        let library = &self.library;
        let files = |policy: &Policy| library.version_files(&policy.reference).len();
        let of = library.heads().iter().map(files).sum();
        let read = AtomicUsize::new(library.policies_read().map(files).sum());
        let is_stopped = AtomicBool::new(false);
        library.read_all(&|head| {
            let done = read.fetch_add(files(head), Ordering::Relaxed);
            if !go_on(Reading { done, of }) {
                is_stopped.store(true, Ordering::Relaxed);
            }
            !is_stopped.load(Ordering::Relaxed)
        });
        if is_stopped.into_inner() {
            return None;
        }
        Some(self.findings())
    }

    fn findings(&self) -> Vec<Finding> {
        self.stored_cases();
        self.code_sets();
        let mut findings = self.file_findings();
        for policy in self.library.policies() {
            findings.extend(log_findings(policy));
        }
        findings.extend(self.code_findings());
        findings.extend(self.case_findings());
        findings.extend(self.decision_findings());
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        findings
    }

    fn file_findings(&self) -> Vec<Finding> {
        let diagnostics = self.library.diagnostics();
        diagnostics
            .iter()
            .map(|diagnostic| Finding {
                severity: diagnostic.severity,
                source: FindingSource::Files,
                rule: "file",
                about: None,
                place: Some(diagnostic.place()),
                message: diagnostic.message.clone(),
                hint: diagnostic.hint.clone(),
            })
            .collect()
    }

    fn case_findings(&self) -> Vec<Finding> {
        let mut findings = self.missing_versions();
        let rejects = self.stored_cases().rejects.iter();
        findings.extend(rejects.map(|reject| Finding {
            severity: Severity::Error,
            source: FindingSource::Cases,
            rule: "case-rejected",
            about: None,
            place: Some(format!("{}:{}", reject.file, reject.line)),
            message: reject.reason.clone(),
            hint: Some("correct the row; it takes no part in any replay".to_owned()),
        }));
        findings
    }

    /// Recorded determinations that do not follow from their version.
    fn decision_findings(&self) -> Option<Finding> {
        let deviating: Vec<&str> = self
            .stored_cases()
            .cases
            .iter()
            .filter(|case| {
                let policy = self.library.policy(&case.policy);
                policy.is_some_and(|policy| {
                    matches!(reproduced(policy, case), Reproduced::Deviates { .. })
                })
            })
            .map(|case| case.id.as_str())
            .collect();
        let named = &deviating[..deviating.len().min(MAX_NAMED)];
        let more = if named.len() < deviating.len() {
            ", ..."
        } else {
            ""
        };
        (!deviating.is_empty()).then(|| Finding {
            severity: Severity::Warning,
            source: FindingSource::Cases,
            rule: "determination-deviates",
            about: None,
            place: None,
            message: format!(
                "{} recorded determinations do not follow from the version they were made under: {}{more}",
                deviating.len(),
                named.join(", ")
            ),
            hint: Some("see `lookback replay`, and `lookback explain` for each".to_owned()),
        })
    }

    /// Versions that cases were decided under and the library does not have.
    fn missing_versions(&self) -> Vec<Finding> {
        let mut cases: BTreeMap<VersionRef, usize> = BTreeMap::new();
        for case in &self.stored_cases().cases {
            let version = case.recorded.as_ref().and_then(|one| one.version.clone());
            let policy = self.library.policy(&case.policy);
            if let (Some(version), Some(policy)) = (version, policy)
                && policy.version(&version).is_none()
            {
                let policy = case.policy.clone();
                *cases.entry(VersionRef { policy, version }).or_default() += 1;
            }
        }
        cases
            .into_iter()
            .map(|(version, count)| Finding {
                severity: Severity::Warning,
                source: FindingSource::Cases,
                rule: "case-version-missing",
                about: Some(version.to_string()),
                place: None,
                message: format!(
                    "{count} stored cases name it as the version they were decided under, and the library does not have it"
                ),
                hint: Some("add the version, or correct its name in the cases".to_owned()),
            })
            .collect()
    }
}

fn log_findings(policy: &Policy) -> Vec<Finding> {
    let reading = read_log(policy);
    let finding = |rule, about: String, message: String, hint: &str| Finding {
        severity: Severity::Warning,
        source: FindingSource::Log,
        rule,
        about: Some(about),
        place: None,
        message,
        hint: Some(hint.to_owned()),
    };
    let mut findings: Vec<Finding> = reading
        .findings
        .iter()
        .map(|one| {
            finding(
                one.kind.name(),
                match &one.version {
                    Some(version) => format!("{}@{version}", policy.reference),
                    None => policy.reference.clone(),
                },
                one.message.clone(),
                "see the log, and ask the publisher where it is silent",
            )
        })
        .collect();
    for entry in &reading.entries {
        let version = entry.version.clone().unwrap_or_default();
        let about = VersionRef {
            policy: policy.reference.clone(),
            version,
        };
        for claim in &entry.claims {
            if claim.status == Status::Contradicted {
                findings.push(finding(
                    "log-claim-contradicted",
                    about.to_string(),
                    format!(
                        "the log says \"{}\": {}",
                        claim.claim.describe(),
                        claim.found
                    ),
                    "see `lookback diff` for what changed",
                ));
            }
        }
    }
    for (version, change) in reading.undeclared() {
        let about = VersionRef {
            policy: policy.reference.clone(),
            version: version.unwrap_or_default().to_owned(),
        };
        findings.push(finding(
            "change-undeclared",
            about.to_string(),
            format!("{}, which the log does not say", change.describe()),
            "see `lookback diff` for what changed",
        ));
    }
    findings
}
