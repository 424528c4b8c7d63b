//! Which scan a framework is reported from.
//!
//! Scans are narrowed: to rules, services, a severity, another framework. The last of them may have looked at one rule of sixty, and its
//! report would call the rest unknown. So the last is taken that looked at all rules of the framework that are on.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;
use yagura_model::{Framework, Needs, ResourceType, RuleId, Scan, ScanId, ScanScope};
use yagura_posture::{Rule, Rules};
use yagura_store::{ReadError, Store};

/// A scan with what it looked at of a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The scan.
    pub scan: Scan,
    /// How many of the framework's rules it looked at: those that it used, and whose resources it collected.
    pub rules: usize,
}

/// Why no scan can be reported from.
#[derive(Debug, Error)]
pub enum ChooseError {
    /// No scan was finished.
    #[error("no scan was finished")]
    NoScan,
    /// The scan that was asked for did not come to its end.
    #[error("scan {scan} did not come to its end")]
    Unfinished {
        /// Which scan.
        scan: ScanId,
    },
    /// It is not there, its counts were dropped, or the database failed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Every scan that can be reported from, the one that was finished last first.
///
/// # Errors
///
/// [`ReadError`] when the store cannot be read.
pub async fn scans_to_report(
    store: &Store,
    framework: &Framework,
    rules: &Rules,
) -> Result<Vec<Reported>, ReadError> {
    let wanted = Wanted::of(framework, rules);
    Ok(store.kept_scans().await?.into_iter().map(|scan| wanted.reported(scan)).collect())
}

/// The scan that was asked for, else the last that looked at every rule of the framework that is on, else the one that looked at most of
/// the framework's rules.
///
/// # Errors
///
/// [`ChooseError`] when there is none, or the one that was asked for cannot be reported from.
pub async fn reported(
    store: &Store,
    framework: &Framework,
    rules: &Rules,
    asked: Option<ScanId>,
) -> Result<Reported, ChooseError> {
    let wanted = Wanted::of(framework, rules);
    let kept = store.kept_scans().await?;
    if let Some(asked) = asked {
        let scan = store.scan(asked).await?;
        if scan.finished.is_none() {
            return Err(ChooseError::Unfinished { scan: asked });
        }
        if !kept.iter().any(|it| it.id == asked) {
            return Err(ReadError::Dropped { scan: asked }.into());
        }
        return Ok(wanted.reported(scan));
    }
    // A look at a part tells where that part stands, unless there is nothing else.
    let is_broad = kept.iter().any(|scan| !scan.scope.is_narrowed);
    let kept: Vec<Scan> = kept.into_iter().filter(|scan| !(is_broad && scan.scope.is_narrowed)).collect();
    let whole = kept.iter().find(|scan| wanted.looked_at(scan).is_superset(&wanted.on));
    // Of those that looked at the same number, the one that was finished last.
    let most = || kept.iter().rev().max_by_key(|scan| wanted.looked_at(scan).len());
    whole.or_else(most).cloned().map(|scan| wanted.reported(scan)).ok_or(ChooseError::NoScan)
}

/// The rules of a framework, with the types that each looks at.
struct Wanted<'f> {
    rules: BTreeMap<&'f RuleId, Vec<ResourceType>>,
    /// Those that are on without being asked for by name.
    on: BTreeSet<&'f RuleId>,
}

impl<'f> Wanted<'f> {
    fn of(framework: &'f Framework, rules: &Rules) -> Self {
        let ids = framework.rules();
        let is_on = |id: &RuleId| rules.get(id.as_str()).is_some_and(|it| !rules.is_off(it));
        Self {
            on: ids.iter().copied().filter(|id| is_on(id)).collect(),
            rules: ids.into_iter().map(|id| (id, types(id, rules))).collect(),
        }
    }

    /// The rules that a scan used, and for which it collected everything that they look at.
    fn looked_at(&self, scan: &Scan) -> BTreeSet<&'f RuleId> {
        let ScanScope { rules, types, .. } = &scan.scope;
        let collected =
            |wanted: &[ResourceType]| types.is_empty() || wanted.iter().all(|it| types.contains(it));
        let used = self.rules.iter().filter(|(id, wanted)| rules.contains(**id) && collected(wanted));
        used.map(|(id, _)| *id).collect()
    }

    fn reported(&self, scan: Scan) -> Reported {
        Reported { rules: self.looked_at(&scan).len(), scan }
    }
}

/// The types that a rule looks at, but for the account and its regions, which every scan has.
fn types(rule: &RuleId, rules: &Rules) -> Vec<ResourceType> {
    let Some(Needs::Types(types)) = rules.get(rule.as_str()).map(Rule::needs) else { return Vec::new() };
    let always = [ResourceType::ACCOUNT, ResourceType::REGION];
    types.into_keys().filter(|it| !always.contains(&it.as_str())).collect()
}
