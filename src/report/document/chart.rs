//! Figures to draw.

use crate::report::grouped;

/// A picture of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chart {
    /// Wholes and their parts, one bar a whole.
    Parts {
        /// What it shows.
        title: String,
        /// The names of the parts.
        parts: Vec<String>,
        /// Each whole, with as many figures as there are parts.
        bars: Vec<(String, Vec<u64>)>,
    },
    /// Shares of one number, one bar a share. They may overlap.
    Shares {
        /// What it shows.
        title: String,
        /// The number.
        of: u64,
        /// Each share.
        bars: Vec<(String, u64)>,
    },
    /// What went where: rows before, columns after.
    Matrix {
        /// What it shows.
        title: String,
        /// The names of rows and columns.
        names: Vec<String>,
        /// The figures, row by row.
        cells: Vec<Vec<u64>>,
    },
}

impl Chart {
    /// What it shows.
    pub fn title(&self) -> &str {
        match self {
            Chart::Parts { title, .. }
            | Chart::Shares { title, .. }
            | Chart::Matrix { title, .. } => title,
        }
    }

    /// The figures in words, for those who do not see the picture.
    pub fn in_words(&self) -> String {
        let sentences: Vec<String> = match self {
            Chart::Parts { parts, bars, .. } => bars
                .iter()
                .map(|(name, counts)| format!("{name}: {}", named(parts, counts, |_| true)))
                .collect(),
            Chart::Shares { of, bars, .. } => bars
                .iter()
                .map(|(name, count)| format!("{name}: {} of {}", grouped(*count), grouped(*of)))
                .collect(),
            Chart::Matrix { names, cells, .. } => names
                .iter()
                .zip(cells)
                .map(|(name, counts)| (name, named(names, counts, |count| count > 0)))
                .filter(|(_, told)| !told.is_empty())
                .map(|(name, told)| format!("from {name} to {told}"))
                .collect(),
        };
        sentences.join("; ")
    }
}

/// The figures that are told, each after its name.
fn named(names: &[String], counts: &[u64], is_told: impl Fn(u64) -> bool) -> String {
    let all = names.iter().zip(counts);
    let told = all.filter(|(_, count)| is_told(**count));
    let told = told.map(|(name, count)| format!("{name} {}", grouped(*count)));
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_have_every_figure_drawn() {
        let names = || ["met", "pend"].map(str::to_owned).to_vec();
        let table = [
            (
                Chart::Parts {
                    title: String::new(),
                    parts: names(),
                    bars: vec![("A".to_owned(), vec![1004, 0])],
                },
                "A: met 1,004, pend 0",
            ),
            (
                Chart::Shares {
                    title: String::new(),
                    of: 1004,
                    bars: vec![("I.A".to_owned(), 812), ("I.B".to_owned(), 192)],
                },
                "I.A: 812 of 1,004; I.B: 192 of 1,004",
            ),
            (
                Chart::Matrix {
                    title: String::new(),
                    names: names(),
                    cells: vec![vec![3, 1], vec![0, 0]],
                },
                "from met to met 3, pend 1",
            ),
        ];
        for (chart, expected) in table {
            assert_eq!(chart.in_words(), expected);
        }
    }
}
