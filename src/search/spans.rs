//! Items out of a policy: which text lives in which run of versions.

use std::collections::{BTreeMap, HashMap};

use super::item::{Days, Item, ItemKind, Period};
use crate::policy::{Code, Policy, Version};

/// The items of a policy, by kind and then in document order.
///
/// A text that stands in consecutive versions is one item, also where its
/// number or heading changed on the way; a text that went away and came back
/// is two. Equal texts with the same span are one item with several ids.
pub fn items(policy: &Policy) -> Vec<Item> {
    let mut runs: HashMap<Identity, Vec<Run>> = HashMap::new();
    for (index, version) in policy.versions.iter().enumerate() {
        for (identity, places) in occurrences(policy, version) {
            extend(runs.entry(identity).or_default(), index, places);
        }
    }
    let mut items: Vec<(usize, Item)> = runs
        .into_iter()
        .flat_map(|(identity, runs)| merged(policy, &identity, runs))
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
struct Identity {
    kind: ItemKind,
    /// The date of a log entry: entries of different dates are different.
    date: String,
    code: Option<Code>,
    text: String,
}

/// Where a version has a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    id: Option<String>,
    heading: String,
    /// The position in the document, to list items as it does.
    order: usize,
}

impl Place {
    fn is_same(&self, other: &Place) -> bool {
        self.id == other.id && self.heading == other.heading
    }
}

/// A run of versions that have a text in one place.
struct Run {
    place: Place,
    first: usize,
    last: usize,
}

/// Every text of one version with its places.
fn occurrences(policy: &Policy, version: &Version) -> HashMap<Identity, Vec<Place>> {
    let mut found: HashMap<Identity, Vec<Place>> = HashMap::new();
    let mut order = 0;
    let mut add = |kind, id: Option<String>, heading: &str, text: &str, code: Option<&Code>| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() && code.is_none() {
            return;
        }
        let date = id.clone().filter(|_| kind == ItemKind::Log);
        let identity = Identity {
            kind,
            date: date.unwrap_or_default(),
            code: code.cloned(),
            text,
        };
        let place = Place {
            id,
            heading: heading.to_owned(),
            order,
        };
        order += 1;
        let places = found.entry(identity).or_default();
        if !places.iter().any(|known| known.is_same(&place)) {
            places.push(place);
        }
    };

    let reference = Some(policy.reference.clone());
    add(ItemKind::Title, reference, "", &policy.title, None);
    for criterion in version.all_criteria() {
        let id = Some(criterion.id.to_string());
        add(ItemKind::Criterion, id, "", &criterion.text, None);
    }
    for (table, row) in version.all_codes() {
        let id = Some(row.code.to_string());
        add(ItemKind::Code, id, &table.title, &row.text, Some(&row.code));
    }
    for section in &version.sections {
        for paragraph in section.paragraphs() {
            add(ItemKind::Section, None, &section.heading, &paragraph, None);
        }
    }
    for entry in &version.revisions {
        let date = Some(entry.date.to_string());
        add(ItemKind::Log, date, "", &entry.text, None);
    }
    for notice in &version.notices {
        add(ItemKind::Notice, None, "", &notice.text, None);
    }
    for reference in &version.references {
        let id = reference.policy.clone();
        add(ItemKind::Reference, id, "", &reference.text, None);
    }
    found
}

/// Carries the runs of one text on into a version: first where its place is
/// the same, then, in document order, where it was renumbered.
fn extend(runs: &mut Vec<Run>, index: usize, places: Vec<Place>) {
    let is_open = |run: &Run| run.last + 1 == index;
    let mut moved = Vec::new();
    for place in places {
        let same = |run: &&mut Run| is_open(run) && run.place.is_same(&place);
        match runs.iter_mut().find(same) {
            Some(run) => (run.place, run.last) = (place, index),
            None => moved.push(place),
        }
    }
    for place in moved {
        match runs.iter_mut().find(|run| is_open(run)) {
            Some(run) => (run.place, run.last) = (place, index),
            None => runs.push(Run {
                place,
                first: index,
                last: index,
            }),
        }
    }
}

/// One item for the runs of one text that have the same span, with its order.
fn merged(policy: &Policy, identity: &Identity, runs: Vec<Run>) -> Vec<(usize, Item)> {
    let mut spans: BTreeMap<(usize, usize), Vec<Place>> = BTreeMap::new();
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

fn item(policy: &Policy, identity: &Identity, first: usize, last: usize, places: &[Place]) -> Item {
    let (opening, closing) = (&policy.versions[first], &policy.versions[last]);
    let after = &policy.versions[last + 1..];
    Item {
        kind: identity.kind,
        policy: policy.reference.clone(),
        ids: distinct(places.iter().filter_map(|place| place.id.clone())),
        heading: distinct(places.iter().map(|place| place.heading.clone())).join("; "),
        text: identity.text.clone(),
        code: identity.code.clone(),
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

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
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
