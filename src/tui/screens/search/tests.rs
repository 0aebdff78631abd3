//! Tests of the search.

use crossterm::event::{KeyCode, KeyModifiers};

use crate::tui::job::{Found, Job};
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
    search.answer(search.generation - 1, Ok(Found::default()));
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

#[test]
fn results_are_narrowed_by_what_they_are_of() {
    let stage = Stage::new(80, 24).press(&["infec"]);
    let total = |stage: &Stage| {
        stage
            .app
            .screens
            .search
            .results
            .clone()
            .expect("results")
            .total
    };
    let mut stage = stage;
    stage.key(KeyCode::Char('f'), KeyModifiers::CONTROL);
    insta::assert_snapshot!(stage.screen());
    let values = stage.app.screens.search.values();
    let stage = stage.press(&["Down", "Enter"]);
    assert!(stage.shows(&format!("Search: {} infec", values[1].term)));
    assert_eq!(total(&stage), values[1].count, "as many as were promised");
    // The same once more gives all results again.
    let mut stage = stage;
    stage.key(KeyCode::Char('f'), KeyModifiers::CONTROL);
    let stage = stage.press(&["Enter"]);
    assert_eq!(stage.app.screens.search.input.value(), "infec");
    let empty = Stage::new(80, 24).press(&["Esc", "f"]);
    assert!(empty.shows("there are no results to narrow"));
}

#[test]
fn every_value_narrows_to_as_many_hits_as_it_says() {
    for query in ["infec", "catheter -pump", "6236*", "pump OR infection"] {
        let stage = Stage::new(200, 60).press(&[query]);
        let values = stage.app.screens.search.values();
        assert!(!values.is_empty(), "{query}");
        for value in values {
            let narrowed = format!("{} {query}", value.term);
            let stage = Stage::new(200, 60).press(&[&narrowed]);
            let total = stage
                .app
                .screens
                .search
                .results
                .clone()
                .expect("results")
                .total;
            assert_eq!(total, value.count, "{narrowed}");
        }
    }
}

#[test]
fn a_code_tells_whether_it_was_valid_and_where_it_is_listed() {
    let stage = Stage::new(80, 24).press(&["G57.73"]);
    insta::assert_snapshot!(stage.screen());
}

#[test]
fn a_date_before_everything_says_what_there_is_without_it() {
    let stage = Stage::new(80, 24).press(&["Esc", "@", "2010", "Enter", "/", "62351"]);
    assert!(stage.shows("0 results"), "{}", stage.screen());
    assert!(
        stage.shows("Without the date there are 2 results"),
        "{}",
        stage.screen()
    );
    let stage = Stage::new(80, 24).press(&["coagulopathy as-of:2010"]);
    assert!(
        stage.shows("Without the date there is 1 result"),
        "{}",
        stage.screen()
    );
    assert!(
        !Stage::new(80, 24)
            .press(&["zzzzqqqq"])
            .shows("Without the date")
    );
}
