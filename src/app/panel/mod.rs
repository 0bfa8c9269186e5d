//! What stands around the stage: inspector, drawer, menu, form, help. Each view is a function of
//! what is shown.

mod alarm;
mod branches;
mod cluster;
mod command;
mod detail;
mod dialog;
mod drawer;
mod form;
pub mod gallery;
mod help;
mod inspector;
mod links;
mod log;
mod menu;
mod metrics;
mod parts;
mod script;
mod share;
mod strip;
mod table;
mod users;
mod versus;
mod weigh;

pub use alarm::{alarm, report};
pub use command::{command, read as read_command};
pub use detail::heads;
pub use dialog::dialog;
pub use drawer::drawer;
pub use form::form;
pub use help::help;
pub use inspector::inspector;
pub use menu::{isolation, menu, place_menu};
pub use strip::strip;
pub use table::{Row, row as table_row};
pub use versus::{Compared, deltas, stages};
pub use weigh::{measuring, weighed};

use replication::check::Measures;
use replication::player::Player;
use replication::recording::Moment;
use web_sys::Event;
use yew::html::Scope;

use super::element::Ear;
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
    /// The world one second before; None before there was one, or while nobody looks.
    pub second_ago: Option<&'a Moment>,
    /// The person's side.
    pub ui: &'a Ui,
    /// The page.
    pub link: &'a Scope<Root>,
}

impl Shown<'_> {
    /// Asks for this, whatever the event.
    pub fn ask(&self, act: Act) -> Ear {
        let link = self.link.clone();
        Box::new(move |_| link.send_message(act.clone()))
    }

    /// Asks for what follows from the event, if anything does.
    pub fn hear(&self, act: fn(&Event) -> Option<Act>) -> Ear {
        let link = self.link.clone();
        Box::new(move |event| {
            if let Some(act) = act(&event) {
                link.send_message(act);
            }
        })
    }
}
