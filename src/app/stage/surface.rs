//! A canvas as ink: the library's pictures are drawn on it, in the colours of the page's theme.

use replication::scene::{self, Ink, Rect, Size, Tone, Xy};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};

use crate::app::browser;

/// What part of a picture a canvas shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View {
    /// The canvas, in pixels.
    pub size: Size,
    /// How much larger everything is drawn; at least 1.
    pub scale: f64,
    /// How far the canvas is from the picture's upper left corner, in pixels.
    pub off: Xy,
}

/// A canvas, ready to be drawn on.
pub struct Surface {
    /// Where it is.
    pub canvas: HtmlCanvasElement,
    pen: CanvasRenderingContext2d,
    ratio: f64,
    /// Every tone's colour, once they are read.
    pub tones: Vec<String>,
    paths: Vec<(&'static str, Path2d)>,
    base: [f64; 6],
    view: View,
}

impl Surface {
    /// On a canvas; None if the browser gives no pen for it.
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Surface> {
        let pen = canvas.get_context("2d").ok().flatten()?;
        Some(Surface {
            canvas: canvas.clone(),
            pen: pen.dyn_into().ok()?,
            ratio: 1.0,
            tones: Vec::new(),
            paths: Vec::new(),
            base: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            view: View::default(),
        })
    }

    /// As many device pixels as what it shows has.
    pub fn fit(&mut self, view: View) {
        self.view = view;
        self.ratio = scene::within(browser::window().device_pixel_ratio(), 1.0, 3.0);
        let (w, h) = (view.size.w * self.ratio, view.size.h * self.ratio);
        let (w, h) = (w.round() as u32, h.round() as u32);
        if (self.canvas.width(), self.canvas.height()) != (w, h) {
            self.canvas.set_width(w);
            self.canvas.set_height(h);
        }
    }

    /// Takes the colours of the page's theme.
    pub fn read_tones(&mut self) {
        let style = browser::window().get_computed_style(&self.canvas).ok().flatten();
        let value = |tone: Tone| {
            let style = style.as_ref()?;
            let value = style.get_property_value(tone.token()).ok()?;
            Some(value.trim().to_string()).filter(|value| !value.is_empty())
        };
        self.tones = Tone::ALL
            .into_iter()
            .map(|tone| value(tone).unwrap_or_else(|| "CanvasText".into()))
            .collect();
    }

    /// Wipes it.
    pub fn clear(&mut self) {
        self.turn([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let (w, h) = (self.canvas.width(), self.canvas.height());
        self.pen.clear_rect(0.0, 0.0, w.into(), h.into());
        self.pen.set_text_align("center");
        self.pen.set_text_baseline("alphabetic");
        self.pen.set_line_cap("round");
        self.pen.set_line_join("round");
    }

    fn turn(&mut self, [a, b, c, d, e, f]: [f64; 6]) {
        self.base = [a, b, c, d, e, f];
        // Refused only for numbers that are none.
        let _ = self.pen.set_transform(a, b, c, d, e, f);
    }

    fn tone(&self, tone: Tone) -> &str {
        let at = Tone::ALL.iter().position(|other| *other == tone);
        at.and_then(|at| self.tones.get(at)).map_or("CanvasText", String::as_str)
    }

    fn path(&mut self, d: &'static str) -> Path2d {
        let same = |(other, _): &&(&'static str, Path2d)| std::ptr::eq(*other, d);
        if let Some((_, path)) = self.paths.iter().find(same) {
            return path.clone();
        }
        let path = Path2d::new_with_path_string(d).unwrap_or_else(|_| {
            debug_assert!(false, "a path of the visual language is valid");
            JsValue::UNDEFINED.unchecked_into()
        });
        self.paths.push((d, path.clone()));
        path
    }

    fn dash(&self, dash: &[f64], phase: f64) {
        let list = dash.iter().map(|length| JsValue::from_f64(*length)).collect::<js_sys::Array>();
        // Refused only for numbers that are none.
        let _ = self.pen.set_line_dash(&list);
        self.pen.set_line_dash_offset(phase);
    }
}

impl Ink for Surface {
    fn stand(&mut self, at: Xy, right: Xy, scale: f64, opacity: f64) {
        let Xy { x: cos, y: sin } = right;
        let View { scale: closer, off, .. } = self.view;
        let size = scale * closer * self.ratio;
        self.turn([
            cos * size,
            sin * size,
            -sin * size,
            cos * size,
            (at.x * closer - off.x) * self.ratio,
            (at.y * closer - off.y) * self.ratio,
        ]);
        self.pen.set_global_alpha(opacity);
    }

    fn fill(&mut self, d: &'static str, tone: Tone) {
        let path = self.path(d);
        self.pen.set_fill_style_str(self.tone(tone));
        self.pen.fill_with_path_2d(&path);
    }

    fn stroke(&mut self, d: &'static str, tone: Tone, width: f64, dash: &[f64]) {
        let path = self.path(d);
        self.pen.set_stroke_style_str(self.tone(tone));
        self.pen.set_line_width(width);
        if !dash.is_empty() {
            self.dash(dash, 0.0);
        }
        self.pen.stroke_with_path(&path);
        if !dash.is_empty() {
            self.dash(&[], 0.0);
        }
    }

    fn plate(&mut self, room: Rect, _radius: f64, tone: Tone) {
        self.pen.set_fill_style_str(self.tone(tone));
        self.pen.fill_rect(room.x, room.y, room.w, room.h);
    }

    fn chip(&mut self, width: f64, tone: Tone) {
        let (left, right) = (-width / 2.0, width / 2.0);
        let pen = &self.pen;
        pen.set_fill_style_str(self.tone(tone));
        pen.begin_path();
        pen.move_to(left + 4.0, -11.0);
        pen.line_to(right - 8.0, -11.0);
        pen.line_to(right, 0.0);
        pen.line_to(right - 8.0, 11.0);
        pen.line_to(left + 4.0, 11.0);
        pen.quadratic_curve_to(left, 11.0, left, 7.0);
        pen.line_to(left, -7.0);
        pen.quadratic_curve_to(left, -11.0, left + 4.0, -11.0);
        pen.fill();
    }

    fn line(&mut self, corners: &[Xy], tone: Tone, width: f64, dash: &[f64], phase: f64) {
        let pen = &self.pen;
        pen.set_stroke_style_str(self.tone(tone));
        pen.set_line_width(width);
        pen.begin_path();
        for (index, corner) in corners.iter().enumerate() {
            if index == 0 {
                pen.move_to(corner.x, corner.y);
            } else {
                pen.line_to(corner.x, corner.y);
            }
        }
        if dash.is_empty() {
            pen.stroke();
            return;
        }
        pen.set_line_cap("butt");
        self.dash(dash, phase);
        pen.stroke();
        self.dash(&[], 0.0);
        pen.set_line_cap("round");
    }

    fn dots(&mut self, places: &[Xy], size: f64, tone: Tone) {
        self.pen.set_fill_style_str(self.tone(tone));
        for at in places {
            self.pen.fill_rect(at.x - size / 2.0, at.y - size / 2.0, size, size);
        }
    }

    fn words(&mut self, at: Xy, px: f64, text: &str, tone: Tone) {
        self.pen.set_font(&format!(
            "700 {}px ui-monospace, \"SF Mono\", \"Cascadia Mono\", Menlo, Consolas, \
             \"DejaVu Sans Mono\", monospace",
            scene::px(px)
        ));
        self.pen.set_fill_style_str(self.tone(tone));
        // Refused only without a canvas.
        let _ = self.pen.fill_text(text, at.x, at.y + px * 0.35);
    }
}
