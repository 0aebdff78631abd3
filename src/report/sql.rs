//! A replay as a statement for a database, with what it rests on above it.

use crate::replay::sql::Read;
use crate::text::SafeText;
use crate::workbench::WrittenSql;

/// The statement with its head of comments.
pub fn statement(written: &WrittenSql) -> Vec<u8> {
    let versions: Vec<String> = written.versions.iter().map(ToString::to_string).collect();
    let mut head = vec![
        format!("Replay of {}", versions.join(", ")),
        format!(
            "for {}, over the table {}.",
            written.dialect.name(),
            written.table
        ),
        "not-met means: criteria not met, for clinician review.".to_owned(),
        String::new(),
        "It reads the columns".to_owned(),
    ];
    let (missing, there): (Vec<&Read>, Vec<&Read>) = written
        .statement
        .reads
        .iter()
        .partition(|read| read.missing);
    let named = |read: &&Read| format!("  {} {}", read.column, read.kind);
    head.extend(there.iter().map(named));
    if !missing.is_empty() {
        head.push("and takes for missing in every case".to_owned());
        head.extend(missing.iter().map(named));
    }
    let evidence = &written.evidence;
    head.push(String::new());
    head.push(format!("program  {}", evidence.program));
    head.push(format!("library  {}", evidence.library.describe()));
    for file in &evidence.unusable {
        head.push(format!("not used {file}"));
    }
    for version in &evidence.versions {
        head.push(format!(
            "version  {} {} sha256 {}",
            version.version,
            version.provenance.name(),
            version.hash
        ));
    }
    let head: String = head.iter().map(|line| comment(line)).collect();
    format!("{head}\n{}\n", written.statement.sql).into_bytes()
}

/// A line of comment, whatever is in it: nothing can end the line early.
fn comment(line: &str) -> String {
    format!("-- {}", SafeText::exact(line))
        .trim_end()
        .to_owned()
        + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_one_line_whatever_is_in_it() {
        assert_eq!(
            comment("library  a\n; DROP TABLE cases;\r\u{2028}b"),
            "-- library  a<U+000A>; DROP TABLE cases;<U+000D><U+2028>b\n"
        );
        assert_eq!(comment(""), "--\n");
    }
}
