//! Replicascope's library: a deterministic replication engine, its recording and its scene.
//!
//! The modules below stand in dependency order: each imports only from those above it. The tidy
//! test reads this list and holds every `use crate::` line against it.
//!
//! ```text
//! form        TOML, JSON and JavaScript's objects as one tree of values
//! base        time, ids, keyed draws, digest, shared vectors, one sort, one ordered map
//! words       what visitors of the page read, by language; knows no type of the domain
//! data        values, GTIDs, the log, the versioned store
//! topology    who replicates from whom: star, chain, ring, tree, custom
//! policy      pure decisions: how many acks at which point, where to read
//! node        one server, sans-I/O: write -> ship -> apply -> ack, reads, roles
//! sim         Scenario, Command, Network, Ledger, World: the kernel
//! recording   files, links, Recording, Branches, Trace: time travel
//! check       invariants, guarantees, measures, the report
//! lesson      a scenario with what is said while it runs, every word held against the run
//! player      playhead, speed, selection; Msg and update()
//! scene       (world, trace, t) -> shapes in a unit square; floats start here
//! api         the JavaScript class (wasm32 only)
//! ```
#![forbid(unsafe_code)]

#[cfg(target_arch = "wasm32")]
pub mod api;
pub mod base;
pub mod check;
pub mod data;
pub mod form;
pub mod lesson;
pub mod node;
pub mod player;
pub mod policy;
pub mod recording;
pub mod scene;
pub mod sim;
pub mod topology;
pub mod words;
