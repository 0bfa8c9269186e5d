//! Arithmetic and comparison of formulas of the id: whole stretches of rows at once.

use super::statement::{Arithmetic, Comparison};
use crate::base::gathered;
use crate::data::Value;
use crate::data::table::{Cell, Ids, Unfit};

/// Two numbers as formulas of the id; None if what they come to is none.
pub(super) fn arithmetic(
    how: Arithmetic,
    a: &Cell,
    b: &Cell,
    ids: Ids,
) -> Result<Option<Cell>, Unfit> {
    let one = |cell: &Cell| match cell.clone().of_row(ids) {
        Cell::Number { base, slope } => Some((i128::from(base), i128::from(slope))),
        Cell::Text(_) | Cell::Uuid(_) | Cell::Random { .. } | Cell::Joined(_) => None,
    };
    let (Some((a, b)), Some((c, d))) = (one(a), one(b)) else { return Ok(None) };
    let (base, slope) = match how {
        Arithmetic::Add => (a + c, b + d),
        Arithmetic::Subtract => (a - c, b - d),
        Arithmetic::Multiply if b == 0 || d == 0 => (
            a.checked_mul(c).ok_or(Unfit::OutOfRange)?,
            a.checked_mul(d).and_then(|x| x.checked_add(b * c)).ok_or(Unfit::OutOfRange)?,
        ),
        Arithmetic::Multiply => return Ok(None),
    };
    for id in [ids.first, ids.last] {
        let value = slope.checked_mul(i128::from(id)).and_then(|x| x.checked_add(base));
        value.and_then(|value| i64::try_from(value).ok()).ok_or(Unfit::OutOfRange)?;
    }
    let (Ok(base), Ok(slope)) = (i64::try_from(base), i64::try_from(slope)) else {
        return Ok(None);
    };
    Ok(Some(Cell::Number { base, slope }))
}

/// Whether two values compare so.
pub(super) fn compare(how: Comparison, left: &Value, right: &Value) -> bool {
    match how {
        Comparison::Equal => left == right,
        Comparison::Differs => left != right,
        Comparison::Below => left < right,
        Comparison::AtMost => left <= right,
        Comparison::Above => left > right,
        Comparison::AtLeast => left >= right,
    }
}

/// Ids in `all` for which `base + slope * id` compares so with 0.
pub(super) fn solve(how: Comparison, base: i128, slope: i128, all: Ids) -> Vec<Ids> {
    use Comparison::{Above, AtLeast, AtMost, Below, Differs, Equal};
    if slope < 0 {
        let mirrored = match how {
            Below => Above,
            AtMost => AtLeast,
            Above => Below,
            AtLeast => AtMost,
            Equal | Differs => how,
        };
        return solve(mirrored, -base, -slope, all);
    }
    // Where what is below 0 ends, and where what is above 0 begins.
    let (first, end) = (i128::from(all.first), i128::from(all.last) + 1);
    let (zero, above) = match (slope, base) {
        (0, 0) => (first, end),
        (0, ..0) => (end, end),
        (0, _) => (first, first),
        _ => (-(base.div_euclid(slope)), (-base).div_euclid(slope) + 1),
    };
    let (zero, above) = (zero.clamp(first, end), above.clamp(first, end));
    let spans = match how {
        Below => [(first, zero), (end, end)],
        AtMost => [(first, above), (end, end)],
        Equal => [(zero, above), (end, end)],
        Above => [(above, end), (end, end)],
        AtLeast => [(zero, end), (end, end)],
        Differs => [(first, zero), (above, end)],
    };
    let spans = spans.into_iter().filter(|(from, to)| from < to);
    gathered(spans.map(|(from, to)| Ids { first: from as u32, last: to as u32 - 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Luck, Purpose, scaled};

    #[test]
    fn a_comparison_solved_is_that_of_every_row() {
        use Comparison::{Above, AtLeast, AtMost, Below, Differs, Equal};
        let mut found = 0;
        for nth in 0..2_000 {
            let draw = |of| scaled(Luck(5).draw(Purpose::Generator, of, nth), 41) as i64 - 20;
            let (base, slope) = (draw(1) * 3, draw(2) / 5);
            let all = Ids { first: 1 + draw(3).unsigned_abs() as u32, last: 40 };
            for how in [Equal, Differs, Below, AtMost, Above, AtLeast] {
                let holds = |id: &u32| {
                    let value = Value::Number(base + slope * i64::from(*id));
                    compare(how, &value, &Value::Number(0))
                };
                let expected: Vec<u32> = (all.first..=all.last).filter(holds).collect();
                let solved = solve(how, base.into(), slope.into(), all);
                let ids: Vec<u32> = solved.iter().flat_map(|ids| ids.first..=ids.last).collect();
                assert_eq!(ids, expected, "{base} + {slope} * id {how:?} 0");
                found += ids.len();
            }
        }
        assert!(found > 10_000);
    }

    #[test]
    fn what_does_not_fit_is_refused_and_not_wrapped() {
        let ids = Ids { first: 1, last: 10 };
        let large = Cell::number(i64::MAX);
        let id = Cell::Number { base: 0, slope: 1 };
        assert_eq!(arithmetic(Arithmetic::Add, &large, &id, ids), Err(Unfit::OutOfRange));
        let less = arithmetic(Arithmetic::Subtract, &large, &id, ids);
        assert_eq!(less, Ok(Some(Cell::Number { base: i64::MAX, slope: -1 })));
        assert_eq!(arithmetic(Arithmetic::Multiply, &id, &id, ids), Ok(None));
        assert_eq!(
            arithmetic(Arithmetic::Multiply, &id, &id, Ids::one(7)),
            Ok(Some(Cell::number(49)))
        );
    }
}
