//! What a key holds: a text or a whole number.

use std::fmt;
use std::rc::Rc;

use crate::form::{Form, FromForm, Misfit, ToForm, misplaced, unsuitable};

/// A value as clients write and read it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[cfg_attr(not(target_arch = "wasm32"), schemars(untagged))]
pub enum Value {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(Rc<str>),
}

impl Value {
    /// Bytes it takes in a row image: eight, or the text's length.
    pub fn bytes(&self) -> u32 {
        match self {
            Value::Number(_) => 8,
            Value::Text(text) => u32::try_from(text.len()).unwrap_or(u32::MAX),
        }
    }
}

impl ToForm for Value {
    fn to_form(&self) -> Form {
        match self {
            Value::Number(number) => Form::from(*number),
            Value::Text(text) => Form::from(text),
        }
    }
}

impl FromForm for Value {
    fn from_form(form: &Form) -> Result<Value, Misfit> {
        let expected = "a text or a whole number";
        match form {
            Form::Text(text) => Ok(Value::Text(text.as_str().into())),
            Form::Negative(number) => Ok(Value::Number(*number)),
            Form::Whole(number) => {
                let number = i64::try_from(*number).map_err(|_| unsuitable(form, expected))?;
                Ok(Value::Number(number))
            }
            Form::Nothing | Form::Bool(_) | Form::Decimal(_) | Form::List(_) | Form::Table(_) => {
                Err(misplaced(form, expected))
            }
        }
    }
}

impl From<&str> for Value {
    /// A number if it reads as one, else the text itself.
    fn from(text: &str) -> Value {
        text.parse().map_or_else(|_| Value::Text(text.into()), Value::Number)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => number.fmt(f),
            Value::Text(text) => text.fmt(f),
        }
    }
}
