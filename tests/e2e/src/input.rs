//! Real input events: the browser makes them from what a keyboard, a mouse or a finger would do, so
//! focus, hover and default actions follow as for a person.

use crate::browser::Browser;
use serde::Deserialize;
use serde_json::{Value, json};

/// A place in the viewport, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Point {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
}

/// How many moves a drag is made of.
const DRAG_MOVES: u32 = 10;
/// How often an element's place is looked at before it counts as one that never rests.
const FRAMES_TO_REST: u32 = 40;
/// How long each move of a drag takes, in milliseconds.
const DRAG_MOVE_MS: u32 = 16;

impl Browser {
    /// Presses and releases a key: a character (`"."`), a name (`"Space"`, `"ArrowLeft"`, `"Tab"`),
    /// or either after modifiers (`"Shift+Tab"`, `"Control+z"`).
    pub fn press(&self, keys: &str) {
        let names: Vec<&str> = if keys == "+" { vec!["+"] } else { keys.split('+').collect() };
        let codes: Vec<String> = names.iter().map(|name| key_code(name)).collect();
        let down = codes.iter().map(|code| json!({ "type": "keyDown", "value": code }));
        let up = codes.iter().rev().map(|code| json!({ "type": "keyUp", "value": code }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.act(&json!({ "type": "key", "id": "keyboard", "actions": actions }));
    }

    /// Types text, character by character, where the focus is.
    pub fn type_text(&self, text: &str) {
        let actions: Vec<Value> = text
            .chars()
            .flat_map(|character| {
                ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": character }))
            })
            .collect();
        self.act(&json!({ "type": "key", "id": "keyboard", "actions": actions }));
    }

    /// Clicks the middle of the first element that a selector finds, after scrolling it into view.
    pub fn click(&self, selector: &str) {
        self.click_at(self.middle_of(selector));
    }

    /// Clicks a place with the mouse's first button.
    pub fn click_at(&self, at: Point) {
        self.mouse(&[mouse_move(at, 0), button("pointerDown", 0), button("pointerUp", 0)]);
    }

    /// Opens a context menu: a click with the mouse's second button.
    pub fn right_click(&self, selector: &str) {
        let at = self.middle_of(selector);
        self.mouse(&[mouse_move(at, 0), button("pointerDown", 2), button("pointerUp", 2)]);
    }

    /// Moves the mouse there and leaves it.
    pub fn hover(&self, selector: &str) {
        self.mouse(&[mouse_move(self.middle_of(selector), 0)]);
    }

    /// Drags with the mouse in a straight line, in several moves.
    pub fn drag(&self, from: Point, to: Point) {
        let mut actions = vec![mouse_move(from, 0), button("pointerDown", 0)];
        actions.extend((1..=DRAG_MOVES).map(|n| mouse_move(between(from, to, n), DRAG_MOVE_MS)));
        actions.push(button("pointerUp", 0));
        self.mouse(&actions);
    }

    /// Touches the middle of an element with one finger, briefly.
    pub fn tap(&self, selector: &str) {
        self.tap_at(self.middle_of(selector));
    }

    /// Touches a place with one finger, briefly.
    pub fn tap_at(&self, at: Point) {
        self.touch("touchStart", Some(at));
        self.touch("touchEnd", None);
    }

    /// Draws one finger across the screen in a straight line.
    pub fn swipe(&self, from: Point, to: Point) {
        self.touch("touchStart", Some(from));
        (1..=DRAG_MOVES).for_each(|n| self.touch("touchMove", Some(between(from, to, n))));
        self.touch("touchEnd", None);
    }

    /// The middle of the first element that a selector finds, scrolled into view and at rest.
    /// Panics when there is none, when it is not drawn, or when something else covers it: a person
    /// could not hit it.
    pub fn middle_of(&self, selector: &str) -> Point {
        let selector = json!(selector).to_string();
        self.eval(&format!(
            "(async () => {{
                const found = document.querySelector({selector});
                if (!found) throw new Error('no element matches ' + {selector});
                const middle = () => {{
                    const box = found.getBoundingClientRect();
                    if (!box.width || !box.height) throw new Error('not drawn: ' + {selector});
                    return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
                }};
                const frame = () => new Promise(done => requestAnimationFrame(done));
                let at, before;
                // A smooth scroll may be under way; what never rests is hit where it is.
                for (let frames = 0; frames < {FRAMES_TO_REST}; frames += 1) {{
                    found.scrollIntoView(
                        {{ block: 'nearest', inline: 'nearest', behavior: 'instant' }});
                    before = middle();
                    await frame();
                    await frame();
                    at = middle();
                    if (at.x === before.x && at.y === before.y) break;
                }}
                const hit = document.elementFromPoint(at.x, at.y);
                if (!hit || !(found.contains(hit) || hit.contains(found)))
                    throw new Error({selector} + ' is covered by '
                        + (hit ? hit.outerHTML.slice(0, 120) : 'nothing'));
                return at;
            }})()"
        ))
    }

    fn mouse(&self, actions: &[Value]) {
        let parameters = json!({ "pointerType": "mouse" });
        self.act(&json!({
            "type": "pointer", "id": "mouse", "parameters": parameters, "actions": actions,
        }));
    }

    fn act(&self, source: &Value) {
        self.ask("POST", "/actions", &json!({ "actions": [source] }))
            .unwrap_or_else(|error| panic!("input {source}: {error}"));
    }

    fn touch(&self, kind: &str, at: Option<Point>) {
        let points: Vec<Value> = at.iter().map(|p| json!({ "x": p.x, "y": p.y })).collect();
        self.cdp("Input.dispatchTouchEvent", &json!({ "type": kind, "touchPoints": points }));
    }
}

fn between(from: Point, to: Point, step: u32) -> Point {
    let part = f64::from(step) / f64::from(DRAG_MOVES);
    Point { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}

fn mouse_move(at: Point, duration_ms: u32) -> Value {
    // The protocol wants whole pixels.
    let (x, y) = (at.x.round() as i64, at.y.round() as i64);
    json!({ "type": "pointerMove", "origin": "viewport", "x": x, "y": y, "duration": duration_ms })
}

fn button(kind: &str, button: u8) -> Value {
    json!({ "type": kind, "button": button })
}

/// The code of a key in the WebDriver standard, section "Keyboard actions"; a character is itself.
fn key_code(name: &str) -> String {
    let code = match name {
        "Backspace" => '\u{E003}',
        "Tab" => '\u{E004}',
        "Enter" => '\u{E007}',
        "Shift" => '\u{E008}',
        "Control" => '\u{E009}',
        "Alt" => '\u{E00A}',
        "Escape" => '\u{E00C}',
        "Space" => ' ',
        "PageUp" => '\u{E00E}',
        "PageDown" => '\u{E00F}',
        "F5" => '\u{E035}',
        "End" => '\u{E010}',
        "Home" => '\u{E011}',
        "ArrowLeft" => '\u{E012}',
        "ArrowUp" => '\u{E013}',
        "ArrowRight" => '\u{E014}',
        "ArrowDown" => '\u{E015}',
        "Delete" => '\u{E017}',
        "Meta" => '\u{E03D}',
        name if name.chars().count() == 1 => return name.to_string(),
        unknown => panic!("there is no key named {unknown:?}"),
    };
    code.to_string()
}
