//! Changes of criteria.

use std::collections::HashMap;

use super::align::Alignment;
use super::meaning::{Meaning, Weight, meaning};
use super::pair::Pair;
use super::words::{WordSpan, folded, words};
use crate::policy::{Criterion, CriterionId, Need, Version};

/// What happened to a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands where it stood, and says something else.
    Changed,
    /// It stands under another criterion.
    Moved,
    /// It has another number under the same criterion.
    Renumbered,
}

impl ChangeKind {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
            ChangeKind::Moved => "moved",
            ChangeKind::Renumbered => "renumbered",
        }
    }
}

/// What about a criterion differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Its wording.
    Text,
    /// Its rule.
    Rule,
    /// Its scope.
    When,
    /// How it combines its children.
    Need,
    /// Whether meeting it means covered.
    Covers,
}

impl Aspect {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Aspect::Text => "text",
            Aspect::Rule => "rule",
            Aspect::When => "when",
            Aspect::Need => "need",
            Aspect::Covers => "covers",
        }
    }
}

/// A criterion without its children, as one version has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriterionView {
    /// Its number.
    pub id: CriterionId,
    /// Its wording.
    pub text: String,
    /// Its rule, as written.
    pub rule: Option<String>,
    /// Its scope, as written.
    pub when: Option<String>,
    /// How it combines its children.
    pub need: Need,
    /// Whether meeting it means covered.
    pub covers: bool,
}

impl From<&Criterion> for CriterionView {
    fn from(criterion: &Criterion) -> Self {
        let source =
            |rule: &Option<crate::policy::Rule>| rule.as_ref().map(|rule| rule.source.clone());
        CriterionView {
            id: criterion.id.clone(),
            text: criterion.text.clone(),
            rule: source(&criterion.rule),
            when: source(&criterion.when),
            need: criterion.need,
            covers: criterion.covers,
        }
    }
}

/// One changed criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriterionChange {
    /// What happened to it.
    pub kind: ChangeKind,
    /// The criterion in both versions; one is absent if it was added or removed.
    pub views: Pair<Option<CriterionView>>,
    /// What about it differs; empty where it only moved.
    pub aspects: Vec<Aspect>,
    /// Its wording, with the words marked that changed.
    pub words: Vec<WordSpan>,
    /// Whether it can matter, and why.
    pub meaning: Meaning,
}

impl CriterionChange {
    /// Its number: the new one, or the old one if it is gone.
    pub fn id(&self) -> &CriterionId {
        match (&self.views.new, &self.views.old) {
            (Some(view), _) | (None, Some(view)) => &view.id,
            (None, None) => unreachable!("a change has an old or a new side"),
        }
    }

    fn between(kind: ChangeKind, old: Option<&Criterion>, new: Option<&Criterion>) -> Self {
        let views = Pair::new(old, new).map(|side| side.map(CriterionView::from));
        let text = views
            .as_ref()
            .map(|view| view.as_ref().map_or("", |view| view.text.as_str()));
        let aspects = match (&views.old, &views.new) {
            (Some(old), Some(new)) => aspects(old, new),
            _ => vec![],
        };
        CriterionChange {
            kind,
            meaning: weigh(kind, &aspects, text),
            words: words(text.old, text.new),
            aspects,
            views,
        }
    }
}

/// What a change comes to. A criterion that came, went or is tested otherwise
/// matters whatever its words; one that only has another number does not.
fn weigh(kind: ChangeKind, aspects: &[Aspect], text: Pair<&str>) -> Meaning {
    let by_words = meaning(text.old, text.new);
    let mut reasons: Vec<String> = match kind {
        ChangeKind::Added | ChangeKind::Removed => vec![format!("criterion {}", kind.name())],
        ChangeKind::Moved => vec!["it stands under another criterion".to_owned()],
        ChangeKind::Changed | ChangeKind::Renumbered => vec![],
    };
    let tested = aspects.iter().filter(|aspect| **aspect != Aspect::Text);
    reasons.extend(tested.map(|aspect| format!("its {} changed", aspect.name())));
    let words_changed = aspects.contains(&Aspect::Text);
    if words_changed && (reasons.is_empty() || by_words.weight == Weight::Substantive) {
        let weight = if reasons.is_empty() {
            by_words.weight
        } else {
            Weight::Substantive
        };
        reasons.extend(by_words.reasons);
        return Meaning { weight, reasons };
    }
    if reasons.is_empty() {
        return Meaning {
            weight: Weight::Editorial,
            reasons: vec!["only its number changed".to_owned()],
        };
    }
    Meaning {
        weight: Weight::Substantive,
        reasons,
    }
}

fn aspects(old: &CriterionView, new: &CriterionView) -> Vec<Aspect> {
    [
        (Aspect::Text, folded(&old.text) != folded(&new.text)),
        (Aspect::Rule, old.rule != new.rule),
        (Aspect::When, old.when != new.when),
        (Aspect::Need, old.need != new.need),
        (Aspect::Covers, old.covers != new.covers),
    ]
    .into_iter()
    .filter_map(|(aspect, differs)| differs.then_some(aspect))
    .collect()
}

/// Every changed criterion, in the order of the new version; a removed one
/// stands where it stood in the old version, before what took its place.
pub(super) fn changes(old: &Version, new: &Version, alignment: &Alignment) -> Vec<CriterionChange> {
    let old: Vec<&Criterion> = old.all_criteria().collect();
    let places: HashMap<&CriterionId, usize> = old
        .iter()
        .enumerate()
        .map(|(place, one)| (&one.id, place))
        .collect();
    let counterpart = |criterion: &Criterion| {
        let id = alignment.old_id(&criterion.id)?;
        places.get(id).copied()
    };
    let mut removed: Vec<usize> = (0..old.len())
        .filter(|place| alignment.new_id(&old[*place].id).is_none())
        .collect();
    let new: Vec<(&Criterion, Option<usize>)> = new
        .all_criteria()
        .map(|one| (one, counterpart(one)))
        .collect();
    let mut changes: Vec<CriterionChange> = vec![];
    for (index, (criterion, place)) in new.iter().enumerate() {
        let following = new[index..].iter().find_map(|(_, place)| *place);
        let before = removed.partition_point(|gone| *gone < following.unwrap_or(old.len()));
        changes.extend(removed.drain(..before).map(|place| gone(old[place])));
        changes.extend(change(place.map(|place| old[place]), criterion, alignment));
    }
    changes.extend(removed.into_iter().map(|place| gone(old[place])));
    changes
}

fn gone(criterion: &Criterion) -> CriterionChange {
    CriterionChange::between(ChangeKind::Removed, Some(criterion), None)
}

fn change(
    old: Option<&Criterion>,
    new: &Criterion,
    alignment: &Alignment,
) -> Option<CriterionChange> {
    let Some(old) = old else {
        return Some(CriterionChange::between(ChangeKind::Added, None, Some(new)));
    };
    let kind = place_change(&old.id, &new.id, alignment);
    let changed =
        CriterionChange::between(kind.unwrap_or(ChangeKind::Changed), Some(old), Some(new));
    (kind.is_some() || !changed.aspects.is_empty()).then_some(changed)
}

/// Whether a criterion stands elsewhere. One that was only carried along with
/// its parent stands where it stood.
fn place_change(old: &CriterionId, new: &CriterionId, alignment: &Alignment) -> Option<ChangeKind> {
    let old_parent = old.parent();
    let new_parent = new.parent();
    let carried = match (&old_parent, &new_parent) {
        (None, None) => true,
        (Some(old), Some(new)) => alignment.new_id(old) == Some(new),
        _ => false,
    };
    let own_number = |id: &CriterionId| {
        let text = id.as_str();
        text.rsplit_once('.')
            .map_or(text, |(_, own)| own)
            .to_owned()
    };
    if !carried {
        Some(ChangeKind::Moved)
    } else if own_number(old) != own_number(new) {
        Some(ChangeKind::Renumbered)
    } else {
        None
    }
}
