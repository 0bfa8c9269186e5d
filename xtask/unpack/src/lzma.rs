//! Unpacks LZMA, which browsers do not: nothing else of it than that, from memory into memory.
//! After the specification that Igor Pavlov put into the public domain, whose names these are.

use alloc::{vec, vec::Vec};

/// How many bits a chance has, and where it begins: in the middle.
const CHANCE_BITS: u32 = 11;
const EVEN: u16 = 1 << (CHANCE_BITS - 1);
/// How slowly a chance follows what comes.
const PACE: u16 = 5;

const STATES: usize = 12;
/// From here on the last thing was a repetition, and before it a literal.
const REPEATED: usize = 7;
/// How many positions can be told apart.
const POSITIONS: usize = 1 << 4;
/// The shortest repetition.
const LENGTH_MIN: usize = 2;
/// Chances for a literal.
const LITERAL: usize = 0x300;

/// What stands at the head of what is packed: how much of the byte before, and of the position, it
/// goes by. None for what no packer here writes.
fn parameters(head: u8) -> Option<(u32, usize, usize)> {
    let (lc, lp, pb) = (head % 9, head / 9 % 5, head / 45);
    let mask = |bits: u8| (1 << bits) - 1;
    (lc + lp <= 4 && pb <= 4).then_some((u32::from(lc), mask(lp), mask(pb)))
}

/// The `bytes` bytes that are packed here under a head; None if that is not what it holds.
pub fn unpack(head: u8, packed: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let (lc, lp_mask, pb_mask) = parameters(head)?;
    let mut chances = Chances::new((lp_mask + 1) << lc);
    let mut from = Bits::new(packed)?;
    let mut out: Vec<u8> = Vec::with_capacity(bytes);
    let (mut state, mut reps) = (0, [0_usize; 4]);
    while out.len() < bytes {
        let position = out.len() & pb_mask;
        let here = state * POSITIONS + position;
        if from.bit(&mut chances.is_match[here]) == 0 {
            let before = u32::from(out.last().copied().unwrap_or_default());
            let row = (out.len() & lp_mask) << lc | (before >> (8 - lc)) as usize;
            let row = &mut chances.literals[row * LITERAL..][..LITERAL];
            let near = state >= REPEATED;
            let like = if near { Some(out[out.len() - reps[0] - 1]) } else { None };
            out.push(literal(&mut from, row, like));
            state = match state {
                0..4 => 0,
                4..10 => state - 3,
                _ => state - 6,
            };
            continue;
        }
        let after_literal = state < REPEATED;
        let length;
        if from.bit(&mut chances.is_rep[state]) == 0 {
            let short = chances.length.next(&mut from, position);
            let back = distance(&mut from, &mut chances.distance, short);
            reps = [back, reps[0], reps[1], reps[2]];
            length = short + LENGTH_MIN;
            state = if after_literal { 7 } else { 10 };
        } else if let Some(which) = chances.which(&mut from, state, here) {
            reps[..=which].rotate_right(1);
            length = chances.rep_length.next(&mut from, position) + LENGTH_MIN;
            state = if after_literal { 8 } else { 11 };
        } else {
            length = 1;
            state = if after_literal { 9 } else { 11 };
        }
        if length > bytes - out.len() {
            return None;
        }
        let start = out.len().checked_sub(1)?.checked_sub(reps[0])?;
        for at in start..start + length {
            out.push(out[at]);
        }
    }
    from.whole.then_some(out)
}

/// A byte; `like` is the one that stands where the last repetition came from, if that is near.
fn literal(from: &mut Bits, row: &mut [u16], like: Option<u8>) -> u8 {
    let mut known = 1;
    if let Some(mut like) = like {
        while known < 0x100 {
            let expected = usize::from(like >> 7);
            like <<= 1;
            let bit = from.bit(&mut row[(1 + expected) << 8 | known]);
            known = known << 1 | bit;
            if bit != expected {
                break;
            }
        }
    }
    while known < 0x100 {
        known = known << 1 | from.bit(&mut row[known]);
    }
    known as u8
}

/// How far back a repetition of this length comes from, less one.
fn distance(from: &mut Bits, chances: &mut Distance, length: usize) -> usize {
    let slot = from.tree(&mut chances.slots[length.min(3)]);
    if slot < 4 {
        return slot;
    }
    let bits = slot / 2 - 1;
    let high = (2 | slot & 1) << bits;
    if slot < 14 {
        return high + from.backwards(&mut chances.special[high - slot..], bits);
    }
    let mut middle = 0;
    for _ in 4..bits {
        middle = middle << 1 | from.even();
    }
    high + (middle << 4) + from.backwards(&mut chances.align, 4)
}

/// How likely each decision is by now.
struct Chances {
    literals: Vec<u16>,
    is_match: [u16; STATES * POSITIONS],
    is_rep: [u16; STATES],
    is_rep_g0: [u16; STATES],
    is_rep_g1: [u16; STATES],
    is_rep_g2: [u16; STATES],
    is_rep0_long: [u16; STATES * POSITIONS],
    length: Length,
    rep_length: Length,
    distance: Distance,
}

struct Distance {
    slots: [[u16; 64]; 4],
    special: [u16; 128],
    align: [u16; 16],
}

impl Chances {
    fn new(rows: usize) -> Chances {
        Chances {
            literals: vec![EVEN; rows * LITERAL],
            is_match: [EVEN; STATES * POSITIONS],
            is_rep: [EVEN; STATES],
            is_rep_g0: [EVEN; STATES],
            is_rep_g1: [EVEN; STATES],
            is_rep_g2: [EVEN; STATES],
            is_rep0_long: [EVEN; STATES * POSITIONS],
            length: Length::new(),
            rep_length: Length::new(),
            distance: Distance { slots: [[EVEN; 64]; 4], special: [EVEN; 128], align: [EVEN; 16] },
        }
    }

    /// Which of the last four distances it is again; None for one byte from the last of them.
    fn which(&mut self, from: &mut Bits, state: usize, here: usize) -> Option<usize> {
        if from.bit(&mut self.is_rep_g0[state]) == 0 {
            (from.bit(&mut self.is_rep0_long[here]) == 1).then_some(0)
        } else if from.bit(&mut self.is_rep_g1[state]) == 0 {
            Some(1)
        } else {
            Some(2 + from.bit(&mut self.is_rep_g2[state]))
        }
    }
}

/// Chances for a length.
struct Length {
    choices: [u16; 2],
    low: [[u16; 8]; POSITIONS],
    middle: [[u16; 8]; POSITIONS],
    high: [u16; 256],
}

impl Length {
    fn new() -> Length {
        let (low, middle) = ([[EVEN; 8]; POSITIONS], [[EVEN; 8]; POSITIONS]);
        Length { choices: [EVEN; 2], low, middle, high: [EVEN; 256] }
    }

    /// The next one, less the shortest.
    fn next(&mut self, from: &mut Bits, position: usize) -> usize {
        if from.bit(&mut self.choices[0]) == 0 {
            from.tree(&mut self.low[position])
        } else if from.bit(&mut self.choices[1]) == 0 {
            8 + from.tree(&mut self.middle[position])
        } else {
            16 + from.tree(&mut self.high)
        }
    }
}

/// What is packed, as decisions.
struct Bits<'a> {
    rest: &'a [u8],
    range: u32,
    code: u32,
    /// Whether there was always a byte when one was asked for.
    whole: bool,
}

impl<'a> Bits<'a> {
    fn new(packed: &'a [u8]) -> Option<Bits<'a>> {
        let (head, rest) = packed.split_at_checked(5)?;
        let code = u32::from_be_bytes(head[1..].try_into().ok()?);
        Some(Bits { rest, range: u32::MAX, code, whole: head[0] == 0 })
    }

    // A call for each bit would be a third of the time.
    #[inline(always)]
    fn fill(&mut self) {
        if self.range >> 24 == 0 {
            let byte = self.rest.split_off_first();
            self.whole &= byte.is_some();
            self.range <<= 8;
            self.code = self.code << 8 | u32::from(byte.copied().unwrap_or_default());
        }
    }

    /// A decision that is 0 with this chance.
    fn bit(&mut self, chance: &mut u16) -> usize {
        self.fill();
        let bound = (self.range >> CHANCE_BITS) * u32::from(*chance);
        if self.code < bound {
            self.range = bound;
            *chance += ((1 << CHANCE_BITS) - *chance) >> PACE;
            0
        } else {
            self.range -= bound;
            self.code -= bound;
            *chance -= *chance >> PACE;
            1
        }
    }

    /// A decision that nothing is known about.
    fn even(&mut self) -> usize {
        self.fill();
        self.range >>= 1;
        let bit = self.code >= self.range;
        if bit {
            self.code -= self.range;
        }
        usize::from(bit)
    }

    /// A number below the count of chances, its highest bit first.
    fn tree(&mut self, chances: &mut [u16]) -> usize {
        let mut known = 1;
        while known < chances.len() {
            known = known << 1 | self.bit(&mut chances[known]);
        }
        known - chances.len()
    }

    /// A number of so many bits, its lowest first.
    fn backwards(&mut self, chances: &mut [u16], bits: usize) -> usize {
        let (mut known, mut number) = (1, 0);
        for place in 0..bits {
            let bit = self.bit(&mut chances[known]);
            known = known << 1 | bit;
            number |= bit << place;
        }
        number
    }
}
