//! Screenshots, and how much two of them differ.

use crate::browser::Browser;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{fs, io::Cursor, path::Path};

/// A rectangle of the viewport in CSS pixels, as `getBoundingClientRect` gives it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Area {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// An image, three bytes (red, green, blue) per pixel, rows from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels.
    pub width: usize,
    /// Pixels.
    pub height: usize,
    rgb: Vec<u8>,
}

/// How much two pictures of the same size differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Pixels in which some channel differs by more than the tolerance.
    pub changed: usize,
    /// All pixels.
    pub total: usize,
}

impl Difference {
    /// Changed pixels in percent of all.
    pub fn percent(self) -> f64 {
        100.0 * self.changed as f64 / self.total.max(1) as f64
    }
}

impl Browser {
    /// The viewport as it is now.
    pub fn screenshot(&self) -> Picture {
        Picture::from_png(&self.capture(&json!({ "format": "png" })))
    }

    /// The part of the viewport that the first element found by a selector takes.
    pub fn screenshot_of(&self, selector: &str) -> Picture {
        let area = self.area_of(selector);
        self.screenshot().crop(area)
    }

    /// The rectangle of the first element that a selector finds.
    pub fn area_of(&self, selector: &str) -> Area {
        let selector = json!(selector);
        self.eval(&format!("document.querySelector({selector}).getBoundingClientRect().toJSON()"))
    }

    /// Writes a screenshot to a PNG file.
    pub fn save_screenshot(&self, path: &Path) {
        write(path, &self.capture(&json!({ "format": "png" })));
    }

    /// Writes a part of the viewport to a PNG file.
    pub fn save_screenshot_of(&self, selector: &str, path: &Path) {
        let Area { x, y, width, height } = self.area_of(selector);
        let clip = json!({ "x": x, "y": y, "width": width, "height": height, "scale": 1 });
        write(path, &self.capture(&json!({ "format": "png", "clip": clip })));
    }

    fn capture(&self, parameters: &Value) -> Vec<u8> {
        let answer = self.cdp("Page.captureScreenshot", parameters);
        let text = answer["data"].as_str().expect("a screenshot is base64 text");
        BASE64_STANDARD.decode(text).expect("a screenshot is base64 text")
    }
}

fn write(path: &Path, content: &[u8]) {
    fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

impl Picture {
    /// Reads a PNG.
    pub fn from_png(bytes: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().expect("the browser writes valid PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a screenshot fits in memory")];
        let frame = reader.next_frame(&mut pixels).expect("the browser writes valid PNG");
        let rgb = pixels[..frame.buffer_size()]
            .chunks_exact(frame.color_type.samples())
            .flat_map(|pixel| <[u8; 3]>::try_from(&pixel[..3]).expect("screenshots have colour"))
            .collect();
        Self { width: frame.width as usize, height: frame.height as usize, rgb }
    }

    /// The part of it within an area, as far as the picture reaches.
    pub fn crop(&self, area: Area) -> Self {
        let clamp = |edge: f64, end: usize| (edge.max(0.0).round() as usize).min(end);
        let (left, right) = (clamp(area.x, self.width), clamp(area.x + area.width, self.width));
        let (top, bottom) = (clamp(area.y, self.height), clamp(area.y + area.height, self.height));
        let rgb = (top..bottom)
            .flat_map(|y| &self.rgb[3 * (y * self.width + left)..3 * (y * self.width + right)])
            .copied()
            .collect();
        Self { width: right - left, height: bottom - top, rgb }
    }

    /// Red, green and blue of a pixel.
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let start = 3 * (y * self.width + x);
        [self.rgb[start], self.rgb[start + 1], self.rgb[start + 2]]
    }

    /// Counts the pixels that differ by more than `tolerance` in some channel; 0 counts every
    /// difference. Panics when the sizes differ, since then nothing can be compared.
    pub fn difference(&self, other: &Self, tolerance: u8) -> Difference {
        assert_eq!((self.width, self.height), (other.width, other.height), "sizes of two pictures");
        let pairs = self.rgb.chunks_exact(3).zip(other.rgb.chunks_exact(3));
        let differs =
            |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > tolerance);
        Difference { changed: pairs.filter(differs).count(), total: self.width * self.height }
    }

    /// How many different colours it has: 1 means that nothing is drawn.
    pub fn colours(&self) -> usize {
        let mut colours: Vec<&[u8]> = self.rgb.chunks_exact(3).collect();
        colours.sort_unstable();
        colours.dedup();
        colours.len()
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, Difference, Picture};

    fn striped() -> Picture {
        // Two rows of two: black, white; grey, grey.
        let rgb = [0, 0, 0, 255, 255, 255, 9, 9, 9, 9, 9, 9].to_vec();
        Picture { width: 2, height: 2, rgb }
    }

    #[test]
    fn only_pixels_beyond_the_tolerance_count_as_different() {
        let plain = Picture { width: 2, height: 2, rgb: vec![9; 12] };
        assert_eq!(striped().difference(&plain, 0), Difference { changed: 2, total: 4 });
        assert_eq!(striped().difference(&plain, 9).changed, 1);
        assert_eq!(striped().difference(&striped(), 0).percent(), 0.0);
    }

    #[test]
    fn a_crop_ends_at_the_edge_of_the_picture() {
        let right = striped().crop(Area { x: 1.0, y: -5.0, width: 40.0, height: 6.0 });
        assert_eq!((right.width, right.height), (1, 1));
        assert_eq!(right.pixel(0, 0), [255; 3]);
        assert_eq!(striped().colours(), 3);
    }
}
