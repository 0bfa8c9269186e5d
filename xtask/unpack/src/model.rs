//! How likely the next bit of a number is, after what stood before it in like places.
//!
//! Seven contexts each remember how often a one has followed; their guesses are weighed by how good
//! they have been in such a place, and what came out corrects both (logistic mixing, after Mahoney's
//! lpaq). Packing and opening run the same arithmetic, on whole numbers alone, so that they cannot
//! guess differently; where the bits come from or go to is up to the caller.

use alloc::{vec, vec::Vec};

/// How many contexts guess.
pub const CONTEXTS: usize = 7;
/// Each context has two to the power of this many places to remember in.
const PLACE_BITS: u32 = 20;
/// What a place remembers at first: even chances, seen 0 times. The chance of a one stands in the
/// upper twelve bits, the times that it was seen in the lower four.
const FRESH: u16 = 0x8000;
/// How much each guess counts at first, of 65,536.
const WEIGHT: i32 = 16_384;
/// How fast weights follow what comes.
const PACE: i32 = 30;
/// How much a guess is worth that was made so many times, of 256.
const TRUST: [i32; 16] =
    [0, 194, 218, 228, 234, 238, 241, 243, 244, 245, 246, 247, 248, 249, 249, 249];
/// The ends of the scale on which guesses are added: 2,047 is a chance of 3,000 to 1.
const SURE: i32 = 2_047;

/// Where bits come from, or go to.
pub trait Bits {
    /// The next bit, which is one with a chance of `one` in 65,536.
    fn bit(&mut self, one: u32) -> u32;
}

/// What has been learned so far.
#[derive(Debug)]
pub struct Model {
    places: Vec<u16>,
    weights: Vec<[i32; CONTEXTS]>,
    /// From the scale to chances of 65,536, and from chances of 4,096 to the scale.
    chances: Vec<u16>,
    scale: Vec<i16>,
}

impl Model {
    /// One that knows nothing yet, for this many sorts of bytes.
    pub fn new(sorts: usize) -> Model {
        let (chances, scale) = tables();
        let places = vec![FRESH; CONTEXTS << PLACE_BITS];
        Model { places, weights: vec![[WEIGHT; CONTEXTS]; sorts << 8], chances, scale }
    }

    /// The next byte, which is of this sort and stands in these contexts.
    pub fn byte(&mut self, sort: usize, contexts: &[u32; CONTEXTS], bits: &mut impl Bits) -> u8 {
        let mut known = 1;
        while known < 256 {
            known = known << 1 | self.bit(sort, contexts, known, bits);
        }
        known as u8
    }

    /// The bit behind those that are `known`, under a leading one.
    fn bit(
        &mut self,
        sort: usize,
        contexts: &[u32; CONTEXTS],
        known: u32,
        bits: &mut impl Bits,
    ) -> u32 {
        let weights = &mut self.weights[sort << 8 | known as usize];
        let (mut at, mut guesses) = ([0; CONTEXTS], [0; CONTEXTS]);
        let mut sum = 0;
        for nth in 0..CONTEXTS {
            let hash = (contexts[nth] ^ known.wrapping_mul(0x9e37_79b1)).wrapping_mul(0x2c1b_3c6d);
            at[nth] = nth << PLACE_BITS | (hash >> (32 - PLACE_BITS)) as usize;
            let place = self.places[at[nth]];
            let guess = i32::from(self.scale[usize::from(place >> 4)]);
            guesses[nth] = (guess * TRUST[usize::from(place & 15)]) >> 8;
            sum += i64::from(guesses[nth]) * i64::from(weights[nth]);
        }
        let sum = (sum >> 16).clamp(-i64::from(SURE), i64::from(SURE)) as i32;
        let one = u32::from(self.chances[(sum + SURE) as usize]);
        let bit = bits.bit(one);
        let missed = (bit << 16) as i32 - one as i32;
        for nth in 0..CONTEXTS {
            let step = (((guesses[nth] * missed) >> 8) * PACE + 512) >> 10;
            weights[nth] = weights[nth].wrapping_add(step);
            let place = &mut self.places[at[nth]];
            *place = after(*place, bit);
        }
        bit
    }
}

/// What a place remembers after this bit; the more it has seen, the less one bit says.
fn after(place: u16, bit: u32) -> u16 {
    let (chance, seen) = (i32::from(place >> 4), i32::from(place & 15));
    // A little beyond both ends, so that rounding does not keep it from them.
    let aim = if bit == 1 { 4_095 + 15 } else { -15 };
    let chance = chance + (((aim - chance) * (655_360 / (10 * seen + 13))) >> 16);
    (chance.clamp(0, 4_095) << 4 | (seen + 1).min(15)) as u16
}

/// The logistic function from the scale, and back. Numbers with a point are multiplied and divided
/// here, which gives the same on every machine; nothing else is done with them.
fn tables() -> (Vec<u16>, Vec<i16>) {
    const STEP: f64 = 1.003_913_889_338_347_6; // e to the power of 1/256
    let mut power = 1.0;
    let mut upper = Vec::new();
    for _ in 0..=SURE {
        upper.push((65_536.0 * power / (power + 1.0)) as u16);
        power *= STEP;
    }
    let mut chances: Vec<u16> =
        upper.iter().rev().map(|one| (65_536 - u32::from(*one)) as u16).collect();
    chances.extend_from_slice(&upper[1..]);
    let mut scale = Vec::new();
    let mut at = 0;
    for chance in 0..4_096_u32 {
        while at < 2 * SURE && u32::from(chances[at as usize]) < chance * 16 + 8 {
            at += 1;
        }
        scale.push((at - SURE) as i16);
    }
    (chances, scale)
}
