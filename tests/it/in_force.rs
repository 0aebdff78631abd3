//! Which version was in force: for each case, and in a period.

use lookback::cases::Case;
use lookback::criteria::evaluate;
use lookback::library::EmbeddedSource;
use lookback::policy::{Date, InForce};
use lookback::replay::{Basis, Follows, InForceOutcome, Standing};
use lookback::workbench::{InForceRequest, Workbench};

use crate::environment::Environment;

/// The date of a case that counts.
fn date(case: &Case, basis: Option<Basis>) -> Option<Date> {
    let decided = case.recorded.as_ref().and_then(|one| one.decision_date);
    match basis {
        Some(Basis::Decision) => decided,
        Some(Basis::Service) => case.service_date,
        None => decided.or(case.service_date),
    }
}

fn check(workbench: &Workbench, case: &Case, basis: Option<Basis>, found: &InForceOutcome) {
    let policy = workbench.library().policy(&case.policy).expect("a policy");
    let date = date(case, basis);
    let expected = match date.map(|date| policy.in_force(date)) {
        None => (Standing::Undated, vec![], true),
        Some(InForce::None) => (Standing::NoneYet, vec![], true),
        Some(InForce::Unread { .. }) => (Standing::Unread, vec![], true),
        Some(InForce::One(version)) => (Standing::Certain, vec![version], false),
        Some(InForce::Ambiguous {
            candidates,
            before_first,
        }) => (Standing::InDoubt, candidates, before_first),
    };
    let (standing, versions, none_may_be) = expected;
    assert_eq!(found.standing(), standing, "{}", case.id);
    assert_eq!(found.dated.as_ref().map(|dated| dated.date), date);
    let determinations = versions.iter().map(|version| {
        let determination = evaluate(version, &case.request).determination;
        (version.name.clone(), determination)
    });
    let determinations: Vec<_> = determinations.collect();
    let verdicts = found.verdicts.iter();
    let verdicts: Vec<_> = verdicts
        .map(|(version, verdict)| (version.version.clone(), verdict.determination))
        .collect();
    assert_eq!(verdicts, determinations, "{}", case.id);
    let agreeing = |recorded| {
        determinations
            .iter()
            .filter(|one| one.1 == recorded)
            .count()
    };
    let follows = match case.recorded.as_ref().map(|one| one.determination) {
        None => Follows::NotRecorded,
        Some(_) if none_may_be => Follows::CannotTell,
        Some(recorded) if agreeing(recorded) == determinations.len() => Follows::Yes,
        Some(recorded) if agreeing(recorded) == 0 => Follows::No,
        Some(_) => Follows::CannotTell,
    };
    assert_eq!(found.follows, follows, "{}", case.id);
}

#[test]
fn each_case_is_put_to_the_version_in_force_on_its_date() {
    let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
    for basis in [None, Some(Basis::Decision), Some(Basis::Service)] {
        let request = InForceRequest {
            basis,
            ..InForceRequest::default()
        };
        let replayed = workbench
            .replay_in_force(&request, &mut |_| true)
            .expect("a replay");
        let cases = &workbench.stored_cases().cases;
        assert_eq!(replayed.replay.outcomes.len(), cases.len());
        for (case, found) in cases.iter().zip(&replayed.replay.outcomes) {
            check(&workbench, case, basis, found);
        }
    }
}

#[test]
fn doubts_are_counted_apart_and_listed_with_both_answers() {
    let environment = Environment::new();
    environment.write(
        "cases.csv",
        b"case_id,service_date,decision_date,determination,determination_version,procedure_codes\n\
        certain,2019-08-20,2019-08-14,not-addressed,2019-07,62369\n\
        other-version,2019-08-20,2019-08-14,not-addressed,2019-02,99999\n\
        in-doubt,2019-08-20,2019-07-10,not-addressed,2019-07,62351\n\
        either-way,2019-07-10,,,,99999\n\
        month,2019-07,,,,62351\n\
        early,2018-01-01,2018-01-01,met,,62351\n\
        undated,,,met,,62351\n",
    );
    let run = environment.run(&["replay", "cases.csv", "--against", "in-force"]);
    insta::assert_snapshot!("replay_in_force", run.page());
    let mut json = environment.json(&["replay", "cases.csv", "--against", "in-force", "--flips"]);
    json["provenance"] = "...".into();
    insta::assert_json_snapshot!("replay_in_force_json", json);
    let service = environment.json(&[
        "replay",
        "cases.csv",
        "--against",
        "in-force",
        "--basis",
        "service",
    ]);
    assert_eq!(service["in_force"]["by_service_date"], 6);
    assert_eq!(service["in_force"]["by_decision_date"], 0);
    let exit = |arguments: &[&str]| environment.run(&[&["replay"], arguments].concat()).code;
    assert_eq!(
        exit(&["cases.csv", "--against", "in-force", "--exit-code"]),
        1
    );
    assert_eq!(exit(&["--basis", "service"]), 2);
}

#[test]
fn versions_are_listed_with_the_days_they_were_in_force() {
    let environment = Environment::with_library();
    insta::assert_snapshot!("versions", environment.run(&["versions"]).page());
    let during = ["versions", "--in-force-during", "2019-07"];
    insta::assert_snapshot!("versions_during", environment.run(&during).page());
    let listed = environment.json(&during);
    assert_eq!(listed["schema"], "lookback/versions/1");
    let days = &listed["policies"][0]["versions"][1]["in_force"];
    insta::assert_json_snapshot!("versions_days", days);
    let criteria = &listed["policies"][0]["versions"][1]["criteria"];
    assert_eq!(criteria[0]["id"], "I");
    // A version that cannot be read may be the one that was in force.
    environment.write("policy-versions/CP.MP.173/2019-10.toml", b"format = 1");
    let run = environment.run(&during);
    assert_eq!(run.code, 3);
    assert!(run.stdout.contains("it cannot be told"), "{}", run.stdout);
}
