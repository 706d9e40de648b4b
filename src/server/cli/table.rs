//! Rows in columns, for a terminal.

/// Lines up the columns of a table by their widest cell; the last column is not padded.
pub fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = head.map(width);
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let mut text = String::new();
    line(&mut text, &widths, head.iter().copied());
    for row in rows {
        line(&mut text, &widths, row.iter().map(String::as_str));
    }
    text
}

/// Names and values, one pair a line, the values lined up.
pub fn facts(pairs: &[(&str, String)]) -> String {
    let widest = pairs.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in pairs {
        line(&mut text, &[widest, 0], [*name, value.as_str()].into_iter());
    }
    text
}

fn line<'a>(text: &mut String, widths: &[usize], cells: impl Iterator<Item = &'a str>) {
    let mut line = String::new();
    for (cell, wide) in cells.zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', wide.saturating_sub(width(cell)) + 2));
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            ["Süd".to_owned(), "lka_…9fK2".to_owned(), "x".to_owned()],
            ["North plant".to_owned(), String::new(), String::new()],
        ];
        let text = table(["owner", "hint", "end"], &rows);
        assert_eq!(text, "owner        hint       end\nSüd          lka_…9fK2  x\nNorth plant\n");
    }

    #[test]
    fn facts_line_up_their_values() {
        let text = facts(&[("id", "1".to_owned()), ("owner", "Ada".to_owned())]);
        assert_eq!(text, "id     1\nowner  Ada\n");
    }
}
