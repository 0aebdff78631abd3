//! Every shipped case against an expectation worked out by hand from the
//! criteria, kept in `tests/expectations/`.

use std::collections::BTreeMap;

use lookback::library::EmbeddedSource;
use lookback::replay::{Replay, Reproduced};
use lookback::workbench::{ReplayRequest, Workbench};

/// One line of the table: determinations by version, whether the recorded
/// one follows, and the causes of its flips.
#[derive(Debug, PartialEq)]
struct Expected {
    determinations: Vec<String>,
    follows: String,
    why: String,
}

fn expected() -> (Vec<String>, BTreeMap<String, Expected>) {
    let table = include_str!("../expectations/CP.MP.173.tsv");
    let mut lines = table
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let head = lines.next().expect("a head");
    let versions = head[1..head.len() - 2]
        .iter()
        .map(|name| (*name).to_owned());
    let rows = lines.map(|columns| {
        let (first, rest) = columns.split_first().expect("an id");
        let (determinations, rest) = rest.split_at(rest.len() - 2);
        let row = Expected {
            determinations: determinations.iter().map(|one| (*one).to_owned()).collect(),
            follows: rest[0].to_owned(),
            why: rest[1].to_owned(),
        };
        ((*first).to_owned(), row)
    });
    (versions.collect(), rows.collect())
}

fn replayed() -> Replay {
    let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
    let replayed = workbench
        .replay(&ReplayRequest::default(), &mut |_| true)
        .expect("a replay");
    assert_eq!(replayed.rejects, []);
    replayed.replay
}

#[test]
fn every_shipped_case_comes_out_as_worked_out_by_hand() {
    let (versions, expected) = expected();
    let replay = replayed();
    let replayed_versions: Vec<_> = replay.versions.iter().map(|one| &one.version).collect();
    assert_eq!(replayed_versions, versions.iter().collect::<Vec<_>>());

    let found: BTreeMap<String, Expected> = replay
        .outcomes
        .iter()
        .map(|outcome| {
            let flips = replay.flips_of(&outcome.case).map(|flip| {
                let because: Vec<_> = flip
                    .because
                    .iter()
                    .map(|one| one.what.to_string())
                    .collect();
                format!(
                    "{}>{}:{}",
                    flip.from.version,
                    flip.to.version,
                    because.join(",")
                )
            });
            let row = Expected {
                determinations: outcome
                    .verdicts
                    .iter()
                    .flatten()
                    .map(|verdict| verdict.determination.name().to_owned())
                    .collect(),
                follows: match outcome.reproduced {
                    Reproduced::Reproduced { .. } => "yes",
                    Reproduced::Deviates { .. } => "no",
                    _ => "-",
                }
                .to_owned(),
                why: flips.collect::<Vec<_>>().join(";"),
            };
            (outcome.case.clone(), row)
        })
        .collect();
    assert_eq!(found.len(), expected.len());
    for (case, expected) in &expected {
        assert_eq!(&found[case], expected, "{case}");
    }
}
