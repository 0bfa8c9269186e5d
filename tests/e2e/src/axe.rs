//! The page held against the rules of axe-core, which is put into it from outside: the page's own
//! security policy stays as it is.

use crate::browser::Browser;
use serde_json::json;
use std::{env, fs};

/// What is asked of it: WCAG 2.2, levels A and AA, with all that came before. Style sheets are read
/// as the browser has them, and not asked for anew.
const RUN: &str = "axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'],
    resultTypes: ['violations'],
    preload: false,
}).then(({ violations, passes }) => [
    passes.length,
    violations.flatMap(({ id, nodes }) => nodes.map((node) =>
        id + ': ' + node.target.join(' ') + '\\n  ' + node.html.slice(0, 160)
            + '\\n  ' + node.failureSummary.split('\\n').slice(1, 2).join('').trim())),
])";

impl Browser {
    /// Puts the rules into every document that is opened from now on. `REPLICASCOPE_AXE` names
    /// their file.
    pub fn bring_axe(&self) {
        let path = env::var_os("REPLICASCOPE_AXE")
            .expect("REPLICASCOPE_AXE must name axe.min.js; `cargo xtask test e2e` installs it");
        let rules =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": rules }));
    }

    /// What breaks a rule in the page as it stands: rule, element, and why. Panics when no rule
    /// found anything to look at.
    pub fn axe_violations(&self) -> Vec<String> {
        let (passes, violations): (usize, Vec<String>) = self.eval(RUN);
        assert!(passes > 5, "only {passes} rules found something to look at");
        violations
    }
}
