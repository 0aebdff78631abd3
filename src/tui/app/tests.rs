//! Tests of the whole program, on a stage.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{App, draw};
use crate::text::is_hidden;
use crate::tui::job::{Answer, Job, Progress, Work};
use crate::tui::keys::{self, Action, Context, Key};
use crate::tui::message::{Effect, Message};
use crate::tui::paint::Gauge;
use crate::tui::place::Tab;
use crate::tui::tests::stage::{Stage, several, small_library};
use crate::tui::theme::Theme;
use crate::workbench::Problem;

#[test]
fn the_first_frame_needs_no_library() {
    let mut cells = Buffer::empty(Rect::new(0, 0, 80, 24));
    let app = App::new((80, 24));
    draw(&app, &Theme::COLOURED, cells.area, &mut cells);
    let first: String = cells
        .content
        .iter()
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert!(first.contains("Opening the library"));
}

#[test]
fn a_library_that_cannot_be_opened_says_why_and_what_to_do() {
    let mut stage = Stage::new(80, 24);
    let problem = Problem::usage("there is no folder `x`", "name another with --library DIR");
    stage.send(Message::Opened(Err(problem)));
    assert!(stage.shows("there is no folder `x`") && stage.shows("name another"));
    assert!(stage.press(&["q"]).left);
}

#[test]
fn tabs_are_reached_by_number_and_in_turn() {
    let mut stage = Stage::new(80, 24).press(&["Esc"]);
    for (key, tab) in ["1", "2", "3", "4", "5", "6"].into_iter().zip(Tab::ALL) {
        stage = stage.press(&[key]);
        assert_eq!(stage.app.tab, tab);
    }
    assert_eq!(stage.press(&["Tab"]).app.tab, Tab::Search);
    assert_eq!(Stage::new(80, 24).press(&["BackTab"]).app.tab, Tab::Check);
}

#[test]
fn esc_retraces_every_step() {
    let stage = Stage::new(80, 24).press(&["62351", "Enter", "c", "r", "o"]);
    let mut tabs = vec![stage.app.tab];
    let mut stage = stage;
    for _ in 0..4 {
        stage = stage.press(&["Esc"]);
        tabs.push(stage.app.tab);
    }
    use Tab::{Compare, Log, Policy, Search};
    assert_eq!(tabs, [Policy, Log, Compare, Policy, Search]);
}

#[test]
fn the_palette_runs_commands_and_opens_versions_and_cases() {
    let stage = Stage::new(80, 24).press(&["Esc", ":", "IPP-0033", "Enter"]);
    assert_eq!(stage.app.tab, Tab::Replay);
    assert!(stage.shows("> IPP-0033"), "{}", stage.screen());
    let stage = stage.press(&[":", "173@2019-02", "Enter"]);
    assert!(stage.shows("[2019-02]"), "{}", stage.screen());
    let stage = stage.press(&[":", "what a person should", "Enter"]);
    assert_eq!(stage.app.tab, Tab::Check);
}

#[test]
fn help_lists_the_keys_of_the_screen() {
    let stage = Stage::new(80, 24).press(&["Esc", "3", "?"]);
    insta::assert_snapshot!(stage.screen());
    assert!(!stage.press(&["Esc"]).shows("Keys"));
}

#[test]
fn help_is_not_cut_at_eighty_columns() {
    for context in keys::BINDINGS.iter().map(|binding| binding.context) {
        let rows = crate::tui::overlay::help_rows(context);
        let widest = rows
            .iter()
            .map(|row| crate::tui::paint::width_of(row))
            .max();
        assert!(widest <= Some(75), "{context:?}: {widest:?}");
    }
}

#[test]
fn hints_show_only_keys_that_work() {
    for binding in keys::BINDINGS.iter().filter(|one| one.hinted) {
        let found = keys::action(binding.context, binding.keys[0]);
        assert_eq!(found, Some(binding.action), "{}", binding.label);
    }
}

#[test]
fn a_failed_worker_is_told_and_nothing_else_happens() {
    let mut stage = Stage::new(80, 24);
    stage.send(Message::Failed {
        work: "the replay",
        place: "src/x.rs:1:1".to_owned(),
    });
    assert!(stage.shows("the replay failed inside the program (src/x.rs:1:1)"));
    assert!(!stage.left);
}

#[test]
fn a_small_terminal_gets_a_message() {
    let mut stage = Stage::new(80, 24);
    stage.send(Message::Resize(39, 10));
    assert!(stage.shows("Make the window larger"));
}

#[test]
fn every_screen_can_be_drawn_at_any_size() {
    for tab in ["1", "2", "3", "4", "5", "6"] {
        for (columns, rows) in [
            (40, 10),
            (60, 12),
            (80, 24),
            (121, 33),
            (141, 50),
            (200, 60),
        ] {
            let stage = Stage::new(columns, rows).press(&["infection", "Esc", tab]);
            let name = format!("{tab} at {columns}x{rows}");
            assert!(
                stage.screen().lines().count() == usize::from(rows),
                "{name}"
            );
            let _ = stage
                .press(&["?", "Esc", ":", "Esc", "@", "Esc", "End", "PgUp", "Enter"])
                .screen();
        }
    }
}

#[test]
fn a_paste_is_one_line_of_text() {
    let mut stage = Stage::new(80, 24);
    stage.send(Message::Paste("active\r\n infection\u{1b}[2J".to_owned()));
    assert!(
        stage.shows("Search: active infection<U+001B>[2J"),
        "{}",
        stage.screen()
    );
}

#[test]
fn ctrl_c_leaves_from_anywhere() {
    use crossterm::event::{KeyCode, KeyModifiers};
    for keys in [
        vec![],
        vec!["Esc", "3"],
        vec!["Esc", ":"],
        vec!["Esc", "@"],
        vec!["Esc", "?"],
    ] {
        let mut stage = Stage::new(80, 24).press(&keys);
        stage.key(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert!(stage.left, "{keys:?}");
    }
}

#[test]
fn a_running_replay_is_stopped_with_esc() {
    let mut stage = Stage::new(80, 24).press(&["Esc", "5"]);
    let effects = stage.app.act(Action::Again);
    assert!(effects.contains(&Effect::CancelReplay));
    assert_eq!(stage.app.act(Action::Back), [Effect::CancelReplay]);
    assert_eq!(stage.app.tab, Tab::Replay);
}

#[test]
fn an_analysis_is_let_go_when_its_view_is_left() {
    let mut stage = Stage::new(80, 24).press(&["Esc", "3"]);
    let effects = stage.app.act(Action::Effect);
    assert!(matches!(effects.as_slice(), [Effect::Run(Job::Effect(_))]));
    assert!(
        stage.shows("analysing every possible case"),
        "{}",
        stage.screen()
    );
    assert_eq!(stage.app.act(Action::Back), [Effect::CancelAnalysis]);
    let again = stage.app.act(Action::Effect);
    assert!(matches!(again.as_slice(), [Effect::Run(Job::Effect(_))]));
}

#[test]
fn contexts_name_themselves() {
    let _: Key = Key::of(crossterm::event::KeyCode::Enter.into());
    for context in [Context::Everywhere, Context::Explain, Context::Choosing] {
        assert!(!context.name().is_empty());
    }
}

/// What others wrote must not reach the terminal as anything but text.
const HOSTILE: &[&str] = &[
    "\u{1b}[2J\u{1b}]0;gone\u{7}",
    "\u{9b}31m\u{90}q",
    "a\u{202e}b\u{2066}c",
    "no\u{200b}infection\u{ad}x",
    "tab\there\rover",
    "\u{feff}\u{2060}\u{e0041}",
];

fn assert_clean(stage: &Stage, what: &str) {
    let screen = stage.screen();
    let hidden = screen.chars().find(|one| is_hidden(*one) && *one != '\n');
    assert_eq!(hidden, None, "{what}: {screen}");
}

#[test]
fn nothing_hidden_reaches_a_cell() {
    for text in HOSTILE {
        let library = small_library(text);
        for size in [(80, 24), (200, 60)] {
            let mut stage = Stage::of(&library, size.0, size.1).press(&["more"]);
            assert_clean(&stage, text);
            stage = stage.press(&["Enter"]);
            for keys in [
                "2", "3", "4", "5", "6", ":", "Esc", "P", "Esc", "5", "Enter",
            ] {
                stage = stage.press(&[keys]);
                assert_clean(&stage, text);
            }
        }
    }
}

#[test]
fn hostile_case_ids_and_problems_are_safe_too() {
    let mut stage = Stage::new(80, 24);
    let problem = Problem::usage(HOSTILE[0], HOSTILE[2]);
    stage.send(Message::Opened(Err(problem)));
    assert_clean(&stage, "problem");
    assert!(stage.shows("<U+001B>[2J"));
}

fn opened(stage: &Stage) -> Vec<&str> {
    let jobs = stage.jobs.iter();
    jobs.filter_map(|job| match job {
        Job::Open(policy) => Some(policy.as_str()),
        _ => None,
    })
    .collect()
}

#[test]
fn policies_are_opened_when_they_are_looked_at() {
    let stage = Stage::of(&several(5), 80, 24);
    assert_eq!(opened(&stage), ["XX.1"]);
    let stage = stage.press(&["\"text of 3\" kind:criterion"]);
    assert_eq!(opened(&stage), ["XX.1", "XX.3"], "the selected hit's");
    let stage = stage.press(&["Enter"]);
    assert!(stage.shows("XX.3  text of 3"), "{}", stage.screen());
    let stage = stage.press(&["P", "XX.5", "Enter"]);
    assert_eq!(opened(&stage), ["XX.1", "XX.3", "XX.5"]);
    assert!(stage.shows("XX.5  text of 5"), "{}", stage.screen());
    // Every version can be gone to, also of what was not opened.
    let stage = stage.press(&[":", "XX.4@2019", "Enter"]);
    assert!(
        stage.shows("[2019-01]") && stage.shows("XX.4"),
        "{}",
        stage.screen()
    );
    assert_eq!(
        stage.app.workbench().expect("a library").library().unread(),
        1
    );
}

#[test]
fn while_a_policy_is_being_opened_that_is_said_and_every_key_works() {
    let stage = Stage::of(&several(3), 80, 24).press(&["Esc", "2"]).hold();
    let stage = stage.press(&["P", "XX.3", "Enter"]);
    assert!(stage.shows("Opening XX.3"), "{}", stage.screen());
    let stage = stage.press(&["Down", "[", "?", "Esc", "6"]);
    assert_eq!(stage.app.tab, Tab::Check);
    let stage = stage.press(&["2"]);
    assert!(stage.shows("Opening XX.3"), "{}", stage.screen());
    let stage = stage.let_go();
    assert!(stage.shows("XX.3  text of 3"), "{}", stage.screen());
}

#[test]
fn a_hit_opens_as_soon_as_its_policy_is_there() {
    let mut stage = Stage::of(&several(3), 80, 24).hold();
    // Another policy's hit, which nobody has looked at.
    let query = "\"text of 3\" kind:criterion";
    stage.app.screens.search.input = query.into();
    let search = stage.app.screens.search.ask(None).expect("a query");
    let workbench = stage.app.workbench().expect("a library").clone();
    let found = crate::tui::worker::perform(&Job::Search(search), &workbench, &mut |_| true);
    stage.send(Message::Answer(found));
    let stage = stage.press(&["Enter"]);
    assert_eq!(stage.app.tab, Tab::Search, "it waits");
    assert_eq!(stage.press(&[]).let_go().app.tab, Tab::Policy);
}

#[test]
fn a_version_that_is_not_there_is_told() {
    let library = several(2).with("XX.2/2021-01.toml", "format = 1\n");
    let stage = Stage::of(&library, 80, 24).press(&["Esc", ":", "XX.2@2021", "Enter"]);
    assert!(
        stage.shows("the library has no version XX.2@2021-01"),
        "{}",
        stage.screen()
    );
    assert!(stage.shows("[2020-01]"), "{}", stage.screen());
}

#[test]
fn long_work_is_told_and_stopped_where_it_shows() {
    let mut stage = Stage::of(&several(2), 80, 24).press(&["Esc"]);
    let progress = |work| {
        let gauge = Gauge {
            done: 120,
            total: 11_000,
        };
        Message::Answer(Answer::Working(Progress {
            work,
            gauge,
            rate: 1_500,
        }))
    };
    stage.send(progress(Work::Index));
    let told = "making the search index: 120 of 11000 files read, 1500 a second, Esc stops";
    assert!(stage.shows(told), "{}", stage.screen());
    assert_eq!(stage.app.act(Action::Back), [Effect::Stop(Work::Index)]);
    let mut stage = stage.press(&["6"]).hold();
    stage.send(progress(Work::Check));
    assert_eq!(stage.app.act(Action::Back), [Effect::Stop(Work::Check)]);
    stage.app.screens.check = crate::tui::screens::check::State::default();
    stage.send(Message::Answer(Answer::Stopped(Work::Check)));
    assert!(stage.shows("The check was stopped"), "{}", stage.screen());
    assert!(!stage.shows("files read"), "{}", stage.screen());
    let stage = stage.press(&["R"]).let_go();
    assert!(stage.shows("finding"), "{}", stage.screen());
}

#[test]
fn a_large_library_leaves_room_for_how_to_begin() {
    let stage = Stage::of(&several(40), 80, 24);
    assert!(
        stage.shows("more policies; : finds one by its name"),
        "{}",
        stage.screen()
    );
    assert!(
        stage.shows("To begin") && stage.shows("F1 "),
        "{}",
        stage.screen()
    );
}
