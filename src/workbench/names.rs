//! From what a person types to the policy and version meant.

use super::open::Workbench;
use super::problem::Problem;
use crate::compare::Pair;
use crate::policy::{Date, InForce, Policy, Version};
use crate::text::nearest;

/// A version with its policy.
pub type Named<'a> = (&'a Policy, &'a Version);

impl Workbench {
    /// The policy of that reference; the only one, if none is named.
    ///
    /// # Errors
    /// When there is no such policy, or several to choose from.
    pub fn policy(&self, reference: Option<&str>) -> Result<&Policy, Problem> {
        match (reference, self.library.heads()) {
            (Some(reference), _) => self.library.policy(reference).ok_or_else(|| {
                let without = reference.split_once('@').map(|(policy, _)| policy);
                if let Some(policy) = without.and_then(|name| self.library.head(name)) {
                    return Problem::usage(
                        format!("`{reference}` names a version where a policy is asked for"),
                        format!("write {}", policy.reference),
                    );
                }
                Problem::usage(
                    format!("the library has no policy `{reference}`"),
                    self.policies_hint(reference),
                )
            }),
            (None, [only]) => self.policy(Some(&only.reference)),
            (None, []) => Err(Problem::usage(
                "the library holds no policy",
                "name another library with --library DIR, or see `lookback check`",
            )),
            (None, _) => Err(Problem::usage(
                "the library holds several policies",
                format!("name one: {}", self.references().join(", ")),
            )),
        }
    }

    /// The version that `text` names: `REF@V`, or `REF` for its latest, or `V`
    /// where the library holds one policy only.
    ///
    /// # Errors
    /// When there is none, or a date does not tell which.
    pub fn version(&self, text: &str) -> Result<Named<'_>, Problem> {
        if let Some((reference, version)) = text.split_once('@') {
            let reference = Some(reference).filter(|reference| !reference.is_empty());
            let policy = self.policy(reference)?;
            return Ok((policy, version_of(policy, version)?));
        }
        if let Some(policy) = self.library.policy(text) {
            return Ok((policy, version_of(policy, "latest")?));
        }
        match self.library.heads() {
            [_] if could_be_version(text) => {
                let only = self.policy(None)?;
                Ok((only, version_of(only, text)?))
            }
            _ => self.policy(Some(text)).and_then(|policy| {
                let version = version_of(policy, "latest")?;
                Ok((policy, version))
            }),
        }
    }

    /// The two versions that `names` mean: `A B`; `REF@V..W`; `REF` for its
    /// last two; nothing, where the library holds one policy only.
    ///
    /// # Errors
    /// When there are none.
    pub fn version_pair(&self, names: &[String]) -> Result<Pair<Named<'_>>, Problem> {
        match names {
            [] => last_two(self.policy(None)?),
            [one] => match one.split_once("..") {
                Some((old, new)) => {
                    let old = self.version(old)?;
                    let new = if new.contains('@') {
                        self.version(new)?
                    } else {
                        (old.0, version_of(old.0, new)?)
                    };
                    Ok(Pair::new(old, new))
                }
                None if one.contains('@') => {
                    let new = self.version(one)?;
                    all_read(new.0, "the one before")?;
                    let index = position(new);
                    match index.checked_sub(1) {
                        Some(before) => Ok(Pair::new((new.0, &new.0.versions[before]), new)),
                        None => Err(Problem::usage(
                            format!("{} has no version before {}", new.0.reference, new.1.name),
                            "name two versions to compare",
                        )),
                    }
                }
                None => last_two(self.policy(Some(one))?),
            },
            [old, new] => {
                let old = self.version(old)?;
                // `diff CP.MP.173@2019-02 2020-01` means the same policy.
                let same_policy = !new.contains('@') && self.library.head(new).is_none();
                let new = if same_policy {
                    (old.0, version_of(old.0, new)?)
                } else {
                    self.version(new)?
                };
                Ok(Pair::new(old, new))
            }
            _ => Err(Problem::usage(
                "more than two versions are named",
                "name the older and the newer version",
            )),
        }
    }

    /// Every reference number.
    pub fn references(&self) -> Vec<&str> {
        let heads = self.library.heads().iter();
        heads.map(|head| head.reference.as_str()).collect()
    }

    fn policies_hint(&self, reference: &str) -> String {
        policies_hint(reference, &self.references())
    }
}

/// What to say of a reference number that no policy has.
pub(super) fn policies_hint(reference: &str, known: &[&str]) -> String {
    match nearest(reference, known.iter().copied()) {
        Some(known) => format!("did you mean {known}?"),
        None => match known {
            [] => "it holds no policy; see `lookback check`".to_owned(),
            known if known.len() <= 8 => format!("it holds {}", known.join(", ")),
            known => format!("it holds {} policies, {} among them", known.len(), known[0]),
        },
    }
}

/// Whether a text was probably meant as a date, in another spelling or
/// impossible.
fn looks_like_date(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 4
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"/-. ".contains(&byte))
}

fn could_be_version(text: &str) -> bool {
    ["latest", "previous"].contains(&text) || text.starts_with(|first: char| first.is_ascii_digit())
}

pub(super) fn position((policy, version): Named<'_>) -> usize {
    policy
        .versions
        .iter()
        .position(|one| one.name == version.name)
        .unwrap_or_default()
}

/// The policy, if all its versions could be read: one that could not may be
/// the one that is meant.
pub(super) fn all_read<'a>(policy: &'a Policy, which: &str) -> Result<&'a Policy, Problem> {
    if policy.unread.is_empty() {
        return Ok(policy);
    }
    Err(Problem::input(
        format!(
            "it cannot be told which version of {} is {which}: {} cannot be used",
            policy.reference,
            policy.unread.join(", ")
        ),
        "see why with `lookback check`, or name the version you mean",
    ))
}

fn last_two(policy: &Policy) -> Result<Pair<Named<'_>>, Problem> {
    match all_read(policy, "the latest")?.versions.as_slice() {
        [.., old, new] => Ok(Pair::new((policy, old), (policy, new))),
        _ => Err(Problem::usage(
            format!("{} has fewer than two versions", policy.reference),
            "there is nothing to compare",
        )),
    }
}

/// The version of a policy by name, as `latest` or `previous`, or in force on
/// a date.
///
/// # Errors
/// When there is none, or the date does not tell which.
pub fn version_of<'a>(policy: &'a Policy, name: &str) -> Result<&'a Version, Problem> {
    let reference = &policy.reference;
    let none = || {
        let names: Vec<_> = policy
            .versions
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let hint = match nearest(name, names.iter().copied()) {
            Some(known) => format!("did you mean {reference}@{known}?"),
            None if names.is_empty() => "see `lookback check` for why".to_owned(),
            None if looks_like_date(name) => {
                format!(
                    "write a date as 2019-08-14; {reference} has {}",
                    names.join(", ")
                )
            }
            None => format!("it has {}", names.join(", ")),
        };
        Problem::usage(format!("{reference} has no version `{name}`"), hint)
    };
    if let Some(version) = policy.version(name) {
        return Ok(version);
    }
    match name {
        "latest" => return all_read(policy, "the latest")?.latest().ok_or_else(none),
        "previous" => {
            let mut approved = all_read(policy, "the previous")?.approved();
            return approved.nth_back(1).ok_or_else(none);
        }
        _ => {}
    }
    match name.parse() {
        Ok(date) => version_on(policy, date),
        Err(_) => Err(none()),
    }
}

/// The version of a policy in force on a date.
///
/// # Errors
/// When there is none, or the dates do not tell which.
pub fn version_on(policy: &Policy, date: Date) -> Result<&Version, Problem> {
    let reference = &policy.reference;
    match policy.in_force(date) {
        InForce::One(version) => Ok(version),
        InForce::None => Err(Problem::usage(
            format!("no version of {reference} was in force on {date}"),
            match policy.versions.first() {
                Some(first) => format!("its first is effective {}", first.effective),
                None => "it has no versions".to_owned(),
            },
        )),
        InForce::Unread { files } => Err(Problem::input(
            format!(
                "it cannot be told which version of {reference} was in force on {date}: {} cannot be used",
                files.join(", ")
            ),
            "see why with `lookback check`, or name the version you mean",
        )),
        InForce::Ambiguous {
            candidates,
            before_first,
        } => {
            let mut names: Vec<String> = candidates
                .iter()
                .map(|one| format!("{reference}@{}", one.name))
                .collect();
            if before_first {
                names.insert(0, "none yet".to_owned());
            }
            Err(Problem::usage(
                format!(
                    "the dates leave open which version of {reference} was in force on {date}: {}",
                    names.join(" or ")
                ),
                "one of the dates is too coarse to tell; name the version you mean",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::EmbeddedSource;

    fn workbench() -> Workbench {
        Workbench::of(&EmbeddedSource).expect("the embedded library")
    }

    #[test]
    fn versions_are_found_by_every_name() {
        let workbench = workbench();
        let table = [
            ("CP.MP.173", "2020-01"),
            ("cp.mp.173@2019-02", "2019-02"),
            ("CP.MP.173@latest", "2020-01"),
            ("CP.MP.173@previous", "2019-07"),
            ("CP.MP.173@2019-08-14", "2019-07"),
            ("2019-07", "2019-07"),
            ("@previous", "2019-07"),
        ];
        for (text, expected) in table {
            let (_, version) = workbench.version(text).expect(text);
            assert_eq!(version.name, expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_found_comes_with_a_way_out() {
        let workbench = workbench();
        let report: Vec<String> = [
            "CP.MP.137",
            "XX",
            "CP.MP.173@2019-08",
            "CP.MP.173@2018-01-01",
            "CP.MP.173@2019-07-10",
            "CP.MP.173@2019-02-03",
            "CP.MP.173@first",
        ]
        .iter()
        .map(|text| match workbench.version(text) {
            Ok((_, version)) => format!("{text}\n    {}", version.name),
            Err(problem) => format!("{text}\n    {problem}\n    {}", problem.hints.join("; ")),
        })
        .collect();
        insta::assert_snapshot!(report.join("\n"));
    }

    #[test]
    fn pairs() {
        let workbench = workbench();
        let table: [(&[&str], &str); 7] = [
            (&[], "2019-07 2020-01"),
            (&["CP.MP.173"], "2019-07 2020-01"),
            (&["CP.MP.173@2019-07"], "2019-02 2019-07"),
            (&["CP.MP.173@2019-02..2020-01"], "2019-02 2020-01"),
            (
                &["CP.MP.173@2019-02", "CP.MP.173@2020-01"],
                "2019-02 2020-01",
            ),
            (&["CP.MP.173@2019-02", "previous"], "2019-02 2019-07"),
            (&["2019-02", "2020-01"], "2019-02 2020-01"),
        ];
        for (names, expected) in table {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let pair = workbench.version_pair(&names).expect(expected);
            let found = format!("{} {}", pair.old.1.name, pair.new.1.name);
            assert_eq!(found, expected);
        }
    }
}
