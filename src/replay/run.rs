//! The replay itself: the reference evaluator on every case and version.

use super::timing::doubts;
use super::{Flip, Outcome, Replay, Reproduced, Verdict};
use crate::cases::{Case, Recorded};
use crate::compare::Alignment;
use crate::criteria::{Determination, causes, evaluate, settling_set};
use crate::policy::{InForce, Policy, Version};

/// Told after each case; answers whether to go on.
pub type Progress<'a> = &'a mut dyn FnMut(usize) -> bool;

/// A version of a policy to replay against, with what became of each criterion
/// since the version before it in the list.
struct Column<'a> {
    policy: &'a Policy,
    version: &'a Version,
    /// The alignment with the column before, if that is of the same policy.
    since: Option<Alignment>,
}

/// Replays `cases` against `versions`, given by policy and effective date.
///
/// Cases of policies without a version in the list are passed over.
pub fn replay(cases: &[&Case], versions: &[(&Policy, &Version)], progress: Progress<'_>) -> Replay {
    let columns = columns(versions);
    let mut replay = Replay {
        versions: versions
            .iter()
            .map(|(policy, version)| policy.version_ref(version))
            .collect(),
        outcomes: vec![],
        flips: vec![],
        cancelled: false,
    };
    for (done, case) in cases.iter().enumerate() {
        if !progress(done) {
            replay.cancelled = true;
            break;
        }
        let Some(column) = columns
            .iter()
            .find(|one| one.policy.reference == case.policy)
        else {
            continue;
        };
        let verdicts: Vec<_> = columns
            .iter()
            .map(|one| {
                (one.policy.reference == case.policy)
                    .then(|| verdict(one.policy, one.version, case))
            })
            .collect();
        flips(&columns, case, &verdicts, &mut replay.flips);
        replay.outcomes.push(Outcome {
            case: case.id.clone(),
            policy: case.policy.clone(),
            recorded: case.recorded.clone(),
            reproduced: reproduced(column.policy, case),
            doubts: doubts(column.policy, case),
            verdicts,
        });
    }
    replay
}

fn columns<'a>(versions: &[(&'a Policy, &'a Version)]) -> Vec<Column<'a>> {
    let mut columns: Vec<Column<'a>> = vec![];
    for (policy, version) in versions {
        let since = columns
            .last()
            .filter(|before| before.policy.reference == policy.reference)
            .map(|before| Alignment::of(before.version, version));
        columns.push(Column {
            policy,
            version,
            since,
        });
    }
    columns
}

/// What a version determines on a case.
pub(super) fn verdict(policy: &Policy, version: &Version, case: &Case) -> Verdict {
    let determination = evaluate(version, &case.request).determination;
    let missing = match determination {
        Determination::Pend => settling_set(version, &policy.facts, &case.request).missing,
        _ => vec![],
    };
    Verdict {
        determination,
        missing,
    }
}

fn flips(columns: &[Column<'_>], case: &Case, verdicts: &[Option<Verdict>], flips: &mut Vec<Flip>) {
    for (index, pair) in columns.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        let (Some(was), Some(now)) = (&verdicts[index], &verdicts[index + 1]) else {
            continue;
        };
        let Some(alignment) = &after.since else {
            continue;
        };
        if was.determination == now.determination {
            continue;
        }
        flips.push(Flip {
            case: case.id.clone(),
            from: before.policy.version_ref(before.version),
            to: after.policy.version_ref(after.version),
            was: was.determination,
            now: now.determination,
            because: causes(before.version, after.version, &case.request, &|id| {
                alignment.old_id(id).cloned()
            }),
        });
    }
}

/// Whether the recorded determination follows from the version recorded with
/// it; where none is, from the one in force on the decision or service date.
pub fn reproduced(policy: &Policy, case: &Case) -> Reproduced {
    let Some(recorded) = &case.recorded else {
        return Reproduced::NotRecorded;
    };
    let version = match version_decided_under(policy, case, recorded) {
        Ok(version) => version,
        Err(why) => return Reproduced::NoVersion { why },
    };
    let follows = evaluate(version, &case.request).determination;
    if follows == recorded.determination {
        Reproduced::Reproduced {
            version: version.name.clone(),
        }
    } else {
        Reproduced::Deviates {
            version: version.name.clone(),
            follows,
        }
    }
}

fn version_decided_under<'a>(
    policy: &'a Policy,
    case: &Case,
    recorded: &Recorded,
) -> Result<&'a Version, String> {
    if let Some(name) = &recorded.version {
        return policy
            .version(name)
            .ok_or_else(|| format!("version {name} is not in the library"));
    }
    let Some(date) = recorded.decision_date.or(case.service_date) else {
        return Err("neither a version nor a date is recorded".to_owned());
    };
    match policy.in_force(date) {
        InForce::One(version) => Ok(version),
        InForce::None => Err(format!("no version was in force on {date}")),
        InForce::Unread { files } => Err(format!("{} cannot be used", files.join(", "))),
        InForce::Ambiguous { candidates, .. } => {
            let names: Vec<_> = candidates.iter().map(|one| one.name.as_str()).collect();
            Err(format!(
                "on {date} the dates leave open whether {} applied",
                names.join(" or ")
            ))
        }
    }
}
