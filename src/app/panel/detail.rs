//! Rows of words and values, and the bar of buttons above them.

use yew::{Html, html};

/// A word and its value.
pub fn row(word: &str, value: impl Into<String>) -> Html {
    html! {
        <>
            <dt>{ word.to_string() }</dt>
            <dd>{ value.into() }</dd>
        </>
    }
}
