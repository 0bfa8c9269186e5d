//! The engine gives the same digests in the browser as natively.

#[path = "../shared/digests.rs"]
mod shared;

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn every_run_ends_with_the_same_digest_as_natively() {
    let table = shared::table();
    assert!(table.len() >= 30, "{}", table.len());
    for (name, seed, digest) in table {
        assert_eq!(shared::digest(name, seed), digest, "{name} with seed {seed}");
    }
}
