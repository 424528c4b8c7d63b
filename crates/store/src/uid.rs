//! The ids of findings that people see.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use yagura_model::{ResourceKey, RuleId};

/// The first 16 bytes of a sha-256 over rule and resource: the same for ever, in every store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Uid([u8; 16]);

/// The id of the finding of a rule and a resource.
pub(crate) fn uid(rule: &RuleId, resource: &ResourceKey) -> Uid {
    let mut hash = Sha256::new();
    for part in
        [rule.as_str(), resource.account.as_str(), resource.region.as_str(), resource.resource_type.as_str()]
    {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(&resource.id);
    let mut uid = [0; 16];
    uid.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    Uid(uid)
}

impl Uid {
    pub(crate) fn bytes(self) -> [u8; 16] {
        self.0
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<[u8; 16]> for Uid {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A text that no finding can have as its id.
#[derive(Debug)]
pub(crate) struct NotAnId;

impl FromStr for Uid {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != 32 || !text.bytes().all(|it| it.is_ascii_hexdigit()) {
            return Err(NotAnId);
        }
        u128::from_str_radix(text, 16).map(|number| Self(number.to_be_bytes())).map_err(|_| NotAnId)
    }
}
