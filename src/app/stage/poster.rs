//! A scenario's picture on its card in the list, and what it says in a few words.

use replication::recording::read_scenario;
use replication::scene::{Figure, Size, Wire, poster as picture_of, poster_caption, svg};
use yew::Html;

use super::marks::{marks, shift};
use super::{bars, path};
use crate::app::element::{El, el, group};

/// Room for a picture, in pixels.
const SIZE: Size = Size { w: 160.0, h: 96.0 };

/// The room for a picture that is still to be drawn.
pub fn blank() -> Html {
    group([frame(), el("small", "")])
}

fn frame() -> El {
    el("svg", "scene still small").set("aria-hidden", "true")
}

/// The picture of the scenario that a text says.
pub fn poster(text: &str) -> Html {
    let Ok(scenario) = read_scenario(text) else { return blank() };
    let picture = picture_of(&scenario, SIZE);
    let figure = |figure: &Figure| {
        el("g", "figure small").set("transform", shift(figure.at)).each(marks(&figure.marks))
    };
    // Beside servers this small, a cut is too.
    let cut = |at| bars(at).set("transform", svg("translate(# #)scale(.5)", &[at.x, at.y]));
    let cuts = picture.wires.iter().filter_map(Wire::bars);
    let svg = frame()
        .set("viewBox", "0 0 160 96")
        .each(picture.wires.iter().map(|wire| path(wire.class(), &wire.path)))
        .each(picture.sides.iter().map(|side| path("tear", &side.tear)))
        .each(cuts.map(cut))
        .each(picture.nodes.iter().map(figure));
    group([svg, el("small", "").text(poster_caption(&scenario))])
}
