//! The meaning of policies, which `yagura-access` knows.

use super::Function;

pub(super) const FUNCTIONS: &[Function] = &[];
