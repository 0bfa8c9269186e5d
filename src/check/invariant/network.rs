//! I2: messages between places.

use crate::sim::Event;

use super::{Holds, Step};

/// Steps between counts of what is under way; every step while that is little.
const COUNT_EVERY: u64 = 64;
const LITTLE: usize = 48;

pub fn sent_before_arrival(step: &Step) -> Holds {
    match step.records.iter().find(|record| record.sent_at > record.at) {
        Some(record) => Err(format!("{:?} was sent at {}", record.fact, record.sent_at)),
        None => Ok(()),
    }
}

pub fn in_order(step: &Step) -> Holds {
    if !step.setting.in_order {
        return Ok(());
    }
    for record in step.records.iter().filter(|record| record.is_arrival()) {
        let before = step.seen.arrivals.get(&(record.from, record.place));
        if before.is_some_and(|before| *before > record.sent_at) {
            return Err(format!(
                "{:?}, sent at {}, came after one sent later",
                record.fact, record.sent_at
            ));
        }
    }
    Ok(())
}

pub fn none_vanishes(step: &Step) -> Holds {
    let world = step.world;
    if world.queue.len() > LITTLE && !world.steps.is_multiple_of(COUNT_EVERY) {
        return Ok(());
    }
    let is_message = |event: &Event| match event {
        Event::Deliver(_) | Event::Lose(..) => true,
        Event::Timer { .. } | Event::Arrival(_) | Event::Patience(_) => false,
    };
    let flying = world.queue.iter().filter(|(_, event)| is_message(event)).count();
    let held = world.held().iter().filter(|event| is_message(event)).count();
    let traffic = world.network.traffic;
    let under_way = (flying + held) as u64;
    if traffic.sent == traffic.delivered + traffic.lost + under_way {
        return Ok(());
    }
    Err(format!(
        "{} sent, {} arrived, {} lost, {under_way} under way",
        traffic.sent, traffic.delivered, traffic.lost
    ))
}
