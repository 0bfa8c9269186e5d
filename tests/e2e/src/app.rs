//! This application's page: served from the built files, opened, and ready.

use crate::{browser::Browser, emulate::Viewport, witness::Message};
use serde_json::json;
use std::{env, ops::Deref, path::PathBuf};
use xtask::site::Site;

/// The page in a browser. Everything that a `Browser` can do, it can.
pub struct App {
    browser: Browser,
    site: Site,
}

/// The directory of the built page, named by `REPLICASCOPE_DIST`.
pub fn dist() -> PathBuf {
    let Some(directory) = env::var_os("REPLICASCOPE_DIST").map(PathBuf::from) else {
        panic!(
            "REPLICASCOPE_DIST must name the built page; `cargo xtask test e2e` builds and names it"
        );
    };
    assert!(directory.join("index.html").is_file(), "no page in {}", directory.display());
    directory
}

impl App {
    /// Serves and opens the page, and waits until it is ready.
    pub fn open(viewport: Viewport) -> Self {
        let app = Self::closed(viewport);
        app.load("");
        app
    }

    /// Serves the page and starts a browser on an empty tab: for tests that first set up media,
    /// faults, or a script that watches from the start. `load` comes next.
    pub fn closed(viewport: Viewport) -> Self {
        let site = Site::start(&dist(), 0).expect("a free port on 127.0.0.1");
        Self::on(site, viewport)
    }

    /// The same for a site that is already served, such as under a sub-path.
    pub fn on(site: Site, viewport: Viewport) -> Self {
        let browser = Browser::start();
        browser.resize(viewport);
        Self { browser, site }
    }

    /// Opens the page with something after its address (`"?embed=1"`, `"#s=..."`, or nothing) and
    /// waits until it is ready.
    pub fn load(&self, tail: &str) {
        self.goto(&format!("{}{tail}", self.site.url()));
        self.wait_until_ready();
    }

    /// Waits until the page's script has started and the page says `ready`.
    pub fn wait_until_ready(&self) {
        self.wait(READY);
    }

    /// The server behind it: its faults, and what was asked of it.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Simulated time at the playhead, in microseconds.
    pub fn t(&self) -> f64 {
        self.eval("replicascope.t()")
    }

    /// Moves the playhead to an instant, in microseconds, and waits for it to be drawn.
    pub fn seek(&self, t: f64) {
        self.run(&format!("await replicascope.seek({t})"));
        self.wait_for_drawing();
    }

    /// Steps `n` events, backward when negative, and waits for it to be drawn.
    pub fn step(&self, n: i32) {
        self.run(&format!("await replicascope.step({n})"));
        self.wait_for_drawing();
    }

    /// Digest of the whole state at the playhead.
    pub fn hash(&self) -> String {
        self.eval("String(replicascope.hash())")
    }

    /// Waits for two frames: what the page knew before the first is on screen after the second.
    pub fn wait_for_drawing(&self) {
        self.run(
            "await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))",
        );
    }

    /// Lets this much time pass inside the page, in milliseconds: for tests whose subject is that
    /// something does or does not move by itself. To wait for something, use `wait`.
    pub fn let_pass(&self, ms: u32) {
        self.run(&format!("await new Promise(done => setTimeout(done, {ms}))"));
    }

    /// The text of the first element that a selector finds, as rendered.
    pub fn text(&self, selector: &str) -> String {
        self.eval(&format!("document.querySelector({}).innerText", json!(selector)))
    }

    /// Ends the test: fails if the console has an error.
    pub fn finish(self) {
        self.finish_despite(&[]);
    }

    /// Ends a test that provoked errors: fails if the console has one that contains none of these.
    pub fn finish_despite(self, provoked: &[&str]) {
        let expected = |m: &Message| provoked.iter().any(|part| m.text.contains(part));
        let errors: Vec<Message> =
            self.console().into_iter().filter(|m| m.is_error() && !expected(m)).collect();
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
    }
}

/// Started, by the mark that static/boot.js leaves; and drawn for the first time, as the page says.
const READY: &str = "document.documentElement.dataset.boot === 'running' \
                     && window.replicascope?.ready";

impl Deref for App {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}
