//! English.

// A text is its own description.
#![allow(missing_docs)]

pub mod bar;
pub mod caption;
pub mod inspector;
pub mod keys;
pub mod lesson;
pub mod log;
pub mod measure;
pub mod notice;
pub mod policy;
pub mod reason;
pub mod scenario;
pub mod scene;
pub mod stage;
pub mod transcript;

/// `1 write`, `3 writes`.
fn counted(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}
