//! Rules, three-valued evaluation and what follows from it.
//!
//! [`evaluate()`](evaluate::evaluate) is the reference evaluator: a plain walk over the tree that
//! *defines* what a version says about a case. Everything faster must agree
//! with it.

pub mod cause;
pub mod domain;
pub mod effect;
pub mod evaluate;
pub mod explanation;
mod open;
pub mod parse;
pub mod request;
pub mod settle;
mod token;
pub mod truth;

pub use cause::{Cause, Responsible, accounts, causes};
pub use evaluate::{evaluate, expr_truth};
pub use explanation::{
    CodeFinding, Determination, Explanation, FactRead, Node, ShownNotice, StatementNode,
};
pub use open::open_facts;
pub use parse::{RuleError, parse_rule};
pub use request::{Gates, Request};
pub use settle::{Missing, Settling, settling_set};
pub use truth::Truth;
