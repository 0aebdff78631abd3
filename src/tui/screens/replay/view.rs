//! Drawing the replay.
//!
//! ```text
//! CP.MP.173  84 cases, 3 versions                 showing: flips 12
//!              2019-02            2019-07          2020-01
//! met          30                 34               28
//! ── cases ────────────────────────────────────────────────────────
//! case         recorded        2019-02          [2020-01]
//! > IPP-0012   met DEV          met             > [not-met] !
//! ── IPP-0012 ─────────────────────────────────────────────────────
//! ```

use ratatui::layout::{Constraint, Layout, Rect};

use super::matrix::{Columns, counted, header, row};
use super::state::{Explaining, State};
use super::words::{ink_of, why};
use crate::criteria::{Determination, Request};
use crate::policy::Code;
use crate::replay::{Outcome, Reproduced};
use crate::tui::env::Env;
use crate::tui::paint::{Canvas, Ink, Laid, Piece, plain};
use crate::workbench::Replayed;

/// The regions of the replay.
pub struct Areas {
    head: Rect,
    counts: Rect,
    columns: Rect,
    /// The cases.
    pub list: Rect,
    detail: Rect,
    beside: bool,
}

/// The regions of the replay: the selected case stands below, or beside if
/// there is room.
pub fn areas(body: Rect) -> Areas {
    let beside = body.width >= 140;
    let (body, side) = if beside {
        let [left, right] =
            Layout::horizontal([Constraint::Percentage(55), Constraint::Min(1)]).areas(body);
        (left, Some(right))
    } else {
        (body, None)
    };
    let below = if beside { 0 } else { body.height * 2 / 5 };
    let [head, counts, columns, list, detail] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(4),
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(below),
    ])
    .areas(body);
    Areas {
        head,
        counts,
        columns,
        list,
        detail: side.unwrap_or(detail),
        beside,
    }
}

/// The regions of an explanation.
pub struct ExplainAreas {
    head: Rect,
    /// The tree.
    pub text: Rect,
}

/// Lines longer than this are hard to read.
const MEASURE: u16 = 130;

/// The regions of an explanation.
pub fn explain_areas(body: Rect) -> ExplainAreas {
    let [head, text] = Layout::vertical([Constraint::Length(2), Constraint::Min(1)]).areas(body);
    ExplainAreas {
        head,
        text: Rect {
            width: text.width.min(MEASURE),
            ..text
        },
    }
}

/// Draws the replay, or the explanation of a cell.
pub fn draw(state: &State, env: Env<'_>, canvas: &mut Canvas<'_>) {
    if let Some(explaining) = &state.explain {
        return explanation(state, explaining, env, canvas);
    }
    let areas = areas(env.body);
    match &state.replayed {
        None => canvas.line(areas.head, &[plain(progress(state))]),
        Some(Err(problem)) => {
            canvas.line(
                areas.head,
                &[Piece::new(Ink::Bad, format!(" {}", problem.message))],
            );
        }
        Some(Ok(done)) => matrix(state, done, env, &areas, canvas),
    }
}

fn progress(state: &State) -> String {
    match state.running {
        Some(gauge) if gauge.total > 0 => {
            format!(" replaying: {} of {} cases", gauge.done, gauge.total)
        }
        Some(_) => " replaying the stored cases …".to_owned(),
        None => " The library holds no policy.".to_owned(),
    }
}

fn matrix(state: &State, done: &Replayed, env: Env<'_>, areas: &Areas, canvas: &mut Canvas<'_>) {
    let listed = &state.listed;
    let total = listed.rows.len();
    head(state, done, areas.head, canvas);
    let width = usize::from(areas.list.width).saturating_sub(3);
    let columns = Columns::of(listed.widest, state.versions().len(), state.column, width);
    counts(state, &columns, areas.counts, canvas);
    let mut line = vec![plain("  ")];
    line.extend(header(state.versions(), &columns));
    canvas.line(areas.columns, &line);
    if total == 0 {
        let text = match done.replay.outcomes.is_empty() {
            true => "  The library stores no cases of this policy.",
            false => "  No case is so; f shows others.",
        };
        canvas.line(areas.list, &[Piece::new(Ink::Dim, text)]);
    }
    canvas.list(areas.list, state.listing, total, |index| {
        let selected = index == state.listing.selected;
        let outcome = state.row(index);
        outcome.map_or(vec![], |outcome| row(outcome, &columns, selected))
    });
    if let Some(outcome) = state.outcome() {
        detail(outcome, done, env, areas, canvas);
    }
}

fn head(state: &State, done: &Replayed, area: Rect, canvas: &mut Canvas<'_>) {
    let tally = &state.tally;
    let policy = state.policy.as_deref().unwrap_or_default();
    let told = format!(" · {} flip · {} deviate", tally.flips, tally.deviations);
    let mut pieces = vec![
        Piece::new(Ink::Heading, format!(" {policy}")),
        plain(format!("  {} cases", done.replay.outcomes.len())),
        Piece::new(Ink::Dim, told),
    ];
    if !done.rejects.is_empty() {
        let text = format!(" · {} rows rejected, see Check", done.rejects.len());
        pieces.push(Piece::new(Ink::Bad, text));
    }
    if done.replay.cancelled {
        pieces.push(Piece::new(Ink::Open, " · STOPPED EARLY, R replays again"));
    }
    let (filter, order) = (state.filter.name(), state.order.name());
    let shown = format!("{filter}: {}, by {order} ", state.listed.rows.len());
    canvas.ends(area, &pieces, &[Piece::new(Ink::Strong, shown)]);
}

/// How many cases come out as what under each version, above its column.
fn counts(state: &State, columns: &Columns, area: Rect, canvas: &mut Canvas<'_>) {
    let counts = &state.tally.counts;
    for (at, determination) in Determination::ALL.into_iter().enumerate() {
        let name = format!("  {:<1$}", determination.name(), columns.before());
        let mut pieces = vec![Piece::new(ink_of(determination), name)];
        pieces.extend(counted(columns, |index| counts[index].of(determination)));
        canvas.row(area, at as u16, &pieces);
    }
}

/// The selected case: what it is about, why it flips, what deviates.
fn detail(
    outcome: &Outcome,
    done: &Replayed,
    env: Env<'_>,
    areas: &Areas,
    canvas: &mut Canvas<'_>,
) {
    let title = [Piece::new(Ink::Heading, format!("case {}", outcome.case))];
    let mut area = if areas.beside {
        canvas.framed(areas.detail, &title)
    } else {
        canvas.rule(areas.detail, &title);
        Rect {
            x: areas.detail.x + 1,
            y: areas.detail.y + 1,
            width: areas.detail.width.saturating_sub(2),
            height: areas.detail.height.saturating_sub(1),
        }
    };
    for line in told(outcome, done, env) {
        let taken = canvas.text(area, &line);
        area.y += taken;
        area.height -= taken;
        if area.height == 0 {
            return;
        }
    }
}

fn told(outcome: &Outcome, done: &Replayed, env: Env<'_>) -> Vec<Vec<Piece>> {
    let policy = done.replay.versions.first().map(|version| &version.policy);
    let stored = policy.map(|policy| env.workbench.cases_of(policy));
    let case = stored.as_ref().and_then(|book| book.case(&outcome.case));
    let note = case.and_then(|case| case.note.as_ref());
    let mut lines: Vec<Vec<Piece>> = note.into_iter().map(|note| vec![plain(note)]).collect();
    for flip in done.replay.flips_of(&outcome.case) {
        lines.extend(why(flip));
    }
    lines.extend(reproduced(&outcome.reproduced));
    if let Some(case) = case {
        lines.extend(request(&case.request));
    }
    lines
}

/// Whether the recorded determination follows, where it does not.
fn reproduced(reproduced: &Reproduced) -> Option<Vec<Piece>> {
    match reproduced {
        Reproduced::Deviates { version, follows } => Some(vec![
            Piece::new(Ink::Bad, "Deviates: "),
            plain(format!("from {version} follows {}", follows.name())),
        ]),
        Reproduced::NoVersion { why } => Some(vec![
            Piece::new(Ink::Open, "Cannot be reproduced: "),
            plain(why),
        ]),
        Reproduced::NotRecorded | Reproduced::Reproduced { .. } => None,
    }
}

/// The codes and facts of a case.
fn request(request: &Request) -> [Vec<Piece>; 2] {
    let list = |codes: &[Code]| -> String {
        let codes: Vec<&str> = codes.iter().map(Code::as_str).collect();
        match codes.is_empty() {
            true => "none recorded".to_owned(),
            false => codes.join(", "),
        }
    };
    let procedures = list(&request.procedure_codes);
    let diagnoses = list(&request.diagnosis_codes);
    let facts = request.facts.iter();
    let facts: Vec<String> = facts
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    [
        vec![
            Piece::new(Ink::Dim, "Codes: "),
            plain(format!("procedures {procedures}; diagnoses {diagnoses}")),
        ],
        vec![Piece::new(Ink::Dim, "Facts: "), plain(facts.join(", "))],
    ]
}

fn explanation(state: &State, explaining: &Explaining, env: Env<'_>, canvas: &mut Canvas<'_>) {
    let areas = explain_areas(env.body);
    let of = &explaining.of;
    let mut head = vec![
        Piece::new(Ink::Heading, format!(" case {}", of.case)),
        Piece::new(Ink::Dim, " under "),
    ];
    if let Some(policy) = env.policy(&of.version.policy) {
        let mut versions = policy.versions.iter();
        let at = versions.position(|one| one.name == of.version.version);
        let width = usize::from(areas.head.width).saturating_sub(head[0].width() + 8);
        let line =
            crate::tui::screens::policy::timeline(policy, at.unwrap_or_default(), env, width);
        head.extend(line);
    }
    canvas.line(areas.head, &head);
    let rule = Piece::new(Ink::Dim, "─".repeat(areas.head.width.into()));
    canvas.row(areas.head, 1, &[rule]);
    match &explaining.explained {
        None => canvas.line(areas.text, &[Piece::new(Ink::Dim, "  explaining …")]),
        Some(Err(problem)) => {
            canvas.text(areas.text, &[Piece::new(Ink::Bad, &problem.message)]);
        }
        Some(Ok(_)) => {
            let laid = Laid::of(
                &state.explanation(),
                areas.text.width.saturating_sub(3).into(),
            );
            canvas.flow(areas.text, explaining.flow, &laid);
        }
    }
}
