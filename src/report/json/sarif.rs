//! Findings as SARIF 2.1.0, for pipelines that collect them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::writer::bytes;
use crate::format::Severity;
use crate::workbench::{Evidence, Finding};

/// Findings as SARIF. A place is a file of the library, relative to it; a
/// finding about a version has its name as a logical location.
pub fn sarif(findings: &[Finding], evidence: &Evidence) -> Vec<u8> {
    let rules: BTreeSet<&str> = findings.iter().map(|finding| finding.rule).collect();
    let rules: Vec<Value> = rules.iter().map(|rule| self::rule(rule)).collect();
    let results: Vec<Value> = findings.iter().map(result).collect();
    bytes(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "lookback",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "originalUriBaseIds": {
                "LIBRARY": { "description": { "text": evidence.library.describe() } },
            },
            "results": results,
        }],
    }))
}

/// A kind of finding, with what it means where the name does not say enough.
fn rule(id: &str) -> Value {
    let means = match id {
        "file" => "A file of the library cannot be used, or not as it is meant.",
        "case-rejected" => "A row of a file of cases cannot be used.",
        "case-version-missing" => "A case names a version that the library does not have.",
        "determination-deviates" => {
            "A recorded determination does not follow from the version it was made under."
        }
        "log-claim-contradicted" => {
            "The revision log says something that the versions do not bear out."
        }
        "change-undeclared" => "A version changed something that the revision log does not say.",
        "log-approval-missing" => "An entry of the revision log has no approval date.",
        "log-approval-early" => "An entry of the revision log was approved before it was made.",
        "log-out-of-order" => "The entries of the revision log are not in order of date.",
        "log-entry-without-version" => "An entry of the revision log made no version at hand.",
        "log-version-without-entry" => "A version has no entry in the revision log.",
        _ => return json!({ "id": id }),
    };
    json!({ "id": id, "shortDescription": { "text": means } })
}

fn result(finding: &Finding) -> Value {
    let text = match &finding.hint {
        Some(hint) => format!("{}\n{hint}", finding.message),
        None => finding.message.clone(),
    };
    let mut location = json!({});
    if let Some(place) = &finding.place {
        let mut parts = place.split(':');
        let mut physical = json!({
            "artifactLocation": { "uri": parts.next(), "uriBaseId": "LIBRARY" },
        });
        if let Some(line) = parts.next().and_then(|line| line.parse::<usize>().ok()) {
            physical["region"] = json!({ "startLine": line });
        }
        location["physicalLocation"] = physical;
    }
    if let Some(about) = &finding.about {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": about }]);
    }
    json!({
        "ruleId": finding.rule,
        "level": match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": { "text": text },
        "locations": if location == json!({}) { vec![] } else { vec![location] },
    })
}
