//! What a person does to the cluster by key: a write, a read, a crash, a cut.

use replication::node::Status;
use replication::player::Msg;
use replication::sim::{Command, ReadCommand, WriteCommand};
use replication::words::notice as say;

use super::Root;
use crate::app::panel;
use crate::app::ui::Draft;

impl Root {
    /// What a write or a read begins with: the selected client and node, and the key used last.
    pub(super) fn draft(&self, writes: bool) -> Draft {
        let mut player = self.player.borrow_mut();
        let moment = player.moment();
        let selection = player.selection();
        let ops = &moment.ledger.ops;
        let last = ops.iter().next_back();
        let client = selection.client().or_else(|| last.map(|op| op.client)).unwrap_or_default();
        let name = moment.clients.get(client.index());
        let key = last.map(|op| moment.names.text(op.key()).to_string());
        Draft {
            writes,
            client: name.map(|client| client.name.to_string()).unwrap_or_default(),
            key: key.unwrap_or_else(|| "x".into()),
            value: (ops.len() + 1).to_string(),
            to: selection.node(),
        }
    }

    /// Sends the write or read that was typed.
    pub(super) fn send(&mut self) {
        let Some(Draft { writes, client, key, value, to }) = self.ui.draft.take() else {
            return;
        };
        self.on_msg(Msg::Issue(if writes {
            let value = value.as_str().into();
            Command::Write(WriteCommand { client, key, value, to, ack: None })
        } else {
            Command::Read(ReadCommand { client, key, to, at: None })
        }));
    }

    /// Crashes the selected server, or restarts it.
    pub(super) fn crash_or_restart(&mut self) {
        let (selected, moment) = {
            let mut player = self.player.borrow_mut();
            (player.selection().node(), player.moment())
        };
        let Some(node) = selected else {
            self.ui.notice = Some(say::SELECT_A_NODE_FIRST.into());
            return;
        };
        let command = match moment.nodes[node.index()].status {
            Status::Down => Command::Restart(node),
            // One that has left is told so in words.
            Status::Up | Status::Paused | Status::Removed => Command::Crash(node),
        };
        self.on_msg(Msg::Issue(command));
    }

    /// Cuts the selected server off, or joins it again.
    pub(super) fn isolate_or_rejoin(&mut self) {
        let (selected, moment) = {
            let mut player = self.player.borrow_mut();
            (player.selection().node(), player.moment())
        };
        match selected {
            Some(node) => self.on_msg(Msg::Issue(panel::isolation(&moment, node))),
            None => self.ui.notice = Some(say::SELECT_A_NODE_FIRST.into()),
        }
    }
}
