//! Laying text out: aligned tables, and numbers with their units.

use std::io::{self, Write};

/// How a column stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Prints rows of equal length, the first of them the header, indented by two.
pub fn table(out: &mut impl Write, align: &[Align], rows: &[Vec<String>]) -> io::Result<()> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..align.len()).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for ((cell, width), align) in row.iter().zip(&widths).zip(align) {
            let gap = " ".repeat(width - cell.chars().count());
            match align {
                Align::Left => line.push_str(&format!("  {cell}{gap}")),
                Align::Right => line.push_str(&format!("  {gap}{cell}")),
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Microseconds in the unit that suits them, to three or four digits.
pub fn time(us: u64) -> String {
    match us {
        0 => "0".to_string(),
        1..1_000 => format!("{us} us"),
        1_000..10_000 => format!("{}.{:02} ms", us / 1_000, us % 1_000 / 10),
        10_000..100_000 => format!("{}.{} ms", us / 1_000, us % 1_000 / 100),
        100_000..1_000_000 => format!("{} ms", us / 1_000),
        _ => format!("{}.{:02} s", us / 1_000_000, us % 1_000_000 / 10_000),
    }
}

/// Bytes in the unit that suits them.
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// A text wrapped to a width, each line indented by two.
pub fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            out.push_str(&format!("  {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    out + &format!("  {line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_the_unit_that_suits_them() {
        let shown = [0, 250, 1_234, 12_345, 123_456, 1_234_567].map(time);
        assert_eq!(shown, ["0", "250 us", "1.23 ms", "12.3 ms", "123 ms", "1.23 s"]);
        assert_eq!([12, 1_234, 1_234_567].map(bytes), ["12 B", "1.2 kB", "1.2 MB"]);
    }

    #[test]
    fn columns_line_up() {
        let mut out = Vec::new();
        let rows = [vec!["a".into(), "1".into()], vec!["bbb".into(), "22".into()]];
        table(&mut out, &[Align::Left, Align::Right], &rows).expect("a vector takes all");
        assert_eq!(String::from_utf8_lossy(&out), "  a     1\n  bbb  22\n");
    }
}
