//! Statements that write many rows at once. Their text is constant: a shorter list is filled up with rows that name no token,
//! which the statement leaves out.

/// Rows that one statement writes.
pub const ROWS: usize = 40;

/// `head`, which ends with the first row and says what its columns are; the other rows; `tail`. `columns` values each row.
macro_rules! many {
    ($head:expr, $columns:expr, $tail:expr) => {{
        const LENGTH: usize = $crate::server::store::many::length($head, $columns, $tail);
        const TEXT: [u8; LENGTH] = $crate::server::store::many::text($head, $columns, $tail);
        match std::str::from_utf8(&TEXT) {
            Ok(text) => text,
            // Pieces of text make a text.
            Err(_) => "",
        }
    }};
}
pub(super) use many;

/// The list as it is written: in parts of [`ROWS`], the last one filled up.
pub fn parts<T: Copy>(rows: &[T], blank: T) -> impl Iterator<Item = Vec<T>> {
    rows.chunks(ROWS).map(move |part| {
        let mut part = part.to_vec();
        part.resize(ROWS, blank);
        part
    })
}

pub const fn length(head: &str, columns: usize, tail: &str) -> usize {
    let mut length = head.len() + tail.len();
    let mut number = columns + 1;
    while number <= ROWS * columns {
        // A dollar sign, a comma or a closing bracket, and the digits.
        length += 2 + digits(number);
        number += 1;
    }
    // `,(` before each row but the first.
    length + 2 * (ROWS - 1)
}

pub const fn text<const LENGTH: usize>(head: &str, columns: usize, tail: &str) -> [u8; LENGTH] {
    let mut text = [0; LENGTH];
    let mut at = copy(head, &mut text, 0);
    let mut row = 1;
    while row < ROWS {
        at = copy(",(", &mut text, at);
        let mut column = 1;
        while column <= columns {
            at = copy("$", &mut text, at);
            at = write(row * columns + column, &mut text, at);
            at = copy(if column == columns { ")" } else { "," }, &mut text, at);
            column += 1;
        }
        row += 1;
    }
    copy(tail, &mut text, at);
    text
}

const fn digits(number: usize) -> usize {
    if number < 10 { 1 } else { 1 + digits(number / 10) }
}

const fn copy(piece: &str, into: &mut [u8], at: usize) -> usize {
    let mut done = 0;
    while done < piece.len() {
        into[at + done] = piece.as_bytes()[done];
        done += 1;
    }
    at + done
}

const fn write(number: usize, into: &mut [u8], at: usize) -> usize {
    let end = at + digits(number);
    let (mut rest, mut place) = (number, end);
    while place > at {
        place -= 1;
        into[place] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_numbers_the_values_of_all_its_rows() {
        const SQL: &str = many!("values ($1,$2)", 2, " end");
        assert!(SQL.starts_with("values ($1,$2),($3,$4),($5,$6)"), "{SQL}");
        assert!(SQL.ends_with(",($79,$80) end"), "{SQL}");
        assert_eq!(SQL.matches('(').count(), ROWS);
    }

    #[test]
    fn a_list_is_cut_and_its_last_part_filled_up() {
        let parts: Vec<_> = parts(&[7; ROWS + 2], 0).collect();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0], [7; ROWS]);
        assert_eq!(parts[1].iter().filter(|row| **row == 7).count(), 2);
        assert_eq!(parts[1].len(), ROWS);
    }
}
