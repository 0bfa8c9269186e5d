//! The scene's primitives as SVG.

use replication::scene::{Anchor, Mark, Rect, Xy, px, svg};

use crate::app::element::{El, el};

/// Primitives, each with an identity of its own: one that comes or goes leaves the others as they
/// are, so that only what is new shows that it is.
pub fn marks(marks: &[Mark]) -> Vec<El> {
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
        keyed.push(mark(one).key(format!("{class} {nth}")));
    }
    keyed
}

/// One primitive.
fn mark(mark: &Mark) -> El {
    match mark {
        Mark::Path { at, d, class } => {
            let path = el("path", *class).set("d", d.clone());
            if *at == Xy::default() { path } else { path.set("transform", shift(*at)) }
        }
        Mark::Rect { rect: room, radius, class } => rect(room, *radius, class),
        Mark::Circle { at, radius, class } => {
            el("circle", *class).set("cx", px(at.x)).set("cy", px(at.y)).set("r", px(*radius))
        }
        Mark::Text { at, anchor, px: size, text, class } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            words(*at, *size, anchor, class).text(text.clone())
        }
    }
}

/// A line of text, without the text.
pub fn words(at: Xy, size: f64, anchor: &'static str, class: &'static str) -> El {
    el("text", class)
        .set("x", px(at.x))
        .set("y", px(at.y))
        .set("font-size", px(size))
        .set("text-anchor", anchor)
}

/// A round rectangle.
pub fn rect(room: &Rect, radius: f64, class: &'static str) -> El {
    el("rect", class)
        .set("x", px(room.x))
        .set("y", px(room.y))
        .set("width", px(room.w))
        .set("height", px(room.h))
        .set("rx", px(radius))
}

/// A move, as the transform attribute has it.
pub fn shift(by: Xy) -> String {
    svg("translate(#,#)", &[by.x, by.y])
}
