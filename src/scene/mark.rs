//! The few primitives that everything still is drawn from, with a class that says what it means.
//! Colours, strokes and fonts belong to the style sheet.

use std::borrow::Cow;

use super::geometry::{Rect, Xy};

/// Where a text stands from its anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// To the right of it.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

/// One primitive, from the origin of what it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// SVG path data.
    Path {
        /// Moved by so much.
        at: Xy,
        /// The data.
        d: Cow<'static, str>,
        /// What it means.
        class: &'static str,
    },
    /// A rectangle with round corners.
    Rect {
        /// Where.
        rect: Rect,
        /// Radius of the corners.
        radius: f64,
        /// What it means.
        class: &'static str,
    },
    /// A circle.
    Circle {
        /// Its middle.
        at: Xy,
        /// Its radius.
        radius: f64,
        /// What it means.
        class: &'static str,
    },
    /// A line of text.
    Text {
        /// Where its baseline begins, is centred, or ends.
        at: Xy,
        /// Which of these.
        anchor: Anchor,
        /// Size in pixels.
        px: f64,
        /// What it says.
        text: String,
        /// What it means.
        class: &'static str,
    },
}

impl Mark {
    /// Path data where it stands.
    pub fn path(d: impl Into<Cow<'static, str>>, class: &'static str) -> Mark {
        let at = Xy::default();
        let d = d.into();
        Mark::Path { at, d, class }
    }

    /// Path data moved to a place.
    pub fn path_at(at: Xy, d: &'static str, class: &'static str) -> Mark {
        let d = d.into();
        Mark::Path { at, d, class }
    }

    /// A rectangle.
    pub fn rect(rect: Rect, radius: f64, class: &'static str) -> Mark {
        Mark::Rect { rect, radius, class }
    }

    /// A circle.
    pub fn circle(at: Xy, radius: f64, class: &'static str) -> Mark {
        Mark::Circle { at, radius, class }
    }

    /// Text centred on a place.
    pub fn text(at: Xy, px: f64, text: impl Into<String>, class: &'static str) -> Mark {
        Mark::anchored(at, Anchor::Middle, px, text, class)
    }

    /// Text at a place.
    pub fn anchored(
        at: Xy,
        anchor: Anchor,
        px: f64,
        text: impl Into<String>,
        class: &'static str,
    ) -> Mark {
        let text = text.into();
        Mark::Text { at, anchor, px, text, class }
    }

    /// What it means.
    pub fn class(&self) -> &'static str {
        match self {
            Mark::Path { class, .. }
            | Mark::Rect { class, .. }
            | Mark::Circle { class, .. }
            | Mark::Text { class, .. } => class,
        }
    }

    /// What a text takes up, about; None for anything else.
    pub fn text_box(&self) -> Option<Rect> {
        let Mark::Text { at, anchor, px, text, class } = self else {
            return None;
        };
        let width = text_width(text, *px, class);
        let left = match anchor {
            Anchor::Start => at.x,
            Anchor::Middle => at.x - width / 2.0,
            Anchor::End => at.x - width,
        };
        Some(Rect { x: left, y: at.y - px * 0.8, w: width, h: *px })
    }
}

/// How wide a text is, about: no browser is asked, so that the picture is the same everywhere.
pub fn text_width(text: &str, px: f64, class: &str) -> f64 {
    let em = match class {
        "role" => 0.70,
        "name" => 0.72,
        "plain" | "side-label" => 0.60,
        _ => 0.602,
    };
    text.chars().count() as f64 * px * em
}

/// A text cut to a width, with an ellipsis if something is missing.
pub fn fitted(text: &str, px: f64, class: &str, width: f64) -> String {
    if text_width(text, px, class) <= width {
        return text.into();
    }
    let each = text_width("x", px, class);
    let room = ((width / each) as usize).saturating_sub(1).max(1);
    let mut cut: String = text.chars().take(room).collect();
    cut.push('\u{2026}');
    cut
}
