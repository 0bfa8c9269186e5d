//! What the kernel does otherwise when servers run the chapter's code.

use std::rc::Rc;

use crate::base::NodeId;
use crate::node::Reason;
use crate::policy::{Code, ReadPolicy};

use super::world::{Telling, World};

impl World {
    /// Promotes a server as the chapter's code does: a copy of its data takes writes from now on.
    /// Nobody is fenced and nobody is re-pointed. The ledger counts a new reign all the same: what
    /// the old master says yes to from now on is lost.
    pub(super) fn promote_as_written(
        &mut self,
        telling: &mut Telling,
        node: NodeId,
    ) -> Result<(), Reason> {
        self.epoch += 1;
        let epoch = self.epoch;
        self.reigns.push((epoch, Rc::clone(&self.topology)));
        self.with_node(telling, node, |node, cx| node.promote_as_written(cx, epoch));
        self.find_losses(telling);
        Ok(())
    }

    /// Where the chapter's `read_from_slave` goes: its loop returns from the first pass, so always
    /// to the first replica. None if it has no say here.
    pub(super) fn first_slave(&self, read: ReadPolicy) -> Option<NodeId> {
        let by_loop = matches!(read, ReadPolicy::Replica | ReadPolicy::RoundRobin);
        let loops = by_loop && self.rules.code == Some(Code::SimpleMaster);
        let mut replicas = self.members().filter(|node| !node.is_primary());
        replicas.next().filter(|_| loops).map(|node| node.id)
    }
}
