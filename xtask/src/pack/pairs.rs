//! Which instructions are told as one (see `unpack::pairs`): again and again the two of which that
//! saves the most, until no byte is left to stand for them.

use unpack::pairs::NO_PAIR;

/// How many bytes there are.
const BYTES: usize = 256;
/// Pairs that are rarer are not worth being told.
const FEWEST: usize = 20;

/// The bytes told so, and the pairs, in the order in which they were found.
pub fn join(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut unused: Vec<u8> = (0..=u8::MAX).filter(|byte| !bytes.contains(byte)).collect();
    let (mut joined, mut pairs, mut last) = (bytes.to_vec(), Vec::new(), 0_u8);
    while let Some(parts) = best(&joined) {
        let Some(byte) = unused.pop() else { break };
        joined = with(&joined, byte, parts);
        pairs.push(last.wrapping_sub(byte));
        pairs.extend(parts);
        last = byte;
    }
    (joined, pairs)
}

/// The two bytes of which one saves the most, if any does.
fn best(bytes: &[u8]) -> Option<[u8; 2]> {
    let (mut single, mut double) = (vec![0; BYTES], vec![0; BYTES * BYTES]);
    for byte in bytes {
        single[usize::from(*byte)] += 1;
    }
    for parts in bytes.array_windows().map(|[a, b]| [usize::from(*a), usize::from(*b)]) {
        double[parts[0] * BYTES + parts[1]] += 1;
    }
    let saved = |place: usize| {
        let (times, expected) = (double[place], single[place / BYTES] * single[place % BYTES]);
        times * bits(times * bytes.len(), expected)
    };
    let parts = |place: usize| [(place / BYTES) as u8, (place % BYTES) as u8];
    let frequent = (0..double.len()).filter(|place| double[*place] >= FEWEST);
    frequent.filter(|place| parts(*place) != NO_PAIR).max_by_key(|place| saved(*place)).map(parts)
}

/// About how many thirds of a bit are saved each time that a pair is told which occurs so often,
/// and by chance would so often; besides what it saves to have fewer bytes.
fn bits(often: usize, by_chance: usize) -> usize {
    let [often, by_chance] = [3 * often, by_chance].map(|number| (number as u128).pow(3));
    often.checked_div(by_chance).and_then(u128::checked_ilog2).unwrap_or_default() as usize
}

/// The bytes with one in place of these two.
fn with(bytes: &[u8], one: u8, parts: [u8; 2]) -> Vec<u8> {
    let (mut joined, mut rest) = (Vec::new(), bytes);
    while let [first, behind @ ..] = rest {
        if rest.starts_with(&parts) {
            joined.push(one);
            rest = &rest[parts.len()..];
        } else {
            joined.push(*first);
            rest = behind;
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::join;
    use unpack::pairs::spread;

    #[test]
    fn what_follows_each_other_is_told_as_one_and_comes_out_again() {
        let bytes = [1, 2, 3, 1, 2, 4].repeat(30);
        let (joined, pairs) = join(&bytes);
        assert_eq!(pairs[..3], [1, 1, 2]);
        assert_eq!(joined.len(), 15, "{joined:?}");
        assert_eq!(spread(&joined, &pairs, bytes.len()), Some(bytes.clone()));
        assert_eq!(spread(&joined, &pairs, bytes.len() - 1), None);
    }

    #[test]
    fn where_every_byte_has_a_meaning_nothing_is_joined() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect::<Vec<_>>().repeat(30);
        assert_eq!(join(&bytes), (bytes, Vec::new()));
    }

    #[test]
    fn a_pair_that_is_a_part_of_itself_comes_to_an_end() {
        for parts in [[7, 1], [1, 7], [7, 7]] {
            assert_eq!(spread(&[7], &[249, parts[0], parts[1]], 1_000), None, "{parts:?}");
        }
    }
}
