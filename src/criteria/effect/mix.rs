//! A version between two: some of the differences made, the others not.

use std::collections::HashMap;

use crate::criteria::truth::Truth;
use crate::policy::{Criterion, CriterionId, Expr, Rule, Test};

/// The criteria of two versions, each with its counterpart.
pub(super) struct Mixer<'a> {
    nodes: Vec<Node<'a>>,
    old: HashMap<&'a CriterionId, usize>,
    new: HashMap<&'a CriterionId, usize>,
}

/// A criterion of both versions, or of one.
#[derive(Default)]
struct Node<'a> {
    old: Option<Place<'a>>,
    new: Option<Place<'a>>,
}

/// A criterion as it stands in one version.
#[derive(Clone, Copy)]
struct Place<'a> {
    criterion: &'a Criterion,
    /// Under which node; none for a statement.
    parent: Option<usize>,
}

impl<'a> Mixer<'a> {
    /// `old_id` gives the number a criterion of the new version had in the old one.
    pub(super) fn of(
        old: &'a [Criterion],
        new: &'a [Criterion],
        old_id: &dyn Fn(&CriterionId) -> Option<CriterionId>,
    ) -> Self {
        let mut mixer = Mixer {
            nodes: vec![],
            old: HashMap::new(),
            new: HashMap::new(),
        };
        for (criterion, above) in with_parents(old) {
            let parent = above.map(|above| mixer.old[above]);
            mixer.old.insert(&criterion.id, mixer.nodes.len());
            mixer.nodes.push(Node {
                old: Some(Place { criterion, parent }),
                new: None,
            });
        }
        for (criterion, above) in with_parents(new) {
            let place = Place {
                criterion,
                parent: above.map(|above| mixer.new[above]),
            };
            let counterpart = old_id(&criterion.id).and_then(|id| mixer.old.get(&id).copied());
            let free = counterpart.filter(|node| mixer.nodes[*node].new.is_none());
            let node = free.unwrap_or_else(|| {
                mixer.nodes.push(Node::default());
                mixer.nodes.len() - 1
            });
            mixer.nodes[node].new = Some(place);
            mixer.new.insert(&criterion.id, node);
        }
        mixer
    }

    /// What is made together with the difference of these criteria, as marks
    /// of all nodes: what a criterion that came brought with it, what one that
    /// went took along, and what stands under one that is now tested by what
    /// stands under it, or no longer.
    pub(super) fn made_with(&self, old: &[CriterionId], new: &[CriterionId]) -> Vec<bool> {
        let old = old.iter().filter_map(|id| self.old.get(id));
        let new = new.iter().filter_map(|id| self.new.get(id));
        let mut marked = vec![false; self.nodes.len()];
        let mut pending: Vec<usize> = old.chain(new).copied().collect();
        while let Some(node) = pending.pop() {
            if std::mem::replace(&mut marked[node], true) {
                continue;
            }
            let leaf =
                |place: Option<Place<'_>>| place.map(|one| one.criterion.children.is_empty());
            let (was, now) = (leaf(self.nodes[node].old), leaf(self.nodes[node].new));
            if was == now {
                continue;
            }
            let stands_under = |one: &Node<'_>| {
                let parent = |place: Option<Place<'_>>| place.and_then(|place| place.parent);
                [parent(one.old), parent(one.new)].contains(&Some(node))
            };
            let nodes = self.nodes.iter().enumerate();
            let below = nodes.filter(|(_, one)| stands_under(one));
            pending.extend(below.map(|(index, _)| index));
        }
        marked
    }

    /// The criteria where the marked nodes are as in the new version and the
    /// others as in the old; none where they cannot stand together.
    pub(super) fn mixed(&self, marked: &[bool]) -> Option<Vec<Criterion>> {
        let present: Vec<bool> = (0..self.nodes.len())
            .map(|node| self.state(node, marked).is_some())
            .collect();
        let mut children: Vec<Vec<usize>> = vec![vec![]; self.nodes.len()];
        let mut statements = vec![];
        let mut left_out = 0;
        for node in (0..self.nodes.len()).filter(|node| present[*node]) {
            match self.parent(node, marked, &present) {
                Some(Some(parent)) => children[parent].push(node),
                Some(None) => statements.push(node),
                None => left_out += 1,
            }
        }
        let mut placed = 0;
        let built = statements
            .into_iter()
            .map(|node| self.build(node, marked, &children, &mut placed))
            .collect::<Option<Vec<_>>>()?;
        let expected = present.iter().filter(|present| **present).count() - left_out;
        (placed == expected).then_some(built)
    }

    fn state(&self, node: usize, marked: &[bool]) -> Option<Place<'a>> {
        let node_of = &self.nodes[node];
        if marked[node] {
            node_of.new
        } else {
            node_of.old
        }
    }

    /// Where a node stands: as its state has it, or as the other one has it
    /// where what it stood under is not there. None if both are gone.
    fn parent(&self, node: usize, marked: &[bool], present: &[bool]) -> Option<Option<usize>> {
        let places = &self.nodes[node];
        let (first, second) = if marked[node] {
            (places.new, places.old)
        } else {
            (places.old, places.new)
        };
        [first, second]
            .into_iter()
            .flatten()
            .map(|place| place.parent)
            .find(|parent| parent.is_none_or(|parent| present[parent]))
    }

    fn build(
        &self,
        node: usize,
        marked: &[bool],
        children: &[Vec<usize>],
        placed: &mut usize,
    ) -> Option<Criterion> {
        let criterion = self.state(node, marked)?.criterion;
        *placed += 1;
        let below = children[node]
            .iter()
            .map(|child| self.build(*child, marked, children, placed))
            .collect::<Option<Vec<_>>>()?;
        let rule = match (criterion.children.is_empty(), below.is_empty()) {
            (true, false) if criterion.rule.is_none() => Some(answered(criterion)),
            (false, true) => Some(of_nothing(criterion)),
            _ => criterion.rule.clone(),
        };
        Some(Criterion {
            id: criterion.id.clone(),
            text: criterion.text.clone(),
            when: criterion.when.clone(),
            rule,
            need: criterion.need,
            covers: criterion.covers,
            children: below,
        })
    }
}

/// Every criterion in document order, with the number of the one above it.
fn with_parents(
    statements: &[Criterion],
) -> impl Iterator<Item = (&Criterion, Option<&CriterionId>)> {
    let mut pending: Vec<(&Criterion, Option<&CriterionId>)> =
        statements.iter().rev().map(|one| (one, None)).collect();
    std::iter::from_fn(move || {
        let (criterion, above) = pending.pop()?;
        let below = criterion.children.iter().rev();
        pending.extend(below.map(|child| (child, Some(&criterion.id))));
        Some((criterion, above))
    })
}

/// The rule of a criterion that is answered directly, which now has others
/// under it as well.
fn answered(criterion: &Criterion) -> Rule {
    let fact = criterion.id.answer_fact();
    Rule {
        source: fact.clone(),
        expr: Expr::Test(Test::Holds { fact }),
    }
}

/// The rule of a criterion under which nothing is left: its own, and what
/// combining nothing comes to.
fn of_nothing(criterion: &Criterion) -> Rule {
    let holds = Truth::combine(criterion.need, std::iter::empty()) == Truth::True;
    let nothing = Expr::Literal(holds);
    match &criterion.rule {
        None => Rule {
            source: holds.to_string(),
            expr: nothing,
        },
        Some(rule) => Rule {
            source: format!("({}) && {holds}", rule.source),
            expr: Expr::And(Box::new(rule.expr.clone()), Box::new(nothing)),
        },
    }
}
