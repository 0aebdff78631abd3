//! How texts are cut into words. Indexing, asking and highlighting must cut
//! alike, so they all do it here.

use std::collections::HashMap;
use std::ops::Range;

use tantivy::tokenizer::{
    AsciiFoldingFilter, BoxTokenStream, Language, LowerCaser, RawTokenizer, SimpleTokenizer,
    Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

/// The name of the analyzer that gives the stems of words, and pairs of common ones.
pub(super) const STEMS: &str = "stems";
/// The name of the analyzer that gives words as they are written.
pub(super) const WORDS: &str = "words";
/// The name of the analyzer that keeps a whole value, in lower case.
pub(super) const WHOLE: &str = "whole";

/// Words and stems. No word is left out as too common: "no infection" and
/// "infection" are different criteria.
#[derive(Clone)]
pub(super) struct Analyzers {
    words: TextAnalyzer,
    stems: TextAnalyzer,
}

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// It in lower case, without accents.
    pub(super) plain: String,
    /// Its stem.
    pub(super) stem: String,
}

impl Analyzers {
    pub(super) fn new() -> Self {
        let words = || {
            TextAnalyzer::builder(SimpleTokenizer::default())
                .filter(LowerCaser)
                .filter(AsciiFoldingFilter)
        };
        Analyzers {
            words: words().build(),
            stems: words().filter(Stemmer::new(Language::English)).build(),
        }
    }

    /// Makes the analyzers known to an index by their names.
    pub(super) fn register(&self, tokenizers: &TokenizerManager) {
        let whole = TextAnalyzer::builder(RawTokenizer::default()).filter(LowerCaser);
        let stems = StemsAndPairs::new(self.words.clone());
        tokenizers.register(WORDS, self.words.clone());
        tokenizers.register(STEMS, TextAnalyzer::from(stems));
        tokenizers.register(WHOLE, whole.build());
    }

    /// The words of a text, in order.
    pub(super) fn words(&self, text: &str) -> Vec<Word> {
        let stems = tokens(&self.stems, text);
        tokens(&self.words, text)
            .into_iter()
            .zip(stems)
            .map(|((at, plain), (_, stem))| Word { at, plain, stem })
            .collect()
    }
}

/// Stems that nearly every text has. Where two of them stand side by side
/// their pair is a term of its own: to find "of the" by the places of "of"
/// and those of "the" is to go through most of the index.
const COMMON: [&str; 28] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "if", "in",
    "is", "may", "must", "no", "not", "of", "on", "or", "than", "that", "the", "this", "to",
    "with",
];

fn common(stem: &str) -> Option<&'static str> {
    let place = COMMON.binary_search(&stem).ok()?;
    COMMON.get(place).copied()
}

/// The term for two stems side by side, if both are common. No stem has a
/// space or begins with one, so that it is the term of nothing else, and no
/// beginning of a word is its.
pub(super) fn pair(left: &str, right: &str) -> Option<String> {
    let (left, right) = (common(left)?, common(right)?);
    let mut pair = String::new();
    write_pair(&mut pair, left, right);
    Some(pair)
}

fn write_pair(to: &mut String, left: &str, right: &str) {
    for stem in [left, right] {
        to.push(' ');
        to.push_str(stem);
    }
}

/// Gives the stems of a text, each at its place, and pairs of common ones at
/// the place of the first. Remembers stems: to look one up takes less time
/// than to work it out.
#[derive(Clone)]
struct StemsAndPairs {
    words: TextAnalyzer,
    stemmer: TextAnalyzer,
    known: HashMap<String, Stem>,
}

/// The stem of a word, and it among the common ones.
#[derive(Clone)]
struct Stem {
    text: String,
    common: Option<&'static str>,
}

/// So many stems are remembered.
const MOST_KNOWN: usize = 100_000;

impl StemsAndPairs {
    fn new(words: TextAnalyzer) -> Self {
        let stemmer = TextAnalyzer::builder(RawTokenizer::default());
        StemsAndPairs {
            words,
            stemmer: stemmer.filter(Stemmer::new(Language::English)).build(),
            known: HashMap::new(),
        }
    }
}

impl Tokenizer for StemsAndPairs {
    type TokenStream<'a> = StemStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StemStream<'a> {
        StemStream {
            words: self.words.token_stream(text),
            stemmer: &mut self.stemmer,
            known: &mut self.known,
            token: Token::default(),
            before: None,
            pair: None,
        }
    }
}

struct StemStream<'a> {
    words: BoxTokenStream<'a>,
    stemmer: &'a mut TextAnalyzer,
    known: &'a mut HashMap<String, Stem>,
    token: Token,
    /// The stem before and where its word begins, if it is common.
    before: Option<(&'static str, usize)>,
    /// The pair to be given next, if the stem given completed one.
    pair: Option<(&'static str, &'static str, usize)>,
}

impl StemStream<'_> {
    /// Makes the token the stem of a word; returns it if it is common.
    fn stem(&mut self) -> Option<&'static str> {
        let word = &self.words.token().text;
        self.token.text.clear();
        if let Some(stem) = self.known.get(word) {
            self.token.text.push_str(&stem.text);
            return stem.common;
        }
        let mut stream = self.stemmer.token_stream(word);
        if stream.advance() {
            self.token.text.push_str(&stream.token().text);
        }
        drop(stream);
        let text = self.token.text.clone();
        let common = common(&text);
        if self.known.len() == MOST_KNOWN {
            self.known.clear();
        }
        self.known.insert(word.clone(), Stem { text, common });
        common
    }
}

impl TokenStream for StemStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some((left, right, from)) = self.pair.take() {
            self.token.text.clear();
            write_pair(&mut self.token.text, left, right);
            self.token.offset_from = from;
            self.token.position -= 1;
            return true;
        }
        if !self.words.advance() {
            return false;
        }
        let common = self.stem();
        // Field by field: a clone would allocate for each word of the library.
        let word = self.words.token();
        self.token.offset_from = word.offset_from;
        self.token.offset_to = word.offset_to;
        self.token.position = word.position;
        self.token.position_length = word.position_length;
        if let (Some((left, from)), Some(right)) = (self.before, common) {
            self.pair = Some((left, right, from));
        }
        self.before = common.map(|common| (common, word.offset_from));
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

fn tokens(analyzer: &TextAnalyzer, text: &str) -> Vec<(Range<usize>, String)> {
    let mut analyzer = analyzer.clone();
    let mut stream = analyzer.token_stream(text);
    let mut found = Vec::new();
    stream.process(&mut |token| {
        found.push((token.offset_from..token.offset_to, token.text.clone()));
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_indexed_by_stems_and_pairs_of_common_ones() {
        assert!(COMMON.is_sorted());
        let words = Analyzers::new().words;
        let mut analyzer = TextAnalyzer::from(StemsAndPairs::new(words));
        for _ in 0..2 {
            let mut stream = analyzer.token_stream("Infections of the spine are not in the or");
            let mut shown = vec![];
            stream.process(&mut |token| shown.push(format!("{}@{}", token.text, token.position)));
            let expected = "infect@0 of@1 the@2  of the@1 spine@3 are@4 not@5  are not@4 in@6  \
                not in@5 the@7  in the@6 or@8  the or@7";
            assert_eq!(shown.join(" "), expected);
        }
    }

    #[test]
    fn a_common_word_is_its_own_stem() {
        for word in COMMON {
            assert_eq!(Analyzers::new().words(word)[0].stem, word);
        }
    }

    #[test]
    fn words_have_places_and_stems() {
        let text = "No naïve Infections; 50%.";
        let shown: Vec<_> = Analyzers::new()
            .words(text)
            .into_iter()
            .map(|word| format!("{}={}={}", &text[word.at], word.plain, word.stem))
            .collect();
        assert_eq!(
            shown,
            [
                "No=no=no",
                "naïve=naive=naiv",
                "Infections=infections=infect",
                "50=50=50"
            ]
        );
    }
}
