//! Check 14, the rules: no view breaks one of WCAG 2.2, level A or AA, in either theme, as far as
//! axe-core can tell.

use crate::settle;
use crate::views::{busy_moment, each_view};
use e2e::{App, DESKTOP, PHONE, Viewport};

/// Figures on the stage whose name for assistive technology does not begin with what is written in
/// their middle. The rule for this takes all that stands on a drawing for its label: a log's cells,
/// a lag, an epoch, which change all the time and which the name tells in whole words.
const NAMED_OTHERWISE: &str = "[...document.querySelectorAll('[data-testid=scene] .figure')]
    .filter((figure) => {
        const seen = figure.querySelector('text.name')?.textContent ?? '';
        return !figure.getAttribute('aria-label').startsWith(seen.replace('\\u2026', ''));
    })
    .map((figure) => figure.id + ' is not called by its name')";

fn judge(page: &App, what: &str, found: &mut Vec<String>) {
    let mut violations = page.axe_violations();
    violations.retain(|one| !one.starts_with("label-content-name-mismatch: #figure-"));
    violations.extend(page.eval::<Vec<String>>(NAMED_OTHERWISE));
    found.extend(violations.iter().map(|violation| format!("{what}: {violation}")));
}

fn no_view_breaks_a_rule(viewport: Viewport, theme: &str) {
    let page = App::closed(viewport);
    page.media(&[("prefers-color-scheme", theme)]);
    page.before_load(include_str!("probe.js"));
    page.bring_axe();
    page.load("");
    let mut found = Vec::new();
    page.run("replicascope.seek(1e9)");
    settle(&page);
    judge(&page, &format!("{theme}, story"), &mut found);
    busy_moment(&page);
    judge(&page, &format!("{theme}, sandbox"), &mut found);
    each_view(&page, |page, name| judge(page, &format!("{theme}, {name}"), &mut found));
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
    page.finish();
}

#[test]
fn no_view_breaks_a_rule_for_accessibility_in_the_dark_theme() {
    no_view_breaks_a_rule(DESKTOP, "dark");
}

#[test]
fn no_view_breaks_a_rule_for_accessibility_in_the_light_theme() {
    no_view_breaks_a_rule(DESKTOP, "light");
}

#[test]
fn no_view_breaks_a_rule_for_accessibility_on_a_telephone() {
    no_view_breaks_a_rule(PHONE, "light");
}
