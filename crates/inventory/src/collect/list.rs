//! Lists the items of a type in one place, and finds the regions that they belong to.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;
use serde_json::{Map, Value};
use yagura_model::{AccountStatus, Gap, ReadStatus, Region, Resource};

use super::ask::{Asked, Preparation, extract};
use super::draft::{Draft, Env};
use super::parse::parse_documents;
use super::{ITEMS_AT_ONCE, Place, Reader, bounded};
use crate::collector::{Listing, Locate, OwnRegion, Source};
use crate::path::scalar_text;
use crate::plan::Step;

/// Why an item that was listed cannot be told from others.
const NO_ID: &str = "item-without-id";

impl Reader<'_> {
    /// The items of a type in one place; what fails is noted.
    pub(super) async fn list(&self, step: &Step, place: &Place, parent: Option<&Resource>) -> Vec<Draft> {
        let listing = match &step.collector.source {
            Source::Account => return vec![self.account_draft()],
            Source::Regions => return vec![region_draft(&place.filed)],
            Source::Listing(listing) => listing,
        };
        let env = self.env(step, place, parent);
        let filled = match listing.call.input.fill(&env) {
            Ok(filled) => filled,
            Err(gap) => {
                self.unlisted(step, place, &gap);
                return Vec::new();
            }
        };
        // Without what names its parent, such a call would ask for something else.
        if parent.is_some() && !filled.complete {
            return Vec::new();
        }
        match self.ask(listing.call.id, place, &filled.value, Preparation::default()).await {
            Asked::Nothing => Vec::new(),
            Asked::Gap(gap) => {
                self.unlisted(step, place, &gap);
                Vec::new()
            }
            Asked::Answer(answer) => {
                let items = match extract(answer, listing.items.as_ref()) {
                    None => Vec::new(),
                    Some(Value::Array(items)) if listing.items.as_ref().is_some_and(|it| it.is_many()) => {
                        items
                    }
                    Some(item) => vec![item],
                };
                self.drafts(step, listing, place, env, items)
            }
        }
    }

    /// Items that pass the filter and have an id; each id once.
    fn drafts(
        &self,
        step: &Step,
        listing: &Listing,
        place: &Place,
        env: Env<'_>,
        items: Vec<Value>,
    ) -> Vec<Draft> {
        let mut drafts = Vec::with_capacity(items.len());
        let mut ids = BTreeSet::new();
        let lose = |gap: &Gap| self.unlisted(step, place, gap);
        for item in items {
            let mut item = match &listing.wrap {
                Some(field) => Value::Object(Map::from_iter([(field.clone(), item)])),
                None => item,
            };
            let kept = listing
                .filter
                .iter()
                .try_fold(true, |kept, condition| Ok(kept && env.holds_for(condition, &item)?));
            match kept {
                Ok(true) => {}
                Ok(false) => continue,
                Err(gap) => {
                    lose(&gap);
                    continue;
                }
            }
            for secret in &listing.omit {
                secret.remove(&mut item);
            }
            parse_documents(&step.collector.json, &mut item);
            let id = if item.is_object() { step.collector.id.text(&env.of_item(&item)) } else { Ok(None) };
            match id {
                Ok(Some(id)) if !id.is_empty() => {
                    if ids.insert(id.clone()) {
                        drafts.push(Draft { id, item, unread: BTreeMap::new() });
                    }
                }
                Ok(_) => lose(&Gap {
                    call: self.plan.calls.get(listing.call.id).name.to_string(),
                    region: place.filed.clone(),
                    status: ReadStatus::Failed { code: NO_ID.to_owned() },
                }),
                Err(gap) => lose(&gap),
            }
        }
        drafts
    }

    /// Files items under their own regions, each once. What a global list names in a region that is not scanned is left
    /// out. What a scanned region lists works there, wherever its home is (a trail of all regions): it is kept, and
    /// asked about where it was listed.
    pub(super) async fn locate(
        &self,
        step: &Step,
        own: &OwnRegion,
        listed: Vec<(&Place, Vec<Draft>)>,
    ) -> Vec<(Place, Vec<Draft>)> {
        let mut found: BTreeMap<Region, BTreeMap<String, (bool, Draft)>> = BTreeMap::new();
        let mut elsewhere: BTreeMap<Region, Place> = BTreeMap::new();
        for (place, drafts) in listed {
            let located = drafts.into_iter().map(|draft| self.locate_one(step, own, place, draft));
            for (region, draft) in bounded(ITEMS_AT_ONCE, located).await {
                // Places come in the order of their names, so that the first stays unless the own region speaks.
                let is_own = region == place.filed;
                if !place.filed.is_global() && !self.places.contains_key(&region) {
                    let abroad = || Place { filed: region.clone(), target: place.target.clone() };
                    elsewhere.entry(region.clone()).or_insert_with(abroad);
                }
                let same_region = found.entry(region).or_default();
                let better = same_region.get(&draft.id).is_none_or(|(known_own, _)| is_own && !known_own);
                if better {
                    same_region.insert(draft.id.clone(), (is_own, draft));
                }
            }
        }
        let with_place = |(region, drafts): (Region, BTreeMap<String, (bool, Draft)>)| {
            let place = self.places.get(&region).or_else(|| elsewhere.get(&region))?.clone();
            Some((place, drafts.into_values().map(|(_, draft)| draft).collect()))
        };
        found.into_iter().filter_map(with_place).collect()
    }

    fn locate_one<'f>(
        &'f self,
        step: &'f Step,
        own: &'f OwnRegion,
        place: &'f Place,
        mut draft: Draft,
    ) -> BoxFuture<'f, (Region, Draft)> {
        Box::pin(async move {
            let told = own.path.first(&draft.item).and_then(scalar_text).map(|it| Region::from(&*it));
            let region = match (told, &own.locate) {
                (Some(region), _) => region,
                (None, None) if place.filed.is_global() => self.home.clone(),
                (None, None) => place.filed.clone(),
                (None, Some(locate)) => match self.ask_region(step, locate, place, &draft).await {
                    Ok(region) => region,
                    // The resource is there all the same; only where it lives is not known. Nobody may conclude
                    // from its absence where it used to be that it is gone.
                    Err(gap) => {
                        self.unlisted(step, place, &gap);
                        if let Some(field) = own.path.top() {
                            draft.lose(field, gap);
                        }
                        place.filed.clone()
                    }
                },
            };
            (region, draft)
        })
    }

    async fn ask_region(
        &self,
        step: &Step,
        locate: &Locate,
        place: &Place,
        draft: &Draft,
    ) -> Result<Region, Gap> {
        let env = self.env(step, place, None).of(draft);
        let filled = locate.call.input.fill(&env)?;
        let answer = match self.ask(locate.call.id, place, &filled.value, Preparation::default()).await {
            Asked::Answer(answer) => extract(answer, locate.take.as_ref()),
            Asked::Nothing => None,
            Asked::Gap(gap) => return Err(gap),
        };
        let name = answer.as_ref().and_then(scalar_text).filter(|it| !it.is_empty());
        Ok(match name {
            None => self.home.clone(),
            Some(name) => locate.rename.get(&*name).cloned().unwrap_or_else(|| Region::from(&*name)),
        })
    }

    pub(super) fn env<'f>(
        &'f self,
        step: &'f Step,
        place: &'f Place,
        parent: Option<&'f Resource>,
    ) -> Env<'f> {
        Env {
            account: self.subject.account,
            partition: self.subject.organization.partition,
            region: &place.target.region,
            collector: &step.collector,
            parent,
            item: None,
            draft: None,
            each: None,
        }
    }

    /// The account, as Organizations knows it.
    fn account_draft(&self) -> Draft {
        let account = self.subject.account;
        let mut item = Map::new();
        let mut set = |key: &str, value: Value| {
            let unknown = value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty);
            if !unknown {
                item.insert(key.to_owned(), value);
            }
        };
        set("Id", account.id.as_str().into());
        set("Name", account.name.as_str().into());
        let status = match account.status {
            AccountStatus::Active => "ACTIVE",
            AccountStatus::Suspended => "SUSPENDED",
            AccountStatus::PendingClosure => "PENDING_CLOSURE",
            AccountStatus::PendingActivation => "PENDING_ACTIVATION",
        };
        set("Status", status.into());
        set("OuPath", account.ou_path.as_str().into());
        set("OuIds", account.ou_ids.iter().map(String::as_str).collect());
        set("Management", account.management.into());
        set("OrganizationId", self.subject.organization.id.as_deref().into());
        Draft { id: account.id.to_string(), item: Value::Object(item), unread: BTreeMap::new() }
    }
}

fn region_draft(region: &Region) -> Draft {
    let item = Map::from_iter([("RegionName".to_owned(), region.as_str().into())]);
    Draft { id: region.to_string(), item: Value::Object(item), unread: BTreeMap::new() }
}
