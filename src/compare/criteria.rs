//! Changes of criteria.

use super::align::{Aligned, Division};
use super::meaning::{Meaning, Weight, meaning};
use super::pair::Pair;
use super::words::{WordKind, WordSpan, folds_to_same, words};
use crate::policy::{Criterion, CriterionId, Need, Rule};

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
    /// It was divided into several.
    Split,
    /// Several were joined to it.
    Merged,
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
            ChangeKind::Split => "split",
            ChangeKind::Merged => "merged",
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
    /// Of what was split or merged, the part that continues it.
    pub views: Pair<Option<CriterionView>>,
    /// The other parts of what was split, in the new version, or of what was
    /// merged, in the old one.
    pub others: Vec<CriterionView>,
    /// What about it differs; empty where it only moved.
    pub aspects: Vec<Aspect>,
    /// Its wording, with the words marked that changed. Parts follow one another.
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

    /// Whether it was split or merged.
    pub fn is_divided(&self) -> bool {
        matches!(self.kind, ChangeKind::Split | ChangeKind::Merged)
    }

    /// Every number it has in either version: one, none, or one for each part.
    pub fn ids(&self) -> Pair<Vec<&CriterionId>> {
        let mut ids = self
            .views
            .as_ref()
            .map(|view| view.iter().map(|view| &view.id).collect::<Vec<_>>());
        let others = self.others.iter().map(|view| &view.id);
        match self.kind {
            ChangeKind::Merged => ids.old.extend(others),
            _ => ids.new.extend(others),
        }
        ids
    }

    /// Its wording in both versions; of parts all, one after the other.
    pub fn texts(&self) -> Pair<Option<String>> {
        let text = |gone: WordKind| {
            let kept = self.words.iter().filter(|span| span.kind != gone);
            kept.map(|span| span.text.as_str()).collect::<String>()
        };
        let views = self.views.as_ref().map(Option::is_some);
        Pair::new(
            views.old.then(|| text(WordKind::Added)),
            views.new.then(|| text(WordKind::Removed)),
        )
    }

    /// Its numbers in words: `I.1`, `I.1 to I.2`, `I.1 to I.1 and I.2`.
    pub fn numbers(&self) -> String {
        let ids = self.ids();
        match (listed(&ids.old), listed(&ids.new)) {
            (old, new) if old == new || old.is_empty() => new,
            (old, new) if new.is_empty() => old,
            (old, new) => format!("{old} to {new}"),
        }
    }

    fn between(kind: ChangeKind, old: Option<&Criterion>, new: Option<&Criterion>) -> Self {
        let text = |side: Option<&Criterion>| side.map_or(String::new(), |one| one.text.clone());
        let aspects = match (old, new) {
            (Some(old), Some(new)) => aspects(old, new),
            _ => vec![],
        };
        let text = Pair::new(old, new).map(text);
        CriterionChange {
            kind,
            meaning: weigh(kind, &aspects, text.as_ref().map(String::as_str)),
            words: words(&text.old, &text.new),
            aspects,
            views: Pair::new(old, new).map(|side| side.map(CriterionView::from)),
            others: vec![],
        }
    }

    /// A criterion that was divided into parts, or that parts were joined to.
    fn divided(kind: ChangeKind, whole: &Criterion, main: usize, parts: &[&Criterion]) -> Self {
        let one = parts[main];
        let joined: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let joined = joined.join(" ");
        let (sides, text) = match kind {
            ChangeKind::Merged => (Pair::new(one, whole), Pair::new(&joined, &whole.text)),
            _ => (Pair::new(whole, one), Pair::new(&whole.text, &joined)),
        };
        let mut aspects = aspects(sides.old, sides.new);
        if !aspects.contains(&Aspect::Text) {
            aspects.insert(0, Aspect::Text);
        }
        let ids: Vec<&CriterionId> = parts.iter().map(|part| &part.id).collect();
        let reason = match kind {
            ChangeKind::Merged => format!("{} joined to {}", listed(&ids), whole.id),
            _ => format!("{} divided into {}", whole.id, listed(&ids)),
        };
        let tested = aspects.iter().filter(|aspect| **aspect != Aspect::Text);
        let tested = tested.map(|aspect| format!("its {} changed", aspect.name()));
        let reasons = std::iter::once(reason).chain(tested).collect();
        let others = parts.iter().enumerate();
        let others = others.filter(|(index, _)| *index != main);
        CriterionChange {
            kind,
            words: words(text.old, text.new),
            aspects,
            views: sides.map(|side| Some(CriterionView::from(side))),
            others: others.map(|(_, part)| CriterionView::from(*part)).collect(),
            meaning: Meaning {
                weight: Weight::Substantive,
                reasons,
            },
        }
    }
}

/// `I.1, I.2 and I.3`
fn listed(ids: &[&CriterionId]) -> String {
    match ids {
        [] => String::new(),
        [one] => one.to_string(),
        [before @ .., last] => {
            let before: Vec<&str> = before.iter().map(|id| id.as_str()).collect();
            format!("{} and {last}", before.join(", "))
        }
    }
}

/// What a change comes to. A criterion that came, went or is tested otherwise
/// matters whatever its words; one that only has another number does not.
fn weigh(kind: ChangeKind, aspects: &[Aspect], text: Pair<&str>) -> Meaning {
    let mut reasons: Vec<String> = match kind {
        ChangeKind::Added | ChangeKind::Removed => vec![format!("criterion {}", kind.name())],
        ChangeKind::Moved => vec!["it stands under another criterion".to_owned()],
        _ => vec![],
    };
    let tested = aspects.iter().filter(|aspect| **aspect != Aspect::Text);
    reasons.extend(tested.map(|aspect| format!("its {} changed", aspect.name())));
    if aspects.contains(&Aspect::Text) {
        let by_words = meaning(text.old, text.new);
        if reasons.is_empty() {
            return by_words;
        }
        if by_words.weight == Weight::Substantive {
            reasons.extend(by_words.reasons);
        }
    }
    let (weight, reasons) = if reasons.is_empty() {
        let reason = "only its number changed".to_owned();
        (Weight::Editorial, vec![reason])
    } else {
        (Weight::Substantive, reasons)
    };
    Meaning { weight, reasons }
}

fn aspects(old: &Criterion, new: &Criterion) -> Vec<Aspect> {
    fn source(rule: &Option<Rule>) -> Option<&str> {
        rule.as_ref().map(|rule| rule.source.as_str())
    }
    let differs = |old, new| source(old) != source(new);
    [
        (Aspect::Text, !folds_to_same(&old.text, &new.text)),
        (Aspect::Rule, differs(&old.rule, &new.rule)),
        (Aspect::When, differs(&old.when, &new.when)),
        (Aspect::Need, old.need != new.need),
        (Aspect::Covers, old.covers != new.covers),
    ]
    .into_iter()
    .filter_map(|(aspect, differs)| differs.then_some(aspect))
    .collect()
}

/// Every changed criterion, in the order of the new version; a removed one
/// stands where it stood in the old version, before what took its place. What
/// was split stands where its first part stands.
pub(super) fn changes(aligned: &Aligned<'_>) -> Vec<CriterionChange> {
    let (old, new) = (&aligned.old, &aligned.new);
    let told = Told::of(aligned);
    let mut removed = (0..old.criteria.len())
        .filter(|place| old.partners[*place].is_none() && !told.old[*place])
        .peekable();
    // From the end back: the next old criterion that goes on.
    let mut following = vec![old.criteria.len(); new.criteria.len() + 1];
    for (place, partner) in new.partners.iter().enumerate().rev() {
        following[place] = partner.unwrap_or(following[place + 1]);
    }
    let gone = |place: usize| {
        CriterionChange::between(ChangeKind::Removed, Some(old.criteria[place]), None)
    };
    let mut changes = vec![];
    for (place, told) in told.new.into_iter().enumerate() {
        while let Some(before) = removed.next_if(|gone| *gone < following[place]) {
            changes.push(gone(before));
        }
        match told {
            Some(divided) => changes.extend(divided),
            None => changes.extend(change(aligned, place)),
        }
    }
    changes.extend(removed.map(gone));
    changes
}

/// What is told with what was split or merged.
struct Told {
    old: Vec<bool>,
    /// For the criteria of the new version: none if it stands for itself, and
    /// otherwise the change, where it is to be told.
    new: Vec<Option<Option<CriterionChange>>>,
}

impl Told {
    fn of(aligned: &Aligned<'_>) -> Self {
        let (old, new) = (&aligned.old.criteria, &aligned.new.criteria);
        let mut told = Told {
            old: vec![false; old.len()],
            new: vec![None; new.len()],
        };
        let change = |kind, whole, division: &Division, side: &[&Criterion]| {
            let parts: Vec<&Criterion> = division.parts.iter().map(|part| side[*part]).collect();
            let main = division
                .parts
                .iter()
                .position(|part| *part == division.main);
            CriterionChange::divided(kind, whole, main.unwrap_or_default(), &parts)
        };
        for split in &aligned.splits {
            split
                .parts
                .iter()
                .for_each(|part| told.new[*part] = Some(None));
            let change = change(ChangeKind::Split, old[split.whole], split, new);
            told.new[split.parts[0]] = Some(Some(change));
        }
        for merge in &aligned.merges {
            merge.parts.iter().for_each(|part| told.old[*part] = true);
            let change = change(ChangeKind::Merged, new[merge.whole], merge, old);
            told.new[merge.whole] = Some(Some(change));
        }
        told
    }
}

fn change(aligned: &Aligned<'_>, place: usize) -> Option<CriterionChange> {
    let new = aligned.new.criteria[place];
    let Some(partner) = aligned.new.partners[place] else {
        return Some(CriterionChange::between(ChangeKind::Added, None, Some(new)));
    };
    let old = aligned.old.criteria[partner];
    let kind = if !aligned.stand_under_same(partner, place) {
        ChangeKind::Moved
    } else if old.id.own_number() != new.id.own_number() {
        ChangeKind::Renumbered
    } else if aspects(old, new).is_empty() {
        return None;
    } else {
        ChangeKind::Changed
    };
    Some(CriterionChange::between(kind, Some(old), Some(new)))
}
