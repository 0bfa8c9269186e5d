//! Sorting with one algorithm for everything: the standard library's sorts are compiled anew for
//! each type, at 5 kB of the page apiece, while here only the comparison is.
//!
//! A merge sort: stable, at most `n log n` comparisons, `n` of what is in order already.

/// Puts items in order. `before` says whether its first argument must come before its second;
/// items of which neither must stay as they stood.
pub fn sort<T>(items: &mut [T], before: impl Fn(&T, &T) -> bool) {
    let order = ordered(items.len(), &|a, b| before(&items[a], &items[b]));
    settle(&order, &mut |a, b| items.swap(a, b));
}

/// Which of `len` items comes first, which second, and so on.
fn ordered(len: usize, before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    if (1..len).all(|at| !before(at, at - 1)) {
        return order;
    }
    let mut merged = Vec::with_capacity(len);
    let mut run = 1;
    while run < len {
        for runs in order.chunks(2 * run) {
            let (mut left, mut right) = runs.split_at(run.min(runs.len()));
            while let ([a, after_a @ ..], [b, after_b @ ..]) = (left, right) {
                if before(*b, *a) {
                    merged.push(*b);
                    right = after_b;
                } else {
                    merged.push(*a);
                    left = after_a;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        merged.clear();
        run *= 2;
    }
    order
}

/// Swaps items until item `order[n]` stands at place `n`.
fn settle(order: &[usize], swap: &mut dyn FnMut(usize, usize)) {
    let mut places = vec![0; order.len()];
    for (place, item) in order.iter().enumerate() {
        places[*item] = place;
    }
    for at in 0..places.len() {
        while places[at] != at {
            let place = places[at];
            swap(at, place);
            places.swap(at, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Luck, Purpose};

    #[test]
    fn it_sorts_as_the_standard_library_does_and_leaves_equals_as_they_stood() {
        for len in (0..70).chain([1_000, 1_024, 1_025]) {
            for range in [1, 2, 10, 100_000] {
                let key = |nth| Luck(len).draw(Purpose::Generator, range, nth) % range;
                let mut items: Vec<(u64, u64)> = (0..len).map(|nth| (key(nth), nth)).collect();
                let mut expected = items.clone();
                expected.sort_by_key(|(key, _)| *key);
                sort(&mut items, |a, b| a.0 < b.0);
                assert_eq!(items, expected, "{len} items of {range} kinds");
            }
        }
    }

    #[test]
    fn what_is_in_order_is_looked_at_once() {
        let looks = std::cell::Cell::new(0);
        sort(&mut Vec::from_iter(0..1_000), |a, b| {
            looks.set(looks.get() + 1);
            a < b
        });
        assert_eq!(looks.get(), 999);
    }
}
