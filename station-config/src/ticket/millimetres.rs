//! Lengths on paper.

use std::fmt;

use firmware_config::profile::PrinterHead;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A length on paper, in tenths of a millimetre: 0 to 6553.5 mm. In files a number of millimetres.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "f64", into = "f64")]
#[schemars(with = "f64")]
pub struct Millimetres(u16);

/// Why a number is no length on paper.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("invalid length {0}, expected millimetres with at most one decimal")]
pub struct BadMillimetres(f64);

impl Millimetres {
    /// A length from tenths of a millimetre.
    #[must_use]
    pub const fn tenths(tenths: u16) -> Self {
        Self(tenths)
    }

    /// Whole dots of a print head, rounded down.
    #[must_use]
    pub fn dots(self, head: PrinterHead) -> usize {
        usize::from(self.0) * usize::from(head.dots_per_mm) / 10
    }

    /// Dots of a print head, with their fractions.
    #[must_use]
    pub fn exact_dots(self, head: PrinterHead) -> f32 {
        f32::from(self.0) / 10.0 * f32::from(head.dots_per_mm)
    }
}

impl TryFrom<f64> for Millimetres {
    type Error = BadMillimetres;

    fn try_from(millimetres: f64) -> Result<Self, BadMillimetres> {
        let tenths = millimetres * 10.0;
        let whole = tenths.round();
        let is_whole = (tenths - whole).abs() < 1e-6;
        if !is_whole || !(0.0..=f64::from(u16::MAX)).contains(&whole) {
            return Err(BadMillimetres(millimetres));
        }
        Ok(Self(whole as u16))
    }
}

impl From<Millimetres> for f64 {
    fn from(length: Millimetres) -> Self {
        Self::from(length.0) / 10.0
    }
}

/// The number of millimetres, without the unit.
impl fmt::Display for Millimetres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", f64::from(*self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_tenths_of_a_millimetre_and_dots_of_a_head() {
        let length = Millimetres::try_from(3.8).unwrap();
        assert_eq!(length, Millimetres::tenths(38));
        assert_eq!(
            (f64::from(length), length.to_string()),
            (3.8, "3.8".to_owned())
        );
        let head = |dots_per_mm| PrinterHead {
            width_dots: 384,
            dots_per_mm,
        };
        assert_eq!((length.dots(head(8)), length.dots(head(7))), (30, 26));
        for bad in [3.85, -0.1, 6553.6, f64::NAN, f64::INFINITY] {
            assert!(Millimetres::try_from(bad).is_err(), "{bad}");
        }
    }
}
