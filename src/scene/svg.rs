//! Numbers in drawings: one decimal place is as fine as an eye can tell. They are not printed as
//! floats, since what that takes would weigh as much as all of this module's pictures.

use crate::form::Decimal;

/// A number of pixels.
pub fn px(number: f64) -> String {
    Decimal::rounded(number, 1).to_string()
}

/// A text with the next number in place of each `#`: `M# #`.
pub fn svg(template: &str, numbers: &[f64]) -> String {
    let mut numbers = numbers.iter();
    let mut text = String::new();
    for letter in template.chars() {
        match numbers.as_slice() {
            [number, ..] if letter == '#' => {
                text.push_str(&px(*number));
                numbers.next();
            }
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_with_one_decimal_place() {
        for number in [0.0, 1.0, -1.0, 12.34, -12.36, 0.04, -0.06, 1_024.96, 99.99] {
            assert_eq!(px(number), format!("{number:.1}"));
        }
        assert_eq!(px(-0.04), "0.0");
    }

    #[test]
    fn each_number_takes_the_place_of_one_sign() {
        assert_eq!(svg("M# #L#h5", &[1.0, -2.5, 3.25]), "M1.0 -2.5L3.3h5");
        assert_eq!(svg("translate(#,#)", &[0.0, 7.0]), "translate(0.0,7.0)");
    }
}
