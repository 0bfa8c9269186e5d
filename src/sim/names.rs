//! Keys by number, in the order in which a run first names them.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::base::{Chunked, KeyId};

use super::scenario::limits::KEYS_MAX;

/// The table of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Names {
    texts: Chunked<Rc<str>>,
    numbers: Rc<BTreeMap<Rc<str>, u32>>,
}

impl Names {
    /// The number of a key, given one if it is new; None when no more keys fit.
    pub fn intern(&mut self, text: &str) -> Option<KeyId> {
        if let Some(number) = self.numbers.get(text) {
            return Some(KeyId(*number));
        }
        let number = u32::try_from(self.texts.len()).ok().filter(|number| *number < KEYS_MAX)?;
        let text: Rc<str> = text.into();
        self.texts.push(Rc::clone(&text));
        Rc::make_mut(&mut self.numbers).insert(text, number);
        Some(KeyId(number))
    }

    /// The number of a key; None if the run has not named it.
    pub fn find(&self, text: &str) -> Option<KeyId> {
        self.numbers.get(text).map(|number| KeyId(*number))
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
