//! The drawer above the transport: the cluster as a table, numbers, and what happened line by line.
//! The table stands below the numbers too: it is the board of what each server does.
//!
//! The table is always there for screen readers; the drawer only decides whether it is seen.

use super::Shown;
use super::links::links;
use super::log::log;
use super::metrics::metrics;
use super::table::table;
use crate::app::element::{El, el};
use crate::app::loom::Loom;
use crate::app::ui::Drawer;
use replication::words::bar as say;

/// The drawer, with the table in it.
pub fn drawer(shown: &Shown, loom: &Loom) -> El {
    let open = shown.ui.drawer;
    let content = match open {
        Some(Drawer::SpaceTime) => Some(loom.view(shown)),
        Some(Drawer::Metrics) => {
            let parts = el("div", "").with(loom.graph.view(shown)).maybe(metrics(shown));
            Some(parts.maybe(links(shown)))
        }
        Some(Drawer::Log) => Some(log(shown)),
        Some(Drawer::Table) | None => None,
    };
    let seen = matches!(open, Some(Drawer::Table | Drawer::Metrics));
    let held = if seen {
        // On a narrow page it is wider than its room.
        el("div", "scroll").set("tabindex", "0").set("role", "group").label(say::CLUSTER)
    } else {
        el("div", "hidden")
    };
    el("section", if open.is_none() { "drawer hidden" } else { "drawer" })
        .set("id", "drawer")
        .label(say::DETAILS)
        .testid("drawer")
        .maybe(content)
        .with(held.with(table(shown, seen)))
}
