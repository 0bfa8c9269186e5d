//! What a panic would say is told to nobody either: the page stops, and says so in its own words.
//! These texts of the standard library and of dependencies are in every program, and are blotted
//! out. One that a later version words differently merely stays.

const UNTOLD: [&str; 34] = [
    "called `Option::unwrap()` on a `None` value",
    "called `Result::unwrap()` on an `Err` value",
    "internal error: entered unreachable code",
    ": the file comes with the program",
    ": a path leads through tables and lists",
    ": empty internal node",
    ": chunk subtotal reached the target but no element did",
    "a formatting trait implementation returned an error when the underlying stream did not",
    "a Display implementation returned an error unexpectedly",
    "attempt to join into collection with len > usize::MAX",
    "attempt to divide by zero",
    "attempt to divide with overflow",
    "attempt to calculate the remainder with a divisor of zero",
    "already mutably borrowed",
    "RefCell already borrowed",
    "index out of bounds",
    " out of range for slice of length ",
    "instance has previously been poisoned",
    "one-time initialization may not be performed recursively",
    "cannot modify the panic hook from a panicking thread.",
    "cannot access a Thread Local Storage value during or after destruction: ",
    "failed to generate unique thread ID: bitspace exhausted",
    "failed to append child",
    "failed to insert node before next sibling",
    "failed to create detached element",
    "could not remove attribute",
    "could not remove property",
    "highest trackable value must be >= (2 * lowest discernible value)",
    "ValueOutOfRangeResizeDisabled",
    "ResizeFailedUsizeTypeTooSmall",
    "LowExceedsMax",
    "HighLessThanTwiceLow",
    "SigFigExceedsMax",
    "CannotRepresentSigFigBeyondLow",
];

/// Blots them out wherever they stand. Their lengths are known to the code that would tell them.
pub fn forget(program: &mut [u8]) {
    for text in UNTOLD {
        let mut at = 0;
        while let Some(found) =
            program[at..].windows(text.len()).position(|window| window == text.as_bytes())
        {
            let start = at + found;
            at = start + text.len();
            program[start..at].fill(b' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::forget;

    #[test]
    fn what_a_panic_says_is_blotted_out_and_nothing_else() {
        let mut program = *b"yes: attempt to divide by zero. no: attempt to divide";
        forget(&mut program);
        assert_eq!(&program, b"yes:                          . no: attempt to divide");
    }
}
