//! One browser with a fresh profile and one tab: scripts, navigation, waiting.

use crate::{driver::Driver, wire};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{env, path::Path, time::Duration};

/// How long a condition may take to come true before a test fails. Generous, because it is only
/// ever spent in full by a failing test on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Everything here renders without a GPU and asks no other host: names other than 127.0.0.1 do not
/// even resolve, so that a page which depends on one fails here first.
const FLAGS: [&str; 16] = [
    "--headless=new",
    // Containers rarely permit the sandbox, and only our own page is opened.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-extensions",
    // A window nobody looks at must still draw and count time at full rate.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
];

/// A browser. It closes when dropped.
pub struct Browser {
    driver: Driver,
    session: String,
}

impl Browser {
    /// Starts a browser with an empty tab. `CHROMIUM` names the program; without it, chromedriver
    /// finds one.
    pub fn start() -> Self {
        let driver = Driver::start();
        let mut options = json!({
            "args": FLAGS,
            "perfLoggingPrefs": { "enableNetwork": true, "enablePage": false },
        });
        let usual = "/usr/bin/chromium";
        match env::var("CHROMIUM") {
            Ok(program) => options["binary"] = json!(program),
            Err(_) if Path::new(usual).exists() => options["binary"] = json!(usual),
            Err(_) => {}
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "pageLoadStrategy": "none",
            "unhandledPromptBehavior": "dismiss",
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "goog:chromeOptions": options,
        } } });
        let started = wire::ask(driver.port, "POST", "/session", &wanted)
            .unwrap_or_else(|error| panic!("chromedriver cannot start a browser: {error}"));
        let session = started["sessionId"].as_str().expect("a session has an id").to_string();
        Self { driver, session }
    }

    /// Opens an address, from an empty page, and waits until its document and what it names are
    /// loaded.
    pub fn goto(&self, url: &str) {
        self.start_loading(url);
        self.wait("document.readyState === 'complete'");
    }

    /// Opens an address and returns once the browser has left the old document: for tests that
    /// look at a page while it loads.
    pub fn start_loading(&self, url: &str) {
        for address in ["about:blank", url] {
            let answer = self.cdp("Page.navigate", &json!({ "url": address }));
            if let Some(error) = answer["errorText"].as_str() {
                panic!("cannot open {address}: {error}");
            }
            let here = json!(address.split('#').next()).to_string();
            self.wait(&format!("location.href.split('#')[0] === {here}"));
        }
    }

    /// The value of a JavaScript expression; a promise is awaited. Panics with the script's own
    /// error, or when the value is not of the wanted type.
    pub fn eval<T: DeserializeOwned>(&self, expression: &str) -> T {
        let value = self.try_eval(expression).unwrap_or_else(|error| {
            panic!("JavaScript failed: {error}\n  in: {expression}");
        });
        serde_json::from_value(value.clone()).unwrap_or_else(|error| {
            panic!("JavaScript gave {value}, but the test wants: {error}\n  in: {expression}")
        })
    }

    /// Runs JavaScript for what it does.
    pub fn run(&self, statements: &str) {
        self.eval::<Value>(&format!("(async () => {{ {statements} }})().then(() => null)"));
    }

    /// The value of an expression, or the script's error.
    pub fn try_eval(&self, expression: &str) -> Result<Value, String> {
        let mut answer = self.try_cdp(
            "Runtime.evaluate",
            &json!({
                "expression": expression,
                "awaitPromise": true,
                "returnByValue": true,
                "userGesture": true,
            }),
        )?;
        match answer.get("exceptionDetails") {
            None => Ok(answer["result"]["value"].take()),
            Some(details) => {
                let described = &details["exception"]["description"];
                let text = described.as_str().or(details["text"].as_str());
                Err(text.unwrap_or("an exception without a description").to_string())
            }
        }
    }

    /// Waits until a JavaScript condition is true, for at most `PATIENCE`.
    pub fn wait(&self, condition: &str) {
        self.wait_at_most(PATIENCE, condition);
    }

    /// Waits until a JavaScript condition is true. It is looked at every few milliseconds inside
    /// the page; what it throws counts as not yet true, and is told when time is up.
    pub fn wait_at_most(&self, patience: Duration, condition: &str) {
        let script = format!(
            "new Promise(done => {{
                const end = performance.now() + {};
                const look = () => {{
                    let why = 'it stayed false';
                    try {{ if ({condition}) return done(''); }}
                    catch (error) {{ why = String(error); }}
                    performance.now() > end ? done(why) : setTimeout(look, 5);
                }};
                look();
            }})",
            patience.as_millis()
        );
        // A navigation that is under way takes the script's document away: ask the new one.
        let answered = (0..NAVIGATIONS_MAX).map(|_| self.try_eval(&script)).find(|answer| {
            !matches!(answer, Err(error) if error.contains("context") || error.contains("navigat"))
        });
        match answered.unwrap_or_else(|| Err("the page keeps navigating".to_string())) {
            Ok(Value::String(why)) if why.is_empty() => {}
            Ok(why) => panic!("waited {patience:?} for: {condition}\n  {why}"),
            Err(error) => panic!("waiting for: {condition}\n  {error}"),
        }
    }

    /// Runs JavaScript in every document before the page's own scripts: to watch from the start.
    pub fn before_load(&self, statements: &str) {
        self.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": statements }));
    }

    /// A command of the DevTools protocol.
    pub fn cdp(&self, command: &str, parameters: &Value) -> Value {
        self.try_cdp(command, parameters).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    fn try_cdp(&self, command: &str, parameters: &Value) -> Result<Value, String> {
        self.ask("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// A WebDriver command of this session.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        wire::ask(self.driver.port, method, &format!("/session/{}{path}", self.session), body)
    }
}

/// How often a wait survives that its document goes away.
const NAVIGATIONS_MAX: usize = 20;

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends the browser's processes and removes its profile; the driver ends right after.
        let _ = self.ask("DELETE", "", &Value::Null);
    }
}
