//! Policy documents as somebody attached them.
#![no_main]

use std::sync::LazyLock;

use yagura_access::{Owner, Policy};
use yagura_model::AccountId;

static ACCOUNT: LazyLock<AccountId> = LazyLock::new(|| AccountId::new("111122223333").expect("twelve digits"));

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(policy) = Policy::parse_text(text) else { return };
    let owner = Owner::new(&ACCOUNT).of_resource("arn:aws:s3:::bucket");
    // Two ways to ask the same never contradict each other.
    let (public, actions) = (policy.public(&owner).known(), policy.public_actions(&owner).any().known());
    assert!(public.is_none() || actions.is_none() || public == actions, "{public:?} {actions:?}");
    let _ = (policy.outsiders(&owner), policy.external(&owner), policy.confused_deputy(&owner));
});
