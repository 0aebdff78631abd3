//! What engines spell differently: names, literals, types, the shape of codes.

use crate::policy::FactKind;
use crate::text::is_hidden;

/// Whose SQL is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB.
    #[default]
    Duckdb,
    /// Spark SQL, and what is built on it.
    Spark,
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

/// The largest finite number.
const LARGEST: &str = "1.7976931348623157e308";

/// The names of Spark's numeric types.
const NUMERIC: &str = "^(tinyint|smallint|int|bigint|float|double|decimal[(].*)$";

/// The shape of one procedure code, in any case: CPT or HCPCS.
const PROCEDURE: &str = "[0-9]{4}[0-9AaFfMmTtUu]|[A-Za-z][0-9]{4}";

/// The shape of one ICD-10-CM code, in any case, its dot optional.
const DIAGNOSIS: &str = "[A-Za-z][0-9][0-9A-Za-z]([.]?[0-9A-Za-z]{1,4})?";

impl Dialect {
    /// Every dialect.
    pub const ALL: [Dialect; 4] = [
        Dialect::Duckdb,
        Dialect::Spark,
        Dialect::Postgres,
        Dialect::Sqlite,
    ];

    /// The name commands and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Duckdb => "duckdb",
            Dialect::Spark => "spark",
            Dialect::Postgres => "postgres",
            Dialect::Sqlite => "sqlite",
        }
    }

    /// How many bytes of a name the engine tells apart, if it is few.
    pub(super) fn longest_name(self) -> Option<usize> {
        (self == Dialect::Postgres).then_some(63)
    }

    /// How a query begins that others build on: `AS (`. PostgreSQL and SQLite
    /// would otherwise write each query into the next, and expressions double
    /// with every layer.
    pub(super) fn query(self) -> &'static str {
        match self {
            Dialect::Postgres | Dialect::Sqlite => "AS MATERIALIZED (",
            Dialect::Duckdb | Dialect::Spark => "AS (",
        }
    }

    /// A name that is taken as written, whatever is in it.
    pub(super) fn name_of(self, name: &str) -> String {
        match self {
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// A text as a literal. What engines read as an escape, and what cannot be
    /// seen, is written by number.
    pub(super) fn text(self, text: &str) -> String {
        let by_number = |one: char| one == '\\' || is_hidden(one);
        if self == Dialect::Spark {
            let mut literal = String::from("'");
            for one in text.chars() {
                // Two quotation marks in a row would join two literals.
                if one == '\'' || by_number(one) {
                    let mut units = [0; 2];
                    for unit in one.encode_utf16(&mut units) {
                        literal.push_str(&format!("\\u{unit:04X}"));
                    }
                } else {
                    literal.push(one);
                }
            }
            literal.push('\'');
            return literal;
        }
        let function = match self {
            Dialect::Sqlite => "char",
            _ => "chr",
        };
        let mut parts: Vec<String> = vec![];
        for part in text.split_inclusive(by_number) {
            let special = part.chars().next_back().filter(|one| by_number(*one));
            let plain = special.map_or(part, |one| &part[..part.len() - one.len_utf8()]);
            if !plain.is_empty() {
                parts.push(format!("'{}'", plain.replace('\'', "''")));
            }
            parts.extend(special.map(|one| format!("{function}({})", one as u32)));
        }
        match parts.as_slice() {
            [] => "''".to_owned(),
            [one] => one.clone(),
            _ => format!("({})", parts.join(" || ")),
        }
    }

    /// A finite number as a literal that every engine reads as a double of
    /// exactly this value when it is compared with one.
    pub(super) fn number(number: f64) -> String {
        if number == 0.0 {
            "0".to_owned()
        } else if number.fract() == 0.0 && number.abs() < 1e9 {
            format!("{number}")
        } else {
            format!("{number:e}")
        }
    }

    /// The type a fact's column should have.
    pub(super) fn type_of(self, kind: &FactKind) -> &'static str {
        match kind {
            FactKind::Bool => "BOOLEAN",
            FactKind::Number { .. } => self.double(),
            FactKind::Choice { .. } => self.varchar(),
        }
    }

    pub(super) fn varchar(self) -> &'static str {
        match self {
            Dialect::Duckdb => "VARCHAR",
            Dialect::Spark => "STRING",
            Dialect::Postgres | Dialect::Sqlite => "TEXT",
        }
    }

    fn double(self) -> &'static str {
        match self {
            Dialect::Duckdb | Dialect::Spark => "DOUBLE",
            Dialect::Postgres => "DOUBLE PRECISION",
            Dialect::Sqlite => "REAL",
        }
    }

    /// A column of the table as text, compared byte for byte.
    pub(super) fn as_text(self, column: &str) -> String {
        match self {
            // The collation of a column outlives a cast, but no operator.
            Dialect::Sqlite => format!("(CAST({column} AS TEXT) || '')"),
            _ => format!("CAST({column} AS {})", self.varchar()),
        }
    }

    /// A column of the table as a double.
    pub(super) fn as_double(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!(
                "CASE WHEN typeof({column}) IN ('integer', 'real') THEN CAST({column} AS REAL) END"
            ),
            _ => format!("CAST({column} AS {})", self.double()),
        }
    }

    /// That a column of the table holds something else than a finite number.
    /// DuckDB and PostgreSQL refuse a column of another type themselves; Spark
    /// would make a number of it, or nothing, and in SQLite every value has a
    /// type of its own.
    pub(super) fn not_a_number(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!(
                "typeof({column}) NOT IN ('integer', 'real', 'null') \
                 OR ABS(CAST({column} AS REAL)) = 9e999"
            ),
            Dialect::Spark => format!(
                "({column} IS NOT NULL AND NOT typeof({column}) RLIKE '{NUMERIC}') \
                 OR CAST({column} AS DOUBLE) NOT BETWEEN -{LARGEST} AND {LARGEST}"
            ),
            _ => format!("{column} NOT BETWEEN -{LARGEST} AND {LARGEST}"),
        }
    }

    /// That a pattern is somewhere in a text, for engines that have patterns:
    /// many times as fast as looking for one code after the other.
    pub(super) fn finds(self, text: &str, pattern: &str) -> Option<String> {
        match self {
            Dialect::Duckdb => Some(format!("regexp_matches({text}, '{pattern}')")),
            Dialect::Spark => Some(format!("{text} RLIKE '{pattern}'")),
            Dialect::Postgres => Some(format!("{text} ~ '{pattern}'")),
            Dialect::Sqlite => None,
        }
    }

    /// That codes separated by single or several blanks are not all of their
    /// shape.
    pub(super) fn malformed(self, codes: &str, procedures: bool) -> String {
        let shape = if procedures { PROCEDURE } else { DIAGNOSIS };
        match self {
            Dialect::Duckdb => {
                format!("NOT regexp_full_match({codes} || ' ', ' *(({shape}) +)*')")
            }
            // A blank behind which no well-formed code begins, but some text.
            Dialect::Spark => format!("(' ' || {codes} || ' ') RLIKE ' (?!({shape}) )[^ ]'"),
            Dialect::Postgres => format!("(' ' || {codes} || ' ') ~ ' (?!({shape}) )[^ ]'"),
            Dialect::Sqlite => {
                let shapes = sqlite_shapes(procedures);
                let shapes: Vec<String> = shapes
                    .iter()
                    .map(|shape| format!("one.value GLOB '{shape}'"))
                    .collect();
                // GLOB stops at a NUL: the two lengths differ if there is one.
                format!(
                    "length({codes}) <> length(CAST({codes} AS BLOB)) OR EXISTS (\
                     SELECT 1 FROM json_each('[' || REPLACE(json_quote({codes}), ' ', '\",\"') || ']') AS one \
                     WHERE one.value <> '' AND NOT ({}))",
                    shapes.join(" OR ")
                )
            }
        }
    }
}

/// The shapes for an engine without regular expressions.
fn sqlite_shapes(procedures: bool) -> Vec<String> {
    const DIGIT: &str = "[0-9]";
    const LETTER: &str = "[A-Za-z]";
    const EITHER: &str = "[0-9A-Za-z]";
    if procedures {
        let digits = DIGIT.repeat(4);
        return vec![
            format!("{digits}[0-9AaFfMmTtUu]"),
            format!("{LETTER}{digits}"),
        ];
    }
    let category = format!("{LETTER}{DIGIT}{EITHER}");
    let longer = (1..=4).flat_map(|more| {
        let more = EITHER.repeat(more);
        [format!("{category}{more}"), format!("{category}.{more}")]
    });
    std::iter::once(category.clone()).chain(longer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_cannot_end_early() {
        let names: Vec<_> = Dialect::ALL.map(|one| one.name_of("a\"b`c")).to_vec();
        assert_eq!(
            names,
            ["\"a\"\"b`c\"", "`a\"b``c`", "\"a\"\"b`c\"", "\"a\"\"b`c\""]
        );
        let texts: Vec<_> = Dialect::ALL
            .map(|one| one.text("it's\\no\u{200b}"))
            .to_vec();
        assert_eq!(
            texts,
            [
                "('it''s' || chr(92) || 'no' || chr(8203))",
                r"'it\u0027s\u005Cno\u200B'",
                "('it''s' || chr(92) || 'no' || chr(8203))",
                "('it''s' || char(92) || 'no' || char(8203))",
            ]
        );
        assert_eq!(Dialect::Duckdb.text(""), "''");
        assert_eq!(Dialect::Sqlite.text("\t"), "char(9)");
    }

    #[test]
    fn numbers_are_whole_or_doubles() {
        let table = [
            (3.0, "3"),
            (-50.0, "-50"),
            (-0.0, "0"),
            (0.1, "1e-1"),
            (2.5, "2.5e0"),
            (1e9, "1e9"),
            (f64::MAX, "1.7976931348623157e308"),
        ];
        for (number, literal) in table {
            assert_eq!(Dialect::number(number), literal);
        }
        assert_eq!(Dialect::number(f64::MAX), LARGEST);
    }
}
