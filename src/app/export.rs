//! Files of the run: each is made when it is asked for, and nothing leaves the page but to the
//! person's own disk.

use js_sys::Array;
use replication::check::report;
use replication::form::ToForm;
use replication::player::Player;
use replication::recording::{Narrator, to_toml};
use replication::scene::{Size, escaped, px};
use replication::words::notice as say;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, CssStyleSheet, Element, HtmlCanvasElement,
    HtmlElement, HtmlImageElement, Url, XmlSerializer,
};

use super::browser::{document, root, window};
use super::ui::Export;
use super::{loom, stage};

/// What is saved of a space-time diagram, in pixels: a page in landscape.
const SHEET: Size = Size { w: 1600.0, h: 800.0 };
/// Room for the lanes' names.
const NAMES: f64 = 100.0;
/// Pixels of a picture for each of the page's.
const FINER: f64 = 2.0;
/// Colours and type that pictures name.
const TOKENS: [&str; 17] = [
    "--stage",
    "--panel",
    "--raised",
    "--text",
    "--text2",
    "--neutral",
    "--edge",
    "--control",
    "--write",
    "--ack",
    "--stale",
    "--conflict",
    "--lost",
    "--ink",
    "--focus",
    "--ui",
    "--mono",
];

/// Makes a file and gives it to the person; says what was done.
pub fn save(player: &mut Player, export: Export) -> String {
    let t = player.t();
    match export {
        Export::Scenario => {
            let text = to_toml(player.recording().scenario());
            offer("scenario.toml", "application/toml", &text)
        }
        Export::Report => {
            let run = player.recording().cut(t);
            offer("report.json", "application/json", &format!("{:#}\n", report(&run).to_form()))
        }
        Export::History => {
            let run = player.recording().cut(t);
            let mut text = String::new();
            Narrator::of(&run).jepsen(&mut |line| {
                text.push_str(line);
                text.push('\n');
            });
            offer("history.edn", "application/edn", &text)
        }
        Export::Stage { pixels } => match stage_svg() {
            Some((svg, size)) => picture("stage", svg, size, pixels),
            None => say::NO_STAGE.to_string(),
        },
        Export::SpaceTime { pixels } => {
            let drawn = loom::drawn(player, SHEET, NAMES);
            let name = escaped(&player.recording().scenario().name);
            let body = format!(
                "<title>{name}</title><g transform=\"translate({NAMES_PX} 0)\">{drawn}</g>"
            );
            picture("space-time", sheet(SHEET, "", &body), SHEET, pixels)
        }
    }
}

/// `NAMES`, as a drawing has it.
const NAMES_PX: &str = "100";

/// A whole picture, with the page's colours in it.
fn sheet(size: Size, rules: &str, body: &str) -> String {
    let (w, h) = (px(size.w), px(size.h));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\">{}<rect width=\"{w}\" height=\"{h}\" \
         fill=\"var(--stage)\"/>{body}</svg>",
        style(rules)
    )
}

/// The colours of now, and these rules; nothing moves in a picture.
fn style(rules: &str) -> String {
    let computed = window().get_computed_style(&root()).ok().flatten();
    let mut text = String::from("<style>svg{");
    for token in TOKENS {
        let value = computed.as_ref().and_then(|style| style.get_property_value(token).ok());
        text.push_str(&format!("{token}:{};", value.unwrap_or_default().trim()));
    }
    text.push_str("background:var(--stage);font-family:var(--ui)}");
    text.push_str(&escaped(rules));
    text.push_str("*{animation:none!important;transition:none!important}</style>");
    text
}

/// The stage with what moves on it, and its size.
pub fn stage_svg() -> Option<(String, Size)> {
    let scene: Element = document().query_selector("svg.scene").ok().flatten()?;
    let rect = scene.get_bounding_client_rect();
    let size = Size { w: rect.width(), h: rect.height() };
    let text = XmlSerializer::new().ok()?.serialize_to_string(&scene).ok()?;
    let (head, rest) = text.split_once('>')?;
    let body = rest.strip_suffix("</svg>")?;
    let moving = stage::drawn();
    let style = style(&rules());
    let background = "<rect width=\"100%\" height=\"100%\" fill=\"var(--stage)\"/>";
    Some((format!("{head}>{style}{background}{body}{moving}</svg>"), size))
}

/// The page's rules about the stage's picture.
fn rules() -> String {
    let sheets = document().style_sheets();
    let sheets = (0..sheets.length()).filter_map(|at| sheets.item(at));
    let sheets = sheets.filter_map(|sheet| sheet.dyn_into::<CssStyleSheet>().ok());
    let mut text = String::new();
    for rules in sheets.filter_map(|sheet| sheet.css_rules().ok()) {
        for rule in (0..rules.length()).filter_map(|at| rules.item(at)) {
            let rule = rule.css_text();
            if rule.starts_with(".scene") {
                text.push_str(&rule);
            }
        }
    }
    text
}

/// Offers a picture as shapes or as pixels.
fn picture(name: &'static str, svg: String, size: Size, pixels: bool) -> String {
    if !pixels {
        return offer(&format!("{name}.svg"), "image/svg+xml", &svg);
    }
    let drawn = draw(name, &svg, size);
    drawn.map_or_else(|| say::CANNOT_DRAW.into(), |()| told(&format!("{name}.png")))
}

/// Draws shapes on a canvas, and offers that once it is done.
fn draw(name: &'static str, svg: &str, size: Size) -> Option<()> {
    let canvas = document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    canvas.set_width((size.w * FINER) as u32);
    canvas.set_height((size.h * FINER) as u32);
    let pen = canvas.get_context("2d").ok().flatten()?;
    let pen = pen.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let image = HtmlImageElement::new().ok()?;
    let address = address("image/svg+xml", svg)?;
    let drawn = image.clone();
    let source = address.clone();
    let on_load = Closure::once_into_js(move || {
        let (w, h) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let drew = pen.draw_image_with_html_image_element_and_dw_and_dh(&drawn, 0.0, 0.0, w, h);
        // What was not drawn leaves an empty picture, which says as much.
        drop(drew);
        if let Ok(url) = canvas.to_data_url() {
            hand_over(&format!("{name}.png"), &url);
        }
        let _ = Url::revoke_object_url(&source);
    });
    image.set_onload(Some(on_load.unchecked_ref()));
    image.set_src(&address);
    Some(())
}

/// An address under which the browser has a text.
pub fn address(kind: &str, text: &str) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Offers a text as a file.
fn offer(name: &str, kind: &str, text: &str) -> String {
    let Some(address) = address(kind, text) else {
        return say::NOBODY_SAVES.to_string();
    };
    hand_over(name, &address);
    // The browser has begun to save it, and keeps what it needs.
    let _ = Url::revoke_object_url(&address);
    told(name)
}

fn told(name: &str) -> String {
    say::saved_as(name)
}

/// Lets the browser save what is at an address.
fn hand_over(name: &str, address: &str) {
    let Ok(link) = document().create_element("a") else { return };
    // Plain attributes are always accepted.
    let _ = link.set_attribute("download", name);
    let _ = link.set_attribute("href", address);
    if let Some(link) = link.dyn_ref::<HtmlElement>() {
        link.click();
    }
}
