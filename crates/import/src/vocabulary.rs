//! What is known of names: our rules by what others call them, our resources by their ARNs.

use yagura_model::{Diagnostic, RuleInfo};
use yagura_packs::Packs;

use crate::resource::Resources;
use crate::rules::RuleNames;

/// Everything that turns other products' names into ours. Made once, shared by every import.
#[derive(Debug)]
pub struct Vocabulary {
    pub(crate) rules: RuleNames,
    pub(crate) resources: Resources,
}

impl Vocabulary {
    /// The names of these rules, and of the types that the packs' collectors read.
    pub fn new<'r>(packs: &Packs, rules: impl IntoIterator<Item = &'r RuleInfo>) -> (Self, Vec<Diagnostic>) {
        let (resources, diagnostics) = Resources::load(packs);
        (Self { rules: RuleNames::of(rules), resources }, diagnostics)
    }
}
