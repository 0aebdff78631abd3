//! The life of a code across the library.

use std::collections::{BTreeMap, BTreeSet};

use super::open::Workbench;
use super::problem::Problem;
use jiff::civil::Date as Day;

use crate::codesets::audit::{CodeFinding, audit};
use crate::codesets::{CodeSet, Key, Life, Status};
use crate::library::share_out;
use crate::policy::{Code, CodeSystem, Date, Gate, Policy};
use crate::search::{CodePattern, CodeShape};

/// Where a code is listed, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLife {
    /// The code system.
    pub system: CodeSystem,
    /// The code.
    pub code: Code,
    /// One for each policy that ever listed it.
    pub listings: Vec<Listing>,
    /// What the code set of its system says of it; none if there is no set.
    pub reference: Option<Reference>,
    /// What the code audit found.
    pub findings: Vec<CodeFinding>,
}

/// What a code set says of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The set: `ICD-10-CM FY2014 to FY2026`.
    pub set: String,
    /// The days the set covers, first and last.
    pub covers: (Day, Day),
    /// When it was valid and what it was called; nothing if it never was.
    pub life: Life,
    /// The codes before and behind it.
    pub neighbours: Vec<Code>,
    /// Its direct subdivisions at the end of what the set covers.
    pub children: Vec<Code>,
}

impl Reference {
    /// The sentence that answers "valid when?".
    pub fn describe(&self) -> String {
        let spans = self.life.intervals.iter().map(|one| {
            let kind = if one.billable { "valid" } else { "header" };
            match one.to {
                Some(to) => format!("{kind} from {} to {to}", one.from),
                None => format!("{kind} from {} on", one.from),
            }
        });
        let spans: Vec<String> = spans.collect();
        if spans.is_empty() {
            format!("in no edition of {}", self.set)
        } else {
            format!("{} ({})", spans.join("; "), self.set)
        }
    }
}

/// A code in one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The policy.
    pub policy: String,
    /// The versions that list it, in runs with the same wording.
    pub spans: Vec<ListingSpan>,
    /// The versions that do not list it.
    pub absent: Vec<String>,
}

/// Versions in a row that list a code in the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingSpan {
    /// The first of them.
    pub first: String,
    /// The last of them.
    pub last: String,
    /// Whether the last is the latest version of the policy.
    pub current: bool,
    /// The table.
    pub table: String,
    /// What the table decides.
    pub gate: Gate,
    /// The descriptor.
    pub text: String,
}

impl Listing {
    /// The sentence that answers "since when?".
    pub fn describe(&self) -> String {
        let place = |span: &ListingSpan| (span.table.clone(), span.gate);
        let one_table = self
            .spans
            .windows(2)
            .all(|pair| place(&pair[0]) == place(&pair[1]));
        let runs: Vec<String> = self
            .spans
            .iter()
            .map(|span| {
                let when = match (span.current, span.first == span.last) {
                    (true, _) => format!("listed since {}", span.first),
                    (false, true) => format!("listed in {} only", span.first),
                    (false, false) => format!("listed from {} to {}", span.first, span.last),
                };
                match one_table {
                    true => when,
                    false => format!("{when} ({}, {})", span.table, span.gate.name()),
                }
            })
            .collect();
        if self.absent.is_empty() {
            runs.join("; ")
        } else {
            format!("{}; absent in {}", runs.join("; "), self.absent.join(", "))
        }
    }
}

/// The codes a text means.
pub(super) fn code_pattern(text: &str) -> Result<CodePattern, Problem> {
    CodePattern::read(text.trim()).ok_or_else(|| {
        Problem::usage(
            format!("`{text}` is neither a code nor a pattern of codes"),
            "write a code, as 62351; a prefix, as 6236*; or a range, as 62360-62370",
        )
    })
}

impl Workbench {
    /// The lives of all codes meant, by system and code: `62351`, `6236*`,
    /// `G90.52?` or `62360-62370`.
    ///
    /// # Errors
    /// When the text is neither a code nor a pattern of codes.
    pub fn codes(&self, text: &str) -> Result<Vec<CodeLife>, Problem> {
        Ok(self.lives(&code_pattern(text)?, &self.library.policies()))
    }

    /// The life of one code, from the index alone.
    ///
    /// # Errors
    /// When the index fails.
    pub fn life_of(&self, code: &Code) -> Result<Option<CodeLife>, Problem> {
        let Some(pattern) = CodePattern::read(code.as_str()) else {
            return Ok(None);
        };
        let listing = self.finder()?.listing(&pattern)?;
        let policies: Vec<&Policy> = listing.iter().collect();
        let mut lives = self.lives(&pattern, &policies).into_iter();
        Ok(lives.find(|life| life.code == *code))
    }

    /// Whether a code was valid on a date, in a sentence.
    pub fn validity(&self, code: &Code, date: Date) -> String {
        let Some(set) = self.code_sets().of(code.system()) else {
            let system = code.system();
            return format!("no {system} code set: whether it was valid on {date} is not known");
        };
        match set.during(code, date).as_slice() {
            [] => format!("{} tells nothing of {date}", set.describe()),
            [(_, status)] => format!("{} on {date}", in_words(*status, set)),
            spans => {
                let spans: Vec<String> = spans
                    .iter()
                    .map(|(day, status)| format!("{} on {day}", in_words(*status, set)))
                    .collect();
                format!("differs within {date}: {}", spans.join("; "))
            }
        }
    }

    pub(super) fn lives(&self, pattern: &CodePattern, policies: &[&Policy]) -> Vec<CodeLife> {
        let mut lives: BTreeMap<Code, Vec<Listing>> = BTreeMap::new();
        for policy in policies {
            let mut codes: Vec<&Code> = policy
                .versions
                .iter()
                .flat_map(|version| version.all_codes())
                .map(|(_, row)| &row.code)
                .filter(|code| pattern.asks_for(code))
                .collect();
            codes.sort();
            codes.dedup();
            for code in codes {
                let listing = listing(policy, code);
                lives.entry(code.clone()).or_default().push(listing);
            }
        }
        for code in self.unlisted(pattern) {
            lives.entry(code).or_default();
        }
        let mut findings = self.findings_on(&lives, policies);
        lives
            .into_iter()
            .map(|(code, listings)| CodeLife {
                system: code.system(),
                reference: self.reference(&code),
                findings: findings.remove(&code).unwrap_or_default(),
                code,
                listings,
            })
            .collect()
    }

    /// The code asked for, if a single one is, in every set that has it: the
    /// answer to "was it ever valid?" needs no policy that lists it.
    fn unlisted(&self, pattern: &CodePattern) -> Vec<Code> {
        let CodeShape::Exact(text) = &pattern.shape else {
            return vec![];
        };
        let known = |set: &&CodeSet| Key::read(text).is_some_and(|key| set.knows(&key));
        let sets = self.code_sets().all().filter(known);
        sets.map(|set| Code::as_printed(set.system(), text))
            .filter(|code| pattern.asks_for(code))
            .collect()
    }

    fn findings_on(
        &self,
        lives: &BTreeMap<Code, Vec<Listing>>,
        policies: &[&Policy],
    ) -> BTreeMap<Code, Vec<CodeFinding>> {
        let listings = lives.values().flatten();
        let listing: BTreeSet<&str> = listings.map(|listing| listing.policy.as_str()).collect();
        let policies = policies.iter().copied();
        let policies: Vec<&Policy> = policies
            .filter(|policy| listing.contains(policy.reference.as_str()))
            .collect();
        let sets = self.code_sets();
        let audits = share_out(&policies, |policy| audit(policy, sets));
        let mut findings: BTreeMap<Code, Vec<CodeFinding>> = BTreeMap::new();
        for finding in audits.into_iter().flat_map(|audit| audit.findings) {
            findings
                .entry(finding.code.clone())
                .or_default()
                .push(finding);
        }
        findings
    }

    fn reference(&self, code: &Code) -> Option<Reference> {
        let set = self.code_sets().of(code.system())?;
        let key = Key::of(code).filter(|key| set.speaks_of(key))?;
        let named = |key: Key| key.code(set.system());
        let (before, behind) = set.neighbours(&key);
        let covers = set.covered();
        Some(Reference {
            set: set.describe(),
            covers: (*covers.start(), *covers.end()),
            life: set.life(&key).unwrap_or_default(),
            neighbours: [before, behind].into_iter().flatten().map(named).collect(),
            children: set
                .children(&key, *covers.end())
                .into_iter()
                .map(named)
                .collect(),
        })
    }
}

fn in_words(status: Status, set: &CodeSet) -> String {
    match status {
        Status::Valid => "valid".to_owned(),
        Status::Header => "a header, not a code a claim can carry,".to_owned(),
        Status::NotYetValid { from } => format!("not valid yet (it is from {from} on)"),
        Status::Terminated { last, .. } => format!("no longer valid (its last day was {last})"),
        Status::NeverValid => format!("in no edition of {}, so not valid", set.describe()),
        Status::NotCovered => format!("not known, for {} does not cover it,", set.describe()),
    }
}

fn listing(policy: &Policy, code: &Code) -> Listing {
    let mut listing = Listing {
        policy: policy.reference.clone(),
        spans: vec![],
        absent: vec![],
    };
    // The spans that the version before reaches, one for each row.
    let mut open: Vec<usize> = vec![];
    for (index, version) in policy.versions.iter().enumerate() {
        let current = index + 1 == policy.versions.len();
        let before = std::mem::take(&mut open);
        for (table, row) in version.all_codes().filter(|(_, row)| row.code == *code) {
            let is_same = |span: &ListingSpan| {
                (&span.text, &span.table, span.gate) == (&row.text, &table.title, table.gate)
            };
            if open.iter().any(|at| is_same(&listing.spans[*at])) {
                continue;
            }
            let known = before
                .iter()
                .copied()
                .find(|at| is_same(&listing.spans[*at]));
            let at = known.unwrap_or(listing.spans.len());
            if known.is_none() {
                listing.spans.push(ListingSpan {
                    first: version.name.clone(),
                    last: version.name.clone(),
                    current,
                    table: table.title.clone(),
                    gate: table.gate,
                    text: row.text.clone(),
                });
            }
            listing.spans[at].last.clone_from(&version.name);
            listing.spans[at].current = current;
            open.push(at);
        }
        if open.is_empty() {
            listing.absent.push(version.name.clone());
        }
    }
    listing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::EmbeddedSource;

    fn found(pattern: &str) -> Vec<String> {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        workbench
            .codes(pattern)
            .expect("a pattern")
            .iter()
            .map(|life| format!("{} {}", life.code, life.listings[0].describe()))
            .collect()
    }

    #[test]
    fn a_code_tells_since_when_it_is_listed() {
        assert_eq!(
            found("62351"),
            ["62351 listed since 2019-07; absent in 2019-02"]
        );
        assert_eq!(found("g90521"), ["G90.521 listed since 2019-02"]);
        assert_eq!(found("99999"), Vec::<String>::new());
    }

    #[test]
    fn prefixes_patterns_and_ranges() {
        assert_eq!(found("6236*").len(), 7);
        assert_eq!(found("62360-62365").len(), 4);
        assert_eq!(found("G90.52?").len(), 3);
    }

    #[test]
    fn a_code_of_several_tables_is_told_for_each() {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        let mut policy = workbench.library.policies()[0].clone();
        let code = policy.versions[0].codes[0].rows[0].code.clone();
        let mut twin = policy.versions[0].codes[0].clone();
        "Another".clone_into(&mut twin.title);
        policy.versions[0].codes.push(twin);
        let listing = listing(&policy, &code);
        let tables: Vec<&str> = listing
            .spans
            .iter()
            .map(|span| span.table.as_str())
            .collect();
        assert!(
            tables.contains(&"Another") && tables.len() >= 2,
            "{tables:?}"
        );
        assert!(listing.describe().contains("(Another, "));
    }

    #[test]
    fn validity_is_told_for_a_date() {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        let told: Vec<String> = [
            (CodeSystem::Icd10Cm, "G57.73", "2016-08"),
            (CodeSystem::Icd10Cm, "G57.73", "2016-10"),
            (CodeSystem::Icd10Cm, "G57.73", "2016"),
            (CodeSystem::Icd10Cm, "G57.7", "2019-07"),
            (CodeSystem::Icd10Cm, "G57.79", "2019-07"),
            (CodeSystem::Icd10Cm, "G57.73", "1999-07"),
            (CodeSystem::Cpt, "62351", "2019-07"),
        ]
        .into_iter()
        .map(|(system, code, date)| {
            let code = Code::as_printed(system, code);
            let date = date.parse().expect("a date");
            format!("{code}: {}", workbench.validity(&code, date))
        })
        .collect();
        insta::assert_snapshot!(told.join("\n"));
    }

    #[test]
    fn the_life_of_one_code_is_found_through_the_index() {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        let code = Code::as_printed(CodeSystem::Cpt, "62351");
        let life = workbench.life_of(&code).expect("an index");
        assert_eq!(life, workbench.codes("62351").expect("a pattern").pop());
        assert_eq!(life.map(|life| life.listings.len()), Some(1));
        let other = Code::as_printed(CodeSystem::Cpt, "99999");
        assert_eq!(workbench.life_of(&other), Ok(None));
    }

    #[test]
    fn other_texts_are_refused() {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        for text in [
            "",
            "62 351",
            "a-b-c",
            "é",
            "--",
            "pump",
            "*",
            &"9".repeat(100),
        ] {
            assert!(workbench.codes(text).is_err(), "{text}");
        }
    }
}
