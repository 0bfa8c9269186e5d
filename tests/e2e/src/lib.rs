//! Steering the built page in headless Chromium, as a person would and as a measuring tool would.
//!
//! ```text
//! let page = App::open(DESKTOP);              // serves the built page and waits until ready
//! page.press("Space");                        // real key, mouse and touch events
//! let t: f64 = page.eval("replicascope.t()"); // any JavaScript, promises awaited
//! page.wait("replicascope.t() > 1000");       // polls in the page; fails loudly after a while
//! page.finish();                              // closes, and fails on any error in the console
//! ```
//!
//! From below: `wire` (JSON over HTTP), `driver` (the chromedriver process), `browser` (one
//! browser: scripts, navigation, waiting), `emulate` (viewport, media), `input` (keys, mouse,
//! touch), `witness` (console and network), `picture` (screenshots and their differences), `axe`
//! (rules for accessibility), `app` (this application's page). A function here panics when the
//! browser disagrees: these are tests, and the message is the report.

mod app;
mod axe;
mod browser;
mod driver;
mod emulate;
mod input;
mod picture;
mod wire;
mod witness;

pub use app::{App, dist};
pub use browser::{Browser, PATIENCE};
pub use emulate::{DESKTOP, PHONE, Viewport};
pub use input::Point;
pub use picture::{Area, Difference, Picture};
pub use witness::Message;
pub use xtask::site::{Fault, Request, Site};
