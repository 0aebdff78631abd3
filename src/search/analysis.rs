//! How texts are cut into words. Indexing, asking and highlighting must cut
//! alike, so they all do it here.

use std::ops::Range;

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, SimpleTokenizer, Stemmer, TextAnalyzer,
    TokenizerManager,
};

/// The name of the analyzer that gives the stems of words.
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
        tokenizers.register(WORDS, self.words.clone());
        tokenizers.register(STEMS, self.stems.clone());
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
