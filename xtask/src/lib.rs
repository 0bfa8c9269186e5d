//! What the build's commands and the browser tests share: where things lie, how big a file is on
//! the wire, and the static server that both put in front of the built page.

pub mod place;
pub mod site;
pub mod weight;
