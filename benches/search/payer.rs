//! Libraries of the shape a large payer has: a thousand policies of ten
//! versions and about 120 items, 7% of which change from one to the next.
//!
//! Words follow a Zipf-like law, and so do codes: few are everywhere, most are
//! rare. The same seed gives the same bytes.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// How large a library is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// How many policies.
    pub policies: usize,
    /// How many versions each has.
    pub versions: usize,
    /// What differs between two libraries of one size.
    pub seed: u64,
}

/// Numbers that look random (splitmix64): enough for test data.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// A rank below `ranks`, the lower the likelier: ranks `a` to `2a` are as
    /// likely as `2a` to `4a`.
    pub fn rank(&mut self, ranks: usize) -> usize {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let span = (ranks as f64 + 1.7).ln() - 1.7f64.ln();
        (((unit * span) + 1.7f64.ln()).exp() - 1.7) as usize % ranks
    }
}

const COMMON: &[&str] = &[
    "the",
    "of",
    "and",
    "or",
    "is",
    "to",
    "for",
    "in",
    "with",
    "a",
    "not",
    "are",
    "medically",
    "necessary",
    "criteria",
    "following",
    "all",
    "treatment",
    "patient",
    "therapy",
    "documented",
    "at",
    "least",
    "one",
    "months",
    "pain",
    "than",
    "infection",
    "active",
    "no",
    "failure",
    "conservative",
    "disease",
    "history",
    "evidence",
    "clinical",
    "severe",
    "chronic",
    "imaging",
    "procedure",
    "device",
    "implant",
    "catheter",
    "pump",
    "trial",
    "weeks",
    "functional",
    "impairment",
    "diagnosis",
    "confirmed",
    "by",
    "physician",
    "surgical",
    "contraindication",
    "response",
    "symptoms",
    "experimental",
    "investigational",
    "limit",
    "per",
    "year",
    "adult",
    "pediatric",
    "prior",
    "authorization",
    "coverage",
    "medication",
    "dose",
    "opioid",
];
const VOCABULARY: usize = 30_000;
const SYLLABLES: &[&str] = &[
    "ab", "car", "di", "ep", "fem", "gas", "hep", "in", "jec", "ker", "lum", "my", "neu", "or",
    "pul", "que", "re", "sten", "tho", "ur", "vas", "xan", "yt", "zo", "al", "ber", "cor", "dys",
    "en", "fib", "gly", "hyp",
];

/// The word of a rank.
pub fn word(rank: usize) -> String {
    if let Some(common) = COMMON.get(rank) {
        return (*common).to_owned();
    }
    let mut left = rank;
    let mut word = String::new();
    while word.len() < 5 || left > 0 {
        word.push_str(SYLLABLES[left % SYLLABLES.len()]);
        left /= SYLLABLES.len();
    }
    word.push_str(["ia", "osis", "al", "ing", "ed", "tion"][rank % 6]);
    word
}

fn words(dice: &mut Dice, low: usize, high: usize) -> String {
    let count = dice.between(low, high);
    let mut text = String::new();
    for at in 0..count {
        let word = word(dice.rank(VOCABULARY));
        let gap = if at == 0 { "" } else { " " };
        let _ = write!(text, "{gap}{word}");
    }
    text + "."
}

/// A row of a code table: the same code has the same words everywhere.
#[derive(Clone)]
struct CodeLine {
    code: String,
    text: String,
}

/// The code of a rank in its system.
pub fn code(system: usize, rank: usize) -> String {
    // Neighbours in rank are no neighbours in number.
    let mixed = rank.wrapping_mul(7_919);
    match system {
        0 => format!("{:05}", 10_000 + mixed % 60_000),
        1 => {
            let letter = b"AEGJKLQ"[mixed % 7] as char;
            format!("{letter}{:04}", mixed / 7 % 10_000)
        }
        _ => {
            let letter = b"ABCDEFGHIJKLMNRSTZ"[mixed % 18] as char;
            let rest = mixed / 18 % 99_999;
            format!("{letter}{:02}.{:03}", rest / 1_000 % 100, rest % 1_000)
        }
    }
}

const SYSTEMS: [(&str, &str, usize); 3] = [
    ("CPT", "address", 8_000),
    ("HCPCS", "advise", 3_000),
    ("ICD-10-CM", "require", 20_000),
];

fn code_line(dice: &mut Dice, system: usize) -> CodeLine {
    let rank = dice.rank(SYSTEMS[system].2);
    let mut own = Dice::new((system as u64) << 32 | rank as u64);
    CodeLine {
        code: code(system, rank),
        text: words(&mut own, 5, 12),
    }
}

/// A policy as one of its versions has it.
#[derive(Clone)]
pub struct Draft {
    criteria: Vec<String>,
    tables: [Vec<CodeLine>; 3],
    paragraphs: Vec<String>,
    log: Vec<(String, String)>,
    notice: String,
}

impl Draft {
    fn first(dice: &mut Dice) -> Self {
        let mut draft = Draft {
            criteria: (0..48).map(|_| words(dice, 8, 24)).collect(),
            tables: [vec![], vec![], vec![]],
            paragraphs: (0..14).map(|_| words(dice, 25, 60)).collect(),
            log: vec![],
            notice: words(dice, 8, 16),
        };
        for (system, count) in [20, 8, 22].into_iter().enumerate() {
            while draft.tables[system].len() < count {
                draft.add_code(dice, system);
            }
        }
        draft
    }

    fn add_code(&mut self, dice: &mut Dice, system: usize) {
        let line = code_line(dice, system);
        if !self.tables[system].iter().any(|row| row.code == line.code) {
            self.tables[system].push(line);
        }
    }

    /// Changes about 7% of it.
    fn revise(&mut self, dice: &mut Dice) {
        for text in self.criteria.iter_mut().chain(&mut self.paragraphs) {
            if dice.percent(7) {
                *text = words(dice, 8, 30);
            }
        }
        for system in 0..3 {
            let count = self.tables[system].len();
            self.tables[system].retain(|_| !dice.percent(4));
            for row in &mut self.tables[system] {
                if dice.percent(3) {
                    row.text = words(dice, 5, 12);
                }
            }
            for _ in self.tables[system].len()..count {
                self.add_code(dice, system);
            }
        }
    }

    fn toml(&self, version: &str) -> String {
        let mut text = format!(
            "format = 1\nversion = \"{version}\"\neffective = \"{version}\"\n\
             reviewed = \"{version}\"\nprovenance = \"published\"\n"
        );
        let out = &mut text;
        for (heading, range) in [("Description", 0..4), ("Background", 4..14)] {
            let body = self.paragraphs[range].join("\n\n");
            let _ = write!(
                out,
                "\n[[sections]]\nheading = \"{heading}\"\ntext = \"\"\"\n{body}\n\"\"\"\n"
            );
        }
        for (at, criterion) in self.criteria.iter().enumerate() {
            let _ = write!(
                out,
                "\n[[criteria]]\nid = \"{}\"\ntext = \"{criterion}\"\n",
                criterion_id(at)
            );
            if at % 6 == 5 {
                let _ = writeln!(out, "rule = 'age >= {}'", at % 80);
            }
        }
        for (system, rows) in self.tables.iter().enumerate() {
            let (name, gate, _) = SYSTEMS[system];
            let _ = write!(
                out,
                "\n[[codes]]\nsystem = \"{name}\"\ntitle = \"{name} codes\"\ngate = \"{gate}\"\nrows = [\n"
            );
            for row in rows {
                let _ = writeln!(
                    out,
                    "    {{ code = \"{}\", text = \"{}\" }},",
                    row.code, row.text
                );
            }
            out.push_str("]\n");
        }
        let _ = write!(out, "\n[[notices]]\ntext = \"{}\"\n", self.notice);
        for (date, entry) in &self.log {
            let _ = write!(
                out,
                "\n[[revisions]]\ndate = \"{date}\"\ntext = \"{entry}\"\n"
            );
        }
        text
    }
}

/// `I`, `I.A`, `I.A.1` and on: eight statements of six criteria.
fn criterion_id(at: usize) -> String {
    let roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"][at / 6 % 8];
    match at % 6 {
        0 => roman.to_owned(),
        1 => format!("{roman}.A"),
        2 => format!("{roman}.A.1"),
        3 => format!("{roman}.A.2"),
        4 => format!("{roman}.B"),
        _ => format!("{roman}.B.1"),
    }
}

/// The reference number of a policy.
pub fn reference(number: usize) -> String {
    format!("CP.MP.{}", number + 1)
}

/// Writes one policy's folder. Each policy has dice of its own, so that one
/// can be written again without the others.
pub fn write_policy(folder: &Path, shape: Shape, number: usize) -> io::Result<()> {
    let dice = &mut Dice::new(shape.seed ^ (number as u64) << 20);
    let reference = reference(number);
    let folder = folder.join(&reference);
    fs::create_dir_all(&folder)?;
    let title = words(dice, 3, 7);
    let head = format!(
        "format = 1\nreference = \"{reference}\"\ntitle = \"{title}\"\npublisher = \"A payer\"\n\
         \n[facts.age]\nask = \"Age\"\ntype = \"number\"\nunit = \"years\"\n"
    );
    fs::write(folder.join("policy.toml"), head)?;
    let mut draft = Draft::first(dice);
    let (mut year, mut month) = (2008 + dice.below(4), 1 + dice.below(12));
    for _ in 0..shape.versions {
        let name = format!("{year}-{month:02}");
        draft.log.push((name.clone(), words(dice, 6, 20)));
        fs::write(folder.join(format!("{name}.toml")), draft.toml(&name))?;
        draft.revise(dice);
        month += dice.between(5, 18);
        (year, month) = (year + (month - 1) / 12, (month - 1) % 12 + 1);
    }
    Ok(())
}

/// Writes a whole library.
pub fn write(folder: &Path, shape: Shape) -> io::Result<()> {
    (0..shape.policies).try_for_each(|number| write_policy(folder, shape, number))
}
