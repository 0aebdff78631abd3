//! Why a determination came out as it did: the tree every front end prints.

use std::fmt;

use super::Truth;
use crate::policy::{Code, CodeSystem, CriterionId, FactValue, Facts, Gate, Need, Rule};

/// What a version says about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Determination {
    /// The criteria are met.
    Met,
    /// The criteria are not met: for clinician review, never a denial.
    NotMet,
    /// A fact is missing.
    Pend,
    /// The version does not speak to the request.
    NotAddressed,
}

impl Determination {
    /// Every determination, in the order reports count them.
    pub const ALL: [Determination; 4] = [
        Determination::Met,
        Determination::NotMet,
        Determination::Pend,
        Determination::NotAddressed,
    ];

    /// The word files, screens and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Determination::Met => "met",
            Determination::NotMet => "not-met",
            Determination::Pend => "pend",
            Determination::NotAddressed => "not-addressed",
        }
    }

    /// The determination of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|determination| determination.name() == name)
    }

    /// The X12 278 action code, where there is one.
    pub fn x12(self) -> Option<&'static str> {
        match self {
            Determination::Met => Some("A1"),
            Determination::NotMet => Some("A3"),
            Determination::Pend => Some("A4"),
            Determination::NotAddressed => None,
        }
    }
}

impl fmt::Display for Determination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A determination with everything it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The determination.
    pub determination: Determination,
    /// Whether the version speaks to the request, code tables included.
    pub addressed: Truth,
    /// Whether a procedure code is listed where a table asks for one.
    pub listed: Truth,
    /// Whether a covering statement is met.
    pub covered: Truth,
    /// Whether an excluding statement is met.
    pub excluded: Truth,
    /// Whether every required table lists a code of the request.
    pub required: Truth,
    /// The statements, in document order.
    pub statements: Vec<StatementNode>,
    /// What each code table says.
    pub codes: Vec<CodeFinding>,
    /// Words to be shown with the determination.
    pub notices: Vec<ShownNotice>,
    /// The criteria the determination turns on, in document order. Empty
    /// where code tables or scope alone decide.
    pub deciding: Vec<CriterionId>,
}

/// A top-level criterion with its scope.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementNode {
    /// Its scope, if it has one.
    pub when: Option<RuleOutcome>,
    /// Whether meeting it means covered.
    pub covers: bool,
    /// Scope AND value.
    pub outcome: Truth,
    /// The criterion itself.
    pub node: Node,
}

impl StatementNode {
    /// Whether the statement speaks to the request.
    pub fn scope(&self) -> Truth {
        self.when.as_ref().map_or(Truth::True, |when| when.value)
    }
}

/// A criterion with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its number.
    pub id: CriterionId,
    /// Its wording.
    pub text: String,
    /// Its value: its own test AND its combined children.
    pub value: Truth,
    /// Its own test alone.
    pub own: Truth,
    /// Its rule, if it has one.
    pub rule: Option<RuleOutcome>,
    /// The fact that answers it, if it is answered directly.
    pub answer: Option<FactRead>,
    /// How its children combine.
    pub need: Need,
    /// The criteria under it.
    pub children: Vec<Node>,
}

impl Node {
    /// The facts its own test reads.
    pub fn facts(&self) -> &[FactRead] {
        match (&self.rule, &self.answer) {
            (Some(rule), _) => &rule.facts,
            (None, answer) => answer.as_slice(),
        }
    }

    /// This node and all under it, in document order, each with its depth.
    pub fn walk(&self) -> impl Iterator<Item = (usize, &Node)> {
        let mut pending = vec![(0, self)];
        std::iter::from_fn(move || {
            let (depth, next) = pending.pop()?;
            pending.extend(next.children.iter().rev().map(|child| (depth + 1, child)));
            Some((depth, next))
        })
    }
}

/// A rule with its value and the facts it read.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleOutcome {
    /// The rule as written.
    pub source: String,
    /// Its value.
    pub value: Truth,
    /// The facts it read, in order, each once.
    pub facts: Vec<FactRead>,
}

/// A fact as a rule found it.
#[derive(Clone, Debug, PartialEq)]
pub struct FactRead {
    /// The fact's name.
    pub name: String,
    /// Its value; none if it is missing.
    pub value: Option<FactValue>,
}

impl FactRead {
    /// One fact.
    pub fn of(name: &str, facts: &Facts) -> Self {
        FactRead {
            name: name.to_owned(),
            value: facts.get(name).cloned(),
        }
    }

    /// Every fact a rule reads, in order, each once.
    pub fn of_rule(rule: &Rule, facts: &Facts) -> Vec<Self> {
        let mut read: Vec<FactRead> = vec![];
        rule.expr.for_each_test(&mut |test| {
            if read.iter().all(|fact| fact.name != test.fact()) {
                read.push(FactRead::of(test.fact(), facts));
            }
        });
        read
    }
}

impl fmt::Display for FactRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{} = {value}", self.name),
            None => write!(f, "{} is missing", self.name),
        }
    }
}

/// What one code table says about a request.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeFinding {
    /// The table's code system.
    pub system: CodeSystem,
    /// The table's heading.
    pub title: String,
    /// What the table decides.
    pub gate: Gate,
    /// Whether it lists a code of the request; unknown if none is recorded.
    pub value: Truth,
    /// The codes of the request that it lists.
    pub listed: Vec<Code>,
    /// The codes of the request that it does not list: those of its system,
    /// and those for whose system there is no table.
    pub unlisted: Vec<Code>,
}

/// A notice to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownNotice {
    /// The words.
    pub text: String,
    /// The condition under which they are shown.
    pub condition: Option<String>,
    /// True, or unknown if the condition's fact is missing.
    pub applies: Truth,
}

impl Explanation {
    /// The node of that number.
    pub fn node(&self, id: &CriterionId) -> Option<&Node> {
        self.statements
            .iter()
            .flat_map(|statement| statement.node.walk())
            .map(|(_, node)| node)
            .find(|node| node.id == *id)
    }

    /// The criteria the determination turns on: had they come out otherwise,
    /// so would it.
    ///
    /// Among alternatives that all fail, those whose guard fails, a test
    /// beside their children's, are passed over as not being about this
    /// request, unless all are.
    pub(super) fn find_deciding(&self) -> Vec<CriterionId> {
        let mut deciding = vec![];
        match self.determination {
            Determination::NotAddressed => {}
            Determination::Met => {
                for statement in &self.statements {
                    if statement.covers && statement.outcome == Truth::True {
                        holding(&statement.node, &mut deciding);
                    }
                }
            }
            Determination::NotMet => {
                for statement in &self.statements {
                    if !statement.covers && statement.outcome == Truth::True {
                        holding(&statement.node, &mut deciding);
                    }
                }
                if self.covered == Truth::False {
                    let covering: Vec<_> =
                        self.statements.iter().filter(|one| one.covers).collect();
                    let spoken_to = preferring(covering, |one| one.scope() != Truth::False);
                    for statement in spoken_to {
                        if statement.scope() == Truth::False {
                            deciding.push(statement.node.id.clone());
                        } else {
                            turning_on(&statement.node, Truth::False, &mut deciding);
                        }
                    }
                }
            }
            Determination::Pend => {
                for statement in self.statements.iter().filter(|one| self.leaves_open(one)) {
                    turning_on(&statement.node, Truth::Unknown, &mut deciding);
                }
            }
        }
        deciding
    }

    /// Whether a statement is unknown and what is unknown of it matters: not
    /// where others of its kind have settled that it is covered or excluded,
    /// nor where it cannot be met any more.
    fn leaves_open(&self, statement: &StatementNode) -> bool {
        let met = self.covered.and(!self.excluded).and(self.required);
        let kind = if statement.covers {
            self.covered
        } else {
            self.excluded
        };
        met == Truth::Unknown && kind == Truth::Unknown && statement.outcome == Truth::Unknown
    }
}

/// Those that satisfy `test`, or all if none does.
fn preferring<T>(all: Vec<T>, test: impl Fn(&T) -> bool) -> Vec<T> {
    if all.iter().any(&test) {
        all.into_iter().filter(|one| test(one)).collect()
    } else {
        all
    }
}

/// The criteria by which a node holds: itself, or the alternative that does.
fn holding(node: &Node, deciding: &mut Vec<CriterionId>) {
    match node.need {
        Need::Any if !node.children.is_empty() => {
            for child in &node.children {
                if child.value == Truth::True {
                    holding(child, deciding);
                }
            }
        }
        _ => deciding.push(node.id.clone()),
    }
}

/// The lowest criteria that make a node fail, or that leave it open.
fn turning_on(node: &Node, value: Truth, deciding: &mut Vec<CriterionId>) {
    if node.value == value && (node.children.is_empty() || node.own == value) {
        deciding.push(node.id.clone());
    }
    let below = Truth::combine(node.need, node.children.iter().map(|child| child.value));
    if node.own == Truth::False || node.value != value || below != value {
        return;
    }
    if node.need == Need::None && value == Truth::False {
        for child in &node.children {
            if child.value == Truth::True {
                holding(child, deciding);
            }
        }
        return;
    }
    let mut children: Vec<&Node> = node.children.iter().collect();
    children.retain(|child| child.value == value);
    if node.need == Need::Any {
        let guarded_off = |node: &Node| !node.children.is_empty() && node.own == Truth::False;
        children = preferring(children, |child| !guarded_off(child));
    }
    for child in children {
        turning_on(child, value, deciding);
    }
}
