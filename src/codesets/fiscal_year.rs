//! A fiscal year of ICD-10-CM: what applied from 1 October, and what from
//! later in the year.
//!
//! CMS publishes an order file for 1 October and, in some years, another for
//! 1 January or 1 April, which replaces it. Where only the later file is at
//! hand, the addenda beside it give back the earlier state: addenda whose
//! summary compares two files of the same year are of such a release, and
//! undoing them leaves what applied from 1 October. These releases take
//! effect on 1 April. Addenda that compare with the year before say nothing
//! of that; what began within those years is in [`ANNOUNCED`].

use jiff::civil::{Date, date};

use super::ReadError;
use super::edition::Edition;
use super::read::addenda::{self, Addenda};
use super::read::order::Rows;
use crate::policy::CodeSystem;

/// Starts within a year that no file of that year tells, as CMS and the
/// National Center for Health Statistics announced them: the codes for vaping
/// and COVID-19 of April 2020, which only the files of the next year hold,
/// and those of January 2021, whose addenda compare with the year before.
const ANNOUNCED: [(i16, Date, &str); 2] = [
    (
        2020,
        date(2020, 4, 1),
        "\
Add:         0 U07     Emergency use of U07                                         Emergency use of U07
Add:         1 U070    Vaping-related disorder                                      Vaping-related disorder
Add:         1 U071    COVID-19                                                     COVID-19
",
    ),
    (
        2021,
        date(2021, 1, 1),
        "\
Add:         1 J1282   Pneumonia due to coronavirus disease 2019                    Pneumonia due to coronavirus disease 2019
Delete:      1 M358    Other specified systemic involvement of connective tissue    Other specified systemic involvement of connective tissue
Add:         0 M358    Other specified systemic involvement of connective tissue    Other specified systemic involvement of connective tissue
Add:         1 M3581   Multisystem inflammatory syndrome                            Multisystem inflammatory syndrome
Add:         1 M3589   Other specified systemic involvement of connective tissue    Other specified systemic involvement of connective tissue
Add:         1 Z1152   Encounter for screening for COVID-19                         Encounter for screening for COVID-19
Add:         1 Z20822  Contact with and (suspected) exposure to COVID-19            Contact with and (suspected) exposure to COVID-19
Add:         1 Z8616   Personal history of COVID-19                                 Personal history of COVID-19
",
    ),
];

/// The codes and headers from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stage {
    pub from: Date,
    pub rows: Rows,
}

/// What applied when in a fiscal year: the state of 1 October, and that after
/// the release within the year if there was one.
pub(super) fn stages(
    year: i16,
    rows: Rows,
    addenda: Option<&Addenda>,
) -> Result<Vec<Stage>, ReadError> {
    let october = Edition {
        system: CodeSystem::Icd10Cm,
        year,
    }
    .first_day();
    let Some((from, addenda)) = release_within(year, addenda)? else {
        return Ok(vec![Stage {
            from: october,
            rows,
        }]);
    };
    let before = addenda.undone(&rows);
    let after = addenda.applied(&rows);
    Ok(vec![
        Stage {
            from: october,
            rows: before,
        },
        Stage { from, rows: after },
    ])
}

fn release_within(
    year: i16,
    addenda: Option<&Addenda>,
) -> Result<Option<(Date, Addenda)>, ReadError> {
    let announced = ANNOUNCED.iter().find(|(one, ..)| *one == year);
    if let Some((_, from, text)) = announced {
        return Ok(Some((*from, addenda::read("announced", text.as_bytes())?)));
    }
    let within = addenda.filter(|one| one.is_within(year) && !one.after.is_empty());
    Ok(within.map(|one| (date(year, 4, 1), one.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codesets::Key;
    use crate::codesets::read::order;

    fn state(stages: &[Stage], code: &str) -> Vec<(String, Option<bool>)> {
        let key = Key::read(code).expect("a code");
        stages
            .iter()
            .map(|stage| {
                let row = stage.rows.get(&key);
                (stage.from.to_string(), row.map(|row| row.billable))
            })
            .collect()
    }

    #[test]
    fn addenda_of_the_same_year_are_undone_for_its_first_half() {
        let file = "00001 Z283    0 Underimmunization\n00002 Z2839   1 Other\n";
        let text = "\
Delete:      1 Z283    Underimmunization
Add:         0 Z283    Underimmunization
Add:         1 Z2839   Other
  72748 codes in icd10cm_order_2022.txt
  72750 codes in icd10cm_order_2022.txt
";
        let rows = order::read("o", file.as_bytes()).expect("rows");
        let addenda = addenda::read("a", text.as_bytes()).expect("addenda");
        let stages = stages(2022, rows.clone(), Some(&addenda)).expect("stages");
        let days = |first, second| {
            [
                ("2021-10-01".to_owned(), first),
                ("2022-04-01".to_owned(), second),
            ]
        };
        assert_eq!(state(&stages, "Z28.3"), days(Some(true), Some(false)));
        assert_eq!(state(&stages, "Z28.39"), days(None, Some(true)));

        let other_year = super::stages(2023, rows, Some(&addenda)).expect("stages");
        assert_eq!(other_year.len(), 1);
    }

    #[test]
    fn announced_starts_are_known_whichever_file_is_at_hand() {
        let rows = order::read("o", b"00001 A00     0 Cholera\n").expect("rows");
        let stages = stages(2021, rows, None).expect("stages");
        let days = |first, second| {
            [
                ("2020-10-01".to_owned(), first),
                ("2021-01-01".to_owned(), second),
            ]
        };
        assert_eq!(state(&stages, "U07.1"), days(None, None));
        assert_eq!(state(&stages, "J12.82"), days(None, Some(true)));
        assert_eq!(state(&stages, "M35.8"), days(Some(true), Some(false)));
    }
}
