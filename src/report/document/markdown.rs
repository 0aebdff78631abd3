//! A document as Markdown.

use super::{Block, Branch, Run};
use crate::report::page::Role;
use crate::text::SafeText;

/// The document.
pub fn markdown(blocks: &[Block]) -> Vec<u8> {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Heading(level, text) => {
                let marks = "#".repeat(usize::from((*level).clamp(1, 6)));
                out.push_str(&format!("{marks} {}\n\n", escaped(text)));
            }
            Block::Paragraph(runs) => out.push_str(&format!("{}\n\n", inline(runs))),
            Block::List(items) => {
                for item in items {
                    out.push_str(&format!("- {}\n", inline(item)));
                }
                out.push('\n');
            }
            Block::Table { head, rows } => {
                let cells = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
                out.push_str(&cells(head.iter().map(|cell| escaped(cell)).collect()));
                out.push_str(&cells(head.iter().map(|_| "---".to_owned()).collect()));
                for row in rows {
                    out.push_str(&cells(row.iter().map(|cell| inline(cell)).collect()));
                }
                out.push('\n');
            }
            Block::Tree(branches) => {
                write_tree(branches, 0, &mut out);
                out.push('\n');
            }
            Block::Chart(_) => {}
        }
    }
    out.into_bytes()
}

fn write_tree(branches: &[Branch], depth: usize, out: &mut String) {
    for branch in branches {
        let indent = "  ".repeat(depth);
        out.push_str(&format!("{indent}- {}\n", inline(&branch.runs)));
        write_tree(&branch.below, depth + 1, out);
    }
}

/// Words that came or went keep their marks: not every reader of Markdown
/// draws lines through text.
fn inline(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| {
            let text = escaped(&run.text);
            match run.role {
                Role::Plain | Role::Quiet | Role::Doubt => text,
                Role::Heading | Role::Found => format!("**{}**", text.trim()),
                Role::Good => format!("{{+{text}+}}"),
                Role::Bad => format!("\\[-{text}-\\]"),
            }
        })
        .collect()
}

/// Text in which nothing is markup and nothing hides.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in SafeText::exact(text).as_str().chars() {
        if "\\`*_{}[]<>#|~!&".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::{plain, run};
    use super::*;

    #[test]
    fn nothing_of_a_document_becomes_markup() {
        let blocks = [Block::Paragraph(vec![
            plain("# a [link](x) | <b> `code`"),
            run(Role::Bad, "*gone*"),
        ])];
        let text = String::from_utf8(markdown(&blocks)).expect("UTF-8");
        assert_eq!(
            text,
            "\\# a \\[link\\](x) \\| \\<b\\> \\`code\\`\\[-\\*gone\\*-\\]\n\n"
        );
    }
}
