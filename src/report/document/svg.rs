//! Charts as SVG inside a page: no script, told apart by pattern and label as
//! well as by colour, with their figures as a text alternative.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Chart;
use super::html::escaped;
use crate::report::grouped;

/// All measures are in units of which a chart is so many wide.
const WIDTH: u64 = 720;
/// About the width of a character.
const CHARACTER: u64 = 7;
const BAR: u64 = 26;
const STEP: u64 = 36;
/// A name takes so many columns at most.
const NAME_COLUMNS: usize = 36;

/// Writes a chart. `number` tells it apart from the others of the page.
pub(super) fn write(chart: &Chart, number: usize, out: &mut String) {
    let (body, height) = match chart {
        Chart::Parts { parts, bars, .. } => self::parts(parts, bars, number),
        Chart::Shares { of, bars, .. } => shares(*of, bars),
        Chart::Matrix { names, cells, .. } => matrix(names, cells),
    };
    out.push_str(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" \
         aria-labelledby=\"chart{number}-title chart{number}-desc\" \
         font-family=\"Helvetica,Arial,sans-serif\" font-size=\"12\" fill=\"#111\">\n\
         <title id=\"chart{number}-title\">{}</title>\n\
         <desc id=\"chart{number}-desc\">{}</desc>\n{body}</svg>\n",
        escaped(chart.title()),
        escaped(&chart.in_words()),
    ));
}

/// A part's look: a plain dark tone, stripes, dots, and white.
fn fill(part: usize, number: usize) -> String {
    match part % 4 {
        0 => "#5b9bd0".to_owned(),
        1 => format!("url(#chart{number}-stripes)"),
        2 => format!("url(#chart{number}-dots)"),
        _ => "#fff".to_owned(),
    }
}

fn patterns(number: usize) -> String {
    format!(
        "<defs>\n\
         <pattern id=\"chart{number}-stripes\" width=\"8\" height=\"8\" \
         patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect width=\"8\" height=\"8\" fill=\"#fbe0b5\"/>\
         <rect width=\"3\" height=\"8\" fill=\"#c97b00\"/></pattern>\n\
         <pattern id=\"chart{number}-dots\" width=\"7\" height=\"7\" \
         patternUnits=\"userSpaceOnUse\"><rect width=\"7\" height=\"7\" fill=\"#ececec\"/>\
         <circle cx=\"3\" cy=\"3\" r=\"1.5\" fill=\"#444\"/></pattern>\n</defs>\n"
    )
}

fn parts(parts: &[String], bars: &[(String, Vec<u64>)], number: usize) -> (String, u64) {
    let mut body = patterns(number);
    let mut x = 1;
    for (part, name) in parts.iter().enumerate() {
        body.push_str(&rect(x, 4, 16, 16, &fill(part, number)));
        body.push_str(&text(x + 22, 16, "start", name));
        x += 22 + CHARACTER * name.width() as u64 + 24;
    }
    let left = names_width(bars.iter().map(|(name, _)| name));
    let room = WIDTH - left - 90;
    let mut y = 36;
    for (name, counts) in bars {
        let total: u64 = counts.iter().sum();
        body.push_str(&text(left - 10, y + 17, "end", &shortened(name)));
        let mut before = 0;
        for (part, count) in counts.iter().enumerate() {
            let (from, to) = (
                scaled(before, total, room),
                scaled(before + count, total, room),
            );
            before += count;
            if *count == 0 {
                continue;
            }
            body.push_str(&rect(left + from, y, to - from, BAR, &fill(part, number)));
            let label = grouped(*count);
            if to - from > CHARACTER * label.len() as u64 + 8 {
                body.push_str(&label_on(left + (from + to) / 2, y + 17, &label));
            }
        }
        let all = format!("{} cases", grouped(total));
        body.push_str(&text(left + room + 8, y + 17, "start", &all));
        y += STEP;
    }
    (body, y)
}

fn shares(of: u64, bars: &[(String, u64)]) -> (String, u64) {
    let mut body = String::new();
    let left = names_width(bars.iter().map(|(name, _)| name));
    let room = WIDTH - left - 190;
    let mut y = 4;
    for (name, count) in bars {
        let width = scaled(*count, of, room).max(1);
        body.push_str(&text(left - 10, y + 17, "end", &shortened(name)));
        body.push_str(&rect(left, y, room, BAR, "#fff"));
        body.push_str(&rect(left, y, width, BAR, "#5b9bd0"));
        let share = format!("{} of {}", grouped(*count), grouped(of));
        body.push_str(&text(left + room + 8, y + 17, "start", &share));
        y += STEP;
    }
    (body, y)
}

/// Where nothing changed is marked by a dashed border; the rest is the darker
/// the more cases.
fn matrix(names: &[String], cells: &[Vec<u64>]) -> (String, u64) {
    const CELL: u64 = 110;
    let left = names_width(names.iter()).max(110);
    let off_diagonal = |row: usize, column: usize| row != column;
    let most = cells.iter().enumerate().flat_map(|(row, counts)| {
        let counts = counts.iter().enumerate();
        counts.filter_map(move |(column, count)| off_diagonal(row, column).then_some(*count))
    });
    let most = most.max().unwrap_or(0);
    let mut body = text(left - 10, 16, "end", "before / after");
    for (column, name) in names.iter().enumerate() {
        let x = left + CELL * column as u64 + CELL / 2;
        body.push_str(&text(x, 16, "middle", name));
    }
    let mut y = 26;
    for (row, (name, counts)) in names.iter().zip(cells).enumerate() {
        body.push_str(&text(left - 10, y + 17, "end", name));
        for (column, count) in counts.iter().enumerate() {
            let x = left + CELL * column as u64;
            let look = match (off_diagonal(row, column), *count) {
                (false, _) => "fill=\"#f4f4f4\" stroke-dasharray=\"4 3\"".to_owned(),
                (true, 0) => "fill=\"#fff\"".to_owned(),
                (true, _) => {
                    let shade = 20 + scaled(*count, most, 60);
                    format!("fill=\"#e69f00\" fill-opacity=\"0.{shade}\"")
                }
            };
            body.push_str(&format!(
                "<rect x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{BAR}\" {look} stroke=\"#555\"/>\n",
                x + 2,
                CELL - 4
            ));
            body.push_str(&text(x + CELL / 2, y + 17, "middle", &grouped(*count)));
        }
        y += BAR + 4;
    }
    (body, y + 2)
}

/// So much of `room` as `count` is of `total`.
fn scaled(count: u64, total: u64, room: u64) -> u64 {
    let scaled = u128::from(count) * u128::from(room) / u128::from(total.max(1));
    u64::try_from(scaled).unwrap_or(room).min(room)
}

fn names_width<'a>(names: impl Iterator<Item = &'a String>) -> u64 {
    let columns = names.map(|name| name.width().min(NAME_COLUMNS)).max();
    CHARACTER * columns.unwrap_or(0) as u64 + 20
}

/// A name that fits; the table beside the chart has it whole.
fn shortened(name: &str) -> String {
    if name.width() <= NAME_COLUMNS {
        return name.to_owned();
    }
    let mut columns = 0;
    let fits = |one: &char| {
        columns += one.width().unwrap_or(0);
        columns < NAME_COLUMNS
    };
    let mut kept: String = name.chars().take_while(fits).collect();
    kept.push('…');
    kept
}

fn rect(x: u64, y: u64, width: u64, height: u64, fill: &str) -> String {
    format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\" \
         stroke=\"#333\"/>\n"
    )
}

fn text(x: u64, y: u64, anchor: &str, text: &str) -> String {
    format!(
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>\n",
        escaped(text)
    )
}

/// Text that can be read on any pattern.
fn label_on(x: u64, y: u64, label: &str) -> String {
    let width = CHARACTER * label.len() as u64 + 4;
    let ground = format!(
        "<rect x=\"{}\" y=\"{}\" width=\"{width}\" height=\"16\" rx=\"3\" fill=\"#fff\"/>\n",
        x - width / 2,
        y - 12
    );
    ground + &text(x, y, "middle", label)
}
