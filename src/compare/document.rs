//! Changes of prose, of the revision log and of metadata.

use similar::DiffOp;

use super::pair::Pair;
use super::words::{WordSpan, differences, similarity, words};
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
        format!("{}{}", policy.unwrap_or_default(), reference.text)
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
    let parts = Pair::new(old, new).map(parts);
    let mut headings: Vec<&str> = vec![];
    for part in parts.new.iter().chain(&parts.old) {
        if !headings.contains(&part.heading.as_str()) {
            headings.push(&part.heading);
        }
    }
    let mut changes = vec![];
    for heading in headings {
        let paragraphs = parts.as_ref().map(|parts| -> Vec<&str> {
            parts
                .iter()
                .filter(|part| part.heading == heading)
                .flat_map(|part| part.paragraphs.iter().map(String::as_str))
                .collect()
        });
        for text in paragraph_changes(&paragraphs.old, &paragraphs.new) {
            changes.push(SectionChange {
                heading: heading.to_owned(),
                words: words(text.old.unwrap_or_default(), text.new.unwrap_or_default()),
                text: text.map(|text| text.map(str::to_owned)),
            });
        }
    }
    changes
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
