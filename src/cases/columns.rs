//! What each column of a table is: the header against the dictionary, and
//! what the user says about an export's own headers.

use std::collections::HashMap;

use super::vocabulary::Vocabulary;
use crate::text::nearest;

/// What a column of a table holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The case's identifier.
    CaseId,
    /// The reference number of its policy.
    Policy,
    /// When the service was to be given.
    ServiceDate,
    /// Procedure codes.
    ProcedureCodes,
    /// Diagnosis codes.
    DiagnosisCodes,
    /// What was decided.
    Determination,
    /// The version it was decided under.
    DeterminationVersion,
    /// When it was decided.
    DecisionDate,
    /// What the case is about, in words.
    Note,
    /// The fact of that name.
    Fact(String),
    /// Something the user said to leave out.
    Ignored,
    /// Nothing that is known.
    Unknown,
}

/// The columns that are no facts, by name.
const FIXED: [(&str, Target); 9] = [
    ("case_id", Target::CaseId),
    ("policy", Target::Policy),
    ("service_date", Target::ServiceDate),
    ("procedure_codes", Target::ProcedureCodes),
    ("diagnosis_codes", Target::DiagnosisCodes),
    ("determination", Target::Determination),
    ("determination_version", Target::DeterminationVersion),
    ("decision_date", Target::DecisionDate),
    ("note", Target::Note),
];

/// Where a JSON object keeps its facts.
pub(super) const FACTS: &str = "facts";

/// Whether a name is that of a column that is no fact.
pub(super) fn is_fixed(name: &str) -> bool {
    Target::fixed(name).is_some()
}

/// The names of the members of a JSON object.
pub(super) fn json_names() -> impl Iterator<Item = &'static str> {
    FIXED.iter().map(|(name, _)| *name).chain([FACTS])
}

impl Target {
    fn fixed(name: &str) -> Option<Target> {
        let found = FIXED.iter().find(|(fixed, _)| *fixed == name);
        found.map(|(_, target)| target.clone())
    }

    /// What a column of that name holds, if it is not renamed.
    fn of(name: &str, vocabulary: &Vocabulary<'_>) -> Option<Target> {
        Target::fixed(name).or_else(|| {
            vocabulary
                .knows_fact(name)
                .then(|| Target::Fact(name.to_owned()))
        })
    }

    /// The name the column goes by here.
    fn name(&self) -> &str {
        match self {
            Target::Fact(name) => name,
            other => FIXED
                .iter()
                .find(|(_, fixed)| fixed == other)
                .map_or("", |(name, _)| name),
        }
    }
}

/// What the user says about an export's own headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap {
    /// Pairs of our name and the file's header.
    pub columns: Vec<(String, String)>,
    /// Headers to leave out.
    pub ignored: Vec<String>,
}

impl ColumnMap {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.ignored.is_empty()
    }

    /// What of it cannot be meant, whatever the files: names we do not have,
    /// and names or headers used twice.
    pub fn faults(&self, vocabulary: &Vocabulary<'_>) -> Vec<String> {
        let mut faults = vec![];
        for (index, (name, header)) in self.columns.iter().enumerate() {
            let before = &self.columns[..index];
            if Target::of(name, vocabulary).is_none() {
                faults.push(format!(
                    "there is no column `{name}` to give \"{header}\" to{}",
                    did_you_mean(name, vocabulary)
                ));
            }
            if before.iter().any(|(one, _)| one == name) {
                faults.push(format!("two headers are given for `{name}`"));
            }
            if before.iter().any(|(_, one)| one == header) || self.ignored.contains(header) {
                faults.push(format!("header \"{header}\" is given twice"));
            }
        }
        faults
    }
}

fn did_you_mean(name: &str, vocabulary: &Vocabulary<'_>) -> String {
    known_name(name, vocabulary).map_or(String::new(), |known| format!("; did you mean `{known}`?"))
}

/// The name of ours that a header was probably meant to be.
fn known_name<'p>(header: &str, vocabulary: &Vocabulary<'p>) -> Option<&'p str> {
    let mut known = vocabulary.fact_names();
    known.extend(FIXED.iter().map(|(name, _)| *name));
    nearest(header, known)
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The file's header, blanks around it trimmed.
    pub name: String,
    /// What the column holds.
    pub target: Target,
}

/// What each column of a table is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    columns: Vec<Column>,
    unknown: Vec<String>,
}

impl Header {
    /// Reads the names of a table's columns.
    ///
    /// # Errors
    /// When the table cannot be read by them: `case_id` is missing, two
    /// columns hold the same, or a header of `map` is not there. All of it is
    /// named, separated by `; `.
    pub fn new<'n>(
        names: impl IntoIterator<Item = &'n str>,
        map: &ColumnMap,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Header, String> {
        let columns: Vec<Column> = names
            .into_iter()
            .map(|name| Column {
                name: name.trim().to_owned(),
                target: target(name.trim(), map, vocabulary),
            })
            .collect();
        let mut faults = not_there(&columns, map);
        faults.extend(twice(&columns));
        if !columns.iter().any(|one| one.target == Target::CaseId) {
            faults.push(no_case_id(&columns));
        }
        if !faults.is_empty() {
            return Err(faults.join("; "));
        }
        let unknown = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.target == Target::Unknown)
            .map(|(index, column)| unknown(index, &column.name, vocabulary))
            .collect();
        Ok(Header { columns, unknown })
    }

    /// The columns, in the order of the table.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// For each column that is not known, that it is not read and why. The
    /// table's other columns are.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }
}

fn target(name: &str, map: &ColumnMap, vocabulary: &Vocabulary<'_>) -> Target {
    if map.ignored.iter().any(|one| one.trim() == name) {
        return Target::Ignored;
    }
    let renamed = map.columns.iter().find(|(_, header)| header.trim() == name);
    let name = renamed.map_or(name, |(name, _)| name);
    Target::of(name, vocabulary).unwrap_or(Target::Unknown)
}

/// The headers the user names that the table does not have.
fn not_there(columns: &[Column], map: &ColumnMap) -> Vec<String> {
    let headers = map.columns.iter().map(|(_, header)| header);
    headers
        .chain(&map.ignored)
        .filter(|header| columns.iter().all(|one| one.name != header.trim()))
        .map(|header| {
            let known = columns.iter().map(|one| one.name.as_str());
            match nearest(header, known) {
                Some(known) => {
                    format!("the header has no \"{header}\"; did you mean \"{known}\"?")
                }
                None => format!("the header has no \"{header}\""),
            }
        })
        .collect()
}

/// Columns that hold the same: taking one of them would be a guess.
fn twice(columns: &[Column]) -> Vec<String> {
    let mut first: HashMap<&Target, &str> = HashMap::new();
    let mut faults = vec![];
    for column in columns {
        if matches!(column.target, Target::Ignored | Target::Unknown) {
            continue;
        }
        let Some(before) = first.insert(&column.target, &column.name) else {
            continue;
        };
        let name = column.target.name();
        faults.push(if before == column.name {
            format!("the header has \"{before}\" twice")
        } else {
            format!(
                "\"{before}\" and \"{}\" both hold `{name}`; leave one out with --ignore-column",
                column.name
            )
        });
    }
    faults
}

fn no_case_id(columns: &[Column]) -> String {
    let header = columns
        .iter()
        .find(|one| nearest(&one.name.to_lowercase(), ["case_id"]).is_some())
        .map_or("HEADER", |one| &one.name);
    format!(
        "no column `case_id`: name the one that holds the cases' identifiers with --column case_id=\"{header}\""
    )
}

fn unknown(index: usize, name: &str, vocabulary: &Vocabulary<'_>) -> String {
    if name.is_empty() {
        return format!(
            "column {} has no name and is not read; leave it out with --ignore-column \"\"",
            index + 1
        );
    }
    let known = known_name(name, vocabulary).unwrap_or("NAME");
    format!(
        "unknown column \"{name}\" is not read; tell what it is with --column {known}=\"{name}\", or leave it out with --ignore-column \"{name}\""
    )
}
