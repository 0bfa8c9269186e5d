//! What a server can tell of its connections: whether what went into one is still under way.

use crate::base::{Lsn, NodeId};

/// What is under way between servers.
///
/// Simplification: both ends of a connection see a copy from when it is sent until it has arrived
/// or is lost, as a stream of which some part has always just gone or come.
pub trait UnderWay {
    /// The position of the newest copy on its way from one server to another that asked for it in
    /// this life of its.
    fn copy(&self, from: NodeId, to: NodeId, life: u32) -> Option<Lsn>;
}
