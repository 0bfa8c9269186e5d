//! What is under way: messages, doomed messages and timers, in one total order of their content.
//!
//! Messages in flight *are* the queue; there is no second list. Ties at one instant are broken by
//! what the event is, never by when it was put here, so the order cannot depend on history.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque, binary_heap::PeekMut};
use std::hash::{Hash, Hasher};

use crate::base::{ClientId, Lsn, NodeId, Place, SimTime, sort};
use crate::node::{Loss, Message, Timer, UnderWay};

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
/// Set where an event lies at the front of a lane instead of in a slot.
const LANE: u32 = 1 << (SLOT_BITS - 1);

impl Due {
    fn new(at: SimTime, event: &Event, slot: u32) -> Due {
        let tie = event.tie();
        debug_assert!(at < 1 << 44 && tie < 1 << TIE_BITS && slot < 1 << SLOT_BITS);
        let at = u128::from(at) << (TIE_BITS + SLOT_BITS);
        Due(at | (u128::from(tie) << SLOT_BITS) | u128::from(slot))
    }

    fn at(self) -> SimTime {
        (self.0 >> (TIE_BITS + SLOT_BITS)) as u64
    }

    fn tie(self) -> u64 {
        (self.0 >> SLOT_BITS) as u64 & ((1 << TIE_BITS) - 1)
    }

    fn slot(self) -> u32 {
        self.0 as u32 & ((1 << SLOT_BITS) - 1)
    }
}

/// All that is under way.
///
/// Messages of one link mostly arrive in the order of sending, so each link has a lane in which
/// they queue up, and only the front of each lane takes part in the contest for what is next.
/// Lanes change nothing but the cost: the order is that of one sorted list.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Reverse<Due>>,
    slots: Vec<Option<Event>>,
    free: Vec<u32>,
    lanes: Vec<VecDeque<Event>>,
    len: usize,
}

impl Queue {
    /// How many events are under way.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// When the next event is due; None if nothing is under way.
    pub fn next_at(&self) -> Option<SimTime> {
        self.heap.peek().map(|Reverse(due)| due.at())
    }

    /// Adds an event.
    pub fn push(&mut self, at: SimTime, event: Event) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        self.heap.push(Reverse(Due::new(at, &event, slot)));
        self.slots[slot as usize] = Some(event);
        self.len += 1;
    }

    /// Adds a message behind the others of a lane, or by itself if it is to overtake them.
    pub fn push_in_lane(&mut self, lane: u32, envelope: Envelope) {
        let at = envelope.due_at;
        let event = Event::Deliver(envelope);
        let index = lane as usize;
        if self.lanes.len() <= index {
            self.lanes.resize(index + 1, VecDeque::new());
        }
        match self.lanes[index].back() {
            Some(last) if last.arrives_at() > at => return self.push(at, event),
            Some(_) => {}
            None => self.heap.push(Reverse(Due::new(at, &event, lane | LANE))),
        }
        self.lanes[index].push_back(event);
        self.len += 1;
    }

    /// Takes the next event, its time and what broke its ties.
    pub fn pop(&mut self) -> Option<(SimTime, u64, Event)> {
        let mut top = self.heap.peek_mut()?;
        let due = top.0;
        self.len -= 1;
        let event = if due.slot() & LANE == 0 {
            PeekMut::pop(top);
            self.free.push(due.slot());
            self.slots[due.slot() as usize].take()?
        } else {
            let lane = &mut self.lanes[(due.slot() & !LANE) as usize];
            let event = lane.pop_front()?;
            match lane.front() {
                Some(next) => *top = Reverse(Due::new(next.arrives_at(), next, due.slot())),
                None => {
                    PeekMut::pop(top);
                }
            }
            event
        };
        Some((due.at(), due.tie(), event))
    }

    /// Everything under way, in no particular order, with its time.
    pub fn iter(&self) -> impl Iterator<Item = (SimTime, &Event)> {
        let mut dues = self.heap.iter();
        let (mut lane, mut nth) = (0, 0);
        std::iter::from_fn(move || {
            for Reverse(due) in dues.by_ref().filter(|Reverse(due)| due.slot() & LANE == 0) {
                if let Some(event) = &self.slots[due.slot() as usize] {
                    return Some((due.at(), event));
                }
            }
            loop {
                let events = self.lanes.get(lane)?;
                if let Some(event) = events.get(nth) {
                    nth += 1;
                    return Some((event.arrives_at(), event));
                }
                (lane, nth) = (lane + 1, 0);
            }
        })
    }

    /// Everything under way, in the order in which it will happen.
    pub fn in_order(&self) -> Vec<(SimTime, &Event)> {
        let due = |(at, event): (SimTime, &Event)| Due::new(at, event, 0);
        let mut events: Vec<_> = self.iter().map(|event| (due(event), event.1)).collect();
        sort(&mut events, |a, b| a.0 < b.0);
        events.into_iter().map(|(due, event)| (due.at(), event)).collect()
    }

    /// Replaces events: `change` gives each one's new time and content, or None to leave it.
    pub fn revise(&mut self, mut change: impl FnMut(SimTime, &Event) -> Option<(SimTime, Event)>) {
        let before = std::mem::take(self);
        for Reverse(due) in before.heap.iter().filter(|Reverse(due)| due.slot() & LANE == 0) {
            if let Some(event) = &before.slots[due.slot() as usize] {
                let (at, event) = change(due.at(), event).unwrap_or((due.at(), event.clone()));
                self.push(at, event);
            }
        }
        for (lane, events) in before.lanes.into_iter().enumerate() {
            for event in events {
                match (change(event.arrives_at(), &event), event) {
                    (Some((at, event)), _) => self.push(at, event),
                    (None, Event::Deliver(envelope)) => self.push_in_lane(lane as u32, envelope),
                    (None, event) => self.push(event.arrives_at(), event),
                }
            }
        }
    }
}

impl UnderWay for Queue {
    /// A doomed copy is under way until it dies: nobody knows before.
    fn copy(&self, from: NodeId, to: NodeId, life: u32) -> Option<Lsn> {
        let (from, to) = (Place::from(from), Place::from(to));
        let mut newest = None;
        // Events lie in no particular order, which must decide nothing.
        for (_, event) in self.iter() {
            if let Event::Deliver(envelope) | Event::Lose(envelope, _) = event
                && let Message::Snapshot { session, copy, .. } = &envelope.message
                && (*session, envelope.from, envelope.to) == (life, from, to)
            {
                newest = newest.max(Some(copy.lsn));
            }
        }
        newest
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
    /// When a message arrives, which is all that lanes hold.
    fn arrives_at(&self) -> SimTime {
        match self {
            Event::Deliver(envelope) => envelope.due_at,
            Event::Lose(..) | Event::Timer { .. } | Event::Arrival(_) | Event::Patience(_) => 0,
        }
    }

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
