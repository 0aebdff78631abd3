//! Codes of the three code systems a policy lists, by shape.
//!
//! Shape is all that can be known without a reference code set: whether a
//! code was ever valid is a question for those.

use std::fmt;

/// A medical code system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeSystem {
    /// Current Procedural Terminology (HCPCS Level I), of the AMA.
    Cpt,
    /// HCPCS Level II, of CMS.
    Hcpcs,
    /// ICD-10-CM diagnosis codes.
    Icd10Cm,
}

impl CodeSystem {
    /// Every system, in the order in which policies list them.
    pub const ALL: [CodeSystem; 3] = [CodeSystem::Cpt, CodeSystem::Hcpcs, CodeSystem::Icd10Cm];

    /// The name as files and screens spell it.
    pub fn name(self) -> &'static str {
        match self {
            CodeSystem::Cpt => "CPT",
            CodeSystem::Hcpcs => "HCPCS",
            CodeSystem::Icd10Cm => "ICD-10-CM",
        }
    }

    /// The system of that name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|system| system.name().eq_ignore_ascii_case(name))
    }

    /// Whether its codes name procedures and supplies rather than diagnoses.
    pub fn is_procedure(self) -> bool {
        self != CodeSystem::Icd10Cm
    }

    /// The shape of its codes, in words.
    fn shape(self) -> &'static str {
        match self {
            CodeSystem::Cpt => "five digits, or four digits and A, F, M, T or U",
            CodeSystem::Hcpcs => "a letter and four digits",
            CodeSystem::Icd10Cm => "three characters, then up to four after a dot, as in G90.521",
        }
    }
}

impl fmt::Display for CodeSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The letters a CPT code may end with: vaccine administration, Category II
/// and III, and the two kinds of laboratory analyses.
const CPT_SUFFIXES: &[u8] = b"AFMTU";

/// A code in its canonical spelling: upper case, ICD-10-CM with its dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    system: CodeSystem,
    text: String,
}

/// Why a text is not a code of a system.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a {systems} code: expected {shape}")]
pub struct CodeError {
    /// The text as it was written.
    pub value: String,
    systems: &'static str,
    shape: String,
}

impl Code {
    /// Reads a code of one system, in any case, ICD-10-CM with or without its dot.
    ///
    /// # Errors
    /// When the text does not have the system's shape.
    pub fn parse(system: CodeSystem, value: &str) -> Result<Self, CodeError> {
        let code = Code::as_printed(system, value);
        if code.is_well_formed() {
            Ok(code)
        } else {
            Err(CodeError {
                value: value.to_owned(),
                systems: system.name(),
                shape: system.shape().to_owned(),
            })
        }
    }

    /// Reads a procedure code: CPT or HCPCS, told apart by shape.
    ///
    /// # Errors
    /// When the text has the shape of neither.
    pub fn parse_procedure(value: &str) -> Result<Self, CodeError> {
        Code::parse(CodeSystem::Cpt, value)
            .or_else(|_| Code::parse(CodeSystem::Hcpcs, value))
            .map_err(|_| CodeError {
                value: value.to_owned(),
                systems: "CPT or HCPCS",
                shape: format!(
                    "{}; or {}",
                    CodeSystem::Cpt.shape(),
                    CodeSystem::Hcpcs.shape()
                ),
            })
    }

    /// The code as a document prints it, spelt canonically where its shape allows.
    pub fn as_printed(system: CodeSystem, value: &str) -> Self {
        let mut text = value.trim().to_ascii_uppercase();
        if system == CodeSystem::Icd10Cm && text.len() > 3 && text.is_ascii() && !text.contains('.')
        {
            text.insert(3, '.');
        }
        Code { system, text }
    }

    /// The code system.
    pub fn system(&self) -> CodeSystem {
        self.system
    }

    /// The canonical spelling.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it names what `other` names: documents list CPT and HCPCS codes
    /// under either heading, and no code is of both.
    pub fn names_same(&self, other: &Code) -> bool {
        self.text == other.text && self.system.is_procedure() == other.system.is_procedure()
    }

    /// Whether the text has the shape of its system.
    pub fn is_well_formed(&self) -> bool {
        let bytes = self.text.as_bytes();
        let digits = |range: &[u8]| range.iter().all(u8::is_ascii_digit);
        match self.system {
            CodeSystem::Cpt => {
                bytes.len() == 5
                    && digits(&bytes[..4])
                    && (bytes[4].is_ascii_digit() || CPT_SUFFIXES.contains(&bytes[4]))
            }
            CodeSystem::Hcpcs => {
                bytes.len() == 5 && bytes[0].is_ascii_uppercase() && digits(&bytes[1..])
            }
            CodeSystem::Icd10Cm => {
                let alphanumeric = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
                let category = bytes.len() >= 3
                    && bytes[0].is_ascii_uppercase()
                    && bytes[1].is_ascii_digit()
                    && alphanumeric(&bytes[2]);
                category
                    && (bytes.len() == 3
                        || (bytes[3] == b'.'
                            && (5..=8).contains(&bytes.len())
                            && bytes[4..].iter().all(alphanumeric)))
            }
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        use CodeSystem::*;
        let good = [
            (Cpt, "62351", "62351"),
            (Cpt, "0213t", "0213T"),
            (Hcpcs, "a4300", "A4300"),
            (Icd10Cm, "g90521", "G90.521"),
            (Icd10Cm, "G90.521", "G90.521"),
            (Icd10Cm, "M96.1", "M96.1"),
            (Icd10Cm, "C4A", "C4A"),
            (Icd10Cm, "S72001A", "S72.001A"),
        ];
        for (system, text, canonical) in good {
            assert_eq!(Code::parse(system, text).expect(text).as_str(), canonical);
        }
        let bad = [
            (Cpt, "6235"),
            (Cpt, "6235O"),
            (Cpt, "623\u{200b}51"),
            (Hcpcs, "\u{410}4300"), // a Cyrillic A
            (Hcpcs, "43000"),
            (Icd10Cm, "90.521"),
            (Icd10Cm, "G90."),
            (Icd10Cm, "G90.52111"),
            (Icd10Cm, "G9.0521"),
        ];
        for (system, text) in bad {
            assert!(Code::parse(system, text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_procedure_code_finds_its_system_by_shape() {
        let system = |text| Code::parse_procedure(text).map(|code| code.system());
        assert_eq!(system("62351"), Ok(CodeSystem::Cpt));
        assert_eq!(system("C1772"), Ok(CodeSystem::Hcpcs));
        assert!(
            system("G90.521")
                .expect_err("a diagnosis")
                .to_string()
                .contains("CPT or HCPCS")
        );
    }
}
