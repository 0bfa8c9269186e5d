//! Between this library's values and JavaScript's.

use js_sys::{Error, JSON, JsString, RangeError, Reflect};
use wasm_bindgen::prelude::{JsCast, JsValue};

use crate::base::SimTime;
use crate::form::ToForm;
use crate::recording::ScenarioError;
use crate::sim::limits;

/// A value as a plain object. A number that JavaScript cannot hold exactly, which only a seed can
/// be, comes as the nearest one it can.
pub fn to_js(value: &impl ToForm) -> Result<JsValue, Error> {
    JSON::parse(&value.to_form().to_string()).map_err(|error| error.unchecked_into())
}

/// A text as it is, or an object as JSON.
pub fn text_of(value: &JsValue) -> Result<String, Error> {
    if let Some(text) = value.as_string() {
        return Ok(text);
    }
    // Functions and undefined have no JSON at all.
    let json = JSON::stringify(value).map_err(|error| error.unchecked_into::<Error>())?;
    let text = json.dyn_into::<JsString>().ok().map(String::from);
    text.ok_or_else(|| Error::new("expected a text or an object"))
}

/// A number of microseconds as an instant.
pub fn microseconds(us: f64) -> Result<SimTime, Error> {
    let max = limits::UNTIL_MAX.0 as f64;
    if (0.0..=max).contains(&us) {
        return Ok(us as SimTime);
    }
    let (found, max) = (text_of(&us.into())?, limits::UNTIL_MAX.0);
    let message = format!("{found} is not an instant: expected 0 to {max} microseconds");
    Err(RangeError::new(&message).into())
}

/// The error that is thrown for a scenario that cannot be run.
pub fn scenario_error(error: &ScenarioError) -> Error {
    let thrown = Error::new(&error.message);
    thrown.set_name("ScenarioError");
    let fields = [
        ("line", JsValue::from(error.line)),
        ("column", JsValue::from(error.column)),
        ("path", JsValue::from(error.path.as_str())),
    ];
    for (field, value) in fields {
        // A fresh error takes any field.
        let _ = Reflect::set(&thrown, &field.into(), &value);
    }
    thrown
}
