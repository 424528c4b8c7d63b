//! What another detector says of a finding, as it is stored.

use serde::{Deserialize, Serialize};
use yagura_model::FindingText;

/// The body of a row of `reports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Report {
    /// Its texts.
    pub(crate) text: FindingText,
    /// Whether it was read from Security Hub; what was stored before this was kept does not tell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) in_security_hub: bool,
}
