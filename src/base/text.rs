//! Our own words are in English: their letters are ASCII's, and the tables of all other alphabets
//! stay out of the page.

/// The same words, the first letter as a capital.
pub fn capitalised(words: &str) -> String {
    let mut words = words.to_string();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
