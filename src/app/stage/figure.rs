//! One server or client on the stage: its shapes, and what it does when it is chosen. It is drawn
//! anew only when its figure has changed.

use replication::scene::{Figure, Kind, shape};
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, MouseEvent, PointerEvent};
use yew::{Callback, Component, Context, Html, Properties};

use super::marks::{marks, rect, shift};
use crate::app::element::{Ear, el};

/// What somebody does to a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// Chooses it, or what is drawn over it, at a place of the page.
    Choose(i32, i32),
    /// Chooses it with the keyboard.
    Enter,
    /// Asks what can be done to it, at a place of the page.
    Ask(i32, i32),
    /// Puts a finger on it, at a place of the page.
    Press(i32, i32),
    /// Takes the finger off, or moves it away.
    Release,
    /// Gives it the focus.
    Focus,
    /// Goes on to the nearest one that way, with an arrow key.
    Go(f64, f64),
}

/// A figure's input.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FigureProps {
    /// What is drawn.
    pub figure: Figure,
    /// Which of several stages it stands on.
    pub stage: usize,
    /// Its number among all figures.
    pub index: usize,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether Tab leads here.
    pub tab_stop: bool,
    /// Where gestures go.
    pub on_gesture: Callback<(usize, Gesture)>,
}

/// One server or client.
pub struct FigureView;

impl Component for FigureView {
    type Message = ();
    type Properties = FigureProps;

    fn create(_: &Context<FigureView>) -> FigureView {
        FigureView
    }

    fn view(&self, ctx: &Context<FigureView>) -> Html {
        let FigureProps { figure, stage, index, selected, tab_stop, on_gesture } = ctx.props();
        let index = *index;
        let hear = |gesture: fn(&Event) -> Option<Gesture>| -> Ear {
            let send = on_gesture.clone();
            Box::new(move |event| {
                if let Some(gesture) = gesture(&event) {
                    send.emit((index, gesture));
                }
            })
        };
        let of = if *stage == 0 { String::new() } else { format!("{stage}-") };
        let id = format!("figure-{of}{}", figure.key.replace(' ', "-"));
        let (ring, radius) = &figure.ring;
        let gap = ring.grown(1.0);
        let title = figure.small && figure.kind != Kind::Client;
        let title = title.then(|| el("title", "").text(figure.name.clone()));
        el("g", if figure.small { "figure small" } else { "figure" })
            .set("id", id)
            .set("role", "button")
            .set("tabindex", if *tab_stop { "0" } else { "-1" })
            .label(figure.name.clone())
            .is("aria-pressed", *selected)
            .set("transform", shift(figure.at))
            .set("data-node", figure.key.clone())
            .set("data-kind", figure.kind.word())
            .set("data-state", figure.state.word())
            .set("data-shape", shape(figure.kind, figure.state))
            .on_click(hear(chooses))
            .on("contextmenu", hear(asks))
            .on("pointerdown", hear(presses))
            .on("pointerup", hear(releases))
            .on("pointercancel", hear(releases))
            .on("pointerleave", hear(releases))
            .on("focus", hear(|_| Some(Gesture::Focus)))
            .on("keydown", hear(types))
            .maybe(title)
            .with(rect(&figure.hit, 6.0, "hit"))
            .maybe(selected.then(|| rect(ring, *radius, "chosen")))
            .with(rect(&gap, radius + 1.0, "ring-gap"))
            .with(rect(&gap, radius + 1.0, "ring"))
            // Badges and words stand on the rings, and are not cut by them.
            .with(el("g", "").each(marks(&figure.marks)))
            .into()
    }
}

fn chooses(event: &Event) -> Option<Gesture> {
    event.stop_propagation();
    let (x, y) = place(event);
    Some(Gesture::Choose(x, y))
}

fn asks(event: &Event) -> Option<Gesture> {
    event.prevent_default();
    event.stop_propagation();
    let (x, y) = place(event);
    Some(Gesture::Ask(x, y))
}

fn presses(event: &Event) -> Option<Gesture> {
    if event.unchecked_ref::<PointerEvent>().pointer_type() != "touch" {
        return releases(event);
    }
    let (x, y) = place(event);
    Some(Gesture::Press(x, y))
}

fn releases(_: &Event) -> Option<Gesture> {
    Some(Gesture::Release)
}

fn types(event: &Event) -> Option<Gesture> {
    let gesture = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
        "Enter" => Gesture::Enter,
        "ArrowLeft" => Gesture::Go(-1.0, 0.0),
        "ArrowRight" => Gesture::Go(1.0, 0.0),
        "ArrowUp" => Gesture::Go(0.0, -1.0),
        "ArrowDown" => Gesture::Go(0.0, 1.0),
        _ => return None,
    };
    event.prevent_default();
    event.stop_propagation();
    Some(gesture)
}

/// Where a pointer is, on the page.
pub fn place(event: &Event) -> (i32, i32) {
    let event = event.unchecked_ref::<MouseEvent>();
    (event.client_x(), event.client_y())
}
