//! Everything that has happened in a run, in order.

use crate::base::{Chunked, SimTime};
use crate::sim::Record;

use super::packed::Packed;

/// The records of a run. Copies share what is equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Trace {
    records: Chunked<Packed, 1024>,
    /// Those that do not fit.
    whole: Chunked<Record>,
}

impl Trace {
    /// How many records.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// A record by its number; None past the end.
    pub fn get(&self, number: u32) -> Option<Record> {
        self.records.get(number as usize).map(|packed| self.record(packed))
    }

    fn record(&self, packed: &Packed) -> Record {
        packed.record(|index| *self.whole.get(index as usize).expect("it was put there"))
    }

    pub(super) fn push(&mut self, record: Record) {
        let packed = Packed::new(&record).unwrap_or_else(|| {
            self.whole.push(record);
            Packed::whole(&record, self.whole.len() as u32 - 1)
        });
        self.records.push(packed);
    }

    pub(super) fn truncate(&mut self, len: u32) {
        let first = self.records.iter().skip(len as usize).find_map(Packed::aside);
        if let Some(first) = first {
            self.whole.truncate(first as usize);
        }
        self.records.truncate(len as usize);
    }

    /// Number of the first record at or after `t`; `len()` if there is none.
    pub fn first_at(&self, t: SimTime) -> u32 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.records.get(middle).is_some_and(|record| record.at() < t) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low as u32
    }

    /// When each record was made.
    pub fn times(&self) -> impl Iterator<Item = SimTime> {
        self.records.iter().map(Packed::at)
    }

    /// Records from a number on, with their numbers.
    pub fn since(&self, number: u32) -> impl Iterator<Item = (u32, Record)> {
        (number..).map_while(|number| Some((number, self.get(number)?)))
    }

    /// Records of `from <= at < until`, with their numbers.
    pub fn between(&self, from: SimTime, until: SimTime) -> impl Iterator<Item = (u32, Record)> {
        self.since(self.first_at(from)).take_while(move |(_, record)| record.at < until)
    }

    /// The chain of causes of a record, itself first.
    pub fn causes(&self, number: u32) -> impl Iterator<Item = (u32, Record)> {
        let mut next = Some(number);
        std::iter::from_fn(move || {
            let number = next?;
            let record = self.get(number)?;
            next = Some(record.cause).filter(|cause| *cause < number);
            Some((number, record))
        })
    }

    /// Bytes it takes in memory.
    pub fn bytes(&self) -> usize {
        self.records.len() * size_of::<Packed>() + self.whole.len() * size_of::<Record>()
    }
}
