//! What to ask: the collectors narrowed to what somebody wants to know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use yagura_model::{Links, Needs, ResourceType, WantedFields};

use crate::Collectors;
use crate::collector::{Also, Asks, Call, CallId, CallNames, Collector, Scope, Source, item_fields};
use crate::template::{Reference, Template};

/// The fields under which AWS keeps tags. Who wants `Tags` wants whichever of them a resource has.
pub const TAG_FIELDS: [&str; 5] = ["Tags", "TagSet", "TagList", "tags", "tagSet"];

/// Which services are asked, by the name in calls (`ec2`, `s3`); an empty include means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceFilter {
    /// Only these.
    pub include: BTreeSet<String>,
    /// But not these.
    pub exclude: BTreeSet<String>,
}

/// What is asked in each account.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) steps: Vec<Step>,
    /// Steps without a parent.
    pub(crate) roots: Vec<usize>,
    pub(crate) calls: Arc<CallNames>,
    /// Calls that may be made twice with the same input in one account, by number: their answers are kept.
    pub(crate) shared: Vec<bool>,
    needs: Needs,
    links: Arc<Links>,
}

/// One type of the plan.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) collector: Arc<Collector>,
    /// The `also` entries to be asked, by number; those of one stage build only on earlier stages.
    pub(crate) stages: Vec<Vec<usize>>,
    /// Wanted `also` entries whose service is left out.
    pub(crate) excluded: Vec<usize>,
    pub(crate) children: Vec<usize>,
}

impl ServiceFilter {
    /// Whether a service is asked.
    #[must_use]
    pub fn allows(&self, service: &str) -> bool {
        (self.include.is_empty() || self.include.contains(service)) && !self.exclude.contains(service)
    }
}

impl Collectors {
    /// Narrows to the types and fields that are needed and what those build on, and to the services that are asked.
    #[must_use]
    pub fn plan(&self, needs: &Needs, services: &ServiceFilter) -> Plan {
        let mut wanted = self.wanted(needs);
        let mut steps = Vec::new();
        for resource in self.children_first() {
            let Some(fields) = wanted.get(&resource).cloned() else { continue };
            for collector in self.by_type.get(&resource).into_iter().flatten().rev() {
                if !self.is_allowed(collector, services) {
                    continue;
                }
                let chosen = choose(collector, &fields, needs);
                if let Some(parent) = collector.parent() {
                    let mut theirs = collector.parent_fields();
                    theirs.extend(chosen.iter().flat_map(|n| collector.also[*n].parent_fields()));
                    let known = wanted.remove(parent).unwrap_or_else(|| WantedFields::Some(BTreeSet::new()));
                    wanted.insert(parent.clone(), known.union(WantedFields::Some(theirs)));
                }
                steps.push(self.step(collector, &chosen, services));
            }
        }
        steps.reverse();
        let roots = link(&mut steps);
        let shared = shared(&steps, &self.calls);
        let links = Arc::new(self.links());
        Plan { steps, roots, calls: self.calls.clone(), shared, needs: needs.clone(), links }
    }

    fn links(&self) -> Links {
        let mut links = Links::default();
        for collector in self.by_type.values().flatten() {
            for (to, id) in &collector.relationships {
                for field in item_fields(id.references()) {
                    links.add(collector.resource.clone(), field, to.clone());
                }
            }
        }
        links
    }

    fn step(&self, collector: &Arc<Collector>, chosen: &BTreeSet<usize>, services: &ServiceFilter) -> Step {
        let asked = |n: &usize| services.allows(self.calls.get(collector.also[*n].call.id).service());
        let (asked, excluded): (BTreeSet<usize>, BTreeSet<usize>) = chosen.iter().partition(|n| asked(n));
        Step {
            stages: stages(&collector.also, &asked),
            collector: collector.clone(),
            excluded: excluded.into_iter().collect(),
            children: Vec::new(),
        }
    }

    fn wanted(&self, needs: &Needs) -> BTreeMap<ResourceType, WantedFields> {
        let mut wanted: BTreeMap<_, _> = match needs {
            Needs::Everything => self.by_type.keys().map(|it| (it.clone(), WantedFields::All)).collect(),
            Needs::Types(types) => types.clone(),
        };
        for always in [ResourceType::ACCOUNT, ResourceType::REGION] {
            wanted.entry(always.into()).or_insert_with(|| WantedFields::Some(BTreeSet::new()));
        }
        wanted
    }

    /// Every type before its parents; otherwise in reverse alphabetical order.
    fn children_first(&self) -> Vec<ResourceType> {
        let mut types: Vec<_> = self.by_type.keys().map(|it| (self.depth(it), it.clone())).collect();
        types.sort();
        types.into_iter().rev().map(|(_, it)| it).collect()
    }

    /// The longest way to a type without a parent. Loading leaves no cycles.
    fn depth(&self, resource: &ResourceType) -> usize {
        let parents = self.by_type.get(resource).into_iter().flatten().filter_map(|it| it.parent());
        parents.map(|parent| self.depth(parent) + 1).max().unwrap_or(0)
    }

    /// Whether a list and some list of the parents that it needs are of services that are asked.
    fn is_allowed(&self, collector: &Collector, services: &ServiceFilter) -> bool {
        let own = collector.listing().is_none_or(|it| services.allows(self.calls.get(it.call.id).service()));
        let parents = collector.parent().and_then(|it| self.by_type.get(it));
        own && parents.is_none_or(|all| all.iter().any(|it| self.is_allowed(it, services)))
    }
}

impl Step {
    /// The wanted `also` entries, asked or excluded.
    fn all_also(&self) -> impl Iterator<Item = &Also> {
        self.stages.iter().flatten().chain(&self.excluded).map(|n| &self.collector.also[*n])
    }
}

impl Plan {
    /// The types that are asked for, parents of wanted types included.
    #[must_use]
    pub fn types(&self) -> BTreeSet<ResourceType> {
        self.steps.iter().map(|step| step.collector.resource.clone()).collect()
    }

    /// The calls that are made, in alphabetical order: what the scanning role must be allowed.
    #[must_use]
    pub fn calls(&self) -> BTreeSet<&str> {
        let calls = self.steps.iter().flat_map(calls);
        calls.map(|call| &*self.calls.get(call.id).name).collect()
    }

    /// Which fields of each type name resources of which other types.
    #[must_use]
    pub fn links(&self) -> Arc<Links> {
        Arc::clone(&self.links)
    }

    /// The calls that collectors know and this plan does not make.
    #[must_use]
    pub fn passed_over(&self) -> BTreeSet<&str> {
        let made = self.calls();
        self.calls.all().filter(|name| !made.contains(name)).collect()
    }

    /// The types whose resources lie in regions, each with the call that lists them there: whoever leaves a region out
    /// misses some of these.
    ///
    /// What is listed in every region but at home in one is not among them: a trail that records all regions is seen from
    /// any of them.
    pub(crate) fn regional(&self) -> impl Iterator<Item = (&ResourceType, &str)> {
        let regional = |collector: &Collector| match &collector.source {
            Source::Account => false,
            Source::Regions => true,
            Source::Listing(listing) => match &listing.scope {
                Scope::Regional => collector.own_region.is_none(),
                Scope::Global(_) => collector.own_region.is_some(),
                Scope::Parent(_) => false,
            },
        };
        let roots = self.roots.iter().copied().filter(move |n| regional(&self.steps[*n].collector));
        let mut waiting: Vec<usize> = roots.collect();
        std::iter::from_fn(move || {
            let step = &self.steps[waiting.pop()?];
            waiting.extend(&step.children);
            let call = step.collector.listing().map_or("*", |it| &*self.calls.get(it.call.id).name);
            Some((&step.collector.resource, call))
        })
    }

    /// Each type with the fields that further calls are made for.
    #[must_use]
    pub fn asked(&self) -> BTreeMap<ResourceType, BTreeSet<String>> {
        let mut asked: BTreeMap<ResourceType, BTreeSet<String>> = BTreeMap::new();
        for step in &self.steps {
            let fields = step.all_also().flat_map(|also| also.gives.fields().iter().cloned());
            asked.entry(step.collector.resource.clone()).or_default().extend(fields);
        }
        asked
    }

    /// The fields of each type, and the calls for them, that this plan asks for beyond what was asked.
    pub(crate) fn fields_beyond(
        &self,
        asked: &BTreeMap<ResourceType, BTreeSet<String>>,
    ) -> BTreeMap<ResourceType, BTreeMap<String, String>> {
        let mut beyond: BTreeMap<ResourceType, BTreeMap<String, String>> = BTreeMap::new();
        for step in &self.steps {
            let known = asked.get(&step.collector.resource);
            for also in step.all_also() {
                for field in
                    also.gives.fields().iter().filter(|it| known.is_none_or(|known| !known.contains(*it)))
                {
                    let call = self.calls.get(also.call.id).name.to_string();
                    beyond.entry(step.collector.resource.clone()).or_default().insert(field.clone(), call);
                }
            }
        }
        beyond
    }

    /// What was wanted when this was planned.
    #[must_use]
    pub fn needs(&self) -> &Needs {
        &self.needs
    }
}

/// The `also` entries that give a wanted field, and those that they build on.
fn choose(collector: &Collector, wanted: &WantedFields, needs: &Needs) -> BTreeSet<usize> {
    let mut fields: BTreeSet<String> = BTreeSet::new();
    let named = collector.arn.iter().chain(&collector.name);
    fields.extend(item_fields(named.flat_map(Template::references)));
    for (to, id) in &collector.relationships {
        if needs.of(to).is_some() {
            fields.extend(item_fields(id.references()));
        }
    }
    if wanted.contains("Tags") {
        fields.extend(TAG_FIELDS.map(str::to_owned));
        fields.extend(collector.tags.as_ref().and_then(|it| it.top()).map(str::to_owned));
    }
    let mut chosen = BTreeSet::new();
    for (n, also) in collector.also.iter().enumerate().rev() {
        let gives = also.gives.fields();
        let is_wanted = gives.iter().any(|it| wanted.contains(it) || fields.contains(it));
        if is_wanted {
            chosen.insert(n);
            fields.extend(also.reads.iter().cloned());
        }
    }
    chosen
}

fn builds_on(also: &Also, earlier: &Also) -> bool {
    earlier.gives.fields().iter().any(|it| also.reads.contains(it))
}

/// Groups entries so that each builds only on earlier groups.
fn stages(all: &[Also], chosen: &BTreeSet<usize>) -> Vec<Vec<usize>> {
    let mut levels: BTreeMap<usize, usize> = BTreeMap::new();
    let mut stages: Vec<Vec<usize>> = Vec::new();
    for n in chosen {
        let before = levels.iter().filter(|(earlier, _)| builds_on(&all[*n], &all[**earlier]));
        let level = before.map(|(_, level)| level + 1).max().unwrap_or(0);
        levels.insert(*n, level);
        if stages.len() <= level {
            stages.resize(level + 1, Vec::new());
        }
        stages[level].push(*n);
    }
    stages
}

/// Tells every step its children, and gives the steps without a parent.
fn link(steps: &mut [Step]) -> Vec<usize> {
    let mut roots = Vec::new();
    for n in 0..steps.len() {
        let Some(parent) = steps[n].collector.parent().cloned() else {
            roots.push(n);
            continue;
        };
        for step in steps.iter_mut().filter(|it| it.collector.resource == parent) {
            step.children.push(n);
        }
    }
    roots
}

/// Every call of a step.
pub(crate) fn calls(step: &Step) -> impl Iterator<Item = &Call> {
    let collector = &step.collector;
    let listing = collector.listing().map(|it| &it.call);
    let locate = collector.own_region.as_ref().and_then(|it| it.locate.as_ref()).map(|it| &it.call);
    let also = step.stages.iter().flatten().flat_map(|n| {
        let also = &collector.also[*n];
        std::iter::once(&also.call).chain(&also.first)
    });
    listing.into_iter().chain(locate).chain(also)
}

/// Which calls may be asked twice with the same input.
fn shared(steps: &[Step], names: &CallNames) -> Vec<bool> {
    let mut uses = vec![0_u32; names.len()];
    let mut repeats = |id: CallId, may_repeat: bool| {
        uses[id.0 as usize] += if may_repeat { 2 } else { 1 };
    };
    for step in steps {
        let collector = &step.collector;
        let alone = matches!(collector.source, Source::Account | Source::Regions);
        let names_item = |call: &Call| names_one(&collector.id, &call.input.references());
        if let Some(listing) = collector.listing() {
            repeats(listing.call.id, matches!(listing.scope, Scope::Parent(_)));
        }
        if let Some(locate) = collector.own_region.as_ref().and_then(|it| it.locate.as_ref()) {
            repeats(locate.call.id, !names_item(&locate.call));
        }
        for also in step.stages.iter().flatten().map(|n| &collector.also[*n]) {
            repeats(
                also.call.id,
                match also.asks {
                    Asks::Item => !alone && !names_item(&also.call),
                    Asks::Batch { .. } => false,
                    Asks::Each(_) | Asks::Once => true,
                },
            );
            if let Some(first) = &also.first {
                repeats(first.id, false);
            }
        }
    }
    uses.into_iter().map(|uses| uses > 1).collect()
}

/// Whether an input with these references differs for items that differ in their id.
fn names_one(id: &Template, input: &[&Reference]) -> bool {
    let whole = input.contains(&&Reference::Id) || input.contains(&&Reference::Arn);
    whole || id.references().all(|it| input.contains(&it))
}
