//! Parts of a hundred, to one decimal.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// A part of a hundred, to one decimal, rounded down: a hundred means all, never "nearly all".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = f64, minimum = 0, maximum = 100)]
pub struct Percent(u16);

impl Percent {
    /// All of it.
    pub const ALL: Self = Self(1000);

    /// `part` of `whole`; `None` when there is nothing to be part of.
    #[must_use]
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        let tenths = (u128::from(part) * 1000).checked_div(u128::from(whole))?;
        Some(Self(u16::try_from(tenths).unwrap_or(1000).min(1000)))
    }

    /// A share between 0 and 1 that is known to be less than all.
    #[must_use]
    pub(crate) fn below_all(share: f64) -> Self {
        // A share that is stored as the nearest number below a tenth of a per cent would lose it.
        let tenths = (share * 1000.0 + 1e-9).floor().clamp(0.0, 999.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=999")]
        Self(tenths as u16)
    }

    /// Between 0 and 100.
    #[must_use]
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// In tenths: 0 to 1000.
    #[must_use]
    pub fn tenths(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.0 / 10, self.0 % 10))
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value())
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        if !(0.0..=100.0).contains(&value) {
            return Err(serde::de::Error::custom(format!("{value} is not between 0 and 100")));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
        Ok(Self((value * 10.0).round() as u16))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nearly_all_is_not_all() {
        assert_eq!(Percent::of(99_999, 100_000).unwrap().to_string(), "99.9");
        assert_eq!(Percent::of(3, 3).unwrap().to_string(), "100.0");
        assert_eq!(Percent::of(0, 0), None);
        assert_eq!(Percent::below_all(1.0 - f64::EPSILON).to_string(), "99.9");
    }

    proptest! {
        /// What is written is read back.
        #[test]
        fn a_percentage_survives_json(part in 0u64..5000, more in 0u64..5000) {
            if let Some(percent) = Percent::of(part, part + more) {
                let text = serde_json::to_string(&percent).unwrap();
                prop_assert_eq!(serde_json::from_str::<Percent>(&text).unwrap(), percent);
            }
        }
    }
}
