//! Reference code sets, and the code audit that rests on them.
//!
//! CMS publishes ICD-10-CM a fiscal year and HCPCS Level II a calendar year.
//! [`import()`] reads those files and merges the years into a [`CodeSet`]: for
//! each code when it was valid, when billable, and what it was called. A set
//! has a compact form, which ships with the program, and answers what a code
//! was on a day. [`audit::audit`] holds the code tables of a policy against the sets.
//!
//! ICD-10-CM was published for fiscal years 2014 and 2015 but became
//! mandatory on 1 October 2015; its codes count as valid from the first
//! published fiscal year on.
//!
//! Everything here takes bytes and gives values.

pub mod audit;
mod compact;
mod edition;
mod error;
mod fiscal_year;
mod import;
mod key;
mod life;
mod merge;
mod read;
mod set;
#[cfg(test)]
mod tests;

pub use edition::Edition;
pub use error::ReadError;
pub use import::{NamedFile, file_name, import};
pub use key::Key;
pub use life::{DatedTitle, Interval, Life, Title};
pub use set::{Answer, CodeSet, Status};

use crate::policy::CodeSystem;

/// An edition a set was built from, and how many codes its file has: of
/// ICD-10-CM the billable ones, of HCPCS the terminated ones as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The edition.
    pub edition: Edition,
    /// The codes of its file.
    pub codes: u32,
}

impl Published {
    fn new(edition: Edition, codes: usize) -> Published {
        let codes = u32::try_from(codes).unwrap_or(u32::MAX);
        Published { edition, codes }
    }
}

/// The sets at hand, at most one a system.
#[derive(Debug, Default)]
pub struct CodeSets {
    sets: Vec<CodeSet>,
}

impl CodeSets {
    /// Sets, the first of each system.
    pub fn new(sets: impl IntoIterator<Item = CodeSet>) -> CodeSets {
        let mut kept = CodeSets::default();
        for set in sets {
            if kept.of(set.system()).is_none() {
                kept.sets.push(set);
            }
        }
        kept.sets.sort_by_key(CodeSet::system);
        kept
    }

    /// The set of a system.
    pub fn of(&self, system: CodeSystem) -> Option<&CodeSet> {
        self.sets.iter().find(|set| set.system() == system)
    }

    /// Every set, in order of system.
    pub fn all(&self) -> impl Iterator<Item = &CodeSet> {
        self.sets.iter()
    }
}
