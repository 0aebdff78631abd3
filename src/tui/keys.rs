//! The one table of keys.
//!
//! Dispatch, the hints at the foot of the screen and the `?` help all read
//! [`BINDINGS`], so none of them can say what is not so.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::paint::Motion;
use super::place::Tab;

/// What a key means in a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Move the selection.
    Move(Motion),
    /// Open what is selected: the natural next question.
    Open,
    /// Back to where one was.
    Back,
    /// Leave the program.
    Quit,
    /// Show the keys.
    Help,
    /// Choose a command by name.
    Palette,
    /// Ask for an as-of date.
    AsOf,
    /// Type a search.
    Find,
    /// Show a screen.
    Show(Tab),
    /// Show the next screen.
    NextTab,
    /// Show the screen before.
    PreviousTab,
    /// Choose a policy.
    PickPolicy,
    /// The version before; in a comparison, the older side.
    Earlier,
    /// The version after; in a comparison, the older side.
    Later,
    /// The newer side of a comparison, one version back.
    NewerEarlier,
    /// The newer side of a comparison, one version on.
    NewerLater,
    /// The next part of the text, or the next change.
    Next,
    /// The part of the text before, or the change before.
    Previous,
    /// Compare here.
    Compare,
    /// Open the policy here.
    Read,
    /// The revision log of the policy.
    Log,
    /// What the change does to determinations.
    Effect,
    /// Choose among the changes.
    Outline,
    /// Choose the older side of a comparison.
    PickOlder,
    /// Side by side, or one below the other.
    Sides,
    /// Fold or unfold a group.
    Fold,
    /// Fold or unfold all groups.
    FoldAll,
    /// The next filter.
    Filter,
    /// The next order.
    Sort,
    /// Do it again.
    Again,
}

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Anywhere, unless text is typed.
    Everywhere,
    /// In the search field.
    Typing,
    /// The results of a search.
    Search,
    /// What the results of a search are of.
    Narrow,
    /// The policy.
    Policy,
    /// The comparison.
    Compare,
    /// The effect of a change.
    Effect,
    /// The revision log.
    Log,
    /// The matrix of a replay.
    Replay,
    /// The explanation of a case.
    Explain,
    /// The findings.
    Check,
    /// A list to choose from, filtered as one types.
    Choosing,
    /// The keys.
    Help,
}

impl Context {
    /// Its name in the help.
    pub fn name(self) -> &'static str {
        match self {
            Context::Everywhere => "Everywhere",
            Context::Typing => "While typing a search",
            Context::Search => "Search results",
            Context::Narrow => "Narrowing a search",
            Context::Policy => "Policy",
            Context::Compare => "Compare",
            Context::Effect => "Effect of a change",
            Context::Log => "Log",
            Context::Replay => "Replay",
            Context::Explain => "Explanation of a case",
            Context::Check => "Check",
            Context::Choosing => "Lists and questions",
            Context::Help => "This help",
        }
    }

    /// Whether letters are text here rather than commands.
    pub fn takes_text(self) -> bool {
        matches!(self, Context::Typing | Context::Choosing)
    }
}

/// A key as the table writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    control: bool,
}

const fn key(code: KeyCode) -> Key {
    Key {
        code,
        control: false,
    }
}

const fn letter(character: char) -> Key {
    key(KeyCode::Char(character))
}

const fn control(character: char) -> Key {
    Key {
        code: KeyCode::Char(character),
        control: true,
    }
}

impl Key {
    /// The key of an event. Shift is part of the character.
    pub fn of(event: KeyEvent) -> Self {
        Key {
            code: event.code,
            control: event.modifiers.contains(KeyModifiers::CONTROL),
        }
    }

    /// How a person calls it.
    pub fn name(self) -> String {
        let name = match self.code {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(character) => character.to_string(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            KeyCode::F(number) => format!("F{number}"),
            other => format!("{other:?}"),
        };
        if self.control {
            format!("Ctrl-{}", name.to_uppercase())
        } else {
            name
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// The keys; the first is the one that hints name.
    pub keys: &'static [Key],
    /// What they mean.
    pub action: Action,
    /// A word or two for the hints.
    pub label: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
    /// Whether the foot of the screen shows it.
    pub hinted: bool,
}

const fn shown(
    context: Context,
    keys: &'static [Key],
    action: Action,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        context,
        keys,
        action,
        label,
        help,
        hinted: true,
    }
}

const fn quiet(
    context: Context,
    keys: &'static [Key],
    action: Action,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        hinted: false,
        ..shown(context, keys, action, label, help)
    }
}

const ENTER: &[Key] = &[key(KeyCode::Enter)];
const EARLIER: &[Key] = &[letter('['), key(KeyCode::Left), letter('h')];
const LATER: &[Key] = &[letter(']'), key(KeyCode::Right), letter('l')];

/// Every key.
#[rustfmt::skip]
pub static BINDINGS: &[Binding] = {
    use Action as A;
    use Context as C;
    &[
    shown(C::Typing, ENTER, A::Open, "open", "Open the selected result in its policy"),
    quiet(C::Typing, &[key(KeyCode::Down)], A::Move(Motion::Down), "down", "The next result"),
    quiet(C::Typing, &[key(KeyCode::Up)], A::Move(Motion::Up), "up", "The result before"),
    quiet(C::Typing, &[key(KeyCode::PageDown)], A::Move(Motion::PageDown), "page down", "A screenful of results on"),
    quiet(C::Typing, &[key(KeyCode::PageUp)], A::Move(Motion::PageUp), "page up", "A screenful of results back"),
    shown(C::Typing, &[control('f')], A::Filter, "narrow", "Narrow by kind, code system or policy"),
    shown(C::Typing, &[key(KeyCode::Esc)], A::Back, "leave the field", "Leave the field; letters are commands again"),
    quiet(C::Typing, &[key(KeyCode::Tab)], A::NextTab, "next screen", "The next screen"),
    quiet(C::Typing, &[key(KeyCode::BackTab)], A::PreviousTab, "screen before", "The screen before"),
    shown(C::Typing, &[key(KeyCode::F(1))], A::Help, "help", "The keys of this screen"),
    shown(C::Typing, &[control('c')], A::Quit, "quit", "Leave the program"),

    shown(C::Search, ENTER, A::Open, "open", "Open the result in its policy, at that line"),
    shown(C::Search, &[letter('c')], A::Compare, "compare", "Compare the two versions between which it changed"),
    shown(C::Search, &[letter('f'), control('f')], A::Filter, "narrow", "Narrow by kind, code system or policy"),

    shown(C::Narrow, ENTER, A::Open, "narrow", "Only results of this value; once more: all again"),
    shown(C::Narrow, &[letter('f'), control('f')], A::Filter, "back to results", "Back to the results"),

    shown(C::Policy, EARLIER, A::Earlier, "older", "The version before, at the same place"),
    shown(C::Policy, LATER, A::Later, "newer", "The version after, at the same place"),
    shown(C::Policy, &[letter('}'), letter('n')], A::Next, "next part", "The next part of the document"),
    quiet(C::Policy, &[letter('{'), letter('N')], A::Previous, "part before", "The part of the document before"),
    shown(C::Policy, &[letter('c'), key(KeyCode::Enter)], A::Compare, "compare", "Compare with the version before, at this place"),
    shown(C::Policy, &[letter('r')], A::Log, "log", "The revision log of the policy"),
    shown(C::Policy, &[letter('P')], A::PickPolicy, "policies", "Choose another policy"),

    shown(C::Compare, &[letter('n')], A::Next, "next", "The next change"),
    shown(C::Compare, &[letter('p'), letter('N')], A::Previous, "before", "The change before"),
    shown(C::Compare, &[letter('e')], A::Effect, "effect", "Whether it is stricter, with example cases"),
    shown(C::Compare, &[letter('r')], A::Log, "log", "What the revision log says of this change"),
    shown(C::Compare, &[letter('v')], A::Sides, "layout", "Side by side, or one below the other"),
    shown(C::Compare, EARLIER, A::Earlier, "old side", "The older side, one version back"),
    quiet(C::Compare, LATER, A::Later, "old side on", "The older side, one version on"),
    shown(C::Compare, &[letter('{')], A::NewerEarlier, "new side", "The newer side, one version back"),
    quiet(C::Compare, &[letter('}')], A::NewerLater, "new side on", "The newer side, one version on"),
    shown(C::Compare, &[letter('f'), letter(' ')], A::Fold, "fold", "Fold or unfold the group, or what is unchanged"),
    quiet(C::Compare, &[letter('F')], A::FoldAll, "fold all", "Fold or unfold every group"),
    quiet(C::Compare, &[letter('o')], A::Outline, "outline", "Choose a change from a list"),
    quiet(C::Compare, &[letter('O')], A::PickOlder, "compare with", "Choose the older side: any version of any policy"),
    quiet(C::Compare, ENTER, A::Open, "read", "Open the policy at this change"),
    quiet(C::Compare, &[letter('P')], A::PickPolicy, "policies", "Choose another policy"),

    shown(C::Effect, ENTER, A::Open, "explain", "The example under both versions; the criterion's change"),
    shown(C::Effect, &[letter('n')], A::Next, "next", "The next example or explanation"),
    shown(C::Effect, &[letter('p'), letter('N')], A::Previous, "before", "The example or explanation before"),
    shown(C::Effect, &[letter('c')], A::Compare, "changes", "The changes again"),

    shown(C::Log, ENTER, A::Compare, "compare", "The change that is claimed, or all that the entry made"),
    shown(C::Log, &[letter('n')], A::Next, "next entry", "The next entry"),
    shown(C::Log, &[letter('p'), letter('N')], A::Previous, "before", "The entry before"),
    shown(C::Log, &[letter('o')], A::Read, "read", "Open the version this entry made"),
    shown(C::Log, &[letter('P')], A::PickPolicy, "policies", "Choose another policy"),

    shown(C::Replay, ENTER, A::Open, "explain", "Explain the case under the version of the selected cell"),
    shown(C::Replay, &[key(KeyCode::Left), letter('h')], A::Earlier, "cell left", "The cell of the version before"),
    quiet(C::Replay, &[key(KeyCode::Right), letter('l')], A::Later, "cell right", "The cell of the version after"),
    shown(C::Replay, &[letter('f')], A::Filter, "filter", "All cases, flips, deviations, pended"),
    shown(C::Replay, &[letter('s')], A::Sort, "sort", "By case, by number of flips, by what was recorded"),
    quiet(C::Replay, &[letter('c')], A::Compare, "compare", "Compare the versions between which the case flips"),
    quiet(C::Replay, &[letter('R')], A::Again, "replay again", "Replay the cases again"),
    quiet(C::Replay, &[letter('P')], A::PickPolicy, "policies", "Choose another policy"),

    shown(C::Explain, &[key(KeyCode::Left), letter('['), letter('h')], A::Earlier, "older", "The same case under the version before"),
    shown(C::Explain, &[key(KeyCode::Right), letter(']'), letter('l')], A::Later, "newer", "The same case under the version after"),
    shown(C::Explain, &[letter('n')], A::Next, "next case", "The next case of the list"),
    quiet(C::Explain, &[letter('p'), letter('N')], A::Previous, "case before", "The case before in the list"),
    shown(C::Explain, &[letter('o'), key(KeyCode::Enter)], A::Read, "read", "Open the policy at this criterion"),
    quiet(C::Explain, &[letter('c')], A::Compare, "compare", "Compare with the version before, at this criterion"),

    shown(C::Check, ENTER, A::Open, "go there", "Go to what the finding is about"),
    quiet(C::Check, &[letter('R')], A::Again, "check again", "Check again, where the check was stopped"),

    shown(C::Choosing, ENTER, A::Open, "choose", "Choose the selected line, or answer the question"),
    quiet(C::Choosing, &[key(KeyCode::Down), control('n')], A::Move(Motion::Down), "down", "The next line"),
    quiet(C::Choosing, &[key(KeyCode::Up), control('p')], A::Move(Motion::Up), "up", "The line before"),
    quiet(C::Choosing, &[key(KeyCode::PageDown)], A::Move(Motion::PageDown), "page down", "A screenful on"),
    quiet(C::Choosing, &[key(KeyCode::PageUp)], A::Move(Motion::PageUp), "page up", "A screenful back"),
    shown(C::Choosing, &[key(KeyCode::Esc)], A::Back, "close", "Close without choosing"),
    quiet(C::Choosing, &[control('c')], A::Quit, "quit", "Leave the program"),

    shown(C::Help, &[key(KeyCode::Esc), letter('?'), letter('q'), key(KeyCode::Enter), key(KeyCode::F(1))], A::Back, "close", "Close the help"),

    shown(C::Everywhere, &[letter('/')], A::Find, "search", "Type a search"),
    shown(C::Everywhere, &[letter('?'), key(KeyCode::F(1))], A::Help, "help", "The keys of this screen"),
    shown(C::Everywhere, &[key(KeyCode::Esc), key(KeyCode::Backspace)], A::Back, "back", "Back to where you were; stops a running replay"),
    shown(C::Everywhere, &[letter('q'), control('c')], A::Quit, "quit", "Leave the program"),
    quiet(C::Everywhere, &[letter('@')], A::AsOf, "as of", "Set the date that search and policy are as of"),
    quiet(C::Everywhere, &[letter(':'), control('p')], A::Palette, "commands", "Choose a command, version or case by name"),
    quiet(C::Everywhere, &[key(KeyCode::Tab)], A::NextTab, "next screen", "The next screen"),
    quiet(C::Everywhere, &[key(KeyCode::BackTab)], A::PreviousTab, "screen before", "The screen before"),
    quiet(C::Everywhere, &[letter('1')], A::Show(Tab::Search), "search", "Search the policies"),
    quiet(C::Everywhere, &[letter('2')], A::Show(Tab::Policy), "policy", "Read a policy"),
    quiet(C::Everywhere, &[letter('3')], A::Show(Tab::Compare), "compare", "Compare two versions"),
    quiet(C::Everywhere, &[letter('4')], A::Show(Tab::Log), "log", "The revision log"),
    quiet(C::Everywhere, &[letter('5')], A::Show(Tab::Replay), "replay", "Replay the stored cases"),
    quiet(C::Everywhere, &[letter('6')], A::Show(Tab::Check), "check", "What a person should look at"),
    quiet(C::Everywhere, &[key(KeyCode::Down), letter('j')], A::Move(Motion::Down), "down", "The next line"),
    quiet(C::Everywhere, &[key(KeyCode::Up), letter('k')], A::Move(Motion::Up), "up", "The line before"),
    quiet(C::Everywhere, &[key(KeyCode::PageDown), control('d')], A::Move(Motion::PageDown), "page down", "A screenful on"),
    quiet(C::Everywhere, &[key(KeyCode::PageUp), control('u')], A::Move(Motion::PageUp), "page up", "A screenful back"),
    quiet(C::Everywhere, &[key(KeyCode::Home), letter('g')], A::Move(Motion::Home), "first", "The first line"),
    quiet(C::Everywhere, &[key(KeyCode::End), letter('G')], A::Move(Motion::End), "last", "The last line"),
    ]
};

/// The bindings that hold in a context, its own first.
pub fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> {
    let own = BINDINGS
        .iter()
        .filter(move |binding| binding.context == context);
    let others = BINDINGS.iter().filter(move |binding| {
        binding.context == Context::Everywhere
            && context != Context::Everywhere
            && !context.takes_text()
    });
    own.chain(others)
}

/// What a key means in a context.
pub fn action(context: Context, key: Key) -> Option<Action> {
    bindings(context)
        .find(|binding| binding.keys.contains(&key))
        .map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_bindings_of_a_context_collide() {
        for context in BINDINGS.iter().map(|binding| binding.context) {
            let mut seen = HashSet::new();
            for binding in BINDINGS.iter().filter(|one| one.context == context) {
                for key in binding.keys {
                    assert!(seen.insert(*key), "{} in {context:?}", key.name());
                }
            }
        }
    }

    #[test]
    fn every_binding_says_what_it_does() {
        for binding in BINDINGS {
            assert!(!binding.label.is_empty() && !binding.help.is_empty());
            assert!(!binding.keys.is_empty(), "{}", binding.label);
            assert!(binding.help.starts_with(char::is_uppercase));
        }
    }

    #[test]
    fn an_action_has_one_meaning_in_a_context() {
        for context in BINDINGS.iter().map(|binding| binding.context) {
            let mut seen = HashSet::new();
            for binding in BINDINGS.iter().filter(|one| one.context == context) {
                assert!(seen.insert(binding.action), "{:?}", binding.action);
            }
        }
    }

    #[test]
    fn letters_are_text_where_text_is_typed() {
        for binding in BINDINGS.iter().filter(|one| one.context.takes_text()) {
            for key in binding.keys {
                let is_text = matches!(key.code, KeyCode::Char(_)) && !key.control;
                assert!(!is_text, "{} would not reach the field", key.name());
            }
        }
    }

    #[test]
    fn keys_are_called_as_people_call_them() {
        let names: Vec<String> = [
            control('c'),
            letter(' '),
            key(KeyCode::BackTab),
            letter('?'),
        ]
        .into_iter()
        .map(Key::name)
        .collect();
        assert_eq!(names, ["Ctrl-C", "Space", "Shift-Tab", "?"]);
    }
}
