//! Pieces of SQL, and the columns they become.
//!
//! An expression that stands for the same thing is written once: the text of
//! an expression is its identity, so versions share what they have in common.

use std::collections::HashMap;

/// How tightly an expression holds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    /// A name, a literal, a call, anything in parentheses.
    Atom,
}

/// An expression, with the layer of the query from which on it can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    sql: String,
    binding: Binding,
    layer: usize,
}

/// Engines bound how deep expressions are nested: longer chains are grouped.
const CHAIN: usize = 16;

/// What is longer, in bytes, is broken into lines.
const LINE: usize = 80;

impl Term {
    pub(super) fn atom(sql: impl Into<String>) -> Self {
        Term {
            sql: sql.into(),
            binding: Binding::Atom,
            layer: 0,
        }
    }

    pub(super) fn constant(value: bool) -> Self {
        Term::atom(if value { "TRUE" } else { "FALSE" })
    }

    pub(super) fn is(&self, value: bool) -> bool {
        *self == Term::constant(value)
    }

    /// A comparison of base columns.
    pub(super) fn comparison(sql: String) -> Self {
        Term {
            sql,
            binding: Binding::Comparison,
            layer: 0,
        }
    }

    /// A comparison or a call that names these terms.
    pub(super) fn naming<'t>(sql: String, named: impl IntoIterator<Item = &'t Term>) -> Self {
        Term {
            sql,
            binding: Binding::Atom,
            layer: layer(named),
        }
    }

    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    fn within(&self, outer: Binding) -> String {
        if self.binding > outer {
            self.sql.clone()
        } else {
            format!("({})", self.sql)
        }
    }

    /// It as an operand of anything.
    pub(super) fn operand(&self) -> String {
        self.within(Binding::Comparison)
    }

    pub(super) fn not(&self) -> Term {
        if self.is(true) || self.is(false) {
            return Term::constant(self.is(false));
        }
        Term {
            sql: format!("NOT {}", self.within(Binding::Comparison)),
            binding: Binding::Not,
            layer: self.layer,
        }
    }

    /// All of them hold.
    pub(super) fn all(terms: impl IntoIterator<Item = Term>) -> Term {
        Term::chain(terms, true, "AND", Binding::And)
    }

    /// One of them holds.
    pub(super) fn any(terms: impl IntoIterator<Item = Term>) -> Term {
        Term::chain(terms, false, "OR", Binding::Or)
    }

    fn chain(
        terms: impl IntoIterator<Item = Term>,
        neutral: bool,
        operator: &str,
        binding: Binding,
    ) -> Term {
        let mut kept: Vec<Term> = vec![];
        for term in terms {
            if term.is(!neutral) {
                return term;
            }
            if !term.is(neutral) && !kept.contains(&term) {
                kept.push(term);
            }
        }
        match kept.as_slice() {
            [] => Term::constant(neutral),
            [one] => one.clone(),
            _ => Term {
                sql: join(
                    kept.iter()
                        .map(|one| match one.binding == binding {
                            true => one.sql.clone(),
                            false => one.within(Binding::And),
                        })
                        .collect(),
                    operator,
                ),
                binding,
                layer: layer(&kept),
            },
        }
    }

    /// Texts one behind the other.
    pub(super) fn concat(terms: &[Term]) -> Term {
        match terms {
            [] => Term::atom("''"),
            [one] => one.clone(),
            _ => Term {
                sql: join(terms.iter().map(Term::operand).collect(), "||"),
                binding: Binding::Comparison,
                layer: layer(terms),
            },
        }
    }

    /// `CASE WHEN ... THEN ... ELSE ... END`
    pub(super) fn case(branches: &[(Term, Term)], otherwise: Option<&Term>) -> Term {
        let mut parts: Vec<String> = branches
            .iter()
            .map(|(condition, value)| format!("WHEN {} THEN {}", condition.sql, value.sql))
            .collect();
        parts.extend(otherwise.map(|otherwise| format!("ELSE {}", otherwise.sql)));
        let named = branches.iter().flat_map(|(one, two)| [one, two]);
        Term::naming(
            format!("CASE {} END", lines(&parts, " ")),
            named.chain(otherwise),
        )
    }

    /// That it is unknown.
    pub(super) fn is_unknown(&self) -> Term {
        Term {
            sql: format!("{} IS NULL", self.operand()),
            binding: Binding::Comparison,
            layer: self.layer,
        }
    }
}

fn layer<'t>(terms: impl IntoIterator<Item = &'t Term>) -> usize {
    terms.into_iter().map(|one| one.layer).max().unwrap_or(0)
}

/// Joins operands, in groups of groups where there are many.
pub(super) fn join(mut parts: Vec<String>, operator: &str) -> String {
    let operator = format!(" {operator} ");
    while parts.len() > CHAIN {
        let groups = parts.chunks(CHAIN);
        parts = groups
            .map(|group| match group {
                [one] => one.clone(),
                _ => format!("({})", lines(group, &operator)),
            })
            .collect();
    }
    lines(&parts, &operator)
}

/// Parts on one line; where that gets long, on one line each.
fn lines(parts: &[String], between: &str) -> String {
    let length: usize = parts.iter().map(|part| part.len() + between.len()).sum();
    if length <= LINE && !parts.iter().any(|part| part.contains('\n')) {
        return parts.join(between);
    }
    parts.join(&format!("\n      {}", between.trim_start()))
}

/// A column with what it stands for.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) sql: String,
    /// The criteria whose value it is, each with the place of its version.
    pub(super) uses: Vec<(String, usize)>,
}

/// Columns in layers: those of one layer name only those of the layers before.
#[derive(Debug, Default)]
pub(super) struct Layers {
    layers: Vec<Vec<Column>>,
    /// Where each expression is: layer and place in it.
    known: HashMap<String, (usize, usize)>,
}

impl Layers {
    /// Makes an expression a column, unless it is one or is as short as one.
    pub(super) fn column(&mut self, term: Term, what: &str, version: usize) -> Term {
        if term.binding == Binding::Atom && !term.sql.contains(' ') {
            return term;
        }
        let at = match self.known.get(&term.sql) {
            Some(at) => *at,
            None => self.add(&term),
        };
        let column = &mut self.layers[at.0][at.1];
        let used = (what.to_owned(), version);
        if !column.uses.contains(&used) {
            column.uses.push(used);
        }
        Term {
            sql: column.name.clone(),
            binding: Binding::Atom,
            layer: at.0 + 1,
        }
    }

    fn add(&mut self, term: &Term) -> (usize, usize) {
        if self.layers.len() <= term.layer {
            self.layers.resize_with(term.layer + 1, Vec::new);
        }
        let layer = &mut self.layers[term.layer];
        layer.push(Column {
            // No fact begins with an underscore.
            name: format!("_c{}", self.known.len() + 1),
            sql: term.sql.clone(),
            uses: vec![],
        });
        let at = (term.layer, layer.len() - 1);
        self.known.insert(term.sql.clone(), at);
        at
    }

    /// The layers, from the facts up.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[Column]> {
        self.layers.iter().map(Vec::as_slice)
    }
}
