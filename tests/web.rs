//! The engine and the page inside a real browser.
//!
//! Runs in headless Chromium: `cargo xtask test wasm`, or `wasm-pack test --headless --chrome`.
//! Only `#[wasm_bindgen_test]` functions run here: a plain `#[test]` would be skipped in silence,
//! which is why `cargo xtask test` compares the number of tests run with the number written.

#![cfg(target_arch = "wasm32")]

#[path = "web/api.rs"]
mod api;
#[path = "web/digests.rs"]
mod digests;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_tests_run_inside_a_browser_window() {
    assert!(web_sys::window().is_some(), "no window: these tests must not run in Node or a worker");
}
