//! Tests of the log.

use crate::tui::place::Tab;
use crate::tui::tests::stage::{Stage, small_library};

fn stage(columns: u16, rows: u16) -> Stage {
    Stage::new(columns, rows).press(&["Esc", "4"])
}

#[test]
fn entries_stand_with_their_claims() {
    insta::assert_snapshot!(stage(80, 40).screen());
}

#[test]
fn a_wide_screen_wraps_less() {
    insta::assert_snapshot!(stage(200, 60).screen());
}

#[test]
fn an_entry_leads_to_the_comparison_it_made() {
    let stage = stage(80, 24).press(&["n", "Enter"]);
    assert_eq!(stage.app.tab, Tab::Compare);
    assert!(stage.shows("old 2019-02") && stage.shows("new 2019-07"));
    let stage = stage.press(&["Esc"]);
    assert!(stage.shows("> 2019-07"), "{}", stage.screen());
    let stage = stage.press(&["p", "Enter"]);
    assert!(stage.shows("nothing to compare"));
}

#[test]
fn an_entry_leads_to_the_version_it_made() {
    let stage = stage(80, 24).press(&["n", "o"]);
    assert_eq!(stage.app.tab, Tab::Policy);
    assert!(stage.shows("[2019-07]"));
}

#[test]
fn a_claim_leads_to_its_change_and_the_change_to_its_claim() {
    let stage = stage(80, 40).press(&["n", "Down"]);
    assert!(
        stage.shows(">   BORNE OUT      codes added"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["Enter"]);
    assert!(stage.shows(">   + CPT 62320"), "{}", stage.screen());
    assert!(stage.shows("the first of 4 changes of this claim"));
    let stage = stage.press(&["n", "n", "r"]);
    assert_eq!(stage.app.tab, Tab::Log);
    assert!(
        stage.shows(">   BORNE OUT      codes added"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["Esc"]);
    assert!(stage.shows(">   + CPT 62351"), "{}", stage.screen());
    let stage = stage.press(&["Esc"]);
    assert!(
        stage.shows(">   BORNE OUT      codes added"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["Home", "Down", "Down", "Enter"]);
    assert!(stage.shows("nothing to compare"), "{}", stage.screen());
}

#[test]
fn a_claim_without_a_change_says_so() {
    let stage = stage(80, 40).press(&["n", "n", "Down", "Down", "Enter"]);
    assert_eq!(stage.app.tab, Tab::Compare);
    assert!(
        stage.shows("no change bears this claim out"),
        "{}",
        stage.screen()
    );
}

#[test]
fn undeclared_changes_are_marked_in_both() {
    let stage = Stage::of(&small_library("Pain"), 80, 40).press(&["Esc", "4", "n"]);
    assert!(
        stage.shows("UNDECLARED     criterion I changed"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["Down", "Down", "Enter"]);
    assert!(
        stage.shows("~ I  changed: text  ! UNDECLARED"),
        "{}",
        stage.screen()
    );
    assert!(stage.shows("3 UNDECLARED"), "{}", stage.screen());
    let stage = stage.press(&["r"]);
    assert!(
        stage.shows(">   UNDECLARED     criterion I changed"),
        "{}",
        stage.screen()
    );
}
