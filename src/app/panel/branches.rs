//! Every future that is kept: named, returned to, compared with, forgotten.

use replication::player::{Msg, Versus, us_text};
use replication::recording::{Branch, NAME_MAX};
use replication::words::log as say;
use web_sys::Event;

use super::Shown;
use crate::app::element::{El, el, value_of};
use crate::app::ui::Act;

/// The list.
pub fn list(shown: &Shown) -> El {
    let branches = shown.player.branches();
    let about = say::ABOUT_BRANCHES;
    let rows = branches.all().iter().enumerate();
    let rows = rows.map(|(at, branch)| row(shown, at, branch, at == branches.current()));
    el("div", "")
        .testid("branches")
        .with(el("p", "faint").text(about))
        .with(el("ol", "branch-list").each(rows))
}

fn row(shown: &Shown, at: usize, branch: &Branch, current: bool) -> El {
    let (player, id) = (shown.player, branch.id);
    let link = shown.link.clone();
    let rename = move |event: Event| {
        link.send_message(Act::Player(Msg::RenameBranch(id, value_of(&event))));
    };
    let name = el("input", "")
        .value(branch.name.clone())
        .set("maxlength", NAME_MAX.to_string())
        .label(say::name_of_branch(&branch.name))
        .testid(format!("branch-name-{at}"))
        .on("change", Box::new(rename));
    let began = match (branch.forked_at, player.branch_began_with(id)) {
        (None, _) => say::FROM_THE_BEGINNING.to_string(),
        (Some(t), None) => say::from_instant(us_text(t)),
        (Some(t), Some(name)) => say::command_at(name, us_text(t)),
    };
    let ends = say::up_to(began, us_text(player.branch_end(id)));
    let button = |testid: &str, name: &'static str, msg: Msg| {
        el("button", "")
            .testid(format!("branch-{testid}-{at}"))
            .label(say::button_of_branch(name, &branch.name))
            .on_click(shown.ask(Act::Player(msg)))
            .text(name)
    };
    let buttons = el("div", "buttons");
    let buttons = match current {
        true => buttons.with(el("b", "").text(say::LOOKED_AT)),
        false => buttons
            .with(button("return", say::RETURN_TO, Msg::SwitchBranch(at)))
            .with(button("compare", say::COMPARE, Msg::Compare(vec![Versus::Branch(id)])))
            .with(button("delete", say::DELETE, Msg::RemoveBranch(id))),
    };
    let row = el("li", "").key(id).with(name).with(el("span", "faint").text(ends)).with(buttons);
    if current { row.set("aria-current", "true") } else { row }
}
