//! Luck as a pure function of its purpose: no stream, so no draw moves another.

/// What a draw is for. Each purpose has luck of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// How long a message takes.
    Latency = 1,
    /// How long a client's own way takes.
    AccessLatency,
    /// Whether a message is lost.
    Loss,
    /// Where on its way a lost message dies.
    LossPlace,
    /// Whether a message arrives twice.
    Duplicate,
    /// How much later the second copy arrives.
    DuplicateLatency,
    /// Whether a message may overtake or fall behind others.
    Reorder,
    /// How much a reordered message is held back.
    ReorderLatency,
    /// How long one entry takes to apply.
    Apply,
    /// How long one flush takes.
    Flush,
    /// How long entries wait at the sender.
    Ship,
    /// When a workload's next operation comes.
    Arrival,
    /// Whether it reads or writes.
    ReadOrWrite,
    /// Which key it touches.
    Key,
    /// Which server a read goes to.
    ReadTarget,
    /// Choices of the random scenario generator.
    Generator,
    /// How long a server waits before it asks for votes.
    Election,
    /// Where a server begins to look at a table's rows.
    Scan,
    /// What a statement's RAND() draws from, and the numbers it draws.
    Rand,
    /// The texts that nobody else has.
    Uuid,
    /// How long a server works on a read.
    Query,
}

/// The run's seed, from which every draw is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Luck(pub u64);

impl Luck {
    /// 64 bits that depend on the seed, the purpose, the subject and how many came before.
    ///
    /// Subjects are below 2^48: a pair of places, a server, a client, a workload.
    pub fn draw(self, purpose: Purpose, subject: u64, nth: u64) -> u64 {
        debug_assert!(subject < 1 << 48, "a subject this large would look like another purpose");
        mix(mix(self.0 ^ ((purpose as u64) << 48 | subject)).wrapping_add(nth))
    }
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every input bit moves every output bit.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A draw scaled to `0..below`, without bias that a run could show.
pub fn scaled(draw: u64, below: u64) -> u64 {
    ((u128::from(draw) * u128::from(below)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_every_part_of_its_key_and_on_nothing_else() {
        let base = Luck(7).draw(Purpose::Latency, 3, 9);
        assert_eq!(base, Luck(7).draw(Purpose::Latency, 3, 9));
        assert_ne!(base, Luck(8).draw(Purpose::Latency, 3, 9));
        assert_ne!(base, Luck(7).draw(Purpose::Loss, 3, 9));
        assert_ne!(base, Luck(7).draw(Purpose::Latency, 4, 9));
        assert_ne!(base, Luck(7).draw(Purpose::Latency, 3, 10));
    }

    #[test]
    fn draws_fill_their_range_evenly() {
        let mut seen = [0u32; 16];
        for nth in 0..160_000 {
            seen[scaled(Luck(1).draw(Purpose::Key, 5, nth), 16) as usize] += 1;
        }
        // 10,000 each, standard deviation 97: five of them either side.
        assert!(seen.iter().all(|&n| (9_500..10_500).contains(&n)), "{seen:?}");
    }
}
