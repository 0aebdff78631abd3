//! What a field of text says, where a type is expected.

/// Yes or no, as exports write it: `true`, `yes`, `y`, `t`, `1` and their
/// opposites, in any case. Nothing else is.
pub fn truth_of(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "yes", "y", "t", "1"]) {
        Some(true)
    } else if is(&["false", "no", "n", "f", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// A finite decimal number with a point, a sign and an exponent if need be.
/// Separators between thousands are not: `1,000` and `1.000` mean different
/// things to different people.
pub fn number_of(text: &str) -> Option<f64> {
    let decimal = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    // Rust would take `inf` and `nan` as well.
    if !text.bytes().all(decimal) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The codes in a text: separated by blanks or `;`.
pub fn codes_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|one: char| one == ';' || one.is_whitespace())
        .filter(|code| !code.is_empty())
}

/// Whether a word may have been written for "not known". It is not taken for
/// that: a row says it by leaving the value out.
pub(super) fn may_mean_missing(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "null", "na", "n/a", "nan", "none", "nil", "unknown", "-", "?", ".",
    ];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_is_read_in_any_case_and_never_guessed() {
        for text in ["true", "TRUE", "Yes", "y", "T", "1"] {
            assert_eq!(truth_of(text), Some(true), "{text}");
        }
        for text in ["false", "False", "NO", "n", "f", "0"] {
            assert_eq!(truth_of(text), Some(false), "{text}");
        }
        for text in ["", "x", "ja", "2", "01", "NULL", "N/A", "tru", " yes"] {
            assert_eq!(truth_of(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_decimal_and_finite() {
        let good = [
            ("6", 6.0),
            ("+6", 6.0),
            ("-6.50", -6.5),
            ("1e3", 1000.0),
            ("1.5E-1", 0.15),
            (".5", 0.5),
            ("007", 7.0),
        ];
        for (text, number) in good {
            assert_eq!(number_of(text), Some(number), "{text}");
        }
        for text in [
            "", "six", "1,000", "1 000", "1'000", "inf", "NaN", "1e999", "0x10", "1e", "--1", "6%",
            "1_000", "٦",
        ] {
            assert_eq!(number_of(text), None, "{text}");
        }
    }

    #[test]
    fn codes_are_separated_by_blanks_or_semicolons() {
        let codes: Vec<_> = codes_of(" 62320;62321 ; 62322\n62323;").collect();
        assert_eq!(codes, ["62320", "62321", "62322", "62323"]);
        assert_eq!(codes_of(" ; ").count(), 0);
    }
}
