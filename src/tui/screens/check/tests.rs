//! Tests of the check.

use crate::library::MemorySource;
use crate::tui::place::Tab;
use crate::tui::tests::stage::{Stage, small_library};

#[test]
fn findings_lead_to_what_they_are_about() {
    let stage = Stage::new(80, 24).press(&["Esc", "6"]);
    insta::assert_snapshot!(stage.screen());
    let stage = stage.press(&["Enter"]);
    assert_eq!(stage.app.tab, Tab::Log);
}

#[test]
fn broken_files_come_first_with_their_line() {
    let library: MemorySource =
        small_library("x").with("XX.1/2021-01.toml", "format = 1\nfoo = 2\n");
    let stage = Stage::of(&library, 80, 24).press(&["Esc", "6"]);
    assert!(
        stage.shows("Errors: what is not used"),
        "{}",
        stage.screen()
    );
    assert!(stage.shows("XX.1/2021-01.toml:2"), "{}", stage.screen());
    let stage = stage.press(&["Enter"]);
    assert!(
        stage.shows("mend XX.1/2021-01.toml:1:1"),
        "{}",
        stage.screen()
    );
}
