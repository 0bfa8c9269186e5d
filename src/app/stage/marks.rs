//! The scene's primitives as SVG.

use replication::scene::{Anchor, Mark, Rect};
use yew::{Html, html};

/// One primitive.
pub fn mark(mark: &Mark) -> Html {
    match mark {
        Mark::Path { at, d, class } => {
            let transform = (at.x != 0.0 || at.y != 0.0).then(|| shift(at.x, at.y));
            html! { <path class={*class} d={d.to_string()} {transform} /> }
        }
        Mark::Rect { rect: room, radius, class } => rect(room, *radius, class),
        Mark::Circle { at, radius, class } => html! {
            <circle class={*class} cx={px(at.x)} cy={px(at.y)} r={px(*radius)} />
        },
        Mark::Text { at, anchor, px: size, text, class } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            html! {
                <text class={*class} x={px(at.x)} y={px(at.y)} font-size={px(*size)}
                    text-anchor={anchor}>{ text.clone() }</text>
            }
        }
    }
}

/// A round rectangle.
pub fn rect(room: &Rect, radius: f64, class: &'static str) -> Html {
    html! {
        <rect {class} x={px(room.x)} y={px(room.y)} width={px(room.w)} height={px(room.h)}
            rx={px(radius)} />
    }
}

/// A number of pixels, as finely as it matters.
pub fn px(number: f64) -> String {
    format!("{number:.1}")
}

/// A move, as the transform attribute has it.
pub fn shift(x: f64, y: f64) -> String {
    format!("translate({x:.1},{y:.1})")
}
