//! The binary: the page on wasm32, the command line natively.

fn main() {}
