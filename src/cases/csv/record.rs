//! Where a record begins and ends, and its fields: RFC 4180, byte by byte.
//!
//! This scanner defines what a record is. Whatever is faster hands it every
//! row in which it meets more than plain fields.
//!
//! A fault of quotation marks rejects the row, and reading goes on at the line
//! after the one on which the faulty field begins: a forgotten mark must not
//! swallow the rows that follow it.

use std::borrow::Cow;
use std::ops::Range;

/// A record may be this long, in bytes.
pub const MAX_RECORD: usize = 1024 * 1024;

/// Finds one record after another. Bytes are given piece by piece: each call
/// is given those that the calls before did not take.
#[derive(Clone, Debug)]
pub struct Scanner {
    line: usize,
    offset: u64,
    /// Whether the rest of a line that was too long is to be passed over.
    skipping: bool,
}

/// What stands at the beginning of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan<'b> {
    /// A record.
    Record(Record<'b>),
    /// Nothing: a blank line, or what is left of one that was too long.
    Blank(Taken),
    /// More bytes are needed to tell. Never for [`MAX_RECORD`] bytes or more.
    More,
    /// Nothing is left.
    End,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'b> {
    /// Its fields, without quotation marks. Not to be used if there is a fault.
    pub fields: Vec<Cow<'b, [u8]>>,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// What it takes.
    pub taken: Taken,
    /// Whether a line end follows it; otherwise it may have been cut off.
    pub is_terminated: bool,
    /// Why its fields cannot be told.
    pub fault: Option<Fault>,
}

/// A stretch of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The bytes, line end included, counted from the start of the input.
    pub bytes: Range<u64>,
    /// The line ends in them.
    pub lines: usize,
}

impl Taken {
    /// How many bytes it is long.
    pub fn length(&self) -> usize {
        (self.bytes.end - self.bytes.start) as usize
    }
}

/// Why the fields of a record cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A quotation mark opens a field, and none closes it.
    Unclosed {
        /// The field, counted from 0.
        field: usize,
        /// The line on which it begins.
        line: usize,
    },
    /// Text follows the quotation mark that closes a field.
    AfterQuote {
        /// The field, counted from 0.
        field: usize,
        /// The line on which it begins.
        line: usize,
    },
    /// It is longer than [`MAX_RECORD`].
    TooLong,
}

impl Default for Scanner {
    fn default() -> Self {
        Scanner::at(1, 0)
    }
}

impl Scanner {
    /// A scanner of an input from somewhere in the middle: the beginning of a
    /// record, on `line`, at `offset`.
    pub fn at(line: usize, offset: u64) -> Self {
        Scanner {
            line,
            offset,
            skipping: false,
        }
    }

    /// The line on which the next record begins.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Where the next record begins.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The record at the beginning of `bytes`; `is_end` tells that the input
    /// ends with them.
    pub fn next<'b>(&mut self, bytes: &'b [u8], is_end: bool) -> Scan<'b> {
        if bytes.is_empty() {
            return if is_end { Scan::End } else { Scan::More };
        }
        if self.skipping {
            let end = line_end(bytes, 0);
            self.skipping = end.is_none();
            return Scan::Blank(self.take(bytes, end.unwrap_or(bytes.len())));
        }
        // What is blank is told line by line.
        let blank = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
        let first_line_end = line_end(&bytes[..blank.unwrap_or(bytes.len())], 0);
        if let Some(end) = first_line_end {
            return Scan::Blank(self.take(bytes, end));
        }
        if blank.is_none() && (is_end || bytes.len() >= MAX_RECORD) {
            return Scan::Blank(self.take(bytes, bytes.len()));
        }
        let Some(extent) = extent(bytes, is_end) else {
            return Scan::More;
        };
        let line = self.line;
        let here = |lines: usize| line + lines;
        let fault = extent.fault.map(|fault| match fault {
            Fault::Unclosed { field, line } => Fault::Unclosed {
                field,
                line: here(line),
            },
            Fault::AfterQuote { field, line } => Fault::AfterQuote {
                field,
                line: here(line),
            },
            Fault::TooLong => Fault::TooLong,
        });
        let taken = self.take(bytes, extent.end);
        let is_terminated = bytes[..extent.end].ends_with(b"\n");
        // Whether the line goes on beyond the bytes given.
        self.skipping = fault.is_some() && !is_terminated && !is_end;
        Scan::Record(Record {
            fields: extent.fields,
            line,
            taken,
            is_terminated,
            fault,
        })
    }

    fn take(&mut self, bytes: &[u8], length: usize) -> Taken {
        let lines = bytes[..length]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let from = self.offset;
        self.offset += length as u64;
        self.line += lines;
        Taken {
            bytes: from..self.offset,
            lines,
        }
    }
}

/// A record within some bytes.
struct Extent<'b> {
    fields: Vec<Cow<'b, [u8]>>,
    end: usize,
    fault: Option<Fault>,
}

/// The end of the line that `from` is on, its line end included.
fn line_end(bytes: &[u8], from: usize) -> Option<usize> {
    let found = bytes[from..].iter().position(|byte| *byte == b'\n');
    found.map(|at| from + at + 1)
}

/// The record at the beginning of `bytes`; none if it takes more to tell.
/// Lines are counted from 0.
fn extent(bytes: &[u8], is_end: bool) -> Option<Extent<'_>> {
    let is_long = bytes.len() >= MAX_RECORD;
    let bytes_within = &bytes[..bytes.len().min(MAX_RECORD)];
    let may_wait = !is_end && !is_long;
    let ends = is_end && bytes.len() == bytes_within.len();
    let mut fields = vec![];
    let mut at = 0;
    loop {
        let start = at;
        let field = match field(bytes_within, at, ends) {
            Ok(field) => field,
            Err(_) if may_wait => return None,
            Err(fault) => {
                let from = match fault {
                    FieldFault::TooLong => at.max(bytes_within.len() - 1),
                    _ => start,
                };
                let line = bytes[..start].iter().filter(|byte| **byte == b'\n').count();
                return Some(Extent {
                    end: line_end(bytes, from).unwrap_or(bytes.len()),
                    fault: Some(fault.in_field(fields.len(), line)),
                    fields: vec![],
                });
            }
        };
        fields.push(field.value);
        at = field.end;
        match bytes_within.get(at) {
            Some(b',') => at += 1,
            // The end of the line, or of the input.
            other => {
                return Some(Extent {
                    fields,
                    end: at + usize::from(other.is_some()),
                    fault: None,
                });
            }
        }
    }
}

/// A field, and where the mark that ends it stands.
struct Field<'b> {
    value: Cow<'b, [u8]>,
    end: usize,
}

enum FieldFault {
    Unclosed,
    AfterQuote,
    TooLong,
}

impl FieldFault {
    fn in_field(self, field: usize, line: usize) -> Fault {
        match self {
            FieldFault::Unclosed => Fault::Unclosed { field, line },
            FieldFault::AfterQuote => Fault::AfterQuote { field, line },
            FieldFault::TooLong => Fault::TooLong,
        }
    }
}

/// The field that begins at `start`; `ends` tells that the input ends with
/// `bytes`.
fn field(bytes: &[u8], start: usize, ends: bool) -> Result<Field<'_>, FieldFault> {
    if bytes.get(start) == Some(&b'"') {
        return quoted(bytes, start + 1, ends);
    }
    let found = bytes[start..]
        .iter()
        .position(|byte| *byte == b',' || *byte == b'\n');
    let end = match found {
        Some(length) => start + length,
        None if ends => bytes.len(),
        None => return Err(FieldFault::TooLong),
    };
    let text = &bytes[start..end];
    let is_last = bytes.get(end) != Some(&b',');
    let text = match text {
        [text @ .., b'\r'] if is_last => text,
        text => text,
    };
    let end = start + text.len();
    Ok(Field {
        value: Cow::Borrowed(text),
        end: past_return(bytes, end),
    })
}

/// Where the line end after a field stands: a carriage return belongs to it.
fn past_return(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    at + usize::from(rest.starts_with(b"\r\n") || rest == b"\r")
}

/// The field whose opening quotation mark stands before `start`.
fn quoted(bytes: &[u8], start: usize, ends: bool) -> Result<Field<'_>, FieldFault> {
    let mut value = Cow::Borrowed(&bytes[start..start]);
    let mut from = start;
    loop {
        let found = bytes[from..].iter().position(|byte| *byte == b'"');
        let mark = from + found.ok_or(FieldFault::Unclosed)?;
        let part = &bytes[from..mark];
        match value {
            Cow::Borrowed([]) => value = Cow::Borrowed(part),
            _ => value.to_mut().extend_from_slice(part),
        }
        let end = past_return(bytes, mark + 1);
        match bytes.get(mark + 1) {
            Some(b'"') => {
                value.to_mut().push(b'"');
                from = mark + 2;
                continue;
            }
            // A mark may follow that makes this one part of the field.
            None if !ends => return Err(FieldFault::Unclosed),
            _ => {}
        }
        return match bytes.get(end) {
            None if ends => Ok(Field { value, end }),
            Some(b',' | b'\n') if end == mark + 1 || bytes[end] == b'\n' => {
                Ok(Field { value, end })
            }
            None => Err(FieldFault::Unclosed),
            Some(_) => Err(FieldFault::AfterQuote),
        };
    }
}
