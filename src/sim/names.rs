//! Keys by number, in the order in which a run first names them.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::base::{Chunked, KeyId, Ranking};

use super::scenario::limits::KEYS_MAX;

/// The table of keys.
#[derive(Clone, Debug, Default)]
pub struct Names {
    texts: Chunked<Rc<str>>,
    /// The keys' numbers in the order of their texts.
    ranking: Rc<Ranking>,
}

impl Names {
    /// The number of a key, given one if it is new; None when no more keys fit.
    pub fn intern(&mut self, text: &str) -> Option<KeyId> {
        match self.ranking.find(&|number| self.text(KeyId(number)).cmp(text)) {
            Ok(number) => Some(KeyId(number)),
            Err(rank) => {
                let number = self.texts.len() as u32;
                if number >= KEYS_MAX {
                    return None;
                }
                self.texts.push(text.into());
                Rc::make_mut(&mut self.ranking).insert(rank, number);
                Some(KeyId(number))
            }
        }
    }

    /// The number of a key; None if the run has not named it.
    pub fn find(&self, text: &str) -> Option<KeyId> {
        self.ranking.find(&|number| self.text(KeyId(number)).cmp(text)).ok().map(KeyId)
    }

    /// A key as people write it.
    pub fn text(&self, key: KeyId) -> &str {
        self.texts.get(key.0 as usize).map_or("", |text| text)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether no key has been named.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// The ranking follows from the texts.
impl PartialEq for Names {
    fn eq(&self, other: &Names) -> bool {
        self.texts == other.texts
    }
}

impl Eq for Names {}

/// The texts in the order of their numbers, then in their own.
impl Hash for Names {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.texts.hash(state);
        self.len().hash(state);
        for number in self.ranking.iter() {
            (self.text(KeyId(number)), number).hash(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::digest_of;
    use std::collections::BTreeMap;

    #[test]
    fn each_key_has_one_number_and_is_found_by_its_text() {
        let mut names = Names::default();
        let texts: Vec<String> = (0..3_000).map(|nth| format!("k{}", nth * 7 % 1_000)).collect();
        for text in &texts {
            let key = names.intern(text).expect("there is room");
            assert_eq!((names.text(key), names.find(text)), (text.as_str(), Some(key)));
        }
        assert_eq!((names.len(), names.find("k1000")), (1_000, None));
    }

    #[test]
    fn the_digest_is_that_of_the_texts_and_an_ordered_map_of_them() {
        let mut names = Names::default();
        for text in ["b", "a", "c", "a"] {
            names.intern(text);
        }
        let texts: Chunked<Rc<str>> = ["b", "a", "c"].map(Rc::from).into_iter().collect();
        let numbers = BTreeMap::from([("a", 1u32), ("b", 0), ("c", 2)]);
        assert_eq!(digest_of(&names), digest_of(&(texts, numbers)));
    }
}
