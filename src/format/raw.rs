//! Structs that mirror the files, key for key.
//!
//! Each names its keys once more in `KEYS`, so that an unknown key can be
//! reported with the nearest known one and without giving up on the rest.
//! Were the two lists to drift, `deny_unknown_fields` would refuse the key.

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

/// A struct read from one TOML table.
pub(super) trait Table {
    /// Every key of the table.
    const KEYS: &'static [&'static str];
}

macro_rules! table {
    ($(#[$meta:meta])* $name:ident { $($(#[$field:meta])* $key:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$field])* pub(super) $key: $type,)*
        }

        impl Table for $name {
            const KEYS: &'static [&'static str] = &[$(stringify!($key)),*];
        }
    };
}

table! {
    /// The head of `policy.toml`; `[facts.*]` are read one by one.
    #[expect(dead_code, reason = "some keys are only there to be known")]
    PolicyHead {
        format: Spanned<i64>,
        reference: Spanned<String>,
        title: String,
        publisher: String,
        #[serde(default)] facts: IgnoredAny,
    }
}

/// `[facts.NAME]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactTable {
    pub(super) ask: String,
    #[serde(rename = "type")]
    pub(super) kind: Spanned<String>,
    #[serde(default)]
    pub(super) unit: Option<String>,
    #[serde(default)]
    pub(super) choices: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    pub(super) implies: Vec<Spanned<String>>,
}

impl Table for FactTable {
    const KEYS: &'static [&'static str] = &["ask", "type", "unit", "choices", "implies"];
}

table! {
    /// The head of a version file; its arrays are read element by element.
    #[expect(dead_code, reason = "some keys are only there to be known")]
    VersionHead {
        format: Spanned<i64>,
        version: Spanned<String>,
        effective: Spanned<String>,
        #[serde(default)] reviewed: Option<Spanned<String>>,
        #[serde(default)] approved: Option<Spanned<String>>,
        provenance: Spanned<String>,
        #[serde(default)] source: Option<SourceTable>,
        #[serde(default)] sections: IgnoredAny,
        #[serde(default)] criteria: IgnoredAny,
        #[serde(default)] codes: IgnoredAny,
        #[serde(default)] notices: IgnoredAny,
        #[serde(default)] revisions: IgnoredAny,
        #[serde(default)] references: IgnoredAny,
    }
}

table! {
    /// `source = { .. }`
    SourceTable {
        title: String,
        #[serde(default)] sha256: Option<Spanned<String>>,
    }
}

table! {
    /// `[[sections]]`
    SectionTable {
        heading: String,
        text: String,
    }
}

table! {
    /// `[[criteria]]`
    CriterionTable {
        id: Spanned<String>,
        text: String,
        #[serde(default)] when: Option<Spanned<String>>,
        #[serde(default)] rule: Option<Spanned<String>>,
        #[serde(default)] need: Option<Spanned<NeedValue>>,
        #[serde(default)] covers: Option<Spanned<bool>>,
    }
}

/// `need = "all"` or `need = { at_least = 2 }`
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "`need` is \"all\", \"any\", \"none\" or { at_least = N }"
)]
pub(super) enum NeedValue {
    Word(String),
    Count(AtLeast),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AtLeast {
    pub(super) at_least: u32,
}

table! {
    /// `[[codes]]`
    CodesTable {
        system: Spanned<String>,
        title: String,
        gate: Spanned<String>,
        rows: Vec<Spanned<RowTable>>,
    }
}

table! {
    /// One of `rows`
    RowTable {
        code: Spanned<String>,
        text: String,
    }
}

table! {
    /// `[[notices]]`
    NoticeTable {
        #[serde(default)] when: Option<Spanned<String>>,
        text: String,
    }
}

table! {
    /// `[[revisions]]`
    RevisionTable {
        date: Spanned<String>,
        #[serde(default)] approved: Option<Spanned<String>>,
        text: String,
    }
}

table! {
    /// `[[references]]`
    ReferenceTable {
        #[serde(default)] policy: Option<String>,
        text: String,
    }
}
