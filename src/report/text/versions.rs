//! Versions, and when they were in force.

use super::evidence;
use super::show::criterion_tree;
use crate::report::{Line, Page, Role};
use crate::workbench::{DaysInForce, PolicyVersions, VersionInForce, Versions};

/// Versions; with a period, their criteria too.
pub fn versions(versions: &Versions<'_>) -> Page {
    let mut page = Page::default();
    let title = match versions.period {
        Some(period) => format!("Versions in force from {} to {}", period.from, period.until),
        None => "Versions".to_owned(),
    };
    page.line(Role::Heading, &title);
    for one in &versions.policies {
        policy(&mut page, one, versions.period.is_some());
    }
    evidence::add(&mut page, &versions.evidence);
    page
}

fn policy(page: &mut Page, one: &PolicyVersions<'_>, with_criteria: bool) {
    page.heading(&format!("{} {}", one.policy.reference, one.policy.title));
    if !one.policy.unread.is_empty() {
        page.push(Line::indented(2).hanging(2).add(
            Role::Bad,
            &format!(
                "it cannot be told which version was in force when: {} cannot be used",
                one.policy.unread.join(", ")
            ),
        ));
    } else if one.versions.is_empty() {
        page.push(Line::indented(2).plain("none was in force"));
    }
    for shown in &one.versions {
        version(page, shown);
        if with_criteria {
            criterion_tree(page, shown.version, 6);
        }
    }
}

fn version(page: &mut Page, shown: &VersionInForce<'_>) {
    let version = shown.version;
    let facts = [
        format!(
            ", effective {} (known to the {})",
            version.effective,
            version.effective.precision()
        ),
        match version.approved {
            Some(date) => format!(", approved {date}"),
            None => ", no approval date".to_owned(),
        },
        format!(", {}", version.provenance.name()),
    ];
    page.push(
        Line::indented(2)
            .hanging(4)
            .add(Role::Heading, &version.name)
            .plain(&facts.concat()),
    );
    for days in &shown.days {
        page.push(in_force(days));
    }
    if shown.days.is_empty() {
        page.push(Line::indented(6).add(Role::Quiet, "never in force"));
    }
}

fn in_force(days: &DaysInForce) -> Line {
    let until = match days.until {
        Some(until) if until == days.from => format!("on {until}"),
        Some(until) => format!("from {} to {until}", days.from),
        None => format!("from {} on", days.from),
    };
    let line = Line::indented(6).hanging(2);
    if days.is_certain() {
        return line.plain(&format!("in force {until}"));
    }
    let none = days.or_none_yet.then_some("none yet");
    let or = none.into_iter().chain(days.or.iter().map(String::as_str));
    let or: Vec<_> = or.collect();
    line.add(
        Role::Doubt,
        &format!("possibly in force {until}, or else {}", or.join(" or ")),
    )
}
