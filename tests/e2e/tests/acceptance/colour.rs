//! Check 11: colour is not needed, and where it is used it can be told. Shapes are compared as
//! small grey pictures without words; colours by contrast, and by how different they look to
//! people who see all colours and to those who lack one sort of cones.

use crate::{open, settle};
use e2e::{App, DESKTOP, Picture};
use palette::color_difference::Ciede2000;
use palette::{FromColor, Lab, LinSrgb, Srgb};
use replication::base::Place;
use replication::node::Kind;
use replication::scene::{
    Flight, Frame, Layout, Packet, PacketSign as Sign, Route, Sheet, Size, Xy, draw, xy,
};
use replication::topology::{Shape, Topology};
use serde_json::json;
use std::rc::Rc;

const THEMES: [&str; 2] = ["dark", "light"];
/// Crops are compared at this many pixels to a side.
const CROP: usize = 32;
/// They are taken larger, so that thin strokes count by how thick they are.
const TAKEN: usize = 3 * CROP;
/// Of the pixels that are ink in either crop, the least share that must differ.
const DIFFERENT: f64 = 0.15;

/// Every sort of figure in every state there is: some run in which it stands on the stage.
const FIGURES: &str = "(async () => {
    const found = {};
    const gather = async (t, ...commands) => {
        for (const command of commands) replicascope.issue(command);
        replicascope.seek(t);
        await probe.settled();
        for (const figure of document.querySelectorAll('[data-testid=scene] [data-node]')) {
            const { kind, state, shape } = figure.dataset;
            found[kind + ' ' + state] ??= [shape, figure.outerHTML];
        }
    };
    const nodes = ['n1', 'n2', 'n3', 'n4'];
    const each = (what) => nodes.map((node) => ({ [what]: node }));
    const load = (cluster) => {
        const client = [{ id: 'Ann', home: 'n1' }];
        replicascope.load({ seed: 1, until: '60s', cluster, client });
        replicascope.pause();
    };
    load({ topology: 'chain', nodes: 4 });
    await gather(100000);
    await gather(200000, ...each('pause'));
    await gather(300000, ...each('resume'), ...each('crash'));
    load({ topology: 'star', nodes: 4 });
    await gather(100000, { partition: { groups: [['n1']] } });
    await gather(500000, { promote: 'n2' });
    load({ topology: 'star', nodes: 4, failover: {} });
    await gather(100000, { crash: 'n1' });
    for (let t = 200000; t < 5000000 && !found['candidate up']; t += 20000) await gather(t);
    return Object.entries(found);
})()";

/// Puts shapes beside each other over the page, without words, each as large as it takes.
const LAY_OUT: &str = "((shapes, side) => {
    document.getElementById('shapes')?.remove();
    const board = document.createElement('div');
    board.id = 'shapes';
    for (const shape of shapes) {
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        svg.setAttribute('class', 'scene still');
        svg.innerHTML = shape;
        const others = 'text, title, .hit, .ring, .ring-gap, .chosen, .words-plate, .cell, .notch,'
            + ' .bracket, .slip, .receipt, .sign, .ghost, .ghost-cross, .ghost-chip';
        for (const other of svg.querySelectorAll(others)) other.remove();
        for (const figure of svg.querySelectorAll('.figure')) figure.removeAttribute('transform');
        Object.assign(svg.style, { display: 'block', float: 'left' });
        svg.setAttribute('width', side);
        svg.setAttribute('height', side);
        board.append(svg);
    }
    Object.assign(board.style, { position: 'fixed', inset: 0, zIndex: 99,
        background: 'var(--stage)' });
    document.body.append(board);
    return [...board.children].map((svg) => {
        const { x, y, width, height } = svg.getBBox();
        const reach = Math.max(-x, -y, x + width, y + height) + 3;
        svg.setAttribute('viewBox', [-reach, -reach, 2 * reach, 2 * reach].join(' '));
        const at = svg.getBoundingClientRect();
        return [at.x, at.y];
    });
})";

/// The ink of a shape, pixel by pixel: what is clearly not the ground.
struct Crop {
    name: String,
    ink: Vec<bool>,
}

fn grey([r, g, b]: [u8; 3]) -> f64 {
    0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)
}

/// A shape's crop from a picture of the board, three pixels of it to one.
fn crop(board: &Picture, (left, top): (usize, usize), name: &str) -> Crop {
    let ground = grey(board.pixel(board.width - 1, board.height - 1));
    let share = TAKEN / CROP;
    let pixel = |at: usize| {
        let (x, y) = (left + at % CROP * share, top + at / CROP * share);
        let all = (0..share * share).map(|n| grey(board.pixel(x + n % share, y + n / share)));
        all.sum::<f64>() / (share * share) as f64
    };
    let apart: Vec<f64> = (0..CROP * CROP).map(|at| (pixel(at) - ground).abs()).collect();
    // A third of the way to its strongest ink: fills that are next to the ground are no shape.
    let threshold = apart.iter().fold(0.0, |most: f64, apart| most.max(*apart)) / 3.0;
    let ink = apart.iter().map(|apart| *apart > threshold).collect();
    Crop { name: name.to_string(), ink }
}

/// Fails for every two shapes that are alike when they are small and grey.
fn all_differ(page: &App, theme: &str, shapes: &[(String, String)]) -> Vec<String> {
    page.media(&[("prefers-color-scheme", theme)]);
    settle(page);
    let drawn: Vec<&String> = shapes.iter().map(|(_, shape)| shape).collect();
    let places: Vec<(f64, f64)> = page.eval(&format!("{LAY_OUT}({}, {TAKEN})", json!(drawn)));
    page.wait_for_drawing();
    let board = page.screenshot();
    let crops: Vec<Crop> = shapes
        .iter()
        .zip(places)
        .map(|((name, _), (x, y))| crop(&board, (x as usize, y as usize), name))
        .collect();
    let mut alike = Vec::new();
    let mut least = 1.0;
    for (at, one) in crops.iter().enumerate() {
        let own = one.ink.iter().filter(|ink| **ink).count();
        assert!(own >= CROP, "{theme}: {} is hardly drawn: {own} pixels", one.name);
        for other in &crops[..at] {
            let pairs = || one.ink.iter().zip(&other.ink);
            let either = pairs().filter(|(a, b)| **a || **b).count();
            let differs = pairs().filter(|(a, b)| a != b).count() as f64 / either as f64;
            least = f64::min(least, differs);
            if differs < DIFFERENT {
                alike.push(format!("{theme}: {} and {}: {differs:.3}", other.name, one.name));
            }
        }
    }
    println!("{theme}: {} shapes; the two most alike differ in {least:.2} of it", crops.len());
    alike
}

#[test]
fn every_kind_and_state_is_told_from_the_others_by_its_shape_alone() {
    let page = open(DESKTOP);
    let found: Vec<(String, (String, String))> = page.eval(FIGURES);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    for kind in ["primary", "replica", "relay"] {
        for state in ["up", "down", "paused"] {
            assert!(
                names.contains(&format!("{kind} {state}").as_str()),
                "{kind} {state}: {names:?}"
            );
        }
    }
    for other in ["primary stale-primary", "candidate up", "client up"] {
        assert!(names.contains(&other), "{other}: {names:?}");
    }
    let mut words: Vec<&String> = found.iter().map(|(_, (shape, _))| shape).collect();
    words.sort();
    words.dedup();
    assert_eq!(words.len(), found.len(), "two sorts of figures name one shape");
    let shapes: Vec<(String, String)> =
        found.into_iter().map(|(name, (_, shape))| (name, shape)).collect();
    let alike: Vec<String> =
        THEMES.into_iter().flat_map(|theme| all_differ(&page, theme, &shapes)).collect();
    assert!(alike.is_empty(), "{alike:#?}");
    page.finish();
}

/// A packet's sign as the library draws it, without words.
fn drawn(sign: Sign) -> String {
    let (from, to) = (xy(-60.0, 0.0), xy(60.0, 0.0));
    let flight = Flight {
        kind: Kind::Write,
        sign,
        from: Place::OPERATOR,
        to: Place::OPERATOR,
        sent_at: 0,
        due_at: 2,
        text: String::new(),
        long_text: String::new(),
        op: None,
        followed: false,
        entries: 1,
        route: Rc::new(Route::straight(from, to)),
    };
    let packet = Packet {
        flight: &flight,
        progress: 0.5,
        at: Xy::default(),
        heading: xy(1.0, 0.0),
        count: 1,
        text: "",
        trail: None,
        dim: false,
        scale: 1.0,
    };
    let frame = Frame { packets: vec![packet], ..Frame::default() };
    let layout =
        Layout::new(&Topology::new(Shape::Star, 1, 1, &[]), 0, Size { w: 400.0, h: 400.0 });
    let mut sheet = Sheet::default();
    draw(&frame, &layout, &mut sheet);
    sheet.finish()
}

#[test]
fn every_packet_is_told_from_the_others_by_its_shape_alone() {
    let page = open(DESKTOP);
    let signs = [
        Sign::Chip,
        Sign::Ack,
        Sign::Refusal,
        Sign::Read,
        Sign::Fresh,
        Sign::Stale,
        Sign::Tick,
        Sign::Fetch,
        Sign::Snapshot,
        Sign::Fence,
    ];
    let shapes: Vec<(String, String)> =
        signs.into_iter().map(|sign| (format!("{sign:?}"), drawn(sign))).collect();
    let alike: Vec<String> =
        THEMES.into_iter().flat_map(|theme| all_differ(&page, theme, &shapes)).collect();
    assert!(alike.is_empty(), "{alike:#?}");
    page.finish();
}

/// The page's tokens, as it computes them.
struct Tokens<'a> {
    page: &'a App,
    theme: &'static str,
}

impl Tokens<'_> {
    fn colour(&self, token: &str) -> LinSrgb<f64> {
        // The browser turns whatever the style sheet says into numbers.
        let rgb: [f64; 3] = self.page.eval(&format!(
            "(() => {{
                const probe = document.createElement('i');
                probe.style.color = 'var(--{token})';
                document.body.append(probe);
                const said = getComputedStyle(probe).color.match(/[0-9.]+/g).map(Number);
                probe.remove();
                return said.slice(0, 3);
            }})()"
        ));
        Srgb::new(rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0).into_linear()
    }

    /// Contrast as WCAG defines it, from 1 to 21.
    fn contrast(&self, one: &str, other: &str) -> f64 {
        let luminance = |token: &str| {
            let c = self.colour(token);
            0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue + 0.05
        };
        let (a, b) = (luminance(one), luminance(other));
        (a / b).max(b / a)
    }

    fn at_least(&self, least: f64, tokens: &[&str], grounds: &[&str], wrong: &mut Vec<String>) {
        for token in tokens {
            for ground in grounds {
                let contrast = self.contrast(token, ground);
                if contrast < least {
                    let theme = self.theme;
                    wrong.push(format!("{theme}: {token} on {ground}: {contrast:.2} < {least}"));
                }
            }
        }
    }
}

/// How somebody sees, as a matrix of linear light: by Machado, Oliveira and Fernandes (2009), for
/// whom one sort of cones is missing altogether.
type Eyes = [[f64; 3]; 3];
const EYES: [(&str, Eyes); 4] = [
    ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

fn seen(colour: LinSrgb<f64>, eyes: &Eyes) -> Lab<palette::white_point::D65, f64> {
    let light = [colour.red, colour.green, colour.blue];
    let part = |row: &[f64; 3]| {
        row.iter().zip(light).map(|(share, light)| share * light).sum::<f64>().clamp(0.0, 1.0)
    };
    Lab::from_color(LinSrgb::new(part(&eyes[0]), part(&eyes[1]), part(&eyes[2])))
}

#[test]
fn colours_can_be_read_and_told_apart_by_all_eyes_in_both_themes() {
    /// What a colour may mean on the stage.
    const MEANINGS: [&str; 5] = ["write", "ack", "stale", "conflict", "lost"];
    let page = open(DESKTOP);
    let mut wrong = Vec::new();
    for theme in THEMES {
        page.media(&[("prefers-color-scheme", theme)]);
        settle(&page);
        let tokens = Tokens { page: &page, theme };
        tokens.at_least(4.5, &["text", "text2"], &["stage", "panel", "raised"], &mut wrong);
        tokens.at_least(4.5, &MEANINGS, &["stage", "panel"], &mut wrong);
        tokens.at_least(4.5, &["ink"], &MEANINGS, &mut wrong);
        tokens.at_least(3.0, &["neutral", "edge", "control"], &["stage", "panel"], &mut wrong);
        tokens.at_least(3.0, &["focus"], &["stage", "panel", "raised"], &mut wrong);
        for (who, eyes) in &EYES {
            let mut least = (f64::INFINITY, "", "");
            for (at, one) in MEANINGS.iter().enumerate() {
                for other in &MEANINGS[..at] {
                    let [a, b] = [one, other].map(|token| seen(tokens.colour(token), eyes));
                    let apart = a.difference(b);
                    if apart < least.0 {
                        least = (apart, one, other);
                    }
                }
            }
            let (apart, one, other) = least;
            println!("{theme}, {who}: {one} and {other} are the nearest, {apart:.1}");
            if apart < 14.0 {
                wrong.push(format!("{theme}, {who}: {one} and {other} differ by {apart:.1}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    page.finish();
}
