//! From the structs that mirror files to what they mean.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::FORMAT;
use super::diagnostic::Diagnostic;
use super::document::Document;
use super::raw::{
    CodesTable, CriterionTable, FactTable, NeedValue, NoticeTable, PolicyHead, ReferenceTable,
    RevisionTable, RowTable, SectionTable, VersionHead,
};
use crate::policy::{
    Code, CodeRow, CodeSystem, CodeTable, ContentHash, Criterion, CriterionId, Dictionary,
    FactDefinition, FactKind, Gate, Need, Notice, Policy, Provenance, Reference, Revision, Section,
    Source, Version,
};
use crate::text::nearest;

/// Criteria may be nested this deep.
const MAX_DEPTH: usize = 64;
/// A version may have this many criteria.
const MAX_CRITERIA: usize = 10_000;

/// Reads `policy.toml` into a policy without versions.
pub fn read_policy(file: &str, bytes: &[u8]) -> (Option<Policy>, Vec<Diagnostic>) {
    reading(file, bytes, |document, table| policy(document, table))
}

/// Reads a version file, its rules checked against the policy's facts.
pub fn read_version(
    file: &str,
    bytes: &[u8],
    facts: &Dictionary,
) -> (Option<Version>, Vec<Diagnostic>) {
    let hash = ContentHash(Sha256::digest(bytes).into());
    reading(file, bytes, |document, table| {
        version(document, table, facts, hash)
    })
}

/// Reads a file; a file with errors yields no value.
fn reading<'a, T>(
    file: &'a str,
    bytes: &'a [u8],
    lower: impl FnOnce(&mut Document<'a>, DeTable<'a>) -> Option<T>,
) -> (Option<T>, Vec<Diagnostic>) {
    let mut document = match Document::decode(file, bytes) {
        Ok(document) => document,
        Err(diagnostic) => return (None, vec![diagnostic]),
    };
    let value = document.parse().and_then(|table| {
        if !newer_format(&mut document, &table) {
            return lower(&mut document, table);
        }
        None
    });
    let value = value.filter(|_| !document.has_errors());
    (value, document.into_diagnostics())
}

/// Refuses a file of another format before its keys are judged by this one.
fn newer_format<'a>(document: &mut Document<'a>, table: &DeTable<'a>) -> bool {
    let Some(format) = table.get("format") else {
        return false;
    };
    let number = format
        .get_ref()
        .as_integer()
        .and_then(|integer| i64::from_str_radix(integer.as_str(), integer.radix()).ok());
    if number.is_none_or(|number| number == FORMAT) {
        return false;
    }
    document.error(
        Some(format.span()),
        format!(
            "the file is of format {}",
            format.get_ref().as_integer().map_or("?", |i| i.as_str())
        ),
        Some(format!(
            "this program reads format {FORMAT}; a newer file needs a newer program"
        )),
    );
    true
}

/// The head of a file, after its lists were taken out.
fn whole(table: DeTable<'_>) -> Spanned<DeValue<'_>> {
    Spanned::new(0..0, DeValue::Table(table))
}

fn policy<'a>(document: &mut Document<'a>, mut table: DeTable<'a>) -> Option<Policy> {
    let facts = dictionary(document, &mut table);
    let head: PolicyHead = document.read("policy.toml", whole(table))?;
    if !is_file_name(head.reference.get_ref()) {
        document.error(
            Some(head.reference.span()),
            format!("`{}` cannot name a policy", head.reference.get_ref()),
            Some("use letters, digits, dots, hyphens and underscores, at most 64".to_owned()),
        );
    }
    Some(Policy {
        reference: head.reference.into_inner(),
        title: head.title,
        publisher: head.publisher,
        facts,
        versions: vec![],
        unread: vec![],
    })
}

/// Whether a name from data may become part of a path.
fn is_file_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn dictionary<'a>(document: &mut Document<'a>, table: &mut DeTable<'a>) -> Dictionary {
    let Some((_, facts)) = table.remove_entry("facts") else {
        return Dictionary::default();
    };
    let span = facts.span();
    let DeValue::Table(facts) = facts.into_inner() else {
        document.error(
            Some(span),
            "`facts` is not a table",
            Some("begin each fact with [facts.name]".to_owned()),
        );
        return Dictionary::default();
    };
    let mut implications = vec![];
    let mut definitions: BTreeMap<String, FactDefinition> = BTreeMap::new();
    for (key, value) in facts {
        let name = key.get_ref().to_string();
        let value_span = value.span();
        let Some(fact) = document.read::<FactTable>(&format!("[facts.{name}]"), value) else {
            continue;
        };
        if !is_fact_name(&name) {
            document.error(
                Some(key.span()),
                format!("`{name}` cannot name a fact"),
                Some("use lower-case letters, digits and underscores, beginning with a letter, and no word of the rule language".to_owned()),
            );
        }
        let Some(kind) = fact_kind(document, &fact, value_span) else {
            continue;
        };
        for effect in &fact.implies {
            implications.push((name.clone(), effect.clone()));
        }
        definitions.insert(
            name.clone(),
            FactDefinition {
                name,
                ask: fact.ask,
                kind,
                implies: fact.implies.into_iter().map(Spanned::into_inner).collect(),
            },
        );
    }
    check_implications(document, &definitions, &implications);
    Dictionary::new(definitions.into_values())
}

fn is_fact_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !["in", "true", "false", "criterion"].contains(&name)
}

fn fact_kind(
    document: &mut Document<'_>,
    fact: &FactTable,
    span: Range<usize>,
) -> Option<FactKind> {
    let kinds = [
        ("bool", FactWord::Bool),
        ("number", FactWord::Number),
        ("choice", FactWord::Choice),
    ];
    let word = document.word("type", &fact.kind, &kinds)?;
    if word != FactWord::Number && fact.unit.is_some() {
        document.error(
            Some(span.clone()),
            "only a number has a unit",
            Some("leave `unit` out".to_owned()),
        );
    }
    match (word, &fact.choices) {
        (FactWord::Choice, Some(choices)) if !choices.get_ref().is_empty() => {
            Some(FactKind::Choice {
                choices: choices.get_ref().clone(),
            })
        }
        (FactWord::Choice, _) => {
            document.error(
                Some(span),
                "a choice lists no choices",
                Some("add choices = [\"...\", \"...\"]".to_owned()),
            );
            None
        }
        (_, Some(choices)) => {
            document.error(
                Some(choices.span()),
                format!("a {} has no choices", fact.kind.get_ref()),
                Some("leave `choices` out, or write type = \"choice\"".to_owned()),
            );
            None
        }
        (FactWord::Bool, None) => Some(FactKind::Bool),
        (FactWord::Number, None) => Some(FactKind::Number {
            unit: fact.unit.clone(),
        }),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum FactWord {
    Bool,
    Number,
    Choice,
}

fn check_implications(
    document: &mut Document<'_>,
    definitions: &BTreeMap<String, FactDefinition>,
    implications: &[(String, Spanned<String>)],
) {
    for (cause, effect) in implications {
        let is_bool = |name: &str| {
            definitions
                .get(name)
                .is_some_and(|definition| definition.kind == FactKind::Bool)
        };
        let effect_name = effect.get_ref();
        if !definitions.contains_key(effect_name) {
            let hint = match nearest(effect_name, definitions.keys().map(String::as_str)) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("add [facts.{effect_name}]"),
            };
            document.error(
                Some(effect.span()),
                format!("there is no fact `{effect_name}`"),
                Some(hint),
            );
        } else if !is_bool(cause) || !is_bool(effect_name) {
            document.error(
                Some(effect.span()),
                format!("`{cause}` cannot imply `{effect_name}`"),
                Some("both must be of type \"bool\"".to_owned()),
            );
        }
    }
}

fn version<'a>(
    document: &mut Document<'a>,
    mut table: DeTable<'a>,
    facts: &Dictionary,
    hash: ContentHash,
) -> Option<Version> {
    let sections = document.take_tables(&mut table, "sections");
    let criteria = document.take_tables(&mut table, "criteria");
    let codes = document.take_tables(&mut table, "codes");
    let notices = document.take_tables(&mut table, "notices");
    let revisions = document.take_tables(&mut table, "revisions");
    let references = document.take_tables(&mut table, "references");

    let sections = sections.into_iter().filter_map(|value| {
        let section: SectionTable = document.read("[[sections]]", value)?;
        Some(Section {
            heading: section.heading,
            text: section.text,
        })
    });
    let sections = sections.collect();
    let criteria = criteria_tree(document, criteria, facts);
    let codes = codes
        .into_iter()
        .filter_map(|value| code_table(document, value))
        .collect();
    let notices = notices
        .into_iter()
        .filter_map(|value| {
            let notice: NoticeTable = document.read("[[notices]]", value)?;
            let when = notice.when.map(|when| document.rule("when", &when, facts));
            Some(Notice {
                when: when.flatten(),
                text: notice.text,
            })
        })
        .collect();
    let revisions = revisions
        .into_iter()
        .filter_map(|value| {
            let revision: RevisionTable = document.read("[[revisions]]", value)?;
            let date = document.date(&revision.date);
            let approved = revision.approved.map(|date| document.date(&date));
            Some(Revision {
                date: date?,
                approved: approved.flatten(),
                text: revision.text,
            })
        })
        .collect();
    let references = references
        .into_iter()
        .filter_map(|value| {
            let reference: ReferenceTable = document.read("[[references]]", value)?;
            Some(Reference {
                policy: reference.policy,
                text: reference.text,
            })
        })
        .collect();

    let head: VersionHead = document.read("the version", whole(table))?;
    if !is_file_name(head.version.get_ref()) {
        document.error(
            Some(head.version.span()),
            format!("`{}` cannot name a version", head.version.get_ref()),
            Some("name it after its date, as 2020-01".to_owned()),
        );
    }
    if ["latest", "previous"].contains(&head.version.get_ref().as_str()) {
        document.error(
            Some(head.version.span()),
            format!(
                "`{}` cannot name a version: it stands for one",
                head.version.get_ref()
            ),
            Some("name it after its date, as 2020-01".to_owned()),
        );
    }
    let effective = document.date(&head.effective);
    let reviewed = head.reviewed.map(|date| document.date(&date));
    let approved = head.approved.map(|date| document.date(&date));
    let provenance = document.word(
        "provenance",
        &head.provenance,
        &Provenance::ALL.map(|provenance| (provenance.name(), provenance)),
    );
    let source = head.source.map(|source| Source {
        title: source.title,
        sha256: source.sha256.map(|sum| checked_sha256(document, sum)),
    });
    Some(Version {
        name: head.version.into_inner(),
        effective: effective?,
        reviewed: reviewed.flatten(),
        approved: approved.flatten(),
        provenance: provenance?,
        source,
        sections,
        criteria,
        codes,
        notices,
        revisions,
        references,
        hash,
    })
}

fn checked_sha256(document: &mut Document<'_>, written: Spanned<String>) -> String {
    let sum = written.get_ref();
    if sum.len() != 64 || !sum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        document.error(
            Some(written.span()),
            "this is not a SHA-256",
            Some("write the 64 digits that `sha256sum FILE` prints".to_owned()),
        );
    }
    written.into_inner().to_ascii_lowercase()
}

fn code_table<'a>(document: &mut Document<'a>, value: Spanned<DeValue<'a>>) -> Option<CodeTable> {
    let table: CodesTable = document.read("[[codes]]", value)?;
    let system = document.word(
        "system",
        &table.system,
        &CodeSystem::ALL.map(|system| (system.name(), system)),
    );
    let gate = document.word(
        "gate",
        &table.gate,
        &Gate::ALL.map(|gate| (gate.name(), gate)),
    );
    let system = system?;
    if !system.is_procedure() && gate == Some(Gate::Address) {
        document.error(
            Some(table.gate.span()),
            format!("`address` goes by procedures, not by {system} codes"),
            Some("write \"require\" or \"advise\"".to_owned()),
        );
    }
    let mut seen = BTreeSet::new();
    let rows = table
        .rows
        .into_iter()
        .map(|row| {
            let RowTable { code, text } = row.into_inner();
            let parsed = Code::as_printed(system, code.get_ref());
            if let Err(error) = Code::parse(system, code.get_ref()) {
                document.warning(
                    code.span(),
                    error.to_string(),
                    "correct it, unless the document prints it so".to_owned(),
                );
            }
            if !seen.insert(parsed.clone()) {
                document.warning(
                    code.span(),
                    format!("`{parsed}` is listed twice in this table"),
                    "leave one row out, unless the document prints both".to_owned(),
                );
            }
            CodeRow { code: parsed, text }
        })
        .collect();
    Some(CodeTable {
        system,
        title: table.title,
        gate: gate?,
        rows,
    })
}

/// A criterion before it is hung into the tree.
struct Flat {
    criterion: Criterion,
    span: Range<usize>,
    /// Where it says how its children combine.
    need: Option<Range<usize>>,
}

fn criteria_tree<'a>(
    document: &mut Document<'a>,
    values: Vec<Spanned<DeValue<'a>>>,
    facts: &Dictionary,
) -> Vec<Criterion> {
    if let Some(first) = values.get(MAX_CRITERIA) {
        document.error(
            Some(first.span()),
            format!("there are more than {MAX_CRITERIA} criteria"),
            Some("split the policy".to_owned()),
        );
        return vec![];
    }
    let total = values.len();
    let mut flat: Vec<Flat> = vec![];
    let mut places: HashMap<CriterionId, usize> = HashMap::new();
    for value in values {
        let Some(next) = criterion(document, value, facts) else {
            continue;
        };
        let id = &next.criterion.id;
        if places.contains_key(id) {
            document.error(
                Some(next.span.clone()),
                format!("criterion `{id}` is there twice"),
                Some("give one of them another number".to_owned()),
            );
            continue;
        }
        if let Some(parent) = id.parent()
            && !places.contains_key(&parent)
        {
            document.error(
                Some(next.span.clone()),
                format!("criterion `{id}` stands under `{parent}`, which is not there"),
                Some(format!("put `{parent}` before it, or renumber it")),
            );
            continue;
        }
        places.insert(id.clone(), flat.len());
        flat.push(next);
    }
    let all_read = flat.len() == total;
    hang(document, flat, &places, all_read)
}

fn criterion<'a>(
    document: &mut Document<'a>,
    value: Spanned<DeValue<'a>>,
    facts: &Dictionary,
) -> Option<Flat> {
    let raw: CriterionTable = document.read("[[criteria]]", value)?;
    let when = raw
        .when
        .as_ref()
        .map(|when| document.rule("when", when, facts));
    let rule = raw
        .rule
        .as_ref()
        .map(|rule| document.rule("rule", rule, facts));
    let need = raw.need.as_ref().map(|need| combinator(document, need));
    let Some(id) = CriterionId::new(raw.id.get_ref()) else {
        document.error(
            Some(raw.id.span()),
            format!("`{}` is no criterion number", raw.id.get_ref()),
            Some("write letters and digits joined by dots, as II.B.3".to_owned()),
        );
        return None;
    };
    if id.as_str().split('.').count() > MAX_DEPTH {
        document.error(
            Some(raw.id.span()),
            format!("criteria are nested more than {MAX_DEPTH} deep"),
            None,
        );
        return None;
    }
    if id.parent().is_some() {
        let misplaced = [
            ("when", raw.when.as_ref().map(Spanned::span)),
            ("covers", raw.covers.as_ref().map(Spanned::span)),
        ];
        for (key, span) in misplaced {
            if let Some(span) = span {
                document.error(
                    Some(span),
                    format!("`{key}` stands in `{id}`, which is not a top-level statement"),
                    Some("use `rule`, or move it to the statement above".to_owned()),
                );
            }
        }
    }
    Some(Flat {
        span: raw.id.span(),
        need: raw.need.as_ref().map(Spanned::span),
        criterion: Criterion {
            id,
            text: raw.text,
            when: when.flatten(),
            rule: rule.flatten(),
            need: need.flatten().unwrap_or_default(),
            covers: raw.covers.is_none_or(Spanned::into_inner),
            children: vec![],
        },
    })
}

fn combinator(document: &mut Document<'_>, written: &Spanned<NeedValue>) -> Option<Need> {
    match written.get_ref() {
        NeedValue::Word(word) => {
            let words = [("all", Need::All), ("any", Need::Any), ("none", Need::None)];
            let spanned = Spanned::new(written.span(), word.clone());
            document.word("need", &spanned, &words)
        }
        NeedValue::Count(count) => Some(Need::AtLeast(count.at_least)),
    }
}

/// Hangs criteria under their parents. Walking backwards, every criterion has
/// all its children by the time it is hung itself.
fn hang(
    document: &mut Document<'_>,
    mut flat: Vec<Flat>,
    places: &HashMap<CriterionId, usize>,
    all_read: bool,
) -> Vec<Criterion> {
    let mut roots = vec![];
    while let Some(Flat {
        mut criterion,
        span,
        need,
    }) = flat.pop()
    {
        criterion.children.reverse();
        match need.filter(|_| criterion.children.is_empty()) {
            // One that was refused may have stood under it.
            Some(need) if all_read => needless(document, &criterion, need),
            Some(_) => {}
            None => check_count(document, &criterion, &span),
        }
        let parent = criterion
            .id
            .parent()
            .and_then(|id| places.get(&id).copied());
        match parent {
            Some(parent) => flat[parent].criterion.children.push(criterion),
            None => roots.push(criterion),
        }
    }
    roots.reverse();
    roots
}

fn needless(document: &mut Document<'_>, criterion: &Criterion, need: Range<usize>) {
    let id = &criterion.id;
    document.error(
        Some(need),
        format!("`need` stands in `{id}`, which has no criteria under it"),
        Some(format!("leave `need` out, or put `{id}.1` after it")),
    );
}

fn check_count(document: &mut Document<'_>, criterion: &Criterion, span: &Range<usize>) {
    if let Need::AtLeast(count) = criterion.need
        && (count == 0 || count as usize > criterion.children.len())
    {
        document.error(
            Some(span.clone()),
            format!(
                "`{}` needs at least {count} of its {} criteria",
                criterion.id,
                criterion.children.len()
            ),
            Some("ask for at least 1 and at most all of them".to_owned()),
        );
    }
}

#[cfg(test)]
mod tests;
