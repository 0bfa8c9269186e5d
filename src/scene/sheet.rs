//! Ink on paper: what is drawn becomes SVG, with the colours by name, so that one style at the top
//! says what they are.

use super::geometry::{Rect, Xy};
use super::ink::{Ink, Tone};
use super::svg::{px, svg};

/// The elements drawn so far.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    drawn: String,
    stand: String,
}

/// A text as XML has it.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

impl Sheet {
    /// What was drawn: elements without a root.
    pub fn finish(self) -> String {
        self.drawn
    }

    fn element(&mut self, parts: &[&str]) {
        self.drawn.push('<');
        for part in parts {
            self.drawn.push_str(part);
        }
        self.drawn.push_str(&self.stand);
        self.drawn.push_str("/>");
    }

    fn path(&mut self, d: &str, tone: Tone, width: f64, dash: &[f64]) {
        let dashes: Vec<String> = dash.iter().map(|length| px(*length)).collect();
        let (colour, width, dash) = (tone.token(), px(width), dashes.join(" "));
        self.element(&[
            "path fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"",
            d,
            "\" stroke=\"var(",
            colour,
            ")\" stroke-width=\"",
            &width,
            "\" stroke-dasharray=\"",
            if dash.is_empty() { "none" } else { &dash },
            "\"",
        ]);
    }

    fn filled(&mut self, d: &str, tone: Tone) {
        self.element(&["path d=\"", d, "\" fill=\"var(", tone.token(), ")\""]);
    }
}

/// Hundredths and thousandths matter to a turn.
fn exact(number: f64) -> String {
    crate::form::Decimal::rounded(number, 4).to_string()
}

impl Ink for Sheet {
    fn stand(&mut self, at: Xy, right: Xy, scale: f64, opacity: f64) {
        let (cos, sin) = (right.x * scale, right.y * scale);
        let turn = [cos, sin, -sin, cos].map(exact).join(" ");
        let (x, y, opacity) = (px(at.x), px(at.y), exact(opacity));
        self.stand = format!(" transform=\"matrix({turn} {x} {y})\" opacity=\"{opacity}\"");
    }

    fn fill(&mut self, d: &'static str, tone: Tone) {
        self.filled(d, tone);
    }

    fn stroke(&mut self, d: &'static str, tone: Tone, width: f64, dash: &[f64]) {
        self.path(d, tone, width, dash);
    }

    fn plate(&mut self, rect: Rect, _radius: f64, tone: Tone) {
        self.filled(&svg("M# #h#v#h#z", &[rect.x, rect.y, rect.w, rect.h, -rect.w]), tone);
    }

    fn chip(&mut self, width: f64, tone: Tone) {
        let (left, right) = (-width / 2.0, width / 2.0);
        let d = svg("M# -11L# -11L# 0L# 11L# 11z", &[left, right - 8.0, right, right - 8.0, left]);
        self.filled(&d, tone);
    }

    fn line(&mut self, corners: &[Xy], tone: Tone, width: f64, dash: &[f64], _phase: f64) {
        let mut d = String::new();
        for (at, corner) in corners.iter().enumerate() {
            d.push_str(&svg(if at == 0 { "M# #" } else { "L# #" }, &[corner.x, corner.y]));
        }
        self.path(&d, tone, width, dash);
    }

    fn dots(&mut self, places: &[Xy], size: f64, tone: Tone) {
        let dot = |at: &Xy| {
            svg("M# #h#v#h#z", &[at.x - size / 2.0, at.y - size / 2.0, size, size, -size])
        };
        let d: String = places.iter().map(dot).collect();
        self.filled(&d, tone);
    }

    fn words(&mut self, at: Xy, size: f64, text: &str, tone: Tone) {
        // As a style: a picture that this stands in may say of all texts what they look like.
        let place =
            svg("<text x=\"#\" y=\"#\" style=\"font:700 #px ", &[at.x, at.y + size * 0.35, size]);
        self.drawn.push_str(&place);
        self.drawn
            .push_str("ui-monospace, Menlo, Consolas, monospace;text-anchor:middle;fill:var(");
        self.drawn.push_str(tone.token());
        self.drawn.push_str(")\"");
        self.drawn.push_str(&self.stand);
        self.drawn.push('>');
        self.drawn.push_str(&escaped(text));
        self.drawn.push_str("</text>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{BUILTINS, Recording};
    use crate::scene::{Cloth, Window, weave, xy};

    #[test]
    fn every_sign_stands_where_it_was_drawn_and_words_are_harmless() {
        let mut sheet = Sheet::default();
        sheet.stand(xy(10.0, 20.0), xy(0.0, 1.0), 2.0, 0.5);
        sheet.fill("M0 0H1", Tone::Write);
        sheet.words(xy(1.0, 2.0), 10.0, "a<b & \"c\"", Tone::Text);
        let drawn = sheet.finish();
        let stand = "transform=\"matrix(0.0 2.0 -2.0 0.0 10.0 20.0)\" opacity=\"0.5\"";
        assert_eq!(drawn.matches(stand).count(), 2, "{drawn}");
        assert!(drawn.contains("fill=\"var(--write)\""));
        assert!(drawn.contains(">a&lt;b &amp; &quot;c&quot;</text>"));
    }

    #[test]
    fn a_space_time_diagram_has_a_line_for_every_message_woven() {
        let scenario = BUILTINS[0].scenario().expect("a good scenario");
        let mut recording = Recording::new(scenario);
        let t = 1_000_000;
        let moment = recording.moment(t);
        let window = Window { from: 0, until: t, width: 800.0, height: 300.0 };
        let woven = weave(&moment, recording.trace(), &window, (t, false));
        let cloth =
            Cloth { weave: &woven, rifts: &[], window, world: &moment, t, cone: None, left: 0.0 };
        let mut sheet = Sheet::default();
        cloth.draw(&mut sheet);
        let drawn = sheet.finish();
        let lines = drawn.matches("stroke=").count();
        assert!(lines >= woven.threads.len() + 2 * woven.lanes.len(), "{lines} lines");
        assert!(drawn.matches("<text").count() >= woven.lanes.len());
    }
}
