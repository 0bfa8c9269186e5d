//! How the page's program is packed, on both sides: `cargo xtask pack` takes it apart, and a few
//! kilobytes of WebAssembly, built from this crate, put it together in the browser.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod browser;
pub mod file;
mod named;
pub mod pairs;
pub mod streams;
mod walk;
