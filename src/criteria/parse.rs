//! Reads rules: a subset of CEL, checked against the dictionary of facts.
//!
//! Precedence, tightest first: `!`, comparison and `in`, `&&`, `||`.

use super::token::{Token, tokens};
use crate::policy::{
    Comparison, Dictionary, Expr, FactKind, FactValue, Rule, Test, criterion::ANSWER_PREFIX,
};
use crate::text::nearest;

/// A rule may be this long, in bytes.
pub const MAX_LENGTH: usize = 4_000;
/// Conditions may be nested this deep.
pub const MAX_DEPTH: usize = 64;

/// Why a text is not a rule of its policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RuleError {
    /// Where, in bytes from the rule's start.
    pub offset: usize,
    /// Where, in characters from the rule's start, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub hint: String,
}

impl RuleError {
    pub(super) fn at(
        source: &str,
        offset: usize,
        message: String,
        hint: impl Into<String>,
    ) -> Self {
        RuleError {
            offset,
            column: source[..offset].chars().count() + 1,
            message,
            hint: hint.into(),
        }
    }
}

/// Reads a rule and checks it against the facts it may name.
///
/// # Errors
/// When the text is not a rule, names an unknown fact, or compares a fact
/// with a value that is not of its type.
pub fn parse_rule(source: &str, dictionary: &Dictionary) -> Result<Rule, RuleError> {
    if source.len() > MAX_LENGTH {
        return Err(RuleError::at(
            source,
            0,
            format!("the rule is longer than {MAX_LENGTH} characters"),
            "split the criterion into several",
        ));
    }
    let mut parser = Parser {
        source,
        tokens: tokens(source)?,
        next: 0,
        dictionary,
    };
    let expr = parser.or(0)?;
    if parser.next < parser.tokens.len() {
        return Err(parser.unexpected("`&&`, `||` or the end of the rule"));
    }
    Ok(Rule {
        source: source.to_owned(),
        expr,
    })
}

/// One side of a comparison.
enum Operand {
    Fact(String),
    Value(FactValue),
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<(usize, Token)>,
    next: usize,
    dictionary: &'a Dictionary,
}

impl Parser<'_> {
    fn offset(&self) -> usize {
        self.tokens
            .get(self.next)
            .map_or(self.source.len(), |(offset, _)| *offset)
    }

    fn take_mark(&mut self, mark: &str) -> bool {
        let found =
            matches!(self.tokens.get(self.next), Some((_, Token::Mark(found))) if *found == mark);
        self.next += usize::from(found);
        found
    }

    fn fail<T>(
        &self,
        offset: usize,
        message: String,
        hint: impl Into<String>,
    ) -> Result<T, RuleError> {
        Err(RuleError::at(self.source, offset, message, hint))
    }

    fn unexpected(&self, expected: &str) -> RuleError {
        let found = match self.tokens.get(self.next) {
            None => "the rule ends too early".to_owned(),
            Some((_, Token::Name(name))) => format!("`{name}` is not expected here"),
            Some((_, Token::Text(text))) => format!("\"{text}\" is not expected here"),
            Some((_, Token::Number(number))) => format!("`{number}` is not expected here"),
            Some((_, Token::Mark(mark))) => format!("`{mark}` is not expected here"),
        };
        RuleError::at(
            self.source,
            self.offset(),
            found,
            format!("expected {expected}"),
        )
    }

    fn or(&mut self, depth: usize) -> Result<Expr, RuleError> {
        let mut left = self.and(depth)?;
        let mut joined = 0;
        while self.take_mark("||") {
            joined += 1;
            self.within(depth + joined)?;
            left = Expr::Or(Box::new(left), Box::new(self.and(depth)?));
        }
        Ok(left)
    }

    fn and(&mut self, depth: usize) -> Result<Expr, RuleError> {
        let mut left = self.unary(depth)?;
        let mut joined = 0;
        while self.take_mark("&&") {
            joined += 1;
            self.within(depth + joined)?;
            left = Expr::And(Box::new(left), Box::new(self.unary(depth)?));
        }
        Ok(left)
    }

    /// Bounds the depth of what is built, so that walking it never overflows the stack.
    fn within(&self, depth: usize) -> Result<(), RuleError> {
        if depth > MAX_DEPTH {
            return self.fail(
                self.offset(),
                format!("conditions are joined or nested more than {MAX_DEPTH} deep"),
                "split the criterion into several",
            );
        }
        Ok(())
    }

    fn unary(&mut self, depth: usize) -> Result<Expr, RuleError> {
        self.within(depth)?;
        if self.take_mark("!") {
            return Ok(Expr::Not(Box::new(self.unary(depth + 1)?)));
        }
        if self.take_mark("(") {
            let inner = self.or(depth + 1)?;
            if !self.take_mark(")") {
                return Err(self.unexpected("`)`"));
            }
            return Ok(inner);
        }
        self.condition()
    }

    fn condition(&mut self) -> Result<Expr, RuleError> {
        let start = self.offset();
        let left = self.operand()?;
        let left_end = self.offset();
        if matches!(self.tokens.get(self.next), Some((_, Token::Name(name))) if name == "in") {
            self.next += 1;
            return self.membership(start, left);
        }
        let Some(op) = self.comparison() else {
            return match left {
                Operand::Value(FactValue::Bool(value)) => Ok(Expr::Literal(value)),
                Operand::Fact(fact) => {
                    let kind = self.kind(start, &fact)?;
                    if kind == FactKind::Bool {
                        Ok(Expr::Test(Test::Holds { fact }))
                    } else {
                        self.fail(
                            left_end,
                            format!("`{fact}` is a {}, not a condition", kind.name()),
                            format!("compare it with {}", kind.expectation()),
                        )
                    }
                }
                Operand::Value(_) => Err(self.unexpected("a comparison")),
            };
        };
        let right_start = self.offset();
        let right = self.operand()?;
        match (left, right) {
            (Operand::Fact(fact), Operand::Value(value)) => {
                self.comparing(start, right_start, fact, op, value)
            }
            (Operand::Value(value), Operand::Fact(fact)) => {
                self.comparing(right_start, start, fact, op.mirrored(), value)
            }
            (Operand::Fact(_), Operand::Fact(_)) => self.fail(
                right_start,
                "two facts are compared with each other".to_owned(),
                "compare a fact with a value",
            ),
            (Operand::Value(_), Operand::Value(_)) => self.fail(
                start,
                "two values are compared, and no fact".to_owned(),
                "compare a fact with a value",
            ),
        }
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let (_, Token::Mark(mark)) = self.tokens.get(self.next)? else {
            return None;
        };
        let op = match *mark {
            "==" => Comparison::Eq,
            "!=" => Comparison::Ne,
            "<" => Comparison::Lt,
            "<=" => Comparison::Le,
            ">" => Comparison::Gt,
            ">=" => Comparison::Ge,
            _ => return None,
        };
        self.next += 1;
        Some(op)
    }

    fn operand(&mut self) -> Result<Operand, RuleError> {
        let Some((_, token)) = self.tokens.get(self.next) else {
            return Err(self.unexpected("a fact or a value"));
        };
        let operand = match token {
            Token::Name(name) => match name.as_str() {
                "true" => Operand::Value(FactValue::Bool(true)),
                "false" => Operand::Value(FactValue::Bool(false)),
                "in" => return Err(self.unexpected("a fact or a value")),
                _ => Operand::Fact(name.clone()),
            },
            Token::Text(text) => Operand::Value(FactValue::Choice(text.clone())),
            Token::Number(number) => Operand::Value(FactValue::Number(*number)),
            Token::Mark(_) => return Err(self.unexpected("a fact or a value")),
        };
        self.next += 1;
        Ok(operand)
    }

    fn membership(&mut self, start: usize, left: Operand) -> Result<Expr, RuleError> {
        let Operand::Fact(fact) = left else {
            return self.fail(
                start,
                "a value stands before `in`".to_owned(),
                "write a fact before it, as in service in [\"trial\"]",
            );
        };
        let kind = self.kind(start, &fact)?;
        if !self.take_mark("[") {
            return Err(self.unexpected("`[` and a list of values"));
        }
        let mut values = Vec::new();
        loop {
            let at = self.offset();
            match self.operand()? {
                Operand::Value(value) => {
                    self.admit(at, &fact, &kind, &value)?;
                    values.push(value);
                }
                Operand::Fact(name) => {
                    return self.fail(
                        at,
                        format!("`{name}` is a fact; a list holds values"),
                        "put a word in quotation marks",
                    );
                }
            }
            if self.take_mark("]") {
                return Ok(Expr::Test(Test::In { fact, values }));
            }
            if !self.take_mark(",") {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    fn comparing(
        &self,
        fact_at: usize,
        value_at: usize,
        fact: String,
        op: Comparison,
        value: FactValue,
    ) -> Result<Expr, RuleError> {
        let kind = self.kind(fact_at, &fact)?;
        self.admit(value_at, &fact, &kind, &value)?;
        if !op.is_equality() && !matches!(kind, FactKind::Number { .. }) {
            return self.fail(
                fact_at,
                format!("`{fact}` is a {} and has no order", kind.name()),
                "only numbers can be compared with < <= > >=; use == or !=",
            );
        }
        Ok(Expr::Test(Test::Compare { fact, op, value }))
    }

    fn kind(&self, at: usize, fact: &str) -> Result<FactKind, RuleError> {
        if let Some(definition) = self.dictionary.get(fact) {
            return Ok(definition.kind.clone());
        }
        if fact.starts_with(ANSWER_PREFIX) {
            return self.fail(
                at,
                format!("`{fact}` answers a criterion and cannot stand in a rule"),
                "leave the rule out: the criterion is then answered directly",
            );
        }
        let hint = match nearest(fact, self.dictionary.names()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("add [facts.{fact}] to policy.toml, or use a fact it lists"),
        };
        self.fail(at, format!("there is no fact `{fact}`"), hint)
    }

    fn admit(
        &self,
        at: usize,
        fact: &str,
        kind: &FactKind,
        value: &FactValue,
    ) -> Result<(), RuleError> {
        if kind.admits(value) {
            return Ok(());
        }
        let shown = match value {
            FactValue::Choice(word) => format!("\"{word}\""),
            other => other.to_string(),
        };
        self.fail(
            at,
            format!("{shown} is no value of `{fact}`"),
            format!("`{fact}` takes {}", kind.expectation()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::FactDefinition;

    fn dictionary() -> Dictionary {
        let definition = |name: &str, kind| FactDefinition {
            name: name.to_owned(),
            ask: String::new(),
            kind,
            implies: vec![],
        };
        Dictionary::new([
            definition("active_infection", FactKind::Bool),
            definition("coagulopathy", FactKind::Bool),
            definition(
                "months",
                FactKind::Number {
                    unit: Some("months".to_owned()),
                },
            ),
            definition(
                "service",
                FactKind::Choice {
                    choices: vec!["trial".to_owned(), "permanent".to_owned()],
                },
            ),
        ])
    }

    /// The tree in a bracketed form, or `column: message; hint`.
    fn read(source: &str) -> String {
        match parse_rule(source, &dictionary()) {
            Ok(rule) => shape(&rule.expr),
            Err(error) => format!("{}: {}; {}", error.column, error.message, error.hint),
        }
    }

    fn shape(expr: &Expr) -> String {
        match expr {
            Expr::Literal(value) => value.to_string(),
            Expr::Test(Test::Holds { fact }) => fact.clone(),
            Expr::Test(Test::Compare { fact, op, value }) => format!("({fact} {op} {value})"),
            Expr::Test(Test::In { fact, values }) => {
                let values: Vec<_> = values.iter().map(FactValue::to_string).collect();
                format!("({fact} in {})", values.join("/"))
            }
            Expr::Not(inner) => format!("!{}", shape(inner)),
            Expr::And(left, right) => format!("({} & {})", shape(left), shape(right)),
            Expr::Or(left, right) => format!("({} | {})", shape(left), shape(right)),
        }
    }

    #[test]
    fn rules_are_read_as_cel_reads_them() {
        let table = [
            ("active_infection", "active_infection"),
            ("!active_infection", "!active_infection"),
            ("!!true", "!!true"),
            ("service == 'trial'", "(service == trial)"),
            ("3 < months", "(months > 3)"),
            ("months >= -0.5", "(months >= -0.5)"),
            (
                "service in [\"trial\", 'permanent']",
                "(service in trial/permanent)",
            ),
            (
                "active_infection || coagulopathy && months > 3",
                "(active_infection | (coagulopathy & (months > 3)))",
            ),
            (
                "!(active_infection || coagulopathy)",
                "!(active_infection | coagulopathy)",
            ),
            ("active_infection == false", "(active_infection == false)"),
        ];
        for (source, expected) in table {
            assert_eq!(read(source), expected, "{source}");
        }
    }

    #[test]
    fn every_mistake_names_its_place_and_the_way_out() {
        let table = [
            "",
            "active_infektion",
            "nonsense_fact",
            "months",
            "months > \"three\"",
            "months > 3months",
            "service == \"temporary\"",
            "service > \"trial\"",
            "active_infection = true",
            "active_infection & coagulopathy",
            "(active_infection",
            "active_infection)",
            "active_infection coagulopathy",
            "service in []",
            "service in [trial]",
            "\"trial\" in service",
            "months ≥ 3",
            "service == “trial”",
            "service == \"trial",
            "months > months",
            "3 > 2",
            "months + 1 > 3",
            "active_\u{200b}infection",
            "criterion.II.B.3",
        ];
        let report: Vec<_> = table
            .iter()
            .map(|source| format!("{}\n    {}", source.escape_debug(), read(source)))
            .collect();
        insta::assert_snapshot!(report.join("\n"));
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let nested = format!("{}true{}", "(".repeat(2_000), ")".repeat(1_990));
        assert!(read(&nested).contains("more than 64 deep"));
        let negated = format!("{}true", "!".repeat(3_000));
        assert!(read(&negated).contains("more than 64 deep"));
        let joined = vec!["true"; 400].join(" && ");
        assert!(read(&joined).contains("more than 64 deep"));
        assert!(read(&"!".repeat(5_000)).contains("longer than 4000"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(source in "[a-z_ ()!&|=<>\"',0-9.\\[\\]\\\\-]{0,60}|.{0,30}") {
            let _ = parse_rule(&source, &dictionary());
        }
    }
}
