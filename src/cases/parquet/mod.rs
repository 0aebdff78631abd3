//! Cases as Parquet: typed columns, one case a row.
//!
//! A value means what its text would mean in a CSV file: a whole number may
//! be a code, and 1 is an answer to a question of yes or no.

mod column;
mod guard;

pub use guard::is_guarded;

use std::borrow::Cow;
use std::collections::VecDeque;

use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, SerializedFileReader};
use parquet::schema::types::SchemaDescriptor;

use self::column::{Cell, Column, Kind, Value, is_list};
use self::guard::guarded;
use super::ReadRow;
use super::columns::{ColumnMap, Header, Target};
use super::row::{Given, Row};
use super::vocabulary::Vocabulary;
use crate::policy::FactValue;

/// So many rows are read at once.
const BATCH: usize = 1024;

/// Reads a Parquet file, a few rows at a time.
pub struct ParquetRows<'v, R: ChunkReader + 'static> {
    table: Option<Table<R>>,
    vocabulary: &'v Vocabulary<'v>,
    /// What was read and not yet handed out.
    ready: VecDeque<ReadRow>,
}

/// A file whose columns are understood.
struct Table<R: ChunkReader + 'static> {
    file: SerializedFileReader<R>,
    header: Header,
    plans: Vec<Plan>,
    /// The next group of rows.
    group: usize,
    /// Those of the group that are left.
    left: usize,
    columns: Vec<Column>,
    /// The rows handed out.
    rows: usize,
}

/// How a column is read.
struct Plan {
    /// Its place in the file.
    leaf: usize,
    kind: Kind,
    is_list: bool,
    max_def: i16,
}

impl<'v, R: ChunkReader + 'static> ParquetRows<'v, R> {
    /// The rows of `file`, whose columns are called as `map` says.
    pub fn new(file: R, map: &ColumnMap, vocabulary: &'v Vocabulary<'v>) -> Self {
        let table = guarded(|| Table::open(file, map, vocabulary));
        match table.unwrap_or_else(|| Err("the file is damaged".to_owned())) {
            Ok(table) => {
                let unknown = table.header.unknown().iter();
                let ready = unknown.map(|reason| ReadRow::rejected(1, reason.clone()));
                ParquetRows {
                    ready: ready.collect(),
                    table: Some(table),
                    vocabulary,
                }
            }
            Err(reason) => ParquetRows {
                table: None,
                vocabulary,
                ready: VecDeque::from([ReadRow::rejected(1, reason)]),
            },
        }
    }
}

impl<R: ChunkReader + 'static> Iterator for ParquetRows<'_, R> {
    type Item = ReadRow;

    fn next(&mut self) -> Option<ReadRow> {
        while self.ready.is_empty() {
            let table = self.table.as_mut()?;
            let damaged = || Err(ParquetError::General("it is damaged".to_owned()));
            match guarded(|| table.batch(self.vocabulary)).unwrap_or_else(damaged) {
                Ok(rows) if rows.is_empty() => self.table = None,
                Ok(rows) => self.ready.extend(rows),
                Err(error) => {
                    let reason = format!("the rest of the file cannot be read: {error}");
                    self.ready
                        .push_back(ReadRow::rejected(table.rows + 1, reason));
                    self.table = None;
                }
            }
        }
        self.ready.pop_front()
    }
}

impl<R: ChunkReader + 'static> Table<R> {
    fn open(file: R, map: &ColumnMap, vocabulary: &Vocabulary<'_>) -> Result<Self, String> {
        let file = SerializedFileReader::new(file)
            .map_err(|error| format!("the file is no Parquet that can be read: {error}"))?;
        let schema = file.metadata().file_metadata().schema_descr();
        let names = names(schema);
        let header = Header::new(names.iter().map(String::as_str), map, vocabulary)?;
        let plans = plans(schema, &header)?;
        unpackable(&file, &plans)?;
        Ok(Table {
            file,
            header,
            plans,
            group: 0,
            left: 0,
            columns: vec![],
            rows: 0,
        })
    }

    /// The next rows; none at the end.
    fn batch(&mut self, vocabulary: &Vocabulary<'_>) -> Result<Vec<ReadRow>, ParquetError> {
        while self.left == 0 {
            if self.group == self.file.num_row_groups() {
                return Ok(vec![]);
            }
            self.open_group()?;
        }
        let count = self.left.min(BATCH);
        let columns = self.columns.iter_mut();
        let mut columns: Vec<_> = columns
            .map(|column| column.cells(count).map(Vec::into_iter))
            .collect::<Result<_, _>>()?;
        let rows = (0..count).map(|index| {
            let mut row = Row::default();
            for (plan, cells) in self.plans.iter().zip(&mut columns) {
                let cell = cells.next().unwrap_or(Cell::Missing);
                let column = &self.header.columns()[plan.leaf];
                take(&mut row, &column.target, &column.name, cell);
            }
            ReadRow {
                line: self.rows + index + 1,
                case: row.typed(vocabulary),
            }
        });
        let rows = rows.collect();
        self.left -= count;
        self.rows += count;
        Ok(rows)
    }

    fn open_group(&mut self) -> Result<(), ParquetError> {
        let group = self.file.get_row_group(self.group)?;
        let rows = group.metadata().num_rows();
        self.left = usize::try_from(rows)
            .map_err(|_| ParquetError::General(format!("a group of {rows} rows")))?;
        let columns = self.plans.iter().map(|plan| {
            Ok::<_, ParquetError>(Column {
                reader: group.get_column_reader(plan.leaf)?,
                kind: plan.kind,
                is_list: plan.is_list,
                max_def: plan.max_def,
            })
        });
        self.columns = columns.collect::<Result<_, _>>()?;
        self.group += 1;
        Ok(())
    }
}

/// Tells columns that are compressed as is not read here.
fn unpackable<R: ChunkReader + 'static>(
    file: &SerializedFileReader<R>,
    plans: &[Plan],
) -> Result<(), String> {
    let groups = file.metadata().row_groups().iter();
    let mut columns = groups.flat_map(|group| {
        let columns = plans
            .iter()
            .filter_map(|plan| group.columns().get(plan.leaf));
        columns.map(|column| column.compression())
    });
    match columns.find(|one| matches!(one, Compression::BROTLI(_) | Compression::LZO)) {
        Some(unread) => Err(format!(
            "the file is compressed as {unread}, which is not read: write it with zstd, snappy or gzip"
        )),
        None => Ok(()),
    }
}

/// The names of a file's columns: a list goes by the name of the list.
fn names(schema: &SchemaDescriptor) -> Vec<String> {
    let columns = schema.columns().iter();
    columns
        .map(|column| match column.path().parts() {
            [list, ..] if is_list(column) => list.clone(),
            parts => parts.join("."),
        })
        .collect()
}

/// How the columns that are to be read are read.
fn plans(schema: &SchemaDescriptor, header: &Header) -> Result<Vec<Plan>, String> {
    let mut plans = vec![];
    let mut faults = vec![];
    for (leaf, column) in header.columns().iter().enumerate() {
        if matches!(column.target, Target::Ignored | Target::Unknown) {
            continue;
        }
        let descriptor = schema.column(leaf);
        let holds_codes = matches!(
            column.target,
            Target::ProcedureCodes | Target::DiagnosisCodes
        );
        let kind = if descriptor.max_rep_level() > 1 || (is_list(&descriptor) && !holds_codes) {
            Err("lists, which only codes may".to_owned())
        } else {
            Kind::of(&descriptor)
        };
        match kind {
            Ok(kind) => plans.push(Plan {
                leaf,
                kind,
                is_list: is_list(&descriptor),
                max_def: descriptor.max_def_level(),
            }),
            Err(what) => faults.push(format!(
                "\"{0}\" holds {what}: write it as DATE, text, number or BOOLEAN, or leave it out with --ignore-column \"{0}\"",
                column.name
            )),
        }
    }
    if faults.is_empty() {
        Ok(plans)
    } else {
        Err(faults.join("; "))
    }
}

/// Takes over what a row has in one column.
fn take<'r>(row: &mut Row<'r>, target: &'r Target, name: &str, cell: Cell) {
    let values = match cell {
        Cell::Missing => return,
        Cell::One(value) => vec![value],
        Cell::List(values) => values,
    };
    for value in values {
        let text = match (value, target) {
            (Value::Truth(value), Target::Fact(name)) => {
                let value = Given::Typed(FactValue::Bool(value));
                row.facts.push((Cow::Borrowed(name), value));
                continue;
            }
            (Value::Number(value), Target::Fact(name)) => {
                let value = Given::Typed(FactValue::Number(value));
                row.facts.push((Cow::Borrowed(name), value));
                continue;
            }
            (Value::Faulty(fault), _) => {
                row.faults.push(format!("\"{name}\" {fault}"));
                continue;
            }
            (Value::Truth(value), _) => value.to_string(),
            (Value::Number(value), _) => value.to_string(),
            (Value::Text(text), _) => text,
        };
        row.set(target, Cow::Owned(text));
    }
}

#[cfg(test)]
mod tests;
