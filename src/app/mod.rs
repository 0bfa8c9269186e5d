//! The page: Yew views of the player. Only the binary on wasm32 has it; the library cannot see it.
//!
//! One loop of animation frames drives the player. Views are redrawn when something has happened,
//! or ten times a second while time passes; packets are drawn on a canvas in every frame.

mod act;
mod announce;
mod browser;
mod charts;
mod control;
mod element;
mod export;
mod hooks;
mod icon;
mod keys;
mod lesson;
mod loom;
mod memory;
mod panel;
mod record;
mod root;
mod script;
mod sight;
mod stage;
mod tape;
mod ui;
mod venue;

/// Shows the page in place of its poster, once it is known what the address leads to.
pub fn mount() {
    memory::follow_link(|link| {
        if let Some(host) = browser::document().get_element_by_id("app") {
            let opening = root::Opening { link: link.into() };
            yew::Renderer::<root::Root>::with_root_and_props(host, opening).render();
        }
    });
}
