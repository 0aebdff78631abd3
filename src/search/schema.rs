//! The fields of the index, and an item as its document.

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};

use super::analysis::{STEMS, WHOLE, WORDS};
use super::codes::{key, mentions};
use super::item::{Days, Item, ItemKind};
use super::record;
use crate::policy::CodeSystem;

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
    /// The place of the first version of the span among the policy's.
    pub(super) first: Field,
    /// The place of the last.
    pub(super) last: Field,
    /// The first day of `Days`.
    pub(super) from: Field,
    /// The last day of it.
    pub(super) until: Field,
    /// The last day on which it may have begun.
    pub(super) begun: Field,
    /// The first day on which it may have ended, if it has.
    pub(super) ending: Field,
    /// The last day on which it may have ended, if it has.
    pub(super) ended: Field,
    /// The folder of its policy, by which it is replaced.
    pub(super) folder: Field,
    /// What hits are counted and ordered by: [`Facts`].
    pub(super) facts: Field,
    /// Its place among the items of its policy.
    pub(super) place: Field,
    /// The item itself.
    pub(super) record: Field,
    /// The code tables of its policy, with the last of its items.
    pub(super) tables: Field,
}

/// The names of the columns that are read while hits are collected.
pub(super) mod column {
    pub(in super::super) const FACTS: &str = "facts";
    pub(in super::super) const PLACE: &str = "place";
    pub(in super::super) const FROM: &str = "from";
    pub(in super::super) const UNTIL: &str = "until";
    pub(in super::super) const BEGUN: &str = "begun";
    pub(in super::super) const ENDING: &str = "ending";
    pub(in super::super) const ENDED: &str = "ended";
    pub(in super::super) const FIRST: &str = "first";
    pub(in super::super) const LAST: &str = "last";

    /// A day as columns have it; what never comes is the last number of all.
    pub(in super::super) fn day(day: u64) -> u32 {
        u32::try_from(day).unwrap_or(u32::MAX)
    }
}

/// The columns that tests of documents read.
pub(super) const COLUMNS: [&str; 7] = [
    column::FROM,
    column::UNTIL,
    column::BEGUN,
    column::ENDING,
    column::ENDED,
    column::FIRST,
    column::LAST,
];

/// What a hit is counted and ordered by, in one number: one column is read
/// for each hit, not five.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// The number of the policy in the catalogue.
    pub(super) policy: u32,
    /// The number of the kind.
    pub(super) kind: u8,
    /// One more than the number of the code system; zero for none.
    pub(super) system: u8,
    /// Whether the latest version has it.
    pub(super) current: bool,
}

impl Facts {
    /// Those of an item of the policy with a number.
    pub(super) fn of(policy: u32, item: &Item) -> Self {
        let code = item.code.as_ref();
        Facts {
            policy,
            kind: item.kind.number() as u8,
            system: code.map_or(0, |code| Facts::system(code.system())),
            current: item.current,
        }
    }

    /// A code system as facts have it.
    pub(super) fn system(system: CodeSystem) -> u8 {
        system as u8 + 1
    }

    pub(super) fn pack(self) -> u64 {
        u64::from(self.policy) << 16
            | u64::from(self.kind) << 8
            | u64::from(self.system) << 1
            | u64::from(self.current)
    }

    pub(super) fn unpack(packed: u64) -> Self {
        Facts {
            policy: (packed >> 16) as u32,
            kind: (packed >> 8) as u8,
            system: (packed as u8) >> 1,
            current: packed & 1 == 1,
        }
    }
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
        first: schema.add_u64_field(column::FIRST, FAST),
        last: schema.add_u64_field(column::LAST, FAST),
        from: schema.add_u64_field(column::FROM, FAST),
        until: schema.add_u64_field(column::UNTIL, FAST),
        begun: schema.add_u64_field(column::BEGUN, FAST),
        ending: schema.add_u64_field(column::ENDING, FAST),
        ended: schema.add_u64_field(column::ENDED, FAST),
        folder: schema.add_text_field("folder", exact()),
        facts: schema.add_u64_field(column::FACTS, FAST),
        place: schema.add_u64_field(column::PLACE, FAST),
        record: schema.add_bytes_field("record", STORED),
        tables: schema.add_bytes_field("tables", STORED),
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

/// Which item a document is made of.
pub(super) struct Origin<'a> {
    /// The policy's folder.
    pub(super) folder: &'a str,
    /// Its number in the catalogue.
    pub(super) number: u32,
    /// The item's place among the policy's.
    pub(super) place: usize,
    /// The policy's code tables, if they are to be stored with the item.
    pub(super) tables: Option<&'a [u8]>,
}

/// The document of an item of a policy.
pub(super) fn document(fields: &Fields, origin: &Origin<'_>, item: &Item) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_text(fields.text, &item.text);
    document.add_text(fields.words, &item.text);
    document.add_text(fields.context, context(item));
    if let Some(code) = &item.code {
        document.add_text(fields.code, key(code.as_str()));
    }
    for (_, code) in mentions(&item.text) {
        document.add_text(fields.mention, code);
    }
    for id in &item.ids {
        document.add_text(fields.id, id);
    }
    document.add_u64(fields.first, item.first_index as u64);
    document.add_u64(fields.last, item.last_index as u64);
    add_days(fields, item, &mut document);
    document.add_text(fields.folder, origin.folder);
    document.add_u64(fields.facts, Facts::of(origin.number, item).pack());
    document.add_u64(fields.place, origin.place as u64);
    document.add_bytes(fields.record, &record::write(item));
    if let Some(tables) = origin.tables {
        document.add_bytes(fields.tables, tables);
    }
    document
}

fn add_days(fields: &Fields, item: &Item, document: &mut TantivyDocument) {
    let begun = Days::of(item.effective.from).1;
    // What has not ended ends after every date that can be asked for.
    let (ending, ended) = item.effective.to.map_or((u64::MAX, u64::MAX), Days::of);
    let mut add = |field, day| document.add_u64(field, u64::from(column::day(day)));
    add(fields.from, item.days.from);
    add(fields.until, item.days.until);
    add(fields.begun, begun);
    add(fields.ending, ending);
    add(fields.ended, ended);
}

/// What an item stands under. A code table's title is left out: it would
/// make every code of the table answer to its words.
pub(super) fn context(item: &Item) -> &str {
    match (&item.code, item.kind) {
        (Some(code), _) => code.system().name(),
        (None, ItemKind::Title) => &item.policy,
        (None, _) => &item.heading,
    }
}
