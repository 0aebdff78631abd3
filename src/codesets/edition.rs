//! The years in which code sets are published.

use jiff::civil::{Date, date};

use crate::policy::CodeSystem;

/// Years outside this range are taken for faults of a file.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// A code set as published for one year.
///
/// ICD-10-CM goes by the fiscal year of the United States, which begins on 1
/// October of the year before and bears the number of the year it ends in.
/// The others go by the calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edition {
    /// The code system.
    pub system: CodeSystem,
    /// The year.
    pub year: i16,
}

impl Edition {
    /// The first day on which it applies.
    pub fn first_day(self) -> Date {
        match self.system {
            CodeSystem::Icd10Cm => date(self.year - 1, 10, 1),
            CodeSystem::Cpt | CodeSystem::Hcpcs => date(self.year, 1, 1),
        }
    }

    /// The last day on which it applies.
    pub fn last_day(self) -> Date {
        match self.system {
            CodeSystem::Icd10Cm => date(self.year, 9, 30),
            CodeSystem::Cpt | CodeSystem::Hcpcs => date(self.year, 12, 31),
        }
    }

    /// The edition that applies on a day.
    pub fn on(system: CodeSystem, day: Date) -> Edition {
        let fiscal = system == CodeSystem::Icd10Cm && day.month() >= 10;
        let year = day.year() + i16::from(fiscal);
        Edition { system, year }
    }

    /// The year as coders write it: `FY2017`, or `2019`.
    pub fn year_name(self) -> String {
        match self.system {
            CodeSystem::Icd10Cm => format!("FY{}", self.year),
            CodeSystem::Cpt | CodeSystem::Hcpcs => self.year.to_string(),
        }
    }
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.system, self.year_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fiscal_years_begin_in_october() {
        use CodeSystem::*;
        for (system, day, name) in [
            (Icd10Cm, date(2016, 9, 30), "ICD-10-CM FY2016"),
            (Icd10Cm, date(2016, 10, 1), "ICD-10-CM FY2017"),
            (Hcpcs, date(2016, 10, 1), "HCPCS 2016"),
        ] {
            let edition = Edition::on(system, day);
            assert_eq!(edition.to_string(), name);
            assert!(edition.first_day() <= day && day <= edition.last_day());
        }
    }
}
