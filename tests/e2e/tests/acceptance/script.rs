//! A run is edited as text: what is wrong is said where it is, what runs keeps the run before, and
//! a text that is not finished outlives its dialog.

use crate::{choose, open};
use e2e::{App, DESKTOP, PHONE};
use serde_json::json;

fn edit(page: &App) {
    page.press("O");
    page.wait("document.querySelector('[data-testid=edit]')");
    page.click("[data-testid=edit]");
    page.wait("document.querySelector('[data-testid=script-dialog]')");
}

/// Replaces a part of the text as typing would.
fn replace(page: &App, from: &str, to: &str) {
    page.run(&format!(
        "const area = document.getElementById('script');
         area.value = area.value.replace({}, {});
         area.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));",
        json!(from),
        json!(to)
    ));
}

fn says(page: &App, part: &str) {
    let inside = "document.querySelector('[data-testid=script-says]').innerText";
    page.wait(&format!("{inside}.includes({})", json!(part)));
}

#[test]
fn a_run_is_edited_as_text_and_what_is_wrong_is_said_at_its_line() {
    let page = open(DESKTOP);
    choose(&page, "2", "chain");
    edit(&page);
    says(&page, "Servers: 4");
    replace(&page, "nodes = 4", "nodes = 0");
    says(&page, "cluster.nodes");
    let said = page.text("[data-testid=script-says]");
    assert!(said.contains("column 9") && said.contains("expected 1 to 1024"), "{said}");
    page.click("[data-testid=script-lead]");
    let at: String = page.eval(
        "(() => { const area = document.activeElement;
                  return area.value.slice(area.selectionStart).split('\\n')[0]; })()",
    );
    assert_eq!(at, "0", "the caret stands before what is wrong");
    let marked: String = page.eval("document.querySelector('.script-text mark').innerText");
    assert!(said.contains(&format!("line {}", marked.trim_start_matches("\u{d7} "))), "{marked}");
    // It outlives its dialog.
    page.press("Escape");
    page.wait("!document.querySelector('[data-testid=script-dialog]')");
    edit(&page);
    says(&page, "cluster.nodes");
    replace(&page, "nodes = 0", "nodes = 6");
    says(&page, "Servers: 6");
    page.press("Control+Enter");
    page.wait("replicascope.nodes().length === 6");
    page.wait("!document.querySelector('[data-testid=gallery]')");
    page.run("replicascope.undo()");
    page.wait("replicascope.nodes().length === 4");
    page.finish();
}

#[test]
fn forms_change_the_text_they_stand_beside() {
    let page = open(PHONE);
    choose(&page, "1", "star");
    edit(&page);
    page.click("[data-testid=script-add]");
    says(&page, "Servers: 5");
    page.click("[data-testid=field-region]");
    page.type_text("eu");
    page.press("Enter");
    page.wait("document.getElementById('script').value.includes('region = \"eu\"')");
    page.click("[data-testid=script-back]");
    page.wait("!document.getElementById('script').value.includes('region = \"eu\"')");
    page.click("[data-testid=script-run]");
    page.wait("replicascope.nodes().length === 5");
    page.finish();
}

#[test]
fn a_long_text_is_checked_too_once_typing_rests() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    edit(&page);
    // Ninety thousand letters of commands, and then one that is none.
    let commands = "[[at]]\ntime = \"1s\"\nread = { client = \"Client 1\", key = \"k1\" }\n";
    page.run(&format!(
        "const area = document.getElementById('script');
         area.value += '\\n' + {}.repeat(1400);
         area.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));",
        json!(commands)
    ));
    says(&page, "commands: 1400");
    page.time_its_thread();
    let before = page.thread_s();
    page.run(
        "const area = document.getElementById('script');
         area.value += '[[at]]\\ntime = 1\\n';
         area.dispatchEvent(new InputEvent('input', { bubbles: true }));",
    );
    says(&page, "column");
    let own_ms = (page.thread_s() - before) * 1_000.0;
    println!(
        "typing in a text of {} letters and checking it: {own_ms:.0} ms",
        1_400 * commands.len()
    );
    page.finish();
}
