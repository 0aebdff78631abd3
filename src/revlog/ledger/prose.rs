//! Claims about prose and references, and that nothing changed.

use super::{Finding, Ledger, borne_out, contradicted};
use crate::policy::{Provenance, Version};
use crate::revlog::check::Status;

impl Ledger<'_> {
    pub(super) fn section_updated(&mut self, heading: &str) -> Finding {
        let is_meant = |text: &str| text.to_lowercase().contains(heading);
        let mut changed = 0;
        for (index, change) in self.comparison.sections.iter().enumerate() {
            if is_meant(&change.heading) {
                self.sections[index] = true;
                changed += 1;
            }
        }
        let sections = self.before.sections.iter().chain(&self.version.sections);
        let exists = sections.clone().any(|section| is_meant(&section.heading));
        match (changed, self.rebuilt(), exists) {
            (0, Some(rebuilt), _) => not_checkable_in(rebuilt, heading),
            (0, None, true) => contradicted(format!("no paragraph under {heading} changed")),
            (0, None, false) => (
                Status::NotCheckable,
                format!("neither version has a section {heading}"),
            ),
            (1, ..) => borne_out("1 paragraph changed".to_owned()),
            (changed, ..) => borne_out(format!("{changed} paragraphs changed")),
        }
    }

    pub(super) fn references_reviewed(&mut self) -> Finding {
        let mut changed = 0;
        for (index, change) in self.comparison.sections.iter().enumerate() {
            if change.heading == "References" {
                self.sections[index] = true;
                changed += 1;
            }
        }
        match (changed, self.rebuilt()) {
            (0, Some(rebuilt)) => not_checkable_in(rebuilt, "references"),
            (0, None) => (
                Status::NotCheckable,
                "the references are the same in both; a review need not change them".to_owned(),
            ),
            (1, _) => borne_out("1 reference changed".to_owned()),
            (changed, _) => borne_out(format!("{changed} references changed")),
        }
    }

    fn rebuilt(&self) -> Option<&Version> {
        [self.before, self.version]
            .into_iter()
            .find(|version| version.provenance == Provenance::Reconstructed)
    }

    pub(super) fn nothing_changed(&self) -> Finding {
        let changes = [
            (self.comparison.criteria.len(), "criteria"),
            (self.comparison.codes.len(), "codes"),
            (self.comparison.tables.len(), "code tables"),
        ];
        let changed: Vec<String> = changes
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what} changed"))
            .collect();
        if changed.is_empty() {
            borne_out("criteria and codes are the same".to_owned())
        } else {
            contradicted(changed.join(", "))
        }
    }
}

fn not_checkable_in(rebuilt: &Version, what: &str) -> Finding {
    (
        Status::NotCheckable,
        format!(
            "the {what} of {} were carried back from a later version",
            rebuilt.name
        ),
    )
}
