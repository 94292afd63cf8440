//! Where each row of a long list lies: arithmetic only, no row is ever measured.

use std::ops::Range;

/// Rows are shown in steps of so many, so that scrolling by a few pixels changes nothing.
const STEP: u32 = 4;

/// So much is ready above and below what is seen, in heights of what is seen.
const OVERSCAN: f64 = 0.75;

/// No window has more rows than this, however small they are or large the screen.
const WINDOW_MAX: u32 = 160;

/// Sections one below the other: each a header of one height, then rows of another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Geometry {
    starts: Vec<Start>,
    rows: u32,
    height: f64,
    row_height: f64,
    header_height: f64,
}

/// Where a section begins.
#[derive(Debug, Clone, PartialEq)]
struct Start {
    row: u32,
    top: f64,
}

/// What stands in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Item {
    Header(usize),
    Row(u32),
}

impl Geometry {
    /// Lays out sections of so many rows; a section without rows is not allowed.
    #[must_use]
    pub fn new(counts: &[u32], row_height: f64, header_height: f64) -> Self {
        let (mut rows, mut height) = (0, 0.0);
        let mut starts = Vec::with_capacity(counts.len());
        for &count in counts {
            starts.push(Start { row: rows, top: height });
            rows += count;
            height += header_height + f64::from(count) * row_height;
        }
        Self { starts, rows, height, row_height, header_height }
    }

    #[must_use]
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// The height of everything.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.height
    }

    #[must_use]
    pub fn row_height(&self) -> f64 {
        self.row_height
    }

    #[must_use]
    pub fn header_height(&self) -> f64 {
        self.header_height
    }

    /// The section of a row.
    #[must_use]
    pub fn section_of(&self, row: u32) -> usize {
        self.starts.partition_point(|start| start.row <= row).saturating_sub(1)
    }

    /// The section at a height, if there is any.
    #[must_use]
    pub fn section_at(&self, y: f64) -> Option<usize> {
        let after = self.starts.partition_point(|start| start.top <= y.max(0.0));
        after.checked_sub(1)
    }

    /// The first row of a section.
    #[must_use]
    pub fn first_row(&self, section: usize) -> u32 {
        self.starts.get(section).map_or(self.rows, |start| start.row)
    }

    /// The top of a row.
    #[must_use]
    pub fn top_of(&self, row: u32) -> f64 {
        let Some(start) = self.starts.get(self.section_of(row)) else { return 0.0 };
        start.top + self.header_height + f64::from(row - start.row) * self.row_height
    }

    /// The row at a height; under a header it is the section's first one.
    #[must_use]
    pub fn row_at(&self, y: f64) -> u32 {
        let Some(section) = self.section_at(y) else { return 0 };
        let start = &self.starts[section];
        let below = ((y - start.top - self.header_height) / self.row_height).max(0.0);
        // Cut off on purpose: a part of a row is still that row.
        let row = start.row.saturating_add(below as u32);
        row.min(self.first_row(section + 1).saturating_sub(1))
    }

    /// The rows to show for what is seen from `top` on.
    #[must_use]
    pub fn window(&self, top: f64, viewport: f64) -> Range<u32> {
        if self.rows == 0 || self.row_height <= 0.0 {
            return 0..0;
        }
        let ready = viewport * OVERSCAN;
        let first = self.row_at(top - ready) / STEP * STEP;
        let last = (self.row_at(top + viewport + ready) + 1).next_multiple_of(STEP);
        first..last.min(self.rows).min(first + WINDOW_MAX)
    }

    /// The rows of a window with the headers among them.
    #[must_use]
    pub fn items(&self, rows: Range<u32>) -> Vec<Item> {
        let mut items = Vec::with_capacity(rows.len() + 2);
        let mut section = self.section_of(rows.start);
        for row in rows {
            if self.first_row(section + 1) == row {
                section += 1;
            }
            if self.first_row(section) == row {
                items.push(Item::Header(section));
            }
            items.push(Item::Row(row));
        }
        items
    }

    /// The top of a window: of its first row, or of the header before it.
    #[must_use]
    pub fn window_top(&self, first: u32) -> f64 {
        let starts = self.first_row(self.section_of(first)) == first;
        self.top_of(first) - if starts { self.header_height } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months() -> Geometry {
        Geometry::new(&[2, 30, 1], 100.0, 40.0)
    }

    #[test]
    fn rows_lie_below_their_headers() {
        let tops = [0, 1, 2, 31, 32].map(|row| months().top_of(row));
        assert_eq!(tops, [40.0, 140.0, 280.0, 3180.0, 3320.0]);
        assert_eq!(months().height(), 3420.0);
    }

    #[test]
    fn every_height_finds_the_row_that_lies_there() {
        let list = months();
        for row in 0..list.rows() {
            let top = list.top_of(row);
            assert_eq!([list.row_at(top), list.row_at(top + 99.0)], [row, row]);
        }
        let rows = [-50.0, 0.0, 239.0, 240.0, 279.0, 99_999.0].map(|y| list.row_at(y));
        assert_eq!(rows, [0, 0, 1, 2, 2, 32]);
    }

    #[test]
    fn a_window_has_its_headers_and_begins_at_its_first_item() {
        let list = months();
        let items = list.items(0..4);
        let expected = [
            Item::Header(0),
            Item::Row(0),
            Item::Row(1),
            Item::Header(1),
            Item::Row(2),
            Item::Row(3),
        ];
        assert_eq!(items, expected);
        assert_eq!([0, 1, 2, 3].map(|row| list.window_top(row)), [0.0, 140.0, 240.0, 380.0]);
    }

    #[test]
    fn a_window_covers_what_is_seen_and_stays_small() {
        let list = Geometry::new(&[31; 3_000], 118.0, 36.0);
        for top in [0.0, 35.0, 1e6, 5_432_198.0, list.height() - 900.0] {
            let window = list.window(top, 900.0);
            assert!(list.window_top(window.start) <= top, "{top}");
            let end = list.top_of(window.end - 1) + 118.0;
            assert!(end >= (top + 900.0).min(list.height()), "{top}");
            assert!(window.len() <= 40, "{}", window.len());
        }
        assert_eq!(Geometry::new(&[100_000], 1.0, 1.0).window(0.0, 9_000.0).len(), 160);
    }

    #[test]
    fn nothing_is_nowhere() {
        let list = Geometry::default();
        assert_eq!(list.window(0.0, 900.0), 0..0);
        assert_eq!((list.row_at(10.0), list.section_at(10.0)), (0, None));
        assert!(list.items(0..0).is_empty());
    }
}
