//! Criteria: the numbered statements of a policy, as a tree.

use std::fmt;

use super::Rule;

/// The number of a criterion, as `II.B.3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CriterionId(String);

impl CriterionId {
    /// An id, if `text` is dot-separated parts of letters and digits.
    pub fn new(text: &str) -> Option<Self> {
        let part =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (text.len() <= 64 && text.split('.').all(part)).then(|| CriterionId(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the criterion it stands under, if it is not a statement.
    pub fn parent(&self) -> Option<CriterionId> {
        self.0
            .rsplit_once('.')
            .map(|(parent, _)| CriterionId(parent.to_owned()))
    }

    /// Its last part: which it is among those beside it.
    pub fn own_number(&self) -> &str {
        self.0.rsplit_once('.').map_or(&self.0, |(_, own)| own)
    }

    /// The name of the fact that answers this criterion where it has no rule.
    pub fn answer_fact(&self) -> String {
        format!("{ANSWER_PREFIX}{self}")
    }
}

/// Facts that answer a criterion directly begin with this.
pub const ANSWER_PREFIX: &str = "criterion.";

impl fmt::Display for CriterionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a criterion combines its children.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Need {
    /// Every child holds.
    #[default]
    All,
    /// At least one child holds.
    Any,
    /// No child holds.
    None,
    /// At least so many children hold.
    AtLeast(u32),
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Need::All => f.write_str("all"),
            Need::Any => f.write_str("any"),
            Need::None => f.write_str("none"),
            Need::AtLeast(count) => write!(f, "at least {count}"),
        }
    }
}

/// A numbered statement. Top-level criteria are *statements*; leaves are
/// tested, inner nodes combine.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Its number.
    pub id: CriterionId,
    /// Its wording.
    pub text: String,
    /// Which requests a statement speaks to; statements only.
    pub when: Option<Rule>,
    /// Its own test, beside its children's.
    pub rule: Option<Rule>,
    /// How its children combine.
    pub need: Need,
    /// Whether meeting the statement means covered; statements only.
    pub covers: bool,
    /// The criteria under it, in document order.
    pub children: Vec<Criterion>,
}

impl Criterion {
    /// Whether it is answered by the fact named after it.
    pub fn is_answered_directly(&self) -> bool {
        self.rule.is_none() && self.children.is_empty()
    }

    /// This criterion and all under it, in document order.
    pub fn walk(&self) -> impl Iterator<Item = &Criterion> {
        let mut pending = vec![self];
        std::iter::from_fn(move || {
            let next = pending.pop()?;
            pending.extend(next.children.iter().rev());
            Some(next)
        })
    }
}
