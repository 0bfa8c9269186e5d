//! The picture as a pure function of the world, the instant and the size of the stage.
//!
//! Shapes and words come out, no pixels: the page and the tests take the same ones. Nothing here is
//! remembered from one picture to the next, so playing, stepping and scrubbing to an instant give
//! the same picture of it. Floats begin here.

mod arrange;
mod detail;
mod geometry;
mod layout;
#[cfg(test)]
mod layout_test;
mod route;
mod seat;

pub use detail::{Detail, Side};
pub use geometry::{Rect, Size, Xy, xy};
pub use layout::{Flow, Layout, Place};
pub use route::Route;
pub use seat::ClientPlace;
