//! Tests of the search.

use crossterm::event::{KeyCode, KeyModifiers};

use crate::search::SearchResults;
use crate::tui::job::Job;
use crate::tui::place::Tab;
use crate::tui::tests::stage::Stage;

#[test]
fn at_the_start_it_says_what_the_library_holds() {
    insta::assert_snapshot!(Stage::new(80, 24).screen());
}

#[test]
fn hits_show_where_and_since_when() {
    let stage = Stage::new(80, 24).press(&["infection"]);
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn a_wide_screen_shows_the_hit_beside_the_list() {
    let stage = Stage::new(200, 60).press(&["62351"]);
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn every_keystroke_asks_anew_and_older_answers_are_dropped() {
    let mut stage = Stage::new(80, 24).press(&["infection"]);
    let asked = stage
        .jobs
        .iter()
        .filter(|job| matches!(job, Job::Search(_)));
    assert_eq!(asked.count(), "infection".len());
    let search = &mut stage.app.screens.search;
    let newest = search.results.clone();
    search.answer(search.generation - 1, Ok(SearchResults::default()));
    assert_eq!(search.results, newest);
}

#[test]
fn the_selection_stays_on_the_same_item() {
    let stage = Stage::new(80, 24).press(&["infection", "Down"]);
    let chosen = stage.app.screens.search.hit().expect("a hit").item.clone();
    let mut stage = stage;
    stage.key(KeyCode::Char(' '), KeyModifiers::NONE);
    let stage = stage.press(&["site"]);
    let now = stage.app.screens.search.hit().expect("a hit").item.clone();
    assert_eq!(now.text, chosen.text);
}

#[test]
fn enter_opens_the_policy_at_the_line_and_esc_comes_back() {
    let stage = Stage::new(80, 24).press(&["62351", "Enter"]);
    assert_eq!(stage.app.tab, Tab::Policy);
    assert!(stage.shows("> 62351"), "{}", stage.screen());
    let stage = stage.press(&["Esc"]);
    assert_eq!(stage.app.tab, Tab::Search);
    assert!(stage.shows("Search: 62351"));
}

#[test]
fn an_old_wording_opens_in_the_last_version_that_has_it() {
    let stage = Stage::new(80, 24).press(&["local infection catheter", "Enter"]);
    let version = stage.app.screens.policy.version.clone().expect("a version");
    assert_eq!(version.version, "2019-07");
    assert!(stage.shows(">     I.A.4"), "{}", stage.screen());
}

#[test]
fn a_result_is_compared_where_it_changed() {
    let stage = Stage::new(80, 24).press(&["62351", "Esc", "c"]);
    assert_eq!(stage.app.tab, Tab::Compare);
    assert!(
        stage.shows("old 2019-02") && stage.shows("> + CPT 62351")
            || stage.shows(">   + CPT 62351")
    );
    let same = Stage::new(80, 24).press(&["coagulopathy", "Esc", "c"]);
    assert_eq!(same.app.tab, Tab::Search);
    assert!(same.shows("has not changed since the first version"));
}

#[test]
fn letters_are_text_while_one_types_and_commands_after() {
    let stage = Stage::new(80, 24).press(&["q"]);
    assert!(!stage.left);
    assert!(stage.press(&["Esc", "q"]).left);
}

#[test]
fn what_cannot_be_found_is_said() {
    let stage = Stage::new(80, 24).press(&["zzzzqqqq"]);
    assert!(stage.shows("0 results"), "{}", stage.screen());
}

#[test]
fn as_of_a_date_results_open_in_the_version_in_force_then() {
    let stage =
        Stage::new(80, 24).press(&["Esc", "@", "2019-08-14", "Enter", "/", "62362", "Enter"]);
    assert!(stage.shows("[2019-07*]"), "{}", stage.screen());
}
