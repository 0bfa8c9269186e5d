//! The same scenario is the same run: here, in a browser, in Node, today and tomorrow.

#![cfg(not(target_arch = "wasm32"))]

#[path = "shared/digests.rs"]
mod digests;

use std::fmt::Write;

use replication::recording::BUILTINS;

use digests::{digest, table};

/// Every built-in scenario with two seeds, and more of those that live by luck.
fn cases() -> Vec<(&'static str, u64)> {
    let builtins = BUILTINS.iter().flat_map(|builtin| [(builtin.name, 1), (builtin.name, 2)]);
    let lucky = [
        ("busy-star", 3),
        ("lossy-link", 3),
        ("lossy-link", u64::MAX),
        ("every-field", 0),
        ("every-field", 1),
        ("every-field", u64::MAX),
    ];
    builtins.chain(lucky).collect()
}

#[test]
fn every_run_ends_with_the_digest_it_has_always_had() {
    let now: Vec<(&str, u64, String)> =
        cases().into_iter().map(|(name, seed)| (name, seed, digest(name, seed))).collect();
    if std::env::var_os("BLESS").is_some() {
        let mut text = String::new();
        for (name, seed, digest) in &now {
            writeln!(text, "{name} {seed} {digest}").expect("a string takes all");
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shared/digests.txt");
        std::fs::write(path, text).expect("the table can be written");
        return;
    }
    let now: Vec<_> =
        now.iter().map(|(name, seed, digest)| (*name, *seed, digest.as_str())).collect();
    let remedy = "if the engine is meant to differ: BLESS=1 cargo test --test determinism";
    assert_eq!(table(), now, "{remedy}");
}

#[test]
fn the_table_is_long_enough_to_mean_something() {
    let table = table();
    assert!(table.len() >= 30, "{}", table.len());
    // Where nothing depends on luck, two seeds differ in the seed alone, and so in the digest.
    for (at, (_, _, digest)) in table.iter().enumerate() {
        assert!(table[..at].iter().all(|(_, _, other)| other != digest), "{digest} stands twice");
    }
}
