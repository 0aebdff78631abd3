//! The fields of the index, and an item as its document.

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};

use super::analysis::{STEMS, WHOLE, WORDS};
use super::codes::{key, mentions};
use super::item::{Item, ItemKind};
use crate::policy::Policy;

/// The fields, by what they hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// The stems of the text, in order.
    pub(super) text: Field,
    /// The words of the text as written, for prefixes and likeness.
    pub(super) words: Field,
    /// The stems of what the text stands under: heading, code system, reference.
    pub(super) context: Field,
    /// The code of a code row.
    pub(super) code: Field,
    /// The codes that the text mentions.
    pub(super) mention: Field,
    /// Criterion ids, codes as printed, dates.
    pub(super) id: Field,
    /// The policy's reference number.
    pub(super) policy: Field,
    /// The number of the kind.
    pub(super) kind: Field,
    /// The number of the code system of a code row.
    pub(super) system: Field,
    /// The versions of the span.
    pub(super) version: Field,
    /// Whether the latest version has it.
    pub(super) current: Field,
    /// The first day of [`Days`](super::item::Days).
    pub(super) from: Field,
    /// The last day of it.
    pub(super) until: Field,
    /// The item's number in the index.
    pub(super) item: Field,
}

/// The names of the columns that are read while hits are collected.
pub(super) mod column {
    pub(in super::super) const POLICY: &str = "policy";
    pub(in super::super) const KIND: &str = "kind";
    pub(in super::super) const SYSTEM: &str = "system";
    pub(in super::super) const CURRENT: &str = "current";
    pub(in super::super) const ITEM: &str = "item";
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let exact = || indexed("raw", IndexRecordOption::Basic);
    let whole = || indexed(WHOLE, IndexRecordOption::Basic);
    let fields = Fields {
        text: schema.add_text_field("text", indexed(STEMS, positions)),
        words: schema.add_text_field("words", indexed(WORDS, IndexRecordOption::Basic)),
        context: schema.add_text_field("context", indexed(STEMS, positions)),
        code: schema.add_text_field("code", exact()),
        mention: schema.add_text_field("mention", exact()),
        id: schema.add_text_field("id", whole()),
        policy: schema.add_text_field(column::POLICY, whole().set_fast("raw")),
        kind: schema.add_u64_field(column::KIND, FAST | INDEXED),
        system: schema.add_u64_field(column::SYSTEM, FAST | INDEXED),
        version: schema.add_text_field("version", whole()),
        current: schema.add_bool_field(column::CURRENT, FAST | INDEXED),
        from: schema.add_u64_field("from", FAST),
        until: schema.add_u64_field("until", FAST),
        item: schema.add_u64_field(column::ITEM, FAST),
    };
    (schema.build(), fields)
}

/// Texts cut by the named analyzer; only words of running text have lengths
/// that matter for ranking.
fn indexed(analyzer: &str, record: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyzer)
        .set_index_option(record)
        .set_fieldnorms(record.has_freq());
    TextOptions::default().set_indexing_options(indexing)
}

/// The document of an item of a policy.
pub(super) fn document(
    fields: &Fields,
    policy: &Policy,
    item: &Item,
    number: u64,
) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_text(fields.text, &item.text);
    document.add_text(fields.words, &item.text);
    document.add_text(fields.context, context(item));
    if let Some(code) = &item.code {
        document.add_text(fields.code, key(code.as_str()));
        document.add_u64(fields.system, code.system() as u64);
    }
    for (_, code) in mentions(&item.text) {
        document.add_text(fields.mention, code);
    }
    for id in &item.ids {
        document.add_text(fields.id, id);
    }
    for version in &policy.versions[item.first_index..=item.last_index] {
        document.add_text(fields.version, &version.name);
    }
    document.add_text(fields.policy, &item.policy);
    document.add_u64(fields.kind, item.kind.number());
    document.add_bool(fields.current, item.current);
    document.add_u64(fields.from, item.days.from);
    document.add_u64(fields.until, item.days.until);
    document.add_u64(fields.item, number);
    document
}

/// What an item stands under. A code table's title is left out: it would
/// make every code of the table answer to its words.
fn context(item: &Item) -> &str {
    match (&item.code, item.kind) {
        (Some(code), _) => code.system().name(),
        (None, ItemKind::Title) => &item.policy,
        (None, _) => &item.heading,
    }
}
