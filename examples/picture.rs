//! Prints the picture of a scenario at an instant as an SVG file, without a browser.
//!
//! `cargo run --example picture -- FILE.toml MS WIDTH HEIGHT [light] [SPEED] > picture.svg`

use std::rc::Rc;

use replication::recording::{Recording, read_scenario};
use replication::scene::{
    Anchor, Figure, Flights, Ink, Layout, Look, Mark, Picture, Rect, Ribbons, Size, Tone, Ways, Xy,
    draw, frame,
};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: f64| args.get(at).and_then(|a| a.parse().ok()).unwrap_or(usual);
    let text = std::fs::read_to_string(&args[0]).expect("a scenario file can be read");
    let scenario = read_scenario(&text).expect("the scenario is valid");
    let t = (number(1, 0.0) * 1_000.0) as u64;
    let size = Size { w: number(2, 1_100.0), h: number(3, 760.0) };
    let light = args.iter().any(|arg| arg == "light");
    let look = Look { us_per_s: 80_000.0 * number(5, 1.0), ..Look::default() };
    let mut recording = Recording::new(scenario);
    let world = recording.moment(t);
    let layout = Rc::new(Layout::new(&world.topology, world.clients.len(), size));
    let picture = Picture::new(&world, &layout, t);
    let ways = Ways::new(&world, &layout);
    let flights = Flights::new(&world, &ways, look.follow, look.heartbeats);
    let mut ribbons = Ribbons::default();
    let frame = frame(&world, recording.trace(), &ways, &flights, &mut ribbons, t, &look);
    let mut ink = Svg::default();
    draw(&frame, &layout, &mut ink);
    println!("{}", page(&picture, &ink.out, size, light));
}

const DARK: &str = "--stage:#0F1419;--panel:#171D24;--raised:#212A34;--text:#E8EDF2;\
--text2:#AEB9C5;--neutral:#C5CED8;--edge:#64748A;--write:#8ED1F2;--ack:#1A9A85;--stale:#F8D949;\
--lost:#F2541B;--ink:#0F1419;--focus:#FFFFFF";
const LIGHT: &str = "--stage:#FAFBFC;--panel:#FFFFFF;--raised:#F0F3F6;--text:#14191F;\
--text2:#4A5663;--neutral:#3B4652;--edge:#7A8794;--write:#0B2F78;--ack:#007A6C;--stale:#7E6900;\
--lost:#6E1607;--ink:#FFFFFF;--focus:#000000";

fn page(picture: &Picture, moving: &str, size: Size, light: bool) -> String {
    let tokens = if light { LIGHT } else { DARK };
    let css = include_str!("../static/stage.css");
    let mut body = String::new();
    for side in &picture.sides {
        body += &format!(r#"<path class="hatch" d="{}"/>"#, side.hatch);
    }
    for wire in &picture.wires {
        body += &format!(r#"<path class="{}" d="{}"/>"#, wire.class(), wire.route.path());
    }
    for side in &picture.sides {
        body += &format!(r#"<path class="tear" d="{}"/>"#, side.tear);
    }
    for at in picture.wires.iter().filter_map(|wire| wire.bars()) {
        body += &format!(
            r#"<rect class="bars-plate" x="{}" y="{}" width="28" height="28" rx="6"/><path class="bars" transform="translate({} {})" d="M-5 -9V9M5 -9V9"/>"#,
            at.x - 14.0,
            at.y - 14.0,
            at.x,
            at.y
        );
    }
    for figure in picture.nodes.iter().chain(&picture.clients) {
        body += &group(figure);
    }
    for (room, text) in picture.sides.iter().filter_map(|side| side.label.as_ref()) {
        body += &rect(room, 4.0, "side-plate");
        let (x, y) = (room.centre().x, room.centre().y + 4.7);
        body += &format!(
            r#"<text class="side-label" x="{x}" y="{y}" font-size="13" text-anchor="middle">{text}</text>"#
        );
    }
    let (w, h) = (size.w, size.h);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" class="scene"><style>:root{{{tokens}}}{css}</style><defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-line" width="2" height="8"/></pattern></defs><rect width="{w}" height="{h}" fill="var(--stage)"/>{body}<g>{moving}</g></svg>"#
    )
}

fn group(figure: &Figure) -> String {
    let marks: String = figure.marks.iter().map(mark).collect();
    let Xy { x, y } = figure.at;
    format!(
        r#"<g class="figure {}" data-kind="{}" data-state="{}" transform="translate({x} {y})">{marks}</g>"#,
        if figure.small { "small" } else { "" },
        figure.kind.word(),
        figure.state.word()
    )
}

fn rect(rect: &Rect, radius: f64, class: &str) -> String {
    let Rect { x, y, w, h } = rect;
    format!(
        r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{w:.1}" height="{h:.1}" rx="{radius:.1}"/>"#
    )
}

fn mark(mark: &Mark) -> String {
    match mark {
        Mark::Path { at, d, class } => {
            let (x, y) = (at.x, at.y);
            format!(r#"<path class="{class}" d="{d}" transform="translate({x:.1} {y:.1})"/>"#)
        }
        Mark::Rect { rect: room, radius, class } => rect(room, *radius, class),
        Mark::Circle { at, radius, class } => format!(
            r#"<circle class="{class}" cx="{:.1}" cy="{:.1}" r="{radius:.1}"/>"#,
            at.x, at.y
        ),
        Mark::Text { at, anchor, px, text, class } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            format!(
                r#"<text class="{class}" x="{:.1}" y="{:.1}" font-size="{px}" text-anchor="{anchor}">{text}</text>"#,
                at.x, at.y
            )
        }
    }
}

#[derive(Default)]
struct Svg {
    out: String,
    stand: String,
}

impl Ink for Svg {
    fn stand(&mut self, at: Xy, turn: f64, scale: f64, opacity: f64) {
        let turn = turn.to_degrees();
        self.stand = format!(
            r#"opacity="{opacity}" transform="translate({:.2} {:.2}) rotate({turn:.2}) scale({scale})""#,
            at.x, at.y
        );
    }

    fn fill(&mut self, d: &'static str, tone: Tone) {
        let stand = &self.stand;
        self.out += &format!(r#"<path {stand} d="{d}" fill="var({})"/>"#, tone.token());
    }

    fn stroke(&mut self, d: &'static str, tone: Tone, width: f64, dash: &[f64]) {
        let (stand, tone) = (&self.stand, tone.token());
        let dash: Vec<String> = dash.iter().map(f64::to_string).collect();
        self.out += &format!(
            r#"<path {stand} d="{d}" fill="none" stroke="var({tone})" stroke-width="{width}" stroke-linecap="round" stroke-dasharray="{}"/>"#,
            dash.join(" ")
        );
    }

    fn plate(&mut self, room: Rect, radius: f64, tone: Tone) {
        let Rect { x, y, w, h } = room;
        let (stand, tone) = (&self.stand, tone.token());
        self.out += &format!(
            r#"<rect {stand} x="{x}" y="{y}" width="{w}" height="{h}" rx="{radius}" fill="var({tone})"/>"#
        );
    }

    fn chip(&mut self, width: f64, tone: Tone) {
        let (half, stand, tone) = (width / 2.0, &self.stand, tone.token());
        let (l, r) = (-half, half);
        self.out += &format!(
            r#"<path {stand} d="M{} -11H{}L{r} 0L{} 11H{}A4 4 0 0 1 {l} 7V-7A4 4 0 0 1 {} -11Z" fill="var({tone})"/>"#,
            l + 4.0,
            r - 8.0,
            r - 8.0,
            l + 4.0,
            l + 4.0
        );
    }

    fn line(&mut self, corners: &[Xy], tone: Tone, width: f64, dash: &[f64], phase: f64) {
        let (stand, tone) = (&self.stand, tone.token());
        let places: Vec<String> =
            corners.iter().map(|at| format!("{:.1},{:.1}", at.x, at.y)).collect();
        let dash: Vec<String> = dash.iter().map(f64::to_string).collect();
        self.out += &format!(
            r#"<polyline {stand} points="{}" fill="none" stroke="var({tone})" stroke-width="{width}" stroke-dasharray="{}" stroke-dashoffset="{phase}"/>"#,
            places.join(" "),
            dash.join(" ")
        );
    }

    fn words(&mut self, at: Xy, px: f64, text: &str, tone: Tone) {
        let (stand, tone) = (&self.stand, tone.token());
        let y = at.y + px * 0.35;
        self.out += &format!(
            r#"<g {stand}><text class="value" style="fill:var({tone})" x="{}" y="{y}" font-size="{px}" text-anchor="middle">{text}</text></g>"#,
            at.x
        );
    }
}
