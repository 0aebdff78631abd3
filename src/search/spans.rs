//! Items out of a policy: which text lives in which run of versions.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::item::{Days, Item, ItemKind, Period};
use crate::policy::{Code, CodeRow, Policy, Version, paragraphs};

/// The items of a policy, by kind and then in document order.
///
/// A text that stands in consecutive versions is one item, also where its
/// number or heading changed on the way; a text that went away and came back
/// is two. Equal texts with the same span are one item with several ids.
pub fn items(policy: &Policy) -> Vec<Item> {
    let mut texts = Texts::default();
    let mut before = Occurrences::default();
    for (index, version) in policy.versions.iter().enumerate() {
        let mut occurrences = Occurrences::of(policy, version, &mut texts, &before);
        let mut found = std::mem::take(&mut occurrences.found);
        occurrences.numbers = found.iter().map(|(number, _)| *number).collect();
        // Stable, so that the places of a text stay in document order.
        found.sort_by_key(|(number, _)| *number);
        let mut found = found.into_iter().peekable();
        while let Some((number, place)) = found.next() {
            let mut places = vec![];
            while let Some((_, place)) = found.next_if(|(other, _)| *other == number) {
                places.push(place);
            }
            extend(&mut texts.runs[number], index, place, places);
        }
        before = occurrences;
    }
    let Texts { numbers, mut runs } = texts;
    let mut items: Vec<(usize, Item)> = numbers
        .into_iter()
        .flat_map(|(identity, number)| merged(policy, &identity, std::mem::take(&mut runs[number])))
        .collect();
    items.sort_by(|(left_order, left), (right_order, right)| {
        (left.kind, left_order, right.last_index, &left.text).cmp(&(
            right.kind,
            right_order,
            left.last_index,
            &right.text,
        ))
    });
    items.into_iter().map(|(_, item)| item).collect()
}

/// What makes a text the same text in another version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Identity<'a> {
    kind: ItemKind,
    /// The date of a log entry: entries of different dates are different.
    date: Option<Cow<'a, str>>,
    code: Option<&'a Code>,
    text: Cow<'a, str>,
}

/// The texts met so far, each with its runs. Texts are borrowed: most stand
/// in every version, and copying each of them took longer than reading it.
#[derive(Default)]
struct Texts<'a> {
    numbers: HashMap<Identity<'a>, usize>,
    runs: Vec<Vec<Run<'a>>>,
}

impl<'a> Texts<'a> {
    fn number(&mut self, identity: Identity<'a>) -> usize {
        *self.numbers.entry(identity).or_insert_with(|| {
            self.runs.push(vec![]);
            self.runs.len() - 1
        })
    }
}

/// Where a version has a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place<'a> {
    id: Option<Cow<'a, str>>,
    heading: &'a str,
    /// The position in the document, to list items as it does.
    order: usize,
}

impl Place<'_> {
    fn is_same(&self, other: &Place<'_>) -> bool {
        self.id == other.id && self.heading == other.heading
    }
}

/// A run of versions that have a text in one place.
struct Run<'a> {
    place: Place<'a>,
    first: usize,
    last: usize,
}

impl Run<'_> {
    /// Whether the version before has it, and no other place of this one does.
    fn is_open(&self, index: usize) -> bool {
        self.last + 1 == index
    }
}

/// The texts of one version.
#[derive(Default)]
struct Occurrences<'a> {
    /// By number, in document order.
    found: Vec<(usize, Place<'a>)>,
    /// The numbers alone.
    numbers: Vec<usize>,
    /// The same, as the version has them.
    written: Vec<Written<'a>>,
}

/// A text as a version has it, and which of the texts found it became: none,
/// if it is empty, or several, if it is a section of several paragraphs.
struct Written<'a> {
    identity: Identity<'a>,
    found: Range<usize>,
}

/// So many texts of the version before may have been taken out in a row for
/// the next to be recognized.
const LOOK_AHEAD: usize = 8;

impl<'a> Occurrences<'a> {
    fn of(
        policy: &'a Policy,
        version: &'a Version,
        texts: &mut Texts<'a>,
        before: &Occurrences<'a>,
    ) -> Self {
        let mut reading = Reading {
            texts,
            before,
            next: 0,
            now: Occurrences::default(),
        };
        let reference = Some(Cow::from(&policy.reference));
        reading.add(ItemKind::Title, reference, "", &policy.title);
        for criterion in version.all_criteria() {
            let id = Some(Cow::from(criterion.id.as_str()));
            reading.add(ItemKind::Criterion, id, "", &criterion.text);
        }
        for (table, row) in version.all_codes() {
            reading.add_code(&table.title, row);
        }
        for section in &version.sections {
            reading.add(ItemKind::Section, None, &section.heading, &section.text);
        }
        for entry in &version.revisions {
            let date = Some(Cow::from(entry.date.to_string()));
            reading.add(ItemKind::Log, date, "", &entry.text);
        }
        for notice in &version.notices {
            reading.add(ItemKind::Notice, None, "", &notice.text);
        }
        for reference in &version.references {
            let id = reference.policy.as_deref().map(Cow::from);
            reading.add(ItemKind::Reference, id, "", &reference.text);
        }
        reading.now
    }
}

/// A version being read after the one before it. Most of its texts are those
/// of that one, in the same order, and comparing a text with the one expected
/// takes less time than looking it up among all.
struct Reading<'t, 'a> {
    texts: &'t mut Texts<'a>,
    before: &'t Occurrences<'a>,
    /// Which of the texts before is expected next.
    next: usize,
    now: Occurrences<'a>,
}

impl<'a> Reading<'_, 'a> {
    fn add(&mut self, kind: ItemKind, id: Option<Cow<'a, str>>, heading: &'a str, text: &'a str) {
        let identity = Identity {
            kind,
            date: id.clone().filter(|_| kind == ItemKind::Log),
            code: None,
            text: Cow::from(text),
        };
        self.push(identity, text, id, heading);
    }

    fn add_code(&mut self, table: &'a str, row: &'a CodeRow) {
        let identity = Identity {
            kind: ItemKind::Code,
            date: None,
            code: Some(&row.code),
            text: Cow::from(row.text.as_str()),
        };
        let id = Some(Cow::from(row.code.as_str()));
        self.push(identity, &row.text, id, table);
    }

    /// Adds a text as it is written.
    fn push(
        &mut self,
        identity: Identity<'a>,
        text: &'a str,
        id: Option<Cow<'a, str>>,
        heading: &'a str,
    ) {
        let start = self.now.found.len();
        let ahead = self.before.written.iter().enumerate().skip(self.next);
        let mut ahead = ahead.take(LOOK_AHEAD);
        if let Some((at, same)) = ahead.find(|(_, written)| written.identity == identity) {
            self.next = at + 1;
            for number in &self.before.numbers[same.found.clone()] {
                self.found(*number, id.clone(), heading);
            }
        } else if identity.kind == ItemKind::Section {
            for paragraph in paragraphs(text) {
                let text = Cow::from(paragraph);
                let number = self.texts.number(Identity {
                    text,
                    ..identity.clone()
                });
                self.found(number, id.clone(), heading);
            }
        } else if let text = folded(text)
            // A code row is one even where its descriptor is empty.
            && (!text.is_empty() || identity.kind == ItemKind::Code)
        {
            let number = self.texts.number(Identity {
                text,
                ..identity.clone()
            });
            self.found(number, id, heading);
        }
        let found = start..self.now.found.len();
        self.now.written.push(Written { identity, found });
    }

    fn found(&mut self, number: usize, id: Option<Cow<'a, str>>, heading: &'a str) {
        let order = self.now.found.len();
        let place = Place { id, heading, order };
        self.now.found.push((number, place));
    }
}

/// A text with its white space folded; nearly all are so already.
fn folded(text: &str) -> Cow<'_, str> {
    let mut before = ' ';
    let is_folded = text.chars().all(|next| {
        let doubled = before == ' ' && next == ' ';
        before = next;
        !doubled && (next == ' ' || !next.is_whitespace())
    });
    if is_folded && (before != ' ' || text.is_empty()) {
        return Cow::from(text);
    }
    Cow::from(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Carries the runs of one text on into a version that has it in a place,
/// and maybe in others: first where its place is the same, then, in document
/// order, where it was renumbered.
fn extend<'a>(runs: &mut Vec<Run<'a>>, index: usize, place: Place<'a>, others: Vec<Place<'a>>) {
    if others.is_empty() {
        return carry(runs, index, place);
    }
    let mut places: Vec<Place<'_>> = vec![];
    for place in std::iter::once(place).chain(others) {
        if !places.iter().any(|known| known.is_same(&place)) {
            places.push(place);
        }
    }
    let mut moved = Vec::new();
    for place in places {
        let same = |run: &&mut Run<'_>| run.is_open(index) && run.place.is_same(&place);
        match runs.iter_mut().find(same) {
            Some(run) => (run.place, run.last) = (place, index),
            None => moved.push(place),
        }
    }
    for place in moved {
        carry(runs, index, place);
    }
}

/// Carries on the run that has the place, or else any, or begins one.
fn carry<'a>(runs: &mut Vec<Run<'a>>, index: usize, place: Place<'a>) {
    let is_same = |run: &Run<'_>| run.is_open(index) && run.place.is_same(&place);
    let same = runs.iter().position(is_same);
    let open = same.or_else(|| runs.iter().position(|run| run.is_open(index)));
    match open.and_then(|at| runs.get_mut(at)) {
        Some(run) => (run.place, run.last) = (place, index),
        None => runs.push(Run {
            place,
            first: index,
            last: index,
        }),
    }
}

/// One item for the runs of one text that have the same span, with its order.
fn merged(policy: &Policy, identity: &Identity<'_>, runs: Vec<Run<'_>>) -> Vec<(usize, Item)> {
    let mut spans: BTreeMap<(usize, usize), Vec<Place<'_>>> = BTreeMap::new();
    for run in runs {
        spans
            .entry((run.first, run.last))
            .or_default()
            .push(run.place);
    }
    spans
        .into_iter()
        .map(|((first, last), mut places)| {
            places.sort_by_key(|place| place.order);
            let order = places[0].order;
            (order, item(policy, identity, first, last, &places))
        })
        .collect()
}

fn item(
    policy: &Policy,
    identity: &Identity<'_>,
    first: usize,
    last: usize,
    places: &[Place<'_>],
) -> Item {
    let (opening, closing) = (&policy.versions[first], &policy.versions[last]);
    let after = &policy.versions[last + 1..];
    Item {
        kind: identity.kind,
        policy: policy.reference.clone(),
        ids: distinct(places.iter().filter_map(|place| place.id.as_deref())),
        heading: distinct(places.iter().map(|place| place.heading)).join("; "),
        text: identity.text.clone().into_owned(),
        code: identity.code.cloned(),
        first: opening.name.clone(),
        last: closing.name.clone(),
        first_index: first,
        last_index: last,
        current: after.is_empty(),
        effective: Period {
            from: opening.effective,
            to: after.first().map(|version| version.effective),
        },
        days: Days::of_run(policy, &policy.versions[first..=last]),
    }
}

fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.iter().any(|known| known == text) {
            seen.push(text.to_owned());
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::{MemorySource, load};
    use crate::policy::{Date, InForce};

    fn policy(versions: &[(&str, &str)]) -> Policy {
        let head = "format = 1\nreference = \"P.1\"\ntitle = \"Pumps\"\npublisher = \"p\"\n";
        let source = versions.iter().fold(
            MemorySource::default().with("P.1/policy.toml", head),
            |source, (name, body)| {
                let head = format!("format = 1\nversion = \"{name}\"\neffective = \"{name}\"\n");
                let text = format!("{head}provenance = \"published\"\n{body}");
                source.with(&format!("P.1/{name}.toml"), text)
            },
        );
        let mut library = load(&source).expect("a library");
        assert_eq!(library.diagnostics, []);
        library.policies.remove(0)
    }

    fn criteria(rows: &[(&str, &str)]) -> String {
        rows.iter()
            .map(|(id, text)| format!("[[criteria]]\nid = \"{id}\"\ntext = \"{text}\"\n"))
            .collect()
    }

    /// `criterion I.A,I.B: text 2019..2020`, one a line, titles left out.
    fn shown(policy: &Policy) -> String {
        items(policy)
            .iter()
            .filter(|item| item.kind != ItemKind::Title)
            .map(|item| {
                let ids = item.ids.join(",");
                let now = if item.current { " now" } else { "" };
                let heading = Some(item.heading.as_str()).filter(|text| !text.is_empty());
                let heading = heading.map(|text| format!("[{text}] ")).unwrap_or_default();
                format!(
                    "{} {ids}: {heading}{} {}..{}{now}",
                    item.kind, item.text, item.first, item.last
                )
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_text_lives_in_runs_of_versions() {
        let one = criteria(&[("I", "a"), ("II", "same"), ("III", "same")]);
        let two = criteria(&[("I", "b"), ("II", "same"), ("III", "same")]);
        let table = [
            ("went away and came back", vec![&one, &two, &one]),
            ("unchanged but for white space", vec![&one, &one]),
        ];
        let report: Vec<_> = table
            .iter()
            .map(|(title, bodies)| {
                let names = ["2018", "2019", "2020"];
                let versions: Vec<_> = names
                    .into_iter()
                    .zip(bodies.iter().map(|body| body.as_str()))
                    .collect();
                format!("# {title}\n{}", shown(&policy(&versions)))
            })
            .collect();
        insta::assert_snapshot!(report.join("\n"));
    }

    #[test]
    fn a_renumbered_criterion_stays_one_item_and_a_second_copy_starts_its_own() {
        let old = criteria(&[("I", "first"), ("II", "kept"), ("III", "kept")]);
        let new = criteria(&[
            ("I", "first"),
            ("II", "put in"),
            ("III", "kept"),
            ("IV", "kept"),
            ("V", "first"),
        ]);
        assert_eq!(
            shown(&policy(&[("2019", &old), ("2020", &new)])),
            "criterion I: first 2019..2020 now\n\
             criterion II: put in 2020..2020 now\n\
             criterion III,IV: kept 2019..2020 now\n\
             criterion V: first 2020..2020 now"
        );
    }

    #[test]
    fn every_kind_has_its_items() {
        let body = "[[sections]]\nheading = \"Background\"\ntext = \"one\\n\\ntwo  lines\\nof it\"\n\
            [[codes]]\nsystem = \"CPT\"\ntitle = \"Pumps\"\ngate = \"address\"\n\
            rows = [{ code = \"62360\", text = \"x\" }, { code = \"62361\", text = \"x\" }]\n\
            [[notices]]\ntext = \"mind\"\n\
            [[revisions]]\ndate = \"2019-02\"\ntext = \"made\"\n";
        let later = format!(
            "{body}[[revisions]]\ndate = \"2020-01\"\ntext = \"made\"\n\
             [[references]]\npolicy = \"P.2\"\ntext = \"other\"\n"
        );
        insta::assert_snapshot!(shown(&policy(&[("2019-02", body), ("2020-01", &later)])));
    }

    #[test]
    fn a_policy_without_versions_has_no_items() {
        assert_eq!(items(&policy(&[])), []);
    }

    proptest::proptest! {
        /// The interval of an item and the timeline of its policy agree.
        #[test]
        fn as_of_is_what_the_timeline_says(
            versions in proptest::collection::btree_set("20(19|20)(-0[1-4](-(02|28))?)?", 1..5),
            date in "20(18|19|20|21)(-0[1-4](-(01|02|03|28))?)?",
        ) {
            let bodies: Vec<_> = versions
                .iter()
                .map(|name| (name.as_str(), criteria(&[("I", name)])))
                .collect();
            let bodies: Vec<_> = bodies.iter().map(|(name, body)| (*name, body.as_str())).collect();
            let policy = policy(&bodies);
            let date: Date = date.parse().expect("a date");
            let (first, last) = Days::of(date);
            let found: Vec<_> = items(&policy)
                .into_iter()
                .filter(|item| item.kind == ItemKind::Criterion)
                .filter(|item| item.days.from <= last && item.days.until > first)
                .map(|item| item.first)
                .collect();
            let mut expected: Vec<_> = match policy.in_force(date) {
                InForce::None | InForce::Unread { .. } => vec![],
                InForce::One(version) => vec![version.name.clone()],
                InForce::Ambiguous { candidates, .. } => {
                    candidates.iter().map(|version| version.name.clone()).collect()
                }
            };
            expected.sort();
            let mut found = found;
            found.sort();
            proptest::prop_assert_eq!(found, expected);
        }
    }
}
