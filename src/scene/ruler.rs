//! The ruler along a link: how many milliseconds of its way a message has come.

use super::geometry::{Xy, xy};
use super::mark::Mark;
use super::route::Route;
use super::svg::svg;

/// The shortest distance between two lines of the ruler, in pixels.
const APART: f64 = 9.0;
/// No number stands nearer to the end than this: there stands a server.
const END: f64 = 24.0;
/// Milliseconds between two lines; every fifth has a number.
const STEPS_MS: [u64; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/// The lines and numbers of a link that takes so many microseconds; none for one that takes none.
pub fn ruler(route: &Route, latency_us: u64) -> Vec<Mark> {
    let per_ms = route.length() / (latency_us as f64 / 1_000.0);
    if latency_us == 0 {
        return Vec::new();
    }
    let Some(step) = STEPS_MS.into_iter().find(|step| *step as f64 * per_ms >= APART) else {
        return Vec::new();
    };
    let mut marks = Vec::new();
    let mut d = String::new();
    for (nth, ms) in (0..=latency_us / 1_000).step_by(step as usize).enumerate() {
        let (at, heading) = route.at(ms as f64 * 1_000.0 / latency_us as f64);
        // Packets travel on the right of their way; the numbers stand on the left.
        let left = heading.right() * -1.0;
        let long = if nth % 5 == 0 { 12.0 } else { 6.0 };
        let (a, b) = (at + left * 2.0, at + left * long);
        d.push_str(&svg("M# #L# #", &[a.x, a.y, b.x, b.y]));
        let apart = route.length() * (1.0 - ms as f64 * 1_000.0 / latency_us as f64);
        if nth % 5 == 0 && nth > 0 && apart >= END {
            let Xy { x, y } = at + left * 24.0;
            marks.push(Mark::text(xy(x, y + 4.3), 12.0, format!("{ms} ms"), "ruler-text"));
        }
    }
    marks.insert(0, Mark::path(d, "ruler"));
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ruler_s_numbers_stand_where_a_message_is_then() {
        let route = Route::straight(xy(0.0, 0.0), xy(400.0, 0.0));
        let marks = ruler(&route, 80_000);
        let texts: Vec<(f64, &str)> = marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Text { at, text, .. } => Some((at.x, text.as_str())),
                _ => None,
            })
            .collect();
        assert_eq!(texts[0], (50.0, "10 ms"));
        assert_eq!(texts[texts.len() - 1], (350.0, "70 ms"));
        assert_eq!(ruler(&route, 0).len(), 0);
    }
}
