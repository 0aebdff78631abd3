//! Synthetic cases of CP.MP.173, as many as wanted.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use lookback::policy::{FactKind, Policy};

/// A small generator of numbers that look random (an xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 33) % limit
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len() as u64) as usize]
    }
}

const PROCEDURES: [&str; 8] = [
    "62322",
    "62323",
    "62350;62362",
    "62351",
    "62361",
    "62320",
    "62362",
    "64483",
];
const DIAGNOSES: [&str; 5] = ["G89.3", "M96.1", "G57.71", "G90.521;G89.4", "M54.5"];

/// Writes `count` cases as CSV. One value in twenty is missing, and most
/// facts are favourable, as in requests that were worth making.
pub fn write(path: &Path, policy: &Policy, count: u64) -> io::Result<()> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut out = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
    let facts: Vec<_> = policy.facts.iter().collect();
    write!(
        out,
        "case_id,service_date,procedure_codes,diagnosis_codes,determination,determination_version,decision_date"
    )?;
    for fact in &facts {
        write!(out, ",{}", fact.name)?;
    }
    writeln!(out)?;
    for case in 0..count {
        let (year, month, day) = (
            2019 + random.below(2),
            1 + random.below(12),
            1 + random.below(28),
        );
        write!(
            out,
            "C{case:09},{year}-{month:02}-{day:02},{},{},{},{},{year}-{month:02}-{day:02}",
            random.pick(&PROCEDURES),
            random.pick(&DIAGNOSES),
            random.pick(&["met", "not-met"]),
            random.pick(&["2019-02", "2019-07", "2020-01"]),
        )?;
        let mut infected = None;
        for fact in &facts {
            out.write_all(b",")?;
            if random.below(20) == 0 {
                continue;
            }
            match &fact.kind {
                FactKind::Number { .. } => write!(out, "{}", random.below(100))?,
                FactKind::Choice { choices } => {
                    let likely = choices.len().min(2) as u64;
                    out.write_all(choices[random.below(likely) as usize].as_bytes())?;
                }
                FactKind::Bool => {
                    // A contradiction would refuse the case.
                    let is_good = random.below(20) > 0;
                    let value = match fact.name.as_str() {
                        "active_infection" => {
                            infected = Some(random.below(8) == 0);
                            infected == Some(true)
                        }
                        "local_infection" => infected == Some(true) && random.below(2) == 0,
                        name => is_good != is_bad(name),
                    };
                    write!(out, "{value}")?;
                }
            }
        }
        writeln!(out)?;
    }
    out.flush()
}

/// Facts that speak against a request.
fn is_bad(name: &str) -> bool {
    const WORDS: [&str; 7] = [
        "disorder",
        "tumor",
        "coagulopathy",
        "crosstalk",
        "hypersensitivity",
        "pressure",
        "anomaly",
    ];
    name == "further_treatment_promising" || WORDS.iter().any(|word| name.contains(word))
}
