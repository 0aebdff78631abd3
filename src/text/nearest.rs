//! The known word a misspelt one was probably meant to be.

/// Words longer than this are not compared: no known word is nearly as long,
/// and comparing takes the product of both lengths.
const MAX_LENGTH: usize = 64;

/// The nearest of the known words, if any is near enough to be meant.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > MAX_LENGTH {
        return None;
    }
    known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(word, known), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_offered_and_others_not() {
        let known = ["infection", "months"];
        assert_eq!(nearest("infektion", known), Some("infection"));
        assert_eq!(nearest("month", known), Some("months"));
        assert_eq!(nearest("coagulopathy", known), None);
        assert_eq!(nearest(&"x".repeat(65), [&*"x".repeat(65)]), None);
    }
}
