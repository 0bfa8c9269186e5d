//! A lesson on paper: its question, the stage as it stands, what was said, why, and the rule.

use super::rail::COMMAND;
use replication::player::{Tutor, us_text};
use replication::scene::escaped;
use replication::words::lesson as say;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::HtmlImageElement;

use crate::app::browser::{document, root, window};
use crate::app::export;

/// Prints the lesson, once its figure is drawn.
pub fn print(tutor: &Tutor) -> Option<()> {
    if let Some(before) = document().query_selector(".handout").ok().flatten() {
        before.remove();
    }
    let page = document().create_element("article").ok()?;
    // Plain attributes are always accepted, here and below.
    let _ = page.set_attribute("class", "handout");
    page.set_inner_html(&text(tutor));
    let figure = HtmlImageElement::new().ok()?;
    let place = page.query_selector("figure").ok().flatten()?;
    place.append_child(&figure).ok()?;
    document().body()?.append_child(&page).ok()?;
    window().set_onafterprint(Some(Closure::once_into_js(move || page.remove()).unchecked_ref()));
    // Where nobody can print, there is nothing to see either.
    let go = Closure::once_into_js(|| window().print().is_ok());
    figure.set_onload(Some(go.unchecked_ref()));
    figure.set_src(&light_stage()?);
    Some(())
}

/// The stage as it stands, for paper, at an address.
fn light_stage() -> Option<String> {
    let theme = root().get_attribute("data-theme").unwrap_or_default();
    let _ = root().set_attribute("data-theme", "light");
    let drawn = export::stage_svg();
    let _ = root().set_attribute("data-theme", &theme);
    export::address("image/svg+xml", &drawn?.0)
}

fn text(tutor: &Tutor) -> String {
    let lesson = &tutor.lesson;
    let mut text = format!("<h1>{}</h1>", escaped(&lesson.title));
    part(&mut text, "p", &lesson.about);
    part(&mut text, "h2", &lesson.predict.question);
    text.push_str("<ol class=\"abc\">");
    for choice in &lesson.predict.choice {
        part(&mut text, "li", &choice.text);
    }
    text.push_str("</ol><figure></figure>");
    if !lesson.watch.is_empty() {
        part(&mut text, "h2", say::WHAT_HAPPENS);
        text.push_str("<ol>");
        for (caption, at) in tutor.captions() {
            let at = at.map(us_text).unwrap_or_default();
            part(&mut text, "li", &format!("{} {at}", caption.text));
        }
        text.push_str("</ol>");
    }
    if !lesson.why.is_empty() {
        part(&mut text, "h2", say::WHY);
        lesson.why.iter().for_each(|reason| part(&mut text, "p", &reason.text));
    }
    part(&mut text, "h2", say::TAKE_HOME);
    part(&mut text, "p", &lesson.rule);
    if let Some(turn) = &lesson.turn {
        part(&mut text, "h2", say::YOUR_TURN);
        part(&mut text, "p", &turn.task.replace(COMMAND, ""));
    }
    text
}

fn part(text: &mut String, tag: &str, says: &str) {
    if !says.is_empty() {
        text.push_str(&format!("<{tag}>{}</{tag}>", escaped(says)));
    }
}
