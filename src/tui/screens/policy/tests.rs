//! Tests of the reader.

use crate::tui::tests::stage::{Stage, small_library};

fn stage(columns: u16, rows: u16) -> Stage {
    Stage::new(columns, rows).press(&["Tab"])
}

fn version(stage: &Stage) -> String {
    let version = stage.app.screens.policy.version.clone();
    version.expect("a version").version
}

#[test]
fn the_latest_version_is_shown_first() {
    insta::assert_snapshot!(stage(80, 24).screen());
}

#[test]
fn a_wide_screen_has_room_for_all_of_the_outline() {
    let stage = stage(200, 60).press(&["}", "}", "}", "}", "}", "}", "}", "}"]);
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn criteria_show_how_they_combine_and_their_rules() {
    let stage = stage(100, 30).press(&["n", "n", "n", "n", "n", "n", "n", "n"]);
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn another_version_keeps_the_place() {
    let stage = Stage::new(80, 24).press(&["active infection", "Enter"]);
    assert_eq!(version(&stage), "2020-01");
    let stage = stage.press(&["["]);
    assert_eq!(version(&stage), "2019-07");
    assert!(
        stage.shows(">     I.A.4  No local infection"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["Left", "["]);
    assert_eq!(version(&stage), "2019-02");
    assert!(stage.shows("this is the oldest version"));
}

#[test]
fn a_spot_that_a_version_lacks_leads_to_what_it_stands_under() {
    let stage = Stage::new(80, 24).press(&["62351", "Enter", "[", "["]);
    assert_eq!(version(&stage), "2019-02");
    assert!(stage.shows("> 62322"), "{}", stage.screen());
}

#[test]
fn every_line_can_be_reached() {
    let mut stage = stage(80, 24);
    let mut steps = 0;
    while !stage.shows("Citation 9") {
        stage = stage.press(&["Down"]);
        steps += 1;
        assert!(steps < 1_000, "{}", stage.screen());
    }
    let stage = stage.press(&["Home"]);
    assert!(stage.shows("> Description"), "{}", stage.screen());
}

#[test]
fn a_date_picks_the_version_in_force() {
    let stage = stage(80, 24).press(&["@", "2019-08-14", "Enter"]);
    assert_eq!(version(&stage), "2019-07");
    assert!(stage.shows("on 2019-08-14 version 2019-07"));
    let stage = stage.press(&["@", "Backspace", "Backspace", "0", "Enter"]);
    assert!(
        stage.shows("is not a date") || stage.shows("no such day"),
        "{}",
        stage.screen()
    );
}

#[test]
fn a_date_that_leaves_it_open_names_the_candidates() {
    let stage = stage(80, 24).press(&["@", "2019-07-10", "Enter"]);
    assert!(stage.shows("2019-07-10: 2019-02 or 2019-07 was in force"));
    assert!(stage.press(&["Down"]).shows("2019-02* ──[2019-07*]"));
}

#[test]
fn a_version_that_could_not_be_read_is_not_passed_over() {
    let library = small_library("x").with("XX.1/2021-01.toml", "format = 1\n");
    let stage = Stage::of(&library, 80, 24).press(&["Tab"]);
    assert!(
        stage.shows("version 2 of 2, 1 more unread, see Check"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["@", "2020-05-05", "Enter"]);
    assert!(stage.shows("it cannot be told"), "{}", stage.screen());
}

#[test]
fn codes_with_findings_are_marked() {
    let stage = Stage::new(80, 24).press(&["G57.73", "Enter"]);
    assert!(
        stage.shows("* G57.73 is valid from 2016-10-01"),
        "{}",
        stage.screen()
    );
    // Whoever reads before the audit is done is told so.
    let stage = Stage::new(80, 24).hold().press(&["Esc", "2"]);
    let stage = stage.press(&["}", "}", "}", "}", "}", "}", "}", "}", "}", "}"]);
    assert!(stage.shows("auditing …"), "{}", stage.screen());
}
