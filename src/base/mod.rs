//! What everything else is made of: time, names of places, keyed draws, digest, shared vectors, and
//! one sort and one ordered map for all.

mod chunked;
mod delay;
mod digest;
mod draw;
mod gathered;
mod ids;
mod map;
mod probability;
mod sort;
mod sorted;
mod text;
mod time;

pub use chunked::Chunked;
pub use delay::Delay;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use delay::DelayTable;
pub use digest::{Digest, digest_of};
pub use draw::{Luck, Purpose, scaled};
pub use gathered::gathered;
pub use ids::{ClientId, Epoch, KeyId, Lsn, NODES_MAX, NodeId, OpId, Place, PlaceKind};
pub use map::{Map, Ranking};
pub use probability::Probability;
pub use sort::sort;
pub use sorted::Sorted;
pub use text::capitalised;
pub use time::{SimTime, SkewSpan, Span};
