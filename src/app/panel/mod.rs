//! What stands around the stage: inspector, drawer, menu, form, help. Each view is a function of
//! what is shown.

mod alarm;
mod cluster;
mod command;
mod detail;
mod drawer;
mod form;
pub mod gallery;
mod help;
mod inspector;
mod menu;
mod metrics;
mod strip;
mod table;

pub use alarm::{alarm, report};
pub use command::{command, read as read_command};
pub use drawer::drawer;
pub use form::form;
pub use help::help;
pub use inspector::inspector;
pub use menu::{isolation, menu, place_menu};
pub use strip::strip;
pub use table::row as table_row;

use replication::check::Measures;
use replication::player::Player;
use replication::recording::Moment;
use yew::html::Scope;
use yew::{Callback, MouseEvent};

use super::root::Root;
use super::ui::{Act, Ui};

/// What views are made from, and where their requests go.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The playhead on its recording.
    pub player: &'a Player,
    /// The world at the playhead.
    pub moment: &'a Moment,
    /// Numbers of the run; None while nobody looks at them.
    pub measures: Option<&'a Measures>,
    /// The person's side.
    pub ui: &'a Ui,
    /// The page.
    pub link: &'a Scope<Root>,
}

impl Shown<'_> {
    /// What a click asks for.
    pub fn ask(&self, act: impl Fn() -> Act + 'static) -> Callback<MouseEvent> {
        self.link.callback(move |_| act())
    }

    /// Where requests go.
    pub fn callback(&self) -> Callback<Act> {
        self.link.callback(|act| act)
    }
}
