//! The picture as a pure function of the world, the instant and the size of the stage.
//!
//! Shapes and words come out, no pixels: the page and the tests take the same ones. Nothing here is
//! remembered from one picture to the next, so playing, stepping and scrubbing to an instant give
//! the same picture of it. Floats begin here.

mod arrange;
mod books;
mod charts;
mod clash;
mod cloth;
mod detail;
mod figure;
mod flight;
mod frame;
mod geometry;
mod glyph;
mod ink;
mod layout;
#[cfg(test)]
mod layout_test;
mod mark;
mod picture;
mod poster;
mod ribbon;
mod rift;
mod route;
mod ruler;
#[cfg(test)]
mod scene_test;
mod seat;
mod sheet;
mod sides;
mod slip;
mod strip;
mod svg;
mod weave;
mod window;
mod wires;

pub use books::{Books, LostWrites, Receipt, Sign, key_sign};
pub use charts::{Behind, Charts, Lagging, behind, rate};
pub use cloth::Cloth;
pub use detail::{Detail, Side};
pub use figure::{Figure, Kind, State, isolated, lag_words, shape};
pub use flight::{Flight, Flights, Sign as PacketSign, kind_word};
pub use frame::{Cross, Frame, Look, Packet, PacketRow, frame, hop_s, packets, progress};
pub use geometry::{Rect, Size, Xy, within, xy};
pub use ink::{Ink, Tone, draw};
pub use layout::{Flow, Layout, Place};
pub use mark::{Anchor, Mark};
pub use picture::{Picture, Sketch};
pub use poster::{caption as poster_caption, poster};
pub use ribbon::{Ribbon, Ribbons};
pub use rift::{Rift, rifts};
pub use route::Route;
pub use ruler::ruler;
pub use seat::ClientPlace;
pub use sheet::{Sheet, escaped};
pub use sides::Region;
pub use strip::{Cell, Column, Lag, Strips, lag};
pub use svg::{px, svg};
pub use weave::{Knot, KnotKind, Lane, Sort, Thread, Weave, future, past, weave};
pub use window::{AIR, Window};
pub use wires::{Ways, Wire, WireKind, bars_room};
