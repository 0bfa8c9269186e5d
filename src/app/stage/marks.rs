//! The scene's primitives as SVG.

use replication::scene::{Anchor, Mark, Rect, px, svg};
use yew::{Html, html};

/// Primitives, each with an identity of its own: one that comes or goes leaves the others as they
/// are, so that only what is new shows that it is.
pub fn marks(marks: &[Mark]) -> Vec<Html> {
    let mut seen: Vec<(&'static str, usize)> = Vec::new();
    let mut keyed = Vec::with_capacity(marks.len());
    for one in marks {
        let class = one.class();
        let nth = match seen.iter_mut().find(|(other, _)| *other == class) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                seen.push((class, 0));
                0
            }
        };
        keyed.push(mark(one, format!("{class} {nth}")));
    }
    keyed
}

/// One primitive.
fn mark(mark: &Mark, key: String) -> Html {
    match mark {
        Mark::Path { at, d, class } => {
            let transform = (at.x != 0.0 || at.y != 0.0).then(|| shift(at.x, at.y));
            html! { <path {key} class={*class} d={d.to_string()} {transform} /> }
        }
        Mark::Rect { rect: room, radius, class } => html! {
            <rect {key} class={*class} x={px(room.x)} y={px(room.y)} width={px(room.w)}
                height={px(room.h)} rx={px(*radius)} />
        },
        Mark::Circle { at, radius, class } => html! {
            <circle {key} class={*class} cx={px(at.x)} cy={px(at.y)} r={px(*radius)} />
        },
        Mark::Text { at, anchor, px: size, text, class } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            html! {
                <text {key} class={*class} x={px(at.x)} y={px(at.y)} font-size={px(*size)}
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

/// A move, as the transform attribute has it.
pub fn shift(x: f64, y: f64) -> String {
    svg("translate(#,#)", &[x, y])
}
