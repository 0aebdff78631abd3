//! Determinations, values and causes as the screen says them.

use crate::criteria::{Cause, Determination, FactRead, Truth};
use crate::replay::Flip;
use crate::tui::paint::{Ink, Piece, plain};

/// The ink of a determination.
pub fn ink_of(determination: Determination) -> Ink {
    match determination {
        Determination::Met => Ink::Good,
        Determination::NotMet => Ink::Bad,
        Determination::Pend => Ink::Open,
        Determination::NotAddressed => Ink::Dim,
    }
}

/// A value as the screen says it.
pub fn truth_in_words(truth: Truth) -> (Ink, &'static str) {
    match truth {
        Truth::True => (Ink::Good, "[MET]"),
        Truth::False => (Ink::Bad, "[NOT MET]"),
        Truth::Unknown => (Ink::Open, "[UNKNOWN]"),
    }
}

/// Why a case flips: from what to what, and which criteria account for it.
pub fn why(flip: &Flip) -> Vec<Vec<Piece>> {
    let mut lines = vec![vec![
        Piece::new(
            Ink::Strong,
            format!("{} > {}: ", flip.from.version, flip.to.version),
        ),
        Piece::new(ink_of(flip.was), flip.was.name()),
        plain(" > "),
        Piece::new(ink_of(flip.now), format!("{} !", flip.now.name())),
        plain(", because of"),
    ]];
    lines.extend(flip.because.iter().map(cause));
    lines
}

/// What accounts for a difference: its values and the facts it reads.
pub fn cause(cause: &Cause) -> Vec<Piece> {
    let told = |truth: Option<Truth>| match truth {
        Some(truth) => truth_in_words(truth),
        None => (Ink::Dim, "[NOT THERE]"),
    };
    let (was, now) = (told(cause.was), told(cause.now));
    let facts: Vec<String> = cause.facts.iter().map(FactRead::to_string).collect();
    vec![
        Piece::new(Ink::Id, format!("  {} ", cause.what)),
        Piece::new(was.0, was.1),
        plain(" > "),
        Piece::new(now.0, now.1),
        Piece::new(Ink::Dim, format!("  {}", facts.join(", "))),
    ]
}
