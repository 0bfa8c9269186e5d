//! What is under way: messages, doomed messages and timers, in one total order of their content.
//!
//! Messages in flight *are* the queue; there is no second list. Ties at one instant are broken by
//! what the event is, never by when it was put here, so the order cannot depend on history.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::{Hash, Hasher};

use crate::base::{ClientId, NodeId, Place, SimTime};
use crate::node::{Loss, Message, Timer};

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Envelope {
    /// Who sent it.
    pub from: Place,
    /// Whom it is for.
    pub to: Place,
    /// The how-manieth message of that pair; a second copy has the number of the first.
    pub nth: u32,
    /// Whether it is a second copy.
    pub copy: bool,
    /// When it was sent.
    pub sent_at: SimTime,
    /// When it arrives, or would.
    pub due_at: SimTime,
    /// Number of the record that brought it about.
    pub cause: u32,
    /// What it says.
    pub message: Message,
}

/// Something that will happen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A message arrives.
    Deliver(Envelope),
    /// A message dies on its way.
    Lose(Envelope, Loss),
    /// A server wakes, if it still lives the life in which it set the timer.
    Timer {
        /// Which server.
        node: NodeId,
        /// In which of its lives.
        boot: u32,
        /// What for.
        timer: Timer,
        /// Number of the record that brought it about.
        cause: u32,
    },
    /// A workload's next operation is due.
    Arrival(u32),
    /// A client's oldest unanswered operation may be overdue.
    Patience(ClientId),
}

/// The order of events in one number: time (44 bits), what breaks ties (61), and where the event
/// lies (23), which decides nothing since no two events tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due(u128);

const SLOT_BITS: u32 = 23;
const TIE_BITS: u32 = 61;

impl Due {
    fn new(at: SimTime, tie: u64, slot: u32) -> Due {
        debug_assert!(at < 1 << 44 && tie < 1 << TIE_BITS && slot < 1 << SLOT_BITS);
        Due((u128::from(at) << (TIE_BITS + SLOT_BITS))
            | (u128::from(tie) << SLOT_BITS)
            | u128::from(slot))
    }

    fn at(self) -> SimTime {
        (self.0 >> (TIE_BITS + SLOT_BITS)) as u64
    }

    fn tie(self) -> u64 {
        (self.0 >> SLOT_BITS) as u64 & ((1 << TIE_BITS) - 1)
    }

    fn slot(self) -> usize {
        (self.0 as u32 & ((1 << SLOT_BITS) - 1)) as usize
    }
}

/// All that is under way.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Reverse<Due>>,
    slots: Vec<Option<Event>>,
    free: Vec<u32>,
}

impl Queue {
    /// How many events are under way.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// When the next event is due; None if nothing is under way.
    pub fn next_at(&self) -> Option<SimTime> {
        self.heap.peek().map(|Reverse(due)| due.at())
    }

    /// Adds an event.
    pub fn push(&mut self, at: SimTime, event: Event) {
        let tie = event.tie();
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Some(event);
                slot
            }
            None => {
                self.slots.push(Some(event));
                self.slots.len() as u32 - 1
            }
        };
        self.heap.push(Reverse(Due::new(at, tie, slot)));
    }

    /// Takes the next event and its time.
    pub fn pop(&mut self) -> Option<(SimTime, u64, Event)> {
        let Reverse(due) = self.heap.pop()?;
        let event = self.slots[due.slot()].take()?;
        self.free.push(due.slot() as u32);
        Some((due.at(), due.tie(), event))
    }

    /// Everything under way, in no particular order, with its time.
    pub fn iter(&self) -> impl Iterator<Item = (SimTime, &Event)> {
        self.heap
            .iter()
            .filter_map(|Reverse(due)| Some((due.at(), self.slots[due.slot()].as_ref()?)))
    }

    /// Everything under way, in the order in which it will happen.
    pub fn in_order(&self) -> Vec<(SimTime, &Event)> {
        let mut dues: Vec<Due> = self.heap.iter().map(|Reverse(due)| *due).collect();
        dues.sort_unstable();
        dues.into_iter()
            .filter_map(|due| Some((due.at(), self.slots[due.slot()].as_ref()?)))
            .collect()
    }

    /// Replaces events: `change` gives each one's new time and content, or None to leave it.
    pub fn revise(&mut self, mut change: impl FnMut(SimTime, &Event) -> Option<(SimTime, Event)>) {
        let dues: Vec<Due> = self.heap.iter().map(|Reverse(due)| *due).collect();
        let mut kept = Vec::with_capacity(dues.len());
        let mut changed = Vec::new();
        for due in dues {
            let slot = &mut self.slots[due.slot()];
            match slot.as_ref().and_then(|event| change(due.at(), event)) {
                Some(replacement) => {
                    *slot = None;
                    self.free.push(due.slot() as u32);
                    changed.push(replacement);
                }
                None => kept.push(Reverse(due)),
            }
        }
        self.heap = BinaryHeap::from(kept);
        changed.into_iter().for_each(|(at, event)| self.push(at, event));
    }
}

impl PartialEq for Queue {
    fn eq(&self, other: &Queue) -> bool {
        self.in_order() == other.in_order()
    }
}

impl Eq for Queue {}

impl Hash for Queue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.in_order().hash(state);
    }
}

impl Event {
    /// What breaks ties at one instant: class, then whom it concerns, then which one.
    fn tie(&self) -> u64 {
        let class = |class: u64| class << 58;
        let pair = |a: u16, b: u16| (u64::from(a) << 46) | (u64::from(b) << 34);
        match self {
            Event::Deliver(envelope) | Event::Lose(envelope, _) => {
                let nth = (u64::from(envelope.nth) << 1) | u64::from(envelope.copy);
                class(1) | pair(envelope.from.code(), envelope.to.code()) | nth
            }
            Event::Timer { node, timer, .. } => {
                class(2) | pair(node.0, timer.rank()) | timer.number()
            }
            Event::Arrival(workload) => class(3) | u64::from(*workload),
            Event::Patience(client) => class(4) | u64::from(client.0),
        }
    }
}
