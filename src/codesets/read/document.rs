//! Which files are named, and what each of them is.

use super::archive::{self, Member};
use super::columns::decode;
use super::{addenda, cpt, hcpcs, order};
use crate::codesets::ReadError;
use crate::policy::CodeSystem;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::codesets) enum Kind {
    /// An ICD-10-CM order file.
    Order,
    /// The addenda of one.
    Addenda,
    /// HCPCS Level II, fixed width.
    Hcpcs,
    /// HCPCS Level II, a workbook.
    Workbook,
    /// CPT, tab-separated.
    Cpt,
}

/// Whether a text looks like a file of some kind.
type LooksLike = fn(&str) -> bool;

impl Kind {
    /// The system whose codes it holds.
    pub(in crate::codesets) fn system(self) -> CodeSystem {
        match self {
            Kind::Order | Kind::Addenda => CodeSystem::Icd10Cm,
            Kind::Hcpcs | Kind::Workbook => CodeSystem::Hcpcs,
            Kind::Cpt => CodeSystem::Cpt,
        }
    }

    /// What a file is by its name, as CMS names them.
    fn of_name(name: &str) -> Option<Kind> {
        let name = base(name).to_ascii_lowercase().replace(['-', ' '], "_");
        let (stem, extension) = name.rsplit_once('.')?;
        let has = |part: &str| stem.contains(part);
        match extension {
            "txt" if has("icd10cm") && has("order") && has("addenda") => Some(Kind::Addenda),
            "txt" if has("icd10cm") && has("order") => Some(Kind::Order),
            "txt" if has("hcpc") && has("anweb") => Some(Kind::Hcpcs),
            "xlsx" if has("hcpc") && has("anweb") => Some(Kind::Workbook),
            _ => None,
        }
    }

    /// What a file is by what it holds.
    fn of_text(text: &str) -> Option<Kind> {
        let looks: [(Kind, LooksLike); 4] = [
            (Kind::Addenda, addenda::looks_like),
            (Kind::Order, order::looks_like),
            (Kind::Hcpcs, hcpcs::looks_like),
            (Kind::Cpt, cpt::looks_like),
        ];
        looks
            .into_iter()
            .find(|(_, looks)| looks(text))
            .map(|(kind, _)| kind)
    }
}

/// A file that holds codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::codesets) struct Document {
    pub name: String,
    pub kind: Kind,
    /// The year its name bears.
    pub year: Option<i16>,
    pub bytes: Vec<u8>,
}

/// The files of codes in a file: itself, or members of it.
pub(in crate::codesets) fn documents(file: &str, bytes: &[u8]) -> Result<Vec<Document>, ReadError> {
    let is_workbook = base(file).to_ascii_lowercase().ends_with(".xlsx");
    let members = match archive::is_archive(bytes) {
        true if !is_workbook => {
            archive::members(file, bytes, &|name| Kind::of_name(name).is_some())?
        }
        _ => vec![Member {
            name: file.to_owned(),
            bytes: bytes.to_owned(),
        }],
    };
    let mut documents: Vec<Document> = members.into_iter().filter_map(document).collect();
    if documents.is_empty() {
        return Err(ReadError::of_file(
            file,
            "it holds no file of codes",
            "name an ICD-10-CM archive or order file, a HCPCS archive, text or workbook, or a tab-separated CPT file",
        ));
    }
    // The text has the whole descriptors; see `workbook.rs`.
    if documents.iter().any(|one| one.kind == Kind::Hcpcs) {
        documents.retain(|one| one.kind != Kind::Workbook);
    }
    Ok(documents)
}

fn document(member: Member) -> Option<Document> {
    let name = base(&member.name).to_ascii_lowercase();
    let kind = match Kind::of_name(&name) {
        Some(kind) => kind,
        None if name.ends_with(".xlsx") => Kind::Workbook,
        None => Kind::of_text(&decode(&member.bytes))?,
    };
    Some(Document {
        kind,
        year: year(&name),
        name: member.name,
        bytes: member.bytes,
    })
}

/// The last part of a path.
fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The year in a name: four digits, as `icd10cm_order_2020.txt`, or the two
/// behind `HCPC`, as `HCPC17_CONTR_ANWEB.txt`.
fn year(name: &str) -> Option<i16> {
    let numbers = name.split(|one: char| !one.is_ascii_digit());
    let four = numbers
        .filter(|number| number.len() == 4 && number.starts_with("20"))
        .filter_map(|number| number.parse().ok())
        .next_back();
    let two = || {
        let behind = name.split_once("hcpc")?.1.trim_start_matches('s');
        let digits = behind.get(..2)?;
        let ends = !behind.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
        digits
            .parse::<i16>()
            .ok()
            .filter(|_| ends)
            .map(|year| 2000 + year)
    };
    four.or_else(two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kind_and_year() {
        for (name, kind, expected) in [
            ("x/icd10cm_order_2021.txt", Some(Kind::Order), Some(2021)),
            (
                "icd10cm-order-addenda-2023.txt",
                Some(Kind::Addenda),
                Some(2023),
            ),
            ("icd10cm_codes_2023.txt", None, Some(2023)),
            ("HCPC17_CONTR_ANWEB.txt", Some(Kind::Hcpcs), Some(2017)),
            (
                "HCPC2018_CONTR_ANWEB_disc.xlsx",
                Some(Kind::Workbook),
                Some(2018),
            ),
            ("HCPCS2017_Trans Report_Alpha.xlsx", None, Some(2017)),
            ("ICD10OrderFiles.pdf", None, None),
            ("longult.txt", None, None),
        ] {
            assert_eq!(Kind::of_name(name), kind, "{name}");
            assert_eq!(year(&base(name).to_ascii_lowercase()), expected, "{name}");
        }
    }

    #[test]
    fn the_text_is_preferred_to_the_workbook() {
        let bytes = archive::tests::archive(&[
            ("HCPC2019_CONTR_ANWEB.xlsx", b"PK"),
            ("HCPC2019_CONTR_ANWEB.txt", b"text"),
            ("proc_notes_2019.txt", b"notes"),
        ]);
        let documents = documents("2019.zip", &bytes).expect("documents");
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0].kind, Kind::Hcpcs);
        assert!(super::documents("x.txt", b"hello").is_err());
    }
}
