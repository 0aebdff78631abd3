//! Rules: the tested form of a criterion, as plain data.
//!
//! The text form is a subset of CEL; `criteria::parse` reads it.

use std::fmt;

use super::FactValue;

/// A rule with the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The text as the file has it.
    pub source: String,
    /// What it means.
    pub expr: Expr,
}

/// A Boolean expression over facts.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `true` or `false`.
    Literal(bool),
    /// One fact tested against literals.
    Test(Test),
    /// `!a`
    Not(Box<Expr>),
    /// `a && b`
    And(Box<Expr>, Box<Expr>),
    /// `a || b`
    Or(Box<Expr>, Box<Expr>),
}

/// One fact tested against literals.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A Boolean fact standing alone.
    Holds {
        /// The fact's name.
        fact: String,
    },
    /// `fact <op> literal`
    Compare {
        /// The fact's name.
        fact: String,
        /// The comparison, fact on the left.
        op: Comparison,
        /// The literal, of the fact's type.
        value: FactValue,
    },
    /// `fact in [literals]`
    In {
        /// The fact's name.
        fact: String,
        /// The literals, of the fact's type.
        values: Vec<FactValue>,
    },
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Comparison {
    /// The operator as rules spell it.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Eq => "==",
            Comparison::Ne => "!=",
            Comparison::Lt => "<",
            Comparison::Le => "<=",
            Comparison::Gt => ">",
            Comparison::Ge => ">=",
        }
    }

    /// The operator with its sides exchanged: `3 < x` is `x > 3`.
    pub fn mirrored(self) -> Self {
        match self {
            Comparison::Lt => Comparison::Gt,
            Comparison::Le => Comparison::Ge,
            Comparison::Gt => Comparison::Lt,
            Comparison::Ge => Comparison::Le,
            same => same,
        }
    }

    /// Whether only equality is asked, so that any type will do.
    pub fn is_equality(self) -> bool {
        matches!(self, Comparison::Eq | Comparison::Ne)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl Test {
    /// The name of the fact tested.
    pub fn fact(&self) -> &str {
        match self {
            Test::Holds { fact } | Test::Compare { fact, .. } | Test::In { fact, .. } => fact,
        }
    }
}

impl Expr {
    /// Calls `visit` on every test, left to right.
    pub fn for_each_test<'a>(&'a self, visit: &mut impl FnMut(&'a Test)) {
        match self {
            Expr::Literal(_) => {}
            Expr::Test(test) => visit(test),
            Expr::Not(inner) => inner.for_each_test(visit),
            Expr::And(left, right) | Expr::Or(left, right) => {
                left.for_each_test(visit);
                right.for_each_test(visit);
            }
        }
    }
}
