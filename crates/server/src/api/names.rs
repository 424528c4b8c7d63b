//! Names in the query of a list, made accounts and rules.

use std::collections::BTreeSet;

use yagura_model::{AccountId, RuleId};

use crate::app::App;
use crate::problem::Problem;
use crate::sign_in::Caller;

/// What somebody narrows a list by. Nothing named is everything.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'n> {
    pub(super) accounts: &'n [String],
    pub(super) projects: &'n [String],
    pub(super) rules: &'n [String],
    pub(super) frameworks: &'n [String],
}

impl Names<'_> {
    /// The accounts that the caller sees of those that are meant, and the rules; `None` when there is nothing that they may see. Names that stand for nothing
    /// let nothing through: whether something of that name exists is not told.
    pub(super) async fn meant(
        self,
        app: &App,
        caller: &Caller,
    ) -> Result<Option<(BTreeSet<AccountId>, BTreeSet<RuleId>)>, Problem> {
        let world = app.world();
        let reported = match self.rules.is_empty() {
            true => BTreeSet::new(),
            false => app.store.reported_rules().await?,
        };
        let known = world.known(&reported);
        let Ok(named) = known.accounts_named(self.accounts, self.projects) else { return Ok(None) };
        let Some(accounts) = caller.narrow(named) else { return Ok(None) };
        let Ok(rules) = known.rules_named(self.rules, self.frameworks) else { return Ok(None) };
        Ok(Some((accounts, rules)))
    }
}
