//! Changes of prose, of the revision log and of metadata.

use std::collections::HashMap;

use similar::DiffOp;

use super::meaning::{Meaning, Weight, meaning};
use super::pair::Pair;
use super::words::{WordSpan, differences, folded, similarity, words};
use crate::policy::version::paragraphs;
use crate::policy::{Revision, Version};

/// Paragraphs with at least this similarity are the same one, reworded.
const SAME_PARAGRAPH: f64 = 0.4;

/// Runs of paragraphs whose words multiply to more than this many pairs are
/// not searched for reworded ones.
const MAX_PAIRS: usize = 40_000_000;

/// One changed paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionChange {
    /// The heading it stands under; `Notices` and `References` for those.
    pub heading: String,
    /// The paragraph in both versions; one is absent if it was added or removed.
    pub text: Pair<Option<String>>,
    /// Its wording, with the words marked that changed.
    pub words: Vec<WordSpan>,
    /// Whether it can matter, and why.
    pub meaning: Meaning,
}

/// One entry of the revision log that only one version has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionChange {
    /// The entry, on the side that has it.
    pub entry: Pair<Option<Revision>>,
}

/// One changed field of a version's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The field, as files spell it.
    pub field: &'static str,
    /// Its values; none where it is absent.
    pub values: Pair<Option<String>>,
}

/// Headed paragraphs of a version, in document order.
struct Part {
    heading: String,
    paragraphs: Vec<String>,
}

fn parts(version: &Version) -> Vec<Part> {
    let sections = version.sections.iter().map(|section| Part {
        heading: section.heading.clone(),
        paragraphs: section.paragraphs().collect(),
    });
    let notices = version.notices.iter().flat_map(|notice| {
        let condition = notice
            .when
            .as_ref()
            .map(|rule| format!("({}) ", rule.source));
        let condition = condition.unwrap_or_default();
        paragraphs(&notice.text).map(move |text| format!("{condition}{text}"))
    });
    let references = version.references.iter().map(|reference| {
        let policy = reference
            .policy
            .as_ref()
            .map(|policy| format!("{policy}: "));
        let policy = policy.unwrap_or_default();
        format!("{policy}{}", folded(&reference.text))
    });
    sections
        .chain([
            Part {
                heading: "Notices".to_owned(),
                paragraphs: notices.collect(),
            },
            Part {
                heading: "References".to_owned(),
                paragraphs: references.collect(),
            },
        ])
        .collect()
}

/// Every changed paragraph, section by section.
pub(super) fn section_changes(old: &Version, new: &Version) -> Vec<SectionChange> {
    let mut order: Vec<String> = vec![];
    let mut under: HashMap<String, Pair<Vec<String>>> = HashMap::new();
    for (is_new, version) in [(true, new), (false, old)] {
        for part in parts(version) {
            let both = under.entry(part.heading.clone()).or_insert_with(|| {
                order.push(part.heading);
                Pair::default()
            });
            let side = if is_new { &mut both.new } else { &mut both.old };
            side.extend(part.paragraphs);
        }
    }
    let mut changes = vec![];
    for heading in order {
        let paragraphs = under[&heading]
            .as_ref()
            .map(|texts| texts.iter().map(String::as_str).collect::<Vec<_>>());
        for text in paragraph_changes(&paragraphs.old, &paragraphs.new) {
            changes.push(SectionChange {
                heading: heading.clone(),
                meaning: weigh(&text),
                words: words(text.old.unwrap_or_default(), text.new.unwrap_or_default()),
                text: text.map(|text| text.map(str::to_owned)),
            });
        }
    }
    changes
}

fn weigh(text: &Pair<Option<&str>>) -> Meaning {
    let alone = |reason: &str| Meaning {
        weight: Weight::Substantive,
        reasons: vec![reason.to_owned()],
    };
    match (text.old, text.new) {
        (Some(old), Some(new)) => meaning(old, new),
        (None, _) => alone("paragraph added"),
        (_, None) => alone("paragraph removed"),
    }
}

fn paragraph_changes<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Pair<Option<&'a str>>> {
    let mut changes = vec![];
    for op in differences(old, new) {
        match op {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete {
                old_index, old_len, ..
            } => changes.extend(
                old[old_index..old_index + old_len]
                    .iter()
                    .map(|text| Pair::new(Some(*text), None)),
            ),
            DiffOp::Insert {
                new_index, new_len, ..
            } => changes.extend(
                new[new_index..new_index + new_len]
                    .iter()
                    .map(|text| Pair::new(None, Some(*text))),
            ),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => changes.extend(reworded(
                &old[old_index..old_index + old_len],
                &new[new_index..new_index + new_len],
            )),
        }
    }
    changes
}

/// Pairs the paragraphs of a replaced run, in order, where they resemble each other.
fn reworded<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Pair<Option<&'a str>>> {
    let words = |texts: &[&str]| -> usize {
        texts
            .iter()
            .map(|text| text.split_ascii_whitespace().count() + 1)
            .sum()
    };
    if words(old).saturating_mul(words(new)) > MAX_PAIRS {
        return replaced(old, new);
    }
    let mut changes = vec![];
    let mut rest = new.iter().copied().peekable();
    for old in old.iter().copied() {
        let next = rest
            .clone()
            .position(|new| similarity(old, new) >= SAME_PARAGRAPH);
        match next {
            Some(skipped) => {
                for new in rest.by_ref().take(skipped) {
                    changes.push(Pair::new(None, Some(new)));
                }
                changes.push(Pair::new(Some(old), rest.next()));
            }
            None => changes.push(Pair::new(Some(old), None)),
        }
    }
    changes.extend(rest.map(|new| Pair::new(None, Some(new))));
    changes
}

/// A run of paragraphs that went, and one that came, none of them paired.
fn replaced<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Pair<Option<&'a str>>> {
    let gone = old.iter().map(|text| Pair::new(Some(*text), None));
    let come = new.iter().map(|text| Pair::new(None, Some(*text)));
    gone.chain(come).collect()
}

/// Entries that only one of the two logs has.
pub(super) fn revision_changes(old: &Version, new: &Version) -> Vec<RevisionChange> {
    let gone = old
        .revisions
        .iter()
        .filter(|entry| !new.revisions.contains(entry))
        .map(|entry| Pair::new(Some(entry.clone()), None));
    let added = new
        .revisions
        .iter()
        .filter(|entry| !old.revisions.contains(entry))
        .map(|entry| Pair::new(None, Some(entry.clone())));
    gone.chain(added)
        .map(|entry| RevisionChange { entry })
        .collect()
}

/// Every changed field of the head, in the order of the file.
pub(super) fn metadata_changes(old: &Version, new: &Version) -> Vec<FieldChange> {
    let fields = |version: &Version| -> Vec<(&'static str, Option<String>)> {
        let source = version.source.as_ref();
        vec![
            ("effective", Some(version.effective.to_string())),
            ("reviewed", version.reviewed.map(|date| date.to_string())),
            ("approved", version.approved.map(|date| date.to_string())),
            ("provenance", Some(version.provenance.name().to_owned())),
            ("source", source.map(|source| source.title.clone())),
            (
                "source.sha256",
                source.and_then(|source| source.sha256.clone()),
            ),
        ]
    };
    fields(old)
        .into_iter()
        .zip(fields(new))
        .map(|((field, old), (_, new))| FieldChange {
            field,
            values: Pair::new(old, new),
        })
        .filter(|change| change.values.differs())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_cannot_be_seen_is_named() {
        let table = [
            ("Pain and\n  fever", "Pain\nand fever", None),
            (
                "Pain and fever",
                "Pain\u{a0}and fever",
                Some("only characters that cannot be seen differ"),
            ),
            (
                "Pain and fever",
                "Pain and\u{200b} fever",
                Some("only characters that cannot be seen differ"),
            ),
            (
                "Pain and fever",
                "P\u{430}in and fever",
                Some("only characters that look alike differ"),
            ),
        ];
        let version = |head: &str, text: &str| {
            let text = format!(
                "format = 1\nversion = \"v\"\neffective = \"2020\"\nprovenance = \"draft\"\n\
                 {head}\ntext = \"\"\"{text}\"\"\"\n"
            );
            let facts = crate::policy::Dictionary::default();
            let read = crate::format::read_version("v.toml", text.as_bytes(), &facts);
            read.0.unwrap_or_else(|| panic!("{:?}", read.1))
        };
        let heads = [
            "[[sections]]\nheading = \"H\"",
            "[[notices]]",
            "[[references]]",
        ];
        for (old, new, expected) in table {
            for head in heads {
                let found = section_changes(&version(head, old), &version(head, new));
                let reasons: Vec<_> = found
                    .iter()
                    .map(|one| one.meaning.reasons.join(""))
                    .collect();
                let expected: Vec<_> = expected.into_iter().collect();
                assert_eq!(reasons, expected, "{head}: {old:?} / {new:?}");
            }
        }
    }

    #[test]
    fn too_many_paragraphs_are_paired_by_equality_only() {
        let many = |word: &str| -> Vec<String> {
            let all = (0..4_000).map(|index| format!("{word} {index} is one paragraph"));
            all.chain(["The same".to_owned()]).collect()
        };
        let (old, new) = (many("old"), many("new"));
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let found = paragraph_changes(&old, &new);
        assert_eq!(found.len(), 8_000);
        assert!(
            found
                .iter()
                .all(|pair| pair.old.is_none() || pair.new.is_none())
        );
        let few = paragraph_changes(&old[..3], &new[..3]);
        assert!(
            few.iter()
                .all(|pair| pair.old.is_some() && pair.new.is_some())
        );
    }
}
