//! A document as one HTML file: no script, nothing fetched, made to be printed.

use super::{Block, Branch, Run, svg};
use crate::report::page::Role;
use crate::text::SafeText;

const STYLE: &str = "\
body{font:11pt/1.5 Georgia,serif;max-width:48em;margin:2em auto;padding:0 1em;color:#1a1a1a;background:#fff}\
h1,h2,h3,h4{font-family:Helvetica,Arial,sans-serif;line-height:1.2}h1{font-size:1.5em}\
h2{font-size:1.15em;border-bottom:1px solid #bbb;margin-top:1.8em}h3,h4{font-size:1em;margin-bottom:.2em}h4{font-weight:normal}\
table{border-collapse:collapse;width:100%;margin:.6em 0}\
th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top}th{background:#f2f2f2}\
ins{text-decoration:underline;background:#dff0e0;color:#0b4f1c}\
del{text-decoration:line-through;background:#fbe3e1;color:#7a1710}\
.quiet{color:#666;overflow-wrap:anywhere}.doubt{background:#fff3cd}\
.wide{font-size:.75em}.wide td,.wide th,.long{overflow-wrap:anywhere}\
svg{display:block;max-width:100%;height:auto;margin:.6em 0}\
@page{margin:18mm 16mm}\
@media print{body{margin:0;padding:0;max-width:none;font-size:10pt}\
h1,h2,h3,h4{break-after:avoid}tr,li,p,svg{break-inside:avoid}thead{display:table-header-group}\
ins,del,th,.doubt{-webkit-print-color-adjust:exact;print-color-adjust:exact}}";

/// The document.
pub fn html(title: &str, blocks: &[Block]) -> Vec<u8> {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        escaped(title)
    );
    for (number, block) in blocks.iter().enumerate() {
        write_block(block, number, &mut out);
    }
    out.push_str("</body>\n</html>\n");
    out.into_bytes()
}

fn write_block(block: &Block, number: usize, out: &mut String) {
    match block {
        Block::Heading(level, text) => {
            let level = (*level).clamp(1, 6);
            out.push_str(&format!("<h{level}>{}</h{level}>\n", escaped(text)));
        }
        Block::Paragraph(runs) => out.push_str(&format!("<p>{}</p>\n", inline(runs))),
        Block::List(items) => {
            out.push_str("<ul>\n");
            for item in items {
                out.push_str(&format!("<li>{}</li>\n", inline(item)));
            }
            out.push_str("</ul>\n");
        }
        Block::Table { head, rows } => {
            write_table(head, rows, out);
        }
        Block::Tree(branches) => write_tree(branches, out),
        Block::Chart(chart) => svg::write(chart, number, out),
    }
}

/// So many columns fit a page with words whole.
const COLUMNS: usize = 8;
/// And words of so many characters.
const WORD: usize = 40;

/// A table. Nothing in it may be cut by the edge of a page: words are broken
/// where they would not fit.
fn write_table(head: &[String], rows: &[Vec<Vec<Run>>], out: &mut String) {
    let class = if head.len() > COLUMNS {
        " class=\"wide\""
    } else {
        ""
    };
    out.push_str(&format!("<table{class}>\n<thead><tr>"));
    for cell in head {
        out.push_str(&format!("<th{}>{}</th>", breaking([cell]), escaped(cell)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let class = breaking(cell.iter().map(|run| &run.text));
            out.push_str(&format!("<td{class}>{}</td>", inline(cell)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

fn breaking<'a>(texts: impl IntoIterator<Item = &'a String>) -> &'static str {
    let mut words = texts.into_iter().flat_map(|text| text.split(' '));
    if words.any(|word| word.chars().count() > WORD) {
        " class=\"long\""
    } else {
        ""
    }
}

fn write_tree(branches: &[Branch], out: &mut String) {
    out.push_str("<ul>\n");
    for branch in branches {
        out.push_str(&format!("<li>{}", inline(&branch.runs)));
        if !branch.below.is_empty() {
            out.push('\n');
            write_tree(&branch.below, out);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn inline(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| {
            let text = escaped(&run.text);
            match run.role {
                Role::Plain => text,
                Role::Heading | Role::Found => format!("<strong>{text}</strong>"),
                Role::Quiet => format!("<span class=\"quiet\">{text}</span>"),
                Role::Good => format!("<ins>{text}</ins>"),
                Role::Bad => format!("<del>{text}</del>"),
                Role::Doubt => format!("<span class=\"doubt\">{text}</span>"),
            }
        })
        .collect()
}

/// Text in which nothing is markup and nothing hides.
pub(super) fn escaped(text: &str) -> String {
    SafeText::exact(text)
        .as_str()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::super::{plain, run};
    use super::*;

    #[test]
    fn nothing_of_a_document_becomes_markup() {
        let hostile = "<script>alert('x')</script>\" onload=\"y\u{202e}";
        let blocks = [
            Block::Heading(1, hostile.to_owned()),
            Block::Paragraph(vec![run(Role::Bad, hostile)]),
            Block::Table {
                head: vec![hostile.to_owned()],
                rows: vec![vec![vec![plain(hostile)]]],
            },
        ];
        let page = String::from_utf8(html(hostile, &blocks)).expect("UTF-8");
        assert!(!page.contains("<script"));
        assert!(!page.contains("onload=\""));
        assert!(!page.contains('\u{202e}'));
        assert!(page.contains("&lt;U+202E&gt;"));
    }

    #[test]
    fn nothing_is_cut_by_the_edge_of_a_page() {
        let table = |columns: usize, word: usize| {
            let page = html(
                "",
                &[Block::Table {
                    head: vec!["name".to_owned(); columns],
                    rows: vec![vec![vec![plain("x".repeat(word))]; columns]],
                }],
            );
            String::from_utf8(page).expect("UTF-8")
        };
        assert!(table(COLUMNS, WORD).contains("<table>\n<thead><tr><th>"));
        assert!(table(COLUMNS + 1, WORD).contains("<table class=\"wide\">"));
        assert!(table(COLUMNS, WORD + 1).contains("<td class=\"long\">"));
    }
}
