//! An entry split into statements of one verb each, with the quoted phrases
//! told apart.

/// What a verb of a log says was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Added,
    Removed,
    Replaced,
    Moved,
    Reviewed,
    Developed,
}

const VERBS: &[(Verb, &[&str])] = &[
    (
        Verb::Added,
        &["added", "add", "adding", "adds", "inserted", "included"],
    ),
    (
        Verb::Removed,
        &[
            "removed",
            "remove",
            "removing",
            "removes",
            "deleted",
            "delete",
            "deleting",
            "termed",
            "retired",
            "eliminated",
            "discontinued",
        ],
    ),
    (
        Verb::Replaced,
        &[
            "replaced",
            "changed",
            "change",
            "updated",
            "update",
            "revised",
            "reworded",
            "modified",
            "amended",
            "increased",
            "decreased",
            "reduced",
            "raised",
            "lowered",
            "corrected",
            "renamed",
            "clarified",
            "edited",
            "retitled",
            "replacing",
            "changing",
            "updating",
        ],
    ),
    (Verb::Moved, &["moved", "relocated", "transferred"]),
    (Verb::Reviewed, &["reviewed", "review", "reviews"]),
    (Verb::Developed, &["developed", "created", "established"]),
];

/// Words that are verbs at the head of a sentence only: `coding change: ...`
/// and `annual review` name things.
const ALSO_NOUNS: &[&str] = &["change", "update", "review", "reviews"];

pub(super) fn verb(word: &str) -> Option<Verb> {
    VERBS
        .iter()
        .find(|(_, words)| words.contains(&word))
        .map(|(verb, _)| *verb)
}

/// One thing an entry says, with the verb it says it by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Statement {
    /// What was done, if a verb says so.
    pub verb: Option<Verb>,
    /// The statement as written, white space folded.
    pub text: String,
    /// The phrases it quotes, without their quotation marks.
    pub quotes: Vec<String>,
    /// The statement in lower case, each quoted phrase written `""`.
    pub frame: String,
}

impl Statement {
    /// The words of the frame.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        words(&self.frame)
    }

    /// Whether it holds one of these words.
    pub(super) fn says(&self, any: &[&str]) -> bool {
        self.words().any(|word| any.contains(&word))
    }

    fn trimmed(self) -> Self {
        Statement {
            text: self.text.trim_matches(SEPARATORS).to_owned(),
            frame: self.frame.trim_matches(SEPARATORS).to_owned(),
            ..self
        }
    }
}

const SEPARATORS: &[char] = &[' ', ',', ':', '-', '–', '•', '*'];

/// The words of a text: letters and digits, hyphens inside.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|one: char| !one.is_alphanumeric() && one != '-')
        .map(|word| word.trim_matches('-'))
        .filter(|word| !word.is_empty())
}

/// Splits an entry into statements.
pub(super) fn statements(entry: &str) -> Vec<Statement> {
    let sentences = sentences(entry);
    sentences.iter().flat_map(|one| by_verb(one)).collect()
}

/// A piece of a sentence: a quoted phrase, or a word with what follows it up
/// to the next.
#[derive(Clone, Debug)]
enum Piece {
    Quote { phrase: String, written: String },
    Word(String),
}

/// Sentences end at full stops and semicolons; not inside quotation marks,
/// nor where the next character shows that a number or an id goes on.
fn sentences(entry: &str) -> Vec<Vec<Piece>> {
    let text = entry.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut sentences = vec![vec![]];
    let mut word = String::new();
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        if opens_quote(character, before) {
            end_word(&mut sentences, &mut word);
            let quote = quote(character, &mut characters);
            // `... "X." Then` ends the sentence inside the quotation marks.
            let ends = matches!(&quote, Piece::Quote { written, .. } if written.trim_end_matches(is_closing).ends_with('.'))
                && characters.clone().nth(1).is_some_and(char::is_uppercase);
            push(&mut sentences, quote);
            if ends {
                sentences.push(vec![]);
            }
            before = '"';
            continue;
        }
        let ends_sentence = match character {
            ';' | '•' => true,
            '.' => ends_with_stop(&word, characters.clone()),
            _ => false,
        };
        if ends_sentence {
            end_word(&mut sentences, &mut word);
            sentences.push(vec![]);
        } else if character == ' ' {
            end_word(&mut sentences, &mut word);
        } else {
            word.push(character);
        }
        before = character;
    }
    end_word(&mut sentences, &mut word);
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Whether a full stop after `word` ends the sentence: not after an
/// abbreviation, nor where the sentence visibly goes on.
fn ends_with_stop(word: &str, after: impl Iterator<Item = char>) -> bool {
    let mut after = after.peekable();
    if after.peek().is_some_and(|next| !next.is_whitespace()) || is_abbreviation(word) {
        return false;
    }
    !after
        .find(|next| !next.is_whitespace())
        .is_some_and(char::is_lowercase)
}

fn is_abbreviation(word: &str) -> bool {
    ["e.g", "i.e", "eg", "ie", "etc", "vs", "no", "approx", "dr"]
        .contains(&word.trim_start_matches('(').to_lowercase().as_str())
}

fn opens_quote(character: char, before: char) -> bool {
    match character {
        '"' | '“' | '”' | '„' => true,
        // An apostrophe inside a word opens nothing.
        '‘' | '\'' => before == ' ' || before == '(',
        _ => false,
    }
}

fn is_closing(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '\'' | '’' | '‘')
}

/// Reads up to the closing mark, whichever of its kind it is. One that is
/// missing leaves the phrase open to the end.
fn quote(
    opening: char,
    characters: &mut std::iter::Peekable<impl Iterator<Item = char> + Clone>,
) -> Piece {
    let single = matches!(opening, '‘' | '\'');
    let mut phrase = String::new();
    let mut written = opening.to_string();
    while let Some(character) = characters.next() {
        written.push(character);
        let closes = if single {
            matches!(character, '\'' | '’')
                && characters.peek().is_none_or(|next| !next.is_alphanumeric())
        } else {
            matches!(character, '"' | '“' | '”')
        };
        if closes {
            break;
        }
        phrase.push(character);
    }
    let phrase = phrase.trim().trim_end_matches(['.', ',', ';']).to_owned();
    Piece::Quote { phrase, written }
}

fn push(sentences: &mut [Vec<Piece>], piece: Piece) {
    if let Some(sentence) = sentences.last_mut() {
        sentence.push(piece);
    }
}

fn end_word(sentences: &mut [Vec<Piece>], word: &mut String) {
    if !word.is_empty() {
        push(sentences, Piece::Word(std::mem::take(word)));
    }
}

/// Splits a sentence at its verbs. Where the verb leads (`Added 62320 and
/// removed 62350`), a statement begins with it; where the object leads
/// (`62320 added, 62350 removed`), it ends with it.
fn by_verb(sentence: &[Piece]) -> Vec<Statement> {
    let verbs: Vec<(usize, Verb)> = sentence
        .iter()
        .enumerate()
        .filter_map(|(index, piece)| match piece {
            Piece::Word(word) => {
                let word = word.to_lowercase();
                let mut words = words(&word);
                let found = words.find_map(|word| {
                    verb(word).filter(|_| index == 0 || !ALSO_NOUNS.contains(&word))
                })?;
                Some((index, found))
            }
            Piece::Quote { .. } => None,
        })
        .collect();
    let Some((first, _)) = verbs.first() else {
        return vec![statement(sentence, None)];
    };
    let leads = !sentence[..*first].iter().any(is_object);
    let mut statements: Vec<Statement> = vec![];
    let mut start = 0;
    let mut before_is_bare = false;
    for (index, (at, verb)) in verbs.iter().enumerate() {
        let end = match (leads, verbs.get(index + 1)) {
            (_, None) => sentence.len(),
            (true, Some((next, _))) => *next,
            (false, Some(_)) => at + 1,
        };
        let part = &sentence[start..end];
        start = end;
        let is_bare = !part.iter().any(|piece| is_object(piece) || is_noun(piece));
        let last_is_bare = std::mem::replace(&mut before_is_bare, is_bare && statements.is_empty());
        match statements.last_mut() {
            // `reviewed and updated`: one of the two verbs has the other's
            // object. `replaced deleted code ...`: the second describes it.
            Some(last) if is_bare || last_is_bare => {
                let more = statement(part, None);
                last.text = format!("{} {}", last.text, more.text);
                last.frame = format!("{} {}", last.frame, more.frame);
            }
            _ => statements.push(statement(part, Some(*verb))),
        }
    }
    statements
}

/// Whether a piece can be what was changed, before a verb that ends the statement.
fn is_object(piece: &Piece) -> bool {
    match piece {
        Piece::Quote { .. } => true,
        Piece::Word(word) => word.chars().any(|one| one.is_ascii_digit()),
    }
}

fn is_noun(piece: &Piece) -> bool {
    const FILLERS: &[&str] = &[
        "and", "or", "were", "was", "is", "are", "has", "been", "also", "the", "then",
    ];
    match piece {
        Piece::Quote { .. } => true,
        Piece::Word(word) => {
            let word = word.to_lowercase();
            words(&word).any(|word| verb(word).is_none() && !FILLERS.contains(&word))
        }
    }
}

fn statement(pieces: &[Piece], verb: Option<Verb>) -> Statement {
    let mut statement = Statement {
        verb,
        ..Statement::default()
    };
    for piece in pieces {
        match piece {
            Piece::Word(word) => {
                statement.text.push_str(word);
                statement.frame.push_str(&word.to_lowercase());
            }
            Piece::Quote { phrase, written } => {
                statement.text.push_str(written);
                statement.frame.push_str("\"\"");
                statement.quotes.push(phrase.clone());
            }
        }
        statement.text.push(' ');
        statement.frame.push(' ');
    }
    statement.trimmed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_split_at_sentences_and_verbs() {
        let table: [(&str, &[&str]); 12] = [
            (
                "Policy developed.  Specialist reviewed.",
                &["Developed policy developed", "Reviewed specialist reviewed"],
            ),
            (
                "Added CPT codes:  62320, 62321",
                &["Added added cpt codes: 62320, 62321"],
            ),
            (
                "Added 62320 and removed 62350.",
                &["Added added 62320 and", "Removed removed 62350"],
            ),
            (
                "62320 added, 62350 removed.",
                &["Added 62320 added", "Removed 62350 removed"],
            ),
            (
                "Changed “no local infection.” in I.A.4 to state “none.” References reviewed and updated.",
                &[
                    "Replaced changed \"\" in i.a.4 to state \"\"",
                    "Reviewed references reviewed and updated",
                ],
            ),
            (
                "Removed \"a; b\" from the list; added G90.521",
                &["Removed removed \"\" from the list", "Added added g90.521"],
            ),
            (
                "Replaced \"a with the rest cut off",
                &["Replaced replaced \"\""],
            ),
            (
                "Replaced ‘one’ with ‘two of’.",
                &["Replaced replaced \"\" with \"\""],
            ),
            ("Patient's wishes added.", &["Added patient's wishes added"]),
            (
                "Updated from 3 to 6 months in I.A.2.",
                &["Replaced updated from 3 to 6 months in i.a.2"],
            ),
            (
                "Annual review, no changes.",
                &["- annual review, no changes"],
            ),
            ("Background", &["- background"]),
        ];
        for (entry, expected) in table {
            let found: Vec<_> = statements(entry)
                .iter()
                .map(|one| {
                    let verb = one.verb.map_or("-".to_owned(), |verb| format!("{verb:?}"));
                    format!("{verb} {}", one.frame)
                })
                .collect();
            assert_eq!(found, expected, "{entry}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_entry_is_too_strange(entry in ".{0,80}|[a-z\"“”‘’'.;, 0-9]{0,80}") {
            let _ = statements(&entry);
        }
    }
}
