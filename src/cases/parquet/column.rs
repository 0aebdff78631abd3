//! One column of a Parquet file, value by value.

use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{AsBytes, DataType};
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::ColumnDescriptor;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Truth,
    Whole { signed: bool },
    Float,
    Decimal { scale: u32 },
    Day,
    Text,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Truth(bool),
    Number(f64),
    /// Text, or what is read as its text would be.
    Text(String),
    /// Not to be read, and why.
    Faulty(String),
}

/// What a row has in one column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Missing,
    One(Value),
    List(Vec<Value>),
}

impl Kind {
    /// What a column holds; or in words what it holds that is not read.
    pub(super) fn of(column: &ColumnDescriptor) -> std::result::Result<Kind, String> {
        let whole = |signed| Ok(Kind::Whole { signed });
        let decimal = || match u32::try_from(column.type_scale()) {
            Ok(scale) if scale <= 38 => Ok(Kind::Decimal { scale }),
            _ => Err(format!("decimals of scale {}", column.type_scale())),
        };
        use ConvertedType as C;
        let physical = column.physical_type();
        match (column.logical_type_ref(), column.converted_type(), physical) {
            (Some(LogicalType::Date), ..) | (None, C::DATE, _) => Ok(Kind::Day),
            (Some(LogicalType::Decimal { .. }), ..) | (None, C::DECIMAL, _) => decimal(),
            (Some(LogicalType::Integer(integer)), ..) => whole(integer.is_signed),
            (None, C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64, _) => whole(false),
            (None, C::INT_8 | C::INT_16 | C::INT_32 | C::INT_64, _) => whole(true),
            (None, C::NONE, Physical::INT32 | Physical::INT64) => whole(true),
            (None, C::NONE, Physical::BOOLEAN) => Ok(Kind::Truth),
            (None, C::NONE, Physical::FLOAT | Physical::DOUBLE) => Ok(Kind::Float),
            (Some(LogicalType::String | LogicalType::Enum), ..)
            | (None, C::UTF8 | C::ENUM | C::NONE, Physical::BYTE_ARRAY) => Ok(Kind::Text),
            (Some(LogicalType::Timestamp { .. }), ..)
            | (None, C::TIMESTAMP_MILLIS | C::TIMESTAMP_MICROS, _)
            | (_, _, Physical::INT96) => Err("points in time instead of dates".to_owned()),
            (Some(logical), ..) => Err(format!("{logical:?}, which are not read")),
            (None, C::NONE, physical) => Err(format!("{physical}, which are not read")),
            (None, converted, _) => Err(format!("{converted}, which are not read")),
        }
    }
}

/// A column that is being read.
pub(super) struct Column {
    pub(super) reader: ColumnReader,
    pub(super) kind: Kind,
    pub(super) is_list: bool,
    pub(super) max_def: i16,
}

impl Column {
    /// The cells of the next `count` rows.
    ///
    /// # Errors
    /// When the column is damaged or ends before that.
    pub(super) fn cells(&mut self, count: usize) -> Result<Vec<Cell>> {
        let shape = Shape {
            kind: self.kind,
            is_list: self.is_list,
            max_def: self.max_def,
        };
        use ColumnReader as C;
        match &mut self.reader {
            C::BoolColumnReader(reader) => {
                shape.read(reader, count, |value, _| Value::Truth(*value))
            }
            C::Int32ColumnReader(reader) => shape.read(reader, count, |value, kind| match kind {
                Kind::Day => day(*value),
                Kind::Whole { signed: false } => whole(i128::from(value.cast_unsigned()), 0),
                Kind::Decimal { scale } => whole(i128::from(*value), scale),
                _ => whole(i128::from(*value), 0),
            }),
            C::Int64ColumnReader(reader) => shape.read(reader, count, |value, kind| match kind {
                Kind::Whole { signed: false } => whole(i128::from(value.cast_unsigned()), 0),
                Kind::Decimal { scale } => whole(i128::from(*value), scale),
                _ => whole(i128::from(*value), 0),
            }),
            // As a person would write it: 0.1 is 0.1 in either width.
            C::FloatColumnReader(reader) => shape.read(reader, count, |value, _| {
                Value::Number(value.to_string().parse().unwrap_or(f64::from(*value)))
            }),
            C::DoubleColumnReader(reader) => {
                shape.read(reader, count, |value, _| Value::Number(*value))
            }
            C::ByteArrayColumnReader(reader) => {
                shape.read(reader, count, |value, kind| bytes(value.as_bytes(), kind))
            }
            C::FixedLenByteArrayColumnReader(reader) => {
                shape.read(reader, count, |value, kind| bytes(value.as_bytes(), kind))
            }
            C::Int96ColumnReader(_) => Err(ParquetError::General("points in time".to_owned())),
        }
    }
}

struct Shape {
    kind: Kind,
    is_list: bool,
    max_def: i16,
}

impl Shape {
    fn read<T: DataType>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        count: usize,
        make: impl Fn(&T::T, Kind) -> Value,
    ) -> Result<Vec<Cell>> {
        let (mut defs, mut reps, mut values) = (vec![], vec![], vec![]);
        let mut records = 0;
        while records < count {
            let (read, _, _) = reader.read_records(
                count - records,
                Some(&mut defs),
                Some(&mut reps),
                &mut values,
            )?;
            if read == 0 {
                return Err(ParquetError::EOF("a column ends too early".to_owned()));
            }
            records += read;
        }
        let mut values = values.iter().map(|value| make(value, self.kind));
        if self.max_def == 0 {
            return Ok(values.map(Cell::One).collect());
        }
        let mut cells = Vec::with_capacity(count);
        for (index, def) in defs.iter().enumerate() {
            let value = (*def == self.max_def).then(|| values.next()).flatten();
            if !self.is_list {
                cells.push(value.map_or(Cell::Missing, Cell::One));
            } else if reps.get(index).is_none_or(|rep| *rep == 0) {
                cells.push(Cell::List(value.into_iter().collect()));
            } else if let (Some(Cell::List(list)), Some(value)) = (cells.last_mut(), value) {
                list.push(value);
            }
        }
        Ok(cells)
    }
}

/// A whole number, or one of so many decimals.
fn whole(number: i128, scale: u32) -> Value {
    if scale == 0 {
        return Value::Text(number.to_string());
    }
    let sign = if number < 0 { "-" } else { "" };
    let digits = number.unsigned_abs().to_string();
    let width = scale as usize + 1;
    let digits = format!("{digits:0>width$}");
    let (whole, part) = digits.split_at(digits.len() - scale as usize);
    Value::Text(format!("{sign}{whole}.{part}"))
}

/// A day, counted from 1 January 1970.
fn day(days: i32) -> Value {
    let day = jiff::civil::date(1970, 1, 1);
    match day.checked_add(jiff::Span::new().try_days(days).unwrap_or_default()) {
        Ok(day) if days.unsigned_abs() < 1_000_000 => Value::Text(day.to_string()),
        _ => Value::Faulty(format!("is no date: it lies {days} days after 1970-01-01")),
    }
}

fn bytes(bytes: &[u8], kind: Kind) -> Value {
    if let Kind::Decimal { scale } = kind {
        let Some((first, _)) = bytes.split_first().filter(|_| bytes.len() <= 16) else {
            return Value::Faulty("is no decimal".to_owned());
        };
        let sign = if first & 0x80 == 0 { 0 } else { -1 };
        let number = bytes
            .iter()
            .fold(sign, |number: i128, byte| number << 8 | i128::from(*byte));
        return whole(number, scale);
    }
    if bytes.contains(&0) {
        return Value::Faulty("holds a NUL character".to_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::Text(text.to_owned()),
        Err(error) => Value::Faulty(format!(
            "is not UTF-8 text at its byte {}",
            error.valid_up_to() + 1
        )),
    }
}

/// Whether a column is a list of values, not a list of lists.
pub(super) fn is_list(column: &ColumnDescriptor) -> bool {
    column.max_rep_level() == 1
}
