//! What the change does to determinations: the verdict, an example for each
//! direction, and each example as both versions explain it.

use super::state::State;
use super::view::Areas;
use crate::compare::Pair;
use crate::criteria::effect::{Example, Verdict};
use crate::policy::{CriterionId, VersionRef};
use crate::tui::env::{Env, Step};
use crate::tui::job::Job;
use crate::tui::keys::Action;
use crate::tui::paint::{Block, Canvas, Ink, Para, Piece, plain};
use crate::tui::place::Place;
use crate::tui::screens::policy::Spot;
use crate::tui::screens::replay;
use crate::workbench::{Affected, Problem, ReplayedExample};

/// What of the effect is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EffectView {
    /// The example whose explanation is shown, counted from 0; all of the
    /// effect, if none.
    pub example: Option<usize>,
}

/// What came of an analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysed {
    /// Of which versions.
    pub versions: Pair<VersionRef>,
    /// The effect, or why it cannot be told.
    pub affected: Result<Box<Affected>, Problem>,
}

/// What a block of an effect is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The verdict, or something else about all of it.
    About,
    /// An example.
    Example(usize),
    /// What one version makes of an example.
    Side,
    /// A criterion of an explanation.
    Criterion(CriterionId),
}

impl State {
    /// Shows the effect, or the explanation of one of its examples.
    pub fn show_effect(&mut self, versions: Pair<VersionRef>, example: Option<usize>) -> Vec<Step> {
        let mut steps = if self.versions.as_ref() == Some(&versions) {
            vec![]
        } else {
            self.show(versions.clone(), None)
        };
        self.effect = Some(EffectView { example });
        if self.known().is_none() {
            steps.push(Step::Ask(Job::Effect(versions)));
        }
        steps
    }

    /// Takes what an analysis found, unless other versions are compared by now.
    pub fn affected(
        &mut self,
        versions: &Pair<VersionRef>,
        affected: Result<Box<Affected>, Problem>,
    ) {
        if self.versions.as_ref() == Some(versions) {
            self.analysed = Some(Analysed {
                versions: versions.clone(),
                affected,
            });
        }
    }

    /// What is known of the effect of the versions that are compared.
    fn known(&self) -> Option<&Result<Box<Affected>, Problem>> {
        let analysed = self.analysed.as_ref()?;
        let current = self.versions.as_ref() == Some(&analysed.versions);
        current.then_some(&analysed.affected)
    }

    /// Leaves the effect; an analysis that still runs is not wanted any more.
    pub(super) fn leave_effect(&mut self) -> Option<Step> {
        let running = self.known().is_none();
        let left = self.effect.take();
        left.filter(|_| running).map(|_| Step::CancelAnalysis)
    }

    pub(super) fn ask_effect(&self) -> Vec<Step> {
        let versions = self.versions.iter();
        versions
            .map(|versions| {
                Step::Go(Place::Effect {
                    versions: versions.clone(),
                    example: None,
                })
            })
            .collect()
    }

    /// The blocks of the effect, or of the example that is explained.
    fn effect_blocks(&self) -> Vec<Block<Key>> {
        let (Some(Ok(affected)), Some(view)) = (self.known(), &self.effect) else {
            return vec![];
        };
        match view.example {
            None => overview(affected),
            Some(index) => {
                let examples = affected.effect.examples.iter().zip(&affected.examples);
                let example = examples
                    .skip(index)
                    .map(|(one, replayed)| explanation(one, replayed, &affected.versions));
                example.take(1).flatten().collect()
            }
        }
    }

    /// What a key does in the effect.
    pub(super) fn update_effect(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        let text = super::view::areas(env.body).effect;
        let blocks = self.effect_blocks();
        let Some(view) = self.effect else {
            return vec![];
        };
        let flow = self.effect_flows.entry(view.example).or_default();
        let stops = |key: &Key| matches!(key, Key::Example(_) | Key::Side);
        match action {
            Action::Move(motion) => text.go(flow, motion, &blocks),
            Action::Next => text.seek(flow, 1, &blocks, stops),
            Action::Previous => text.seek(flow, -1, &blocks, stops),
            Action::Open => {
                let key = blocks.get(flow.cursor).map(|block| block.key.clone());
                return self.open_of_effect(key);
            }
            Action::Compare => {
                let versions = self.versions.clone();
                let go = |versions| {
                    Step::Go(Place::Compare {
                        versions,
                        spot: None,
                    })
                };
                return versions.map(go).into_iter().collect();
            }
            _ => {}
        }
        vec![]
    }

    /// An example opens its explanation, a criterion its change.
    fn open_of_effect(&self, key: Option<Key>) -> Vec<Step> {
        let Some(versions) = self.versions.clone() else {
            return vec![];
        };
        match key {
            Some(Key::Example(index)) => vec![Step::Go(Place::Effect {
                versions,
                example: Some(index),
            })],
            Some(Key::Criterion(id)) => vec![Step::Go(Place::Compare {
                versions,
                spot: Some(Spot::Criterion(id)),
            })],
            _ => vec![],
        }
    }
}

/// Draws the effect.
pub fn draw(state: &State, areas: &Areas, canvas: &mut Canvas<'_>) {
    let rule = Piece::new(Ink::Dim, "─".repeat(areas.sides.width.into()));
    canvas.line(areas.sides, &[rule]);
    let area = areas.effect.area();
    match state.known() {
        None => {
            let text = "  analysing every possible case … Esc stops";
            canvas.line(area, &[Piece::new(Ink::Dim, text)]);
        }
        Some(Err(problem)) => {
            let text = format!("The effect cannot be told: {}", problem.message);
            canvas.text(area, &[Piece::new(Ink::Bad, text)]);
        }
        Some(Ok(_)) => {
            let example = state.effect.and_then(|view| view.example);
            let flow = state.effect_flows.get(&example);
            let flow = flow.copied().unwrap_or_default();
            areas.effect.draw(canvas, flow, &state.effect_blocks());
        }
    }
}

fn overview(affected: &Affected) -> Vec<Block<Key>> {
    let ink = match affected.effect.verdict {
        Verdict::Equivalent => Ink::Strong,
        Verdict::Stricter => Ink::Bad,
        Verdict::Looser => Ink::Good,
        Verdict::Both => Ink::Open,
    };
    let lead = plain("Over every possible case, the criteria are ");
    let verdict = Piece::new(ink, affected.verdict_in_words());
    let mut paras = vec![Para::of(0, vec![lead, verdict])];
    let others = affected.scope_in_words().into_iter();
    paras.extend(others.map(|line| Para::of(0, vec![plain(line)])));
    let mut blocks = vec![Block::of(Key::About, paras)];
    let examples = affected.effect.examples.iter().zip(&affected.examples);
    for (index, (one, replayed)) in examples.enumerate() {
        let mut paras = vec![Para::of(0, title(index, one))];
        paras.extend(facts(replayed));
        paras.extend(causes(replayed));
        let hint = "Enter explains it under both versions";
        paras.push(Para::of(2, vec![Piece::new(Ink::Dim, hint)]));
        blocks.push(Block::of(Key::Example(index), paras).spaced());
    }
    blocks.extend(without_effect(affected));
    blocks
}

fn without_effect(affected: &Affected) -> Vec<Block<Key>> {
    let Some(dead) = &affected.dead else {
        let text = "Which criteria are without effect could not be analysed.";
        let para = Para::of(0, vec![Piece::new(Ink::Open, text)]);
        return vec![Block::of(Key::About, vec![para]).spaced()];
    };
    if dead.is_empty() {
        return vec![];
    }
    let mut blocks = vec![Block::heading(Key::About, "Criteria without effect")];
    blocks.extend(dead.iter().map(|dead| {
        let lead = Piece::new(Ink::Id, format!("{}  ", dead.id));
        let para = Para::led(0, lead, vec![plain(dead.kind.describe())]);
        Block::of(Key::Criterion(dead.id.clone()), vec![para])
    }));
    blocks
}

fn title(index: usize, example: &Example) -> Vec<Piece> {
    vec![
        Piece::new(Ink::Heading, format!("Example {}: ", index + 1)),
        Piece::new(replay::ink_of(example.was), example.was.name()),
        plain(" > "),
        Piece::new(replay::ink_of(example.now), example.now.name()),
    ]
}

/// The request in words: its code, and question and answer of each fact.
fn facts(replayed: &ReplayedExample) -> Vec<Para> {
    let codes = &replayed.request.procedure_codes;
    let codes = codes.iter().map(|code| {
        let text = format!("procedure code {code}, which both versions list");
        Para::of(2, vec![Piece::new(Ink::Dim, text)])
    });
    let facts = replayed.facts.iter().map(|fact| {
        let question = fact.question.as_ref().unwrap_or(&fact.name);
        let body = vec![
            plain(format!("{question} ")),
            Piece::new(Ink::Strong, &fact.answer),
        ];
        Para::led(2, plain("- "), body)
    });
    codes.chain(facts).collect()
}

fn causes(replayed: &ReplayedExample) -> Vec<Para> {
    let head = Para::of(2, vec![Piece::new(Ink::Strong, "because of")]);
    let causes = replayed.because.iter();
    let causes = causes.map(|cause| Para::of(2, replay::cause(cause)));
    std::iter::once(head).chain(causes).collect()
}

/// An example as both versions explain it, the older first.
fn explanation(
    example: &Example,
    replayed: &ReplayedExample,
    versions: &Pair<VersionRef>,
) -> Vec<Block<Key>> {
    let mut paras = facts(replayed);
    paras.extend(causes(replayed));
    let mut blocks = vec![Block::of(Key::About, paras)];
    let sides = [
        (&versions.old, example.was, &replayed.explained.old),
        (&versions.new, example.now, &replayed.explained.new),
    ];
    for (version, determination, explained) in sides {
        let name = determination.name().to_uppercase();
        let head = vec![
            Piece::new(Ink::Heading, format!("Under {version}: ")),
            Piece::new(replay::ink_of(determination), name),
        ];
        blocks.push(Block::of(Key::Side, vec![Para::of(0, head)]).spaced());
        blocks.extend(replay::criteria(explained).into_iter().map(|block| Block {
            key: match block.key {
                replay::Key::Criterion(id) => Key::Criterion(id),
                replay::Key::About => Key::About,
            },
            body: block.body,
            outline: None,
            spaced: false,
        }));
    }
    blocks
}
