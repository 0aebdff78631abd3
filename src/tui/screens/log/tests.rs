//! Tests of the log.

use crate::tui::place::Tab;
use crate::tui::tests::stage::Stage;

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
    let stage = stage(80, 24).press(&["Down", "Enter"]);
    assert_eq!(stage.app.tab, Tab::Compare);
    assert!(stage.shows("old 2019-02") && stage.shows("new 2019-07"));
    let stage = stage.press(&["Esc"]);
    assert!(stage.shows("> 2019-07"), "{}", stage.screen());
    let stage = stage.press(&["Up", "Enter"]);
    assert!(stage.shows("nothing to compare"));
}

#[test]
fn an_entry_leads_to_the_version_it_made() {
    let stage = stage(80, 24).press(&["Down", "o"]);
    assert_eq!(stage.app.tab, Tab::Policy);
    assert!(stage.shows("[2019-07]"));
}
