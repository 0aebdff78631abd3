//! Code sets that were built.

use crate::policy::CodeSystem;
use crate::report::{Line, Page, Role};
use crate::workbench::ImportedSet;

/// Where the sets are, and their years.
pub fn imported_sets(sets: &[ImportedSet]) -> Page {
    let mut page = Page::default();
    for set in sets {
        page.push(
            Line::default()
                .add(Role::Heading, &format!("{} ", set.system))
                .plain(&format!("{}, {} bytes", set.path.display(), set.size)),
        );
        for year in &set.years {
            let name = format!("{:>8}", year.edition.year_name());
            let changes = format!("  +{} -{}", year.added, year.ended);
            page.push(
                Line::default()
                    .plain(&name)
                    .plain(&format!("{:>9} codes", year.codes))
                    .add(Role::Quiet, &changes),
            );
        }
        if set.system == CodeSystem::Cpt {
            let reminder = "CPT is licensed by the AMA: keep this file on your machine";
            page.line(Role::Doubt, reminder);
        }
        page.blank();
    }
    page
}
