//! An entry split into its clauses, with the quoted phrases told apart.

/// A clause of an entry: what stands between full stops and semicolons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// The clause as written, white space folded.
    pub text: String,
    /// The phrases it quotes, without their quotation marks.
    pub quotes: Vec<String>,
    /// The clause in lower case, with each quoted phrase as `""`.
    pub frame: String,
}

/// Splits an entry into clauses. A full stop inside quotation marks, or within
/// a number, ends nothing.
pub(super) fn clauses(entry: &str) -> Vec<Clause> {
    let text = entry.split_whitespace().collect::<Vec<_>>().join(" ");
    let characters: Vec<char> = text.chars().collect();
    let mut clauses = vec![];
    let mut current = Clause::empty();
    let mut quote: Option<String> = None;
    for (index, character) in characters.iter().enumerate() {
        let next = characters.get(index + 1);
        match (&mut quote, character) {
            (None, '"' | '“' | '”' | '„') => {
                quote = Some(String::new());
                current.text.push(*character);
            }
            (Some(phrase), '"' | '”' | '“') => {
                current.quotes.push(tidy(phrase));
                current.frame.push_str("\"\"");
                current.text.push(*character);
                quote = None;
            }
            (Some(phrase), _) => {
                phrase.push(*character);
                current.text.push(*character);
            }
            (None, '.' | ';') if next.is_none_or(|next| next.is_whitespace()) => {
                clauses.push(std::mem::replace(&mut current, Clause::empty()));
            }
            (None, _) => {
                current.frame.extend(character.to_lowercase());
                current.text.push(*character);
            }
        }
    }
    if let Some(phrase) = quote {
        // The closing mark is missing: the phrase runs to the end.
        current.quotes.push(tidy(&phrase));
        current.frame.push_str("\"\"");
    }
    clauses.push(current);
    clauses
        .into_iter()
        .map(Clause::trimmed)
        .filter(|clause| !clause.text.is_empty())
        .collect()
}

/// A phrase without the punctuation that only ends the quoting sentence.
fn tidy(phrase: &str) -> String {
    phrase.trim().trim_end_matches(['.', ',', ';']).to_owned()
}

impl Clause {
    fn empty() -> Self {
        Clause {
            text: String::new(),
            quotes: vec![],
            frame: String::new(),
        }
    }

    fn trimmed(self) -> Self {
        Clause {
            text: self.text.trim().to_owned(),
            frame: self.frame.trim().to_owned(),
            quotes: self.quotes,
        }
    }

    /// Whether the clause holds one of these words.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        self.frame
            .split(|character: char| !character.is_alphanumeric() && character != '-')
            .any(|word| words.contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_where_sentences_do() {
        let table = [
            (
                "Policy developed.  Specialist reviewed.",
                vec!["policy developed", "specialist reviewed"],
            ),
            (
                "Added CPT codes: 62320, 62321",
                vec!["added cpt codes: 62320, 62321"],
            ),
            (
                "Changed “no local infection.” in\n I.A.4 to state “none.” References reviewed.",
                vec!["changed \"\" in i.a.4 to state \"\" references reviewed"],
            ),
            (
                "Removed \"a; b\" from the list; added G90.521",
                vec!["removed \"\" from the list", "added g90.521"],
            ),
            ("Replaced \"a with the rest cut off", vec!["replaced \"\""]),
        ];
        for (entry, expected) in table {
            let frames: Vec<_> = clauses(entry)
                .into_iter()
                .map(|clause| clause.frame)
                .collect();
            assert_eq!(frames, expected, "{entry}");
        }
    }
}
