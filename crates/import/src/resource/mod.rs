//! From what others call a resource to our key of it: account, region, type, id.
//!
//! How ARNs are built is data: the collectors say it, and `packs/imports/arns.yaml` for the types whose ARNs AWS gives.

mod pattern;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use yagura_model::{AccountId, Arn, Diagnostic, Level, Region, ResourceKey, ResourceType};
use yagura_packs::Packs;

use pattern::{Around, Pattern};
pub(crate) use types::IMAGE;
use types::Types;

/// What is read of an entry of a collector, or of `packs/imports/arns.yaml`.
#[derive(Debug, Deserialize)]
struct Entry {
    resource: Option<String>,
    arn: Option<String>,
    id: Option<String>,
    scope: Option<String>,
    region: Option<String>,
}

/// One way in which the ARNs of a type are built.
#[derive(Debug)]
struct Form {
    resource: ResourceType,
    pattern: Pattern,
    /// The ARN names a region.
    regional: bool,
    global: bool,
}

/// Where the resources of a type are filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filed {
    Regional,
    Global,
    /// Listed everywhere, filed in a region of its own.
    Own,
}

/// Everything that is known of the names of resources.
#[derive(Debug)]
pub(crate) struct Resources {
    /// By the service part of the ARN.
    forms: BTreeMap<String, Vec<Form>>,
    filed: BTreeMap<ResourceType, Filed>,
    types: Types,
}

/// A resource as somebody else names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    /// An ARN, an id, `AWS::::Account:111122223333`.
    pub(crate) id: &'a str,
    /// Its type, in ASFF's words or ours.
    pub(crate) kind: Option<&'a str>,
    /// The account of the finding.
    pub(crate) account: &'a AccountId,
    /// The region of the resource, or of the finding.
    pub(crate) region: &'a str,
}

/// A resource in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) key: ResourceKey,
    /// The id where it has no ARN.
    pub(crate) arn: String,
}

impl Resources {
    /// Reads the collectors and `packs/imports/arns.yaml`.
    pub(crate) fn load(packs: &Packs) -> (Self, Vec<Diagnostic>) {
        let mut read = Self { forms: BTreeMap::new(), filed: BTreeMap::new(), types: Types::default() };
        let mut diagnostics = Vec::new();
        let mut global: BTreeMap<ResourceType, BTreeSet<bool>> = BTreeMap::new();
        for file in packs.below("collectors", "yaml").chain(packs.file("imports/arns.yaml")) {
            let entries: Vec<Entry> = match yagura_packs::parse(file) {
                Ok(entries) => entries,
                // Collectors tell of their own mistakes; what they lack here is only a better name.
                Err(diagnostic) => {
                    diagnostics.push(Diagnostic { level: Level::Warning, ..diagnostic });
                    continue;
                }
            };
            let of_collectors = file.path.starts_with("collectors/");
            for entry in &entries {
                let Some(name) = entry.resource.as_deref() else { continue };
                let resource = ResourceType::from(name);
                if of_collectors {
                    let is_global = entry.scope.as_deref() == Some(Region::GLOBAL);
                    global.entry(resource.clone()).or_default().insert(is_global);
                    if entry.region.is_some() {
                        read.filed.insert(resource.clone(), Filed::Own);
                    }
                }
                read.add_form(resource, entry);
            }
        }
        for (resource, kinds) in global {
            let filed = if kinds.iter().all(|it| *it) { Filed::Global } else { Filed::Regional };
            read.filed.entry(resource).or_insert(filed);
        }
        read.filed.insert(ResourceType::from(ResourceType::ACCOUNT), Filed::Global);
        read.types = Types::of(read.filed.keys());
        (read, diagnostics)
    }

    fn add_form(&mut self, resource: ResourceType, entry: &Entry) {
        let (Some(arn), Some(id)) = (&entry.arn, &entry.id) else { return };
        let mut arn = arn.splitn(6, ':');
        let (Some(service), Some(region), Some(last)) = (arn.nth(2), arn.next(), arn.nth(1)) else { return };
        let id = if id.contains('{') { id.clone() } else { format!("{{{id}}}") };
        let pattern = Pattern::new(last, &id);
        if pattern.tells_the_id() {
            let global = entry.region.as_deref() == Some(Region::GLOBAL);
            self.forms.entry(service.to_owned()).or_default().push(Form {
                resource,
                pattern,
                regional: !region.is_empty(),
                global,
            });
        }
    }

    /// Our key of a resource.
    pub(crate) fn place(&self, named: Named<'_>) -> Placed {
        let kind = named.kind.filter(|kind| !kind.is_empty()).map(|kind| self.types.ours(kind));
        if let Some(id) = named.id.strip_prefix("AWS::::Account:") {
            return account(named.account, id, named.region);
        }
        if let Ok(arn) = Arn::parse(named.id) {
            return self.place_arn(named, &arn, kind);
        }
        if kind.as_ref().is_some_and(|kind| kind.as_str() == ResourceType::ACCOUNT) {
            return account(named.account, named.id, named.region);
        }
        let resource_type = kind.unwrap_or_else(|| ResourceType::from("Other"));
        let region = self.region(&resource_type, named.region, false);
        self.placed(named.account.clone(), region, resource_type, named.id.to_owned(), named.id)
    }

    fn place_arn(&self, named: Named<'_>, arn: &Arn<'_>, kind: Option<ResourceType>) -> Placed {
        let owner = AccountId::new(arn.account).unwrap_or_else(|_| named.account.clone());
        let told = if arn.region.is_empty() { named.region } else { arn.region };
        let around = Around { arn: named.id, account: owner.as_str(), region: told };
        let forms = self.forms.get(arn.service).map(Vec::as_slice).unwrap_or_default();
        let fitting = forms.iter().filter_map(|form| Some((form, form.pattern.id(arn.resource, around)?)));
        // The type that was told decides, then the pattern that says most.
        let best = fitting.max_by_key(|(form, _)| {
            let agrees = form.regional != arn.region.is_empty();
            (Some(&form.resource) == kind.as_ref(), form.pattern.fixed, agrees)
        });
        let (resource_type, id, global) = match best {
            Some((form, id)) => (form.resource.clone(), id, form.global),
            None => (kind.unwrap_or_else(|| ResourceType::from("Other")), named.id.to_owned(), false),
        };
        if resource_type.as_str() == ResourceType::ACCOUNT {
            return account(&owner, owner.as_str(), told);
        }
        let region = self.region(&resource_type, told, global);
        self.placed(owner, region, resource_type, id, named.id)
    }

    fn placed(
        &self,
        account: AccountId,
        region: Region,
        resource_type: ResourceType,
        id: String,
        arn: &str,
    ) -> Placed {
        Placed { key: ResourceKey { account, region, resource_type, id }, arn: arn.to_owned() }
    }

    fn region(&self, resource: &ResourceType, told: &str, global: bool) -> Region {
        let filed = self.filed.get(resource).copied().unwrap_or(Filed::Regional);
        let nowhere = told.is_empty() || told == "aws-global" || told == Region::GLOBAL;
        if global || nowhere || filed == Filed::Global { Region::global() } else { Region::from(told) }
    }

    /// The types that collectors read.
    #[cfg(test)]
    fn collected(&self) -> impl Iterator<Item = &ResourceType> {
        self.filed.keys()
    }
}

/// The account itself.
pub(crate) fn account(finding: &AccountId, told: &str, region: &str) -> Placed {
    let owner = AccountId::new(told).unwrap_or_else(|_| finding.clone());
    let key = ResourceKey {
        id: owner.to_string(),
        account: owner,
        region: Region::global(),
        resource_type: ResourceType::from(ResourceType::ACCOUNT),
    };
    let partition = Region::from(region).partition();
    Placed { arn: format!("arn:{partition}:iam::{}:root", key.account), key }
}

#[cfg(test)]
mod tests;
