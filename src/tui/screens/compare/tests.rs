//! Tests of the comparison.

use crate::library::{EmbeddedSource, Source};
use crate::tui::place::Tab;
use crate::tui::tests::stage::{Stage, small_library};

fn stage(columns: u16, rows: u16) -> Stage {
    Stage::new(columns, rows).press(&["Esc", "3"])
}

#[test]
fn the_last_two_versions_are_compared_first() {
    insta::assert_snapshot!(stage(80, 24).screen());
}

#[test]
fn a_wide_screen_puts_old_and_new_side_by_side() {
    insta::assert_snapshot!(stage(200, 60).screen());
}

#[test]
fn codes_are_changes_of_their_own() {
    insta::assert_snapshot!(stage(80, 24).press(&["[", "{"]).screen());
}

#[test]
fn changes_are_counted_and_gone_through() {
    let stage = stage(80, 24);
    assert!(stage.shows("change 1 of 8"));
    let stage = stage.press(&["n", "n"]);
    assert!(stage.shows("change 3 of 8") && stage.shows(">   ~ II.B.3"));
    let stage = stage.press(&["p"]);
    assert!(stage.shows("change 2 of 8") && stage.shows(">   ~ I.B.9"));
}

#[test]
fn groups_fold() {
    let stage = stage(80, 24).press(&["f"]);
    assert!(stage.shows("> ▸ Criteria: 3 changes"), "{}", stage.screen());
    assert!(!stage.shows("I.B.9"));
    let stage = stage.press(&["f"]);
    assert!(stage.shows("I.B.9"));
    let stage = stage.press(&["F"]);
    assert!(stage.shows("▸ Revision log: 1 change"));
}

#[test]
fn the_layout_can_be_chosen() {
    let narrow = stage(80, 24);
    assert!(!narrow.shows("── 2019-07"));
    assert!(narrow.press(&["v"]).shows("── 2019-07"));
    assert!(stage(120, 30).shows(" │ + No {+active+} infection."));
}

#[test]
fn the_old_side_stays_the_older() {
    let stage = stage(80, 24).press(&["]"]);
    assert!(
        stage.shows("the old side comes before the new one"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["["]);
    assert!(stage.shows("old 2019-02") && stage.shows("new 2020-01"));
    let stage = stage.press(&["["]);
    assert!(stage.shows("there is no further version"));
}

#[test]
fn a_change_leads_to_the_policy_and_back() {
    let stage = stage(80, 24).press(&["n", "Enter"]);
    assert_eq!(stage.app.tab, Tab::Policy);
    assert!(stage.shows(">     I.B.9"), "{}", stage.screen());
    let stage = stage.press(&["Esc"]);
    assert!(stage.shows(">   ~ I.B.9") && stage.shows("change 2 of 8"));
}

#[test]
fn what_is_the_same_in_both_is_said() {
    let stage = Stage::new(80, 24).press(&["coagulopathy", "Enter", "c"]);
    assert!(
        stage.shows("II.B.4 is the same in both"),
        "{}",
        stage.screen()
    );
}

#[test]
fn what_is_unchanged_is_a_line_that_opens() {
    let stage = stage(80, 24).press(&["Up"]);
    assert!(
        stage.shows(">   … 5 unchanged criteria"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["Enter"]);
    assert!(stage.shows(">   ▾ 5 unchanged criteria") && stage.shows("I.A.3  "));
    let stage = stage.press(&["f"]);
    assert!(!stage.shows("I.A.3  "), "{}", stage.screen());
    let stage = Stage::new(80, 24).press(&["coagulopathy", "Enter", "c"]);
    assert!(
        stage.shows(">   ▾ 7 unchanged criteria"),
        "{}",
        stage.screen()
    );
    assert!(stage.shows("II.B.4  "), "{}", stage.screen());
}

#[test]
fn a_change_is_chosen_from_the_outline() {
    let stage = stage(80, 24).press(&["o"]);
    assert!(
        stage.shows("Changes") && stage.shows("~ II.B.3"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["II.B", "Enter"]);
    assert!(stage.shows(">   ~ II.B.3"), "{}", stage.screen());
}

#[test]
fn the_effect_stands_in_words_and_each_example_is_explained_on_both_sides() {
    let stage = stage(80, 24).press(&["e"]);
    insta::assert_snapshot!("effect", stage.screen());
    let stage = stage.press(&["n", "Enter"]);
    assert!(
        stage.shows("active infection anywhere in the body? yes"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["n"]);
    assert!(
        stage.shows("Under CP.MP.173@2019-07: MET"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["n"]);
    assert!(
        stage.shows("Under CP.MP.173@2020-01: NOT-MET"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["Down", "Down", "Down", "Down", "Down", "Down", "Enter"]);
    assert!(stage.shows("change 1 of 8"), "{}", stage.screen());
    let stage = stage.press(&["Esc", "Esc"]);
    assert!(
        stage.shows("Enter explains it under both versions"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["Esc"]);
    assert!(stage.shows("change 1 of 8"), "{}", stage.screen());
}

#[test]
fn a_wide_screen_shows_all_of_the_effect() {
    let stage = stage(200, 60).press(&["e"]);
    insta::assert_snapshot!("effect_wide", stage.screen());
    insta::assert_snapshot!("explained_wide", stage.press(&["n", "Enter"]).screen());
}

#[test]
fn the_effect_of_equivalent_criteria_tells_of_codes() {
    let stage = stage(80, 24).press(&["[", "{", "e"]);
    assert!(stage.shows("EQUIVALENT"), "{}", stage.screen());
    assert!(
        stage.shows("codes: wider by 4: 62320"),
        "{}",
        stage.screen()
    );
}

#[test]
fn two_policies_are_compared_and_called_so() {
    let other = small_library("Pain");
    let embedded = EmbeddedSource;
    let library = embedded
        .list()
        .expect("files")
        .iter()
        .fold(other, |all, path| {
            all.with(path, embedded.read(path).expect("a file"))
        });
    let stage = Stage::of(&library, 80, 24).press(&["Esc", "3", "O", "XX.1@2020", "Enter"]);
    assert!(
        stage.shows("two policies  - old XX.1@2020-01"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["r"]);
    assert!(
        stage.shows("no log tells of the difference"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["e"]);
    assert!(
        stage.shows("The effect cannot be told"),
        "{}",
        stage.screen()
    );
    let stage = stage.press(&["Esc", "{"]);
    assert!(stage.shows("new CP.MP.173@2019-07"), "{}", stage.screen());
}
