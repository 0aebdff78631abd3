use std::sync::Arc;

use bytes::Bytes;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    FloatType, Int32Type, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::*;
use crate::cases::csv::CsvRows;
use crate::library::{EmbeddedSource, load};
use crate::policy::Policy;

fn policies() -> &'static [Policy] {
    static POLICIES: std::sync::LazyLock<Vec<Policy>> =
        std::sync::LazyLock::new(|| load(&EmbeddedSource).expect("the library").policies);
    &POLICIES
}

/// The values of one column, with the levels of definition and repetition.
enum Values {
    Bool(Vec<bool>, Vec<i16>),
    Int32(Vec<i32>, Vec<i16>),
    Int64(Vec<i64>, Vec<i16>),
    Float(Vec<f32>, Vec<i16>),
    Double(Vec<f64>, Vec<i16>),
    Text(Vec<&'static [u8]>, Vec<i16>, Vec<i16>),
    Fixed(Vec<Vec<u8>>, Vec<i16>),
}

/// A file of that schema, its columns in each of `groups` groups.
fn written(schema: &str, groups: &[Vec<Values>]) -> Vec<u8> {
    let schema =
        Arc::new(parse_message_type(&format!("message cases {{{schema}}}")).expect("a schema"));
    let properties = Arc::new(WriterProperties::builder().build());
    let mut bytes = vec![];
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).expect("a writer");
    for columns in groups {
        let mut group = writer.next_row_group().expect("a group");
        for values in columns {
            let mut column = group.next_column().expect("a column").expect("a column");
            macro_rules! write {
                ($type:ty, $values:expr, $defs:expr, $reps:expr) => {{
                    let typed = column.typed::<$type>();
                    typed
                        .write_batch(&$values, Some($defs), $reps)
                        .expect("values");
                }};
            }
            match values {
                Values::Bool(values, defs) => write!(BoolType, values, defs, None),
                Values::Int32(values, defs) => write!(Int32Type, values, defs, None),
                Values::Int64(values, defs) => write!(Int64Type, values, defs, None),
                Values::Float(values, defs) => write!(FloatType, values, defs, None),
                Values::Double(values, defs) => write!(DoubleType, values, defs, None),
                Values::Text(values, defs, reps) => {
                    let values: Vec<ByteArray> =
                        values.iter().map(|one| one.to_vec().into()).collect();
                    let reps = (!reps.is_empty()).then_some(reps.as_slice());
                    write!(ByteArrayType, values, defs, reps)
                }
                Values::Fixed(values, defs) => {
                    let values: Vec<FixedLenByteArray> = values
                        .iter()
                        .map(|one| ByteArray::from(one.clone()).into())
                        .collect();
                    write!(FixedLenByteArrayType, values, defs, None)
                }
            }
            column.close().expect("a column");
        }
        group.close().expect("a group");
    }
    writer.close().expect("a file");
    bytes
}

fn texts(values: &[&'static str]) -> Values {
    let defs = values.iter().map(|one| i16::from(!one.is_empty()));
    let present = values.iter().filter(|one| !one.is_empty());
    Values::Text(
        present.map(|one| one.as_bytes()).collect(),
        defs.collect(),
        vec![],
    )
}

fn rows(bytes: Vec<u8>) -> Vec<ReadRow> {
    let vocabulary = Vocabulary::of(policies());
    ParquetRows::new(Bytes::from(bytes), &ColumnMap::default(), &vocabulary).collect()
}

fn rejects(rows: &[ReadRow]) -> String {
    let rejects = rows.iter().filter_map(|row| {
        let reason = row.case.as_ref().err()?;
        Some(format!("{}: {reason}", row.line))
    });
    rejects.collect::<Vec<_>>().join("\n")
}

const SCHEMA: &str = "
    optional binary case_id (UTF8);
    optional int32 service_date (DATE);
    optional group procedure_codes (LIST) { repeated group list { optional int32 element; } }
    optional binary diagnosis_codes (UTF8);
    optional boolean local_infection;
    optional int32 active_infection;
    optional double life_expectancy_months;
    optional float pain_reduction_pct;
    optional binary service (ENUM);";

fn group() -> Vec<Values> {
    vec![
        texts(&["a", "b", "c"]),
        Values::Int32(vec![18276, 2_000_000], vec![1, 0, 1]),
        // [62351, 62350], missing, [null, 62351]
        Values::Int32(vec![], vec![]),
        texts(&["g90521; M961", "", " "]),
        Values::Bool(vec![true, false], vec![1, 0, 1]),
        Values::Int32(vec![1, 2], vec![1, 0, 1]),
        Values::Double(vec![3.5, f64::NAN], vec![1, 0, 1]),
        Values::Float(vec![0.1, 50.0], vec![1, 0, 1]),
        texts(&["trial", "", "temporary"]),
    ]
}

/// [`group`] with its list of codes, which no array of values alone tells.
fn file(groups: usize) -> Vec<u8> {
    let schema = SCHEMA.replace("optional int32 element", "optional binary element (UTF8)");
    let groups: Vec<_> = (0..groups)
        .map(|_| {
            let mut group = group();
            group[2] = Values::Text(
                vec![b"62351", b"62350", b"62351"],
                vec![3, 3, 0, 2, 3],
                vec![0, 1, 0, 0, 1],
            );
            group
        })
        .collect();
    written(&schema, &groups)
}

#[test]
fn a_value_means_what_its_text_would() {
    let read = rows(file(2));
    assert_eq!(
        read.iter().map(|row| row.line).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6]
    );
    let csv = "case_id,service_date,procedure_codes,diagnosis_codes,local_infection,active_infection,life_expectancy_months,pain_reduction_pct,service\n\
        a,2020-01-15,62351 62350,g90521;m961,yes,1,3.5,0.1,trial\nb,,,,,,,,\n";
    let vocabulary = Vocabulary::of(policies());
    let map = ColumnMap::default();
    let same: Vec<_> = CsvRows::new(csv.as_bytes(), &map, &vocabulary).collect();
    let cases: Vec<_> = read[..2].iter().map(|row| &row.case).collect();
    assert_eq!(cases, [&same[0].case, &same[1].case]);
    insta::assert_snapshot!(rejects(&read[..3]));
}

#[test]
fn numbers_of_every_width_are_written_out() {
    let schema = "
        required int64 case_id (INTEGER(64,false));
        optional int64 life_expectancy_months (DECIMAL(18,2));
        optional fixed_len_byte_array(3) pain_reduction_pct (DECIMAL(6,1));";
    let mut read = rows(written(
        schema,
        &[vec![
            Values::Int64(vec![-1, 7, 8], vec![0, 0, 0]),
            Values::Int64(vec![-5, 350], vec![1, 1, 0]),
            Values::Fixed(
                vec![vec![0xff, 0xff, 0xfe], vec![0, 1, 0xf4]],
                vec![1, 1, 0],
            ),
        ]],
    ));
    let shown = |row: &ReadRow| {
        let case = row.case.as_ref().expect("a case");
        let facts: Vec<_> = case
            .request
            .facts
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        format!("{}: {}", case.id, facts.join(", "))
    };
    assert_eq!(
        read.drain(..).map(|row| shown(&row)).collect::<Vec<_>>(),
        [
            "18446744073709551615: life_expectancy_months -0.05, pain_reduction_pct -0.2",
            "7: life_expectancy_months 3.5, pain_reduction_pct 50",
            "8: ",
        ]
    );
}

#[test]
fn columns_that_cannot_be_read_are_told_of() {
    let point = "optional int64 service_date (TIMESTAMP(MICROS,true));";
    let list = "optional group drug (LIST) { repeated group list { optional binary element; } }";
    let other = "optional binary colour;";
    let told: Vec<_> = [
        vec![],
        b"PAR1 is not enough".to_vec(),
        written(&format!("optional binary case_id; {point} {list}"), &[]),
        written("optional binary note;", &[]),
        written(&format!("optional binary case_id; {other}"), &[]),
        written(
            "optional binary case_id;",
            &[vec![Values::Text(
                vec![b"\xff", b"a\0"],
                vec![1, 0, 1],
                vec![],
            )]],
        ),
    ]
    .into_iter()
    .map(|file| rejects(&rows(file)))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    /// A damaged file is read as far as it goes, and told of.
    #[test]
    fn damaged_files_never_panic(
        at in 0.0f64..1.0, length in 0usize..4, put: Vec<u8>, cut in 0usize..40,
    ) {
        static FILE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| file(2));
        let at = (at * FILE.len() as f64) as usize;
        let end = (at + length).min(FILE.len());
        let put = &put[..put.len().min(6)];
        let mut bytes = [&FILE[..at], put, &FILE[end..]].concat();
        bytes.truncate(bytes.len() - cut.saturating_sub(30));
        let read = rows(bytes);
        proptest::prop_assert!(!read.is_empty());
    }
}
