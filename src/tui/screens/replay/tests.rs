//! Tests of the replay.

use crate::replay::Replay;
use crate::tui::message::Message;
use crate::tui::place::Tab;
use crate::tui::tests::stage::Stage;
use crate::workbench::Problem;

fn stage(columns: u16, rows: u16) -> Stage {
    Stage::new(columns, rows).press(&["Esc", "5"])
}

fn case(stage: &Stage) -> String {
    stage
        .app
        .screens
        .replay
        .outcome()
        .expect("a case")
        .case
        .clone()
}

#[test]
fn cases_stand_by_version() {
    insta::assert_snapshot!(stage(80, 24).screen());
}

#[test]
fn flips_are_marked_and_accounted_for() {
    insta::assert_snapshot!(stage(80, 24).press(&["f"]).screen());
}

#[test]
fn a_wide_screen_shows_the_case_beside_the_matrix() {
    insta::assert_snapshot!(stage(200, 60).press(&["f", "f"]).screen());
}

#[test]
fn filters_and_orders_keep_the_case() {
    let stage = stage(80, 24).press(&["f", "Down"]);
    let chosen = case(&stage);
    let stage = stage.press(&["s"]);
    assert_eq!(case(&stage), chosen);
    let stage = stage.press(&["f", "f", "f", "s", "s"]);
    assert!(stage.shows("all: 84, by case"));
    for (presses, shown) in [(1, "flips: "), (2, "deviations: "), (3, "pend: ")] {
        let stage = self::stage(80, 24).press(&vec!["f"; presses]);
        assert!(stage.shows(shown), "{}", stage.screen());
    }
}

#[test]
fn a_cell_is_explained_and_the_version_can_be_changed() {
    let stage = stage(80, 24).press(&["f", "Enter"]);
    insta::assert_snapshot!(stage.screen());
    let stage = stage.press(&["Left"]);
    assert!(stage.shows("[2019-07]"), "{}", stage.screen());
    let stage = stage.press(&["Esc"]);
    assert!(stage.shows("flips: "), "{}", stage.screen());
}

#[test]
fn a_pended_case_names_what_is_missing() {
    let stage = stage(200, 60).press(&["f", "f", "f", "Enter"]);
    assert!(stage.shows("Missing: "), "{}", stage.screen());
    assert!(stage.shows("[UNKNOWN]") && stage.shows("is missing"));
}

#[test]
fn an_explanation_leads_to_the_policy_and_back_to_its_place() {
    let stage = stage(80, 24).press(&["Enter", "Down", "Down", "Down"]);
    let flow = stage
        .app
        .screens
        .replay
        .explain
        .as_ref()
        .expect("open")
        .flow;
    let stage = stage.press(&["o"]);
    assert_eq!(stage.app.tab, Tab::Policy);
    let stage = stage.press(&["Esc"]);
    let again = stage
        .app
        .screens
        .replay
        .explain
        .as_ref()
        .expect("open")
        .flow;
    assert_eq!(flow.cursor, again.cursor);
}

#[test]
fn a_flip_leads_to_the_change_that_accounts_for_it() {
    let stage = stage(80, 24).press(&["f", "c"]);
    assert_eq!(stage.app.tab, Tab::Compare);
    assert!(
        stage.shows("\n>   ~ ") || stage.shows("\n>   + "),
        "{}",
        stage.screen()
    );
}

#[test]
fn answers_of_another_policy_are_dropped() {
    let mut stage = stage(80, 24);
    let before = stage.app.screens.replay.clone();
    let problem = Problem::usage("no", "");
    stage.app.screens.replay.answer("XX", Err(problem));
    assert_eq!(stage.app.screens.replay, before);
}

#[test]
fn a_replay_that_was_stopped_says_so() {
    let mut stage = stage(80, 24);
    let replayed = stage.app.screens.replay.replayed.clone();
    let mut replayed = replayed.expect("done").expect("well");
    replayed.replay = Replay {
        cancelled: true,
        ..replayed.replay
    };
    stage.send(Message::Answer(crate::tui::job::Answer::Replayed {
        policy: "CP.MP.173".to_owned(),
        replayed: Ok(replayed),
    }));
    assert!(stage.shows("STOPPED EARLY"), "{}", stage.screen());
}
