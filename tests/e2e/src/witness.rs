//! What the browser itself saw: the console with its errors, every address that was asked for, and
//! the time that the page's thread took.

use crate::browser::Browser;
use serde::Deserialize;
use serde_json::{Value, json};

/// A line of the console, whoever wrote it: a script, the network, the security policy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Message {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// Where it came from, and what it says.
    #[serde(rename = "message")]
    pub text: String,
}

impl Message {
    /// Uncaught errors, failed downloads and violations of the security policy are all of this
    /// level, and a panic in wasm is an uncaught error.
    pub fn is_error(&self) -> bool {
        self.level == "SEVERE"
    }
}

impl Browser {
    /// The console's lines since the last call.
    pub fn console(&self) -> Vec<Message> {
        serde_json::from_value(self.log("browser")).expect("a log is a list of entries")
    }

    /// The addresses asked for since the last call, in order; the browser's own are left out.
    pub fn addresses(&self) -> Vec<String> {
        let entries = self.log("performance");
        let entries = entries.as_array().into_iter().flatten();
        entries.filter_map(|entry| address_in(entry["message"].as_str()?)).collect()
    }

    /// Begins to count the time of the page's main thread.
    pub fn time_its_thread(&self) {
        self.cdp("Performance.enable", &json!({ "timeDomain": "threadTicks" }));
    }

    /// Time that the main thread itself has run since the page was opened, in seconds: what others
    /// on the machine take does not count.
    pub fn thread_s(&self) -> f64 {
        let answer = self.cdp("Performance.getMetrics", &json!({}));
        let metrics = answer["metrics"].as_array().expect("a list of metrics");
        let task = metrics.iter().find(|metric| metric["name"] == "TaskDuration");
        task.and_then(|metric| metric["value"].as_f64()).expect("the time of tasks")
    }

    fn log(&self, kind: &str) -> Value {
        self.ask("POST", "/se/log", &json!({ "type": kind }))
            .unwrap_or_else(|error| panic!("the {kind} log: {error}"))
    }
}

/// The address in an entry that reports a request, which is itself JSON in a string.
fn address_in(entry: &str) -> Option<String> {
    let entry: Value = serde_json::from_str(entry).ok()?;
    let event = &entry["message"];
    let parameters = &event["params"];
    let address = match event["method"].as_str()? {
        "Network.requestWillBeSent" => parameters["request"]["url"].as_str()?,
        "Network.webSocketCreated" => parameters["url"].as_str()?,
        _ => return None,
    };
    // These never leave the browser.
    let inner = ["data:", "blob:", "about:", "chrome:"];
    (!inner.iter().any(|scheme| address.starts_with(scheme))).then(|| address.to_string())
}
