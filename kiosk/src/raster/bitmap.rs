//! A picture of dots, one bit each.

/// Rows of dots, the first dot of a row in the highest bit of its first byte; 1 is black.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    row_bytes: usize,
    bytes: Vec<u8>,
}

impl Bitmap {
    /// White paper `width_dots` wide (rounded up to whole bytes) and without height; [`Bitmap::grow`] adds rows.
    pub fn new(width_dots: usize) -> Self {
        Self {
            row_bytes: width_dots.div_ceil(8).max(1),
            bytes: Vec::new(),
        }
    }

    /// A picture from its rows, or `None` when they do not fill whole rows.
    pub fn from_rows(row_bytes: usize, bytes: Vec<u8>) -> Option<Self> {
        (row_bytes > 0 && bytes.len().is_multiple_of(row_bytes))
            .then_some(Self { row_bytes, bytes })
    }

    /// Bytes of a row.
    pub fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// Dots of a row.
    pub fn width_dots(&self) -> usize {
        self.row_bytes * 8
    }

    /// Rows.
    pub fn height_dots(&self) -> usize {
        self.bytes.len() / self.row_bytes
    }

    /// One row, or nothing below the last.
    pub fn row(&self, y: usize) -> &[u8] {
        let start = y * self.row_bytes;
        self.bytes.get(start..start + self.row_bytes).unwrap_or(&[])
    }

    /// Adds white rows below until there are `height_dots`.
    pub fn grow(&mut self, height_dots: usize) {
        let length = height_dots * self.row_bytes;
        if length > self.bytes.len() {
            self.bytes.resize(length, 0);
        }
    }

    /// Makes a dot black; outside of the picture nothing happens.
    pub fn set(&mut self, x: i32, y: i32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if x < self.width_dots()
            && let Some(byte) = self.bytes.get_mut(y * self.row_bytes + x / 8)
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Whether a dot is black; outside of the picture all is white.
    pub fn get(&self, x: usize, y: usize) -> bool {
        x < self.width_dots()
            && self
                .bytes
                .get(y * self.row_bytes + x / 8)
                .is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Columns from the first to the last with a black dot; empty where all is white.
    pub fn ink_columns(&self) -> std::ops::Range<usize> {
        let is_inked = |x: &usize| (0..self.height_dots()).any(|y| self.get(*x, y));
        let first = (0..self.width_dots()).find(is_inked);
        let last = (0..self.width_dots()).rev().find(is_inked);
        match (first, last) {
            (Some(first), Some(last)) => first..last + 1,
            _ => 0..0,
        }
    }

    /// Makes a rectangle black.
    pub fn fill(&mut self, x: i32, y: i32, width: i32, height: i32) {
        for row in y..y.saturating_add(height) {
            for column in x..x.saturating_add(width) {
                self.set(column, row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_where_they_are_set_and_nowhere_else() {
        let mut bitmap = Bitmap::new(12);
        assert_eq!((bitmap.width_dots(), bitmap.height_dots()), (16, 0));
        bitmap.grow(3);
        bitmap.set(0, 0);
        bitmap.set(9, 1);
        for (x, y) in [(-1, 0), (16, 0), (0, 3), (0, -1), (i32::MAX, i32::MAX)] {
            bitmap.set(x, y);
        }
        assert_eq!(bitmap.row(0), [0x80, 0]);
        assert_eq!(bitmap.row(1), [0, 0x40]);
        assert_eq!(bitmap.row(2), [0, 0]);
        assert_eq!(bitmap.row(3), [] as [u8; 0]);
        assert_eq!(bitmap.ink_columns(), 0..10);
        assert_eq!(Bitmap::new(12).ink_columns(), 0..0);
        assert!(bitmap.get(9, 1) && !bitmap.get(8, 1) && !bitmap.get(16, 0));
    }

    #[test]
    fn rows_must_be_whole() {
        assert!(Bitmap::from_rows(2, vec![0; 3]).is_none());
        assert!(Bitmap::from_rows(0, Vec::new()).is_none());
        assert_eq!(Bitmap::from_rows(2, vec![0; 4]).unwrap().height_dots(), 2);
    }
}
