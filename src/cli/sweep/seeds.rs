//! Ranges of seeds, shards of them, and unions of ranges.

use std::fmt;
use std::str::FromStr;

/// The most seeds of one sweep.
const SEEDS_MAX: u64 = 10_000_000;

/// Seeds from `first` up to and not including `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    pub first: u64,
    pub end: u64,
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Seeds, String> {
        let expected = || format!("`{text}`: expected seeds such as 0..100, or 0..=99");
        let (first, rest) = text.split_once("..").ok_or_else(expected)?;
        let first: u64 = first.parse().map_err(|_| expected())?;
        let end = match rest.strip_prefix('=') {
            Some(last) => last.parse::<u64>().ok().and_then(|last| last.checked_add(1)),
            None => rest.parse().ok(),
        };
        let end = end.ok_or_else(expected)?;
        match end.checked_sub(first) {
            None | Some(0) => {
                Err(format!("`{text}` holds no seed: the end is not included, so 0..1 is seed 0"))
            }
            Some(count) if count > SEEDS_MAX => {
                Err(format!("`{text}` holds {count} seeds: expected at most {SEEDS_MAX}"))
            }
            Some(_) => Ok(Seeds { first, end }),
        }
    }
}

/// One of several equal parts of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    nth: u64,
    of: u64,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/');
        let parts = parts.and_then(|(nth, of)| Some((nth.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((nth, of)) if (1..=of).contains(&nth) && of <= SEEDS_MAX => Ok(Shard { nth, of }),
            _ => Err(format!("`{text}`: expected a shard such as 1/4, from 1/4 to 4/4")),
        }
    }
}

impl Seeds {
    /// How many.
    pub fn count(self) -> u64 {
        self.end - self.first
    }

    /// The part that a shard does; shards of one range cover it without overlap.
    pub fn part(self, shard: Shard) -> Seeds {
        let count = u128::from(self.count());
        let bound = |nth: u64| self.first + (count * u128::from(nth) / u128::from(shard.of)) as u64;
        Seeds { first: bound(shard.nth - 1), end: bound(shard.nth) }
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.end)
    }
}

/// Ranges joined, in order; Err with a seed that stands in two of them.
pub fn join(mut ranges: Vec<Seeds>) -> Result<Vec<Seeds>, u64> {
    ranges.retain(|range| range.first < range.end);
    ranges.sort_by_key(|range| range.first);
    let mut joined: Vec<Seeds> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.first < last.end => return Err(range.first),
            Some(last) if range.first == last.end => last.end = range.end,
            Some(_) | None => joined.push(range),
        }
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_bad_ones_refused() {
        assert_eq!("3..7".parse(), Ok(Seeds { first: 3, end: 7 }));
        assert_eq!("3..=7".parse(), Ok(Seeds { first: 3, end: 8 }));
        for bad in
            ["", "7", "7..3", "3..3", "a..b", "-1..4", "0..99999999999", "1..=18446744073709551615"]
        {
            assert!(bad.parse::<Seeds>().is_err(), "{bad}");
        }
        for bad in ["", "0/4", "5/4", "1", "1/0", "x/y"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }

    #[test]
    fn shards_cover_a_range_without_overlap_even_if_there_are_more_of_them() {
        for of in [1, 2, 3, 4, 7, 20] {
            let whole = Seeds { first: 5, end: 16 };
            let parts = (1..=of).map(|nth| whole.part(Shard { nth, of })).collect();
            assert_eq!(join(parts), Ok(vec![whole]), "{of} shards");
        }
        assert_eq!(join(vec![Seeds { first: 0, end: 3 }, Seeds { first: 2, end: 4 }]), Err(2));
    }
}
