//! One server or client on the stage: its shapes, and what it does when it is chosen. It is drawn
//! anew only when its figure has changed.

use replication::scene::{Figure, Kind, px, shape};
use web_sys::{KeyboardEvent, MouseEvent, PointerEvent};
use yew::{Callback, Html, Properties, classes, function_component, html};

use super::marks::{marks, rect, shift};

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
#[function_component(FigureView)]
pub fn figure_view(props: &FigureProps) -> Html {
    let FigureProps { figure, index, selected, tab_stop, on_gesture } = props;
    let index = *index;
    let gesture = move |gesture: Gesture| (index, gesture);
    let onclick = on_gesture.reform(move |event: MouseEvent| {
        event.stop_propagation();
        gesture(Gesture::Choose(event.client_x(), event.client_y()))
    });
    let oncontextmenu = on_gesture.reform(move |event: MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        gesture(Gesture::Ask(event.client_x(), event.client_y()))
    });
    let onpointerdown = on_gesture.reform(move |event: PointerEvent| {
        gesture(if event.pointer_type() == "touch" {
            Gesture::Press(event.client_x(), event.client_y())
        } else {
            Gesture::Release
        })
    });
    let release = on_gesture.reform(move |_: PointerEvent| gesture(Gesture::Release));
    let onfocus = on_gesture.reform(move |_| gesture(Gesture::Focus));
    let send = on_gesture.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let done = match event.key().as_str() {
            "Enter" => Gesture::Enter,
            "ArrowLeft" => Gesture::Go(-1.0, 0.0),
            "ArrowRight" => Gesture::Go(1.0, 0.0),
            "ArrowUp" => Gesture::Go(0.0, -1.0),
            "ArrowDown" => Gesture::Go(0.0, 1.0),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        send.emit((index, done));
    });
    let id = format!("figure-{}", figure.key.replace(' ', "-"));
    let (ring, radius) = &figure.ring;
    let class = classes!("figure", figure.small.then_some("small"));
    html! {
        <g {id} {class} role="button" tabindex={if *tab_stop { "0" } else { "-1" }}
            aria-label={figure.name.clone()} aria-pressed={selected.to_string()}
            transform={shift(figure.at.x, figure.at.y)}
            data-node={figure.key.clone()} data-kind={figure.kind.word()}
            data-state={figure.state.word()} data-shape={shape(figure.kind, figure.state)}
            {onclick} {oncontextmenu} {onpointerdown} {onfocus} {onkeydown}
            onpointerup={release.clone()} onpointercancel={release.clone()}
            onpointerleave={release}>
            if figure.small && figure.kind != Kind::Client {
                <title>{ figure.name.clone() }</title>
            }
            { rect(&figure.hit, 6.0, "hit") }
            <g>{ for marks(&figure.marks) }</g>
            if *selected {
                <rect class="chosen" x={px(ring.x)} y={px(ring.y)} width={px(ring.w)}
                    height={px(ring.h)} rx={px(*radius)} />
            }
            { rect(&ring.grown(1.0), radius + 1.0, "ring-gap") }
            { rect(&ring.grown(1.0), radius + 1.0, "ring") }
        </g>
    }
}
