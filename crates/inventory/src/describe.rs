//! What collectors do, told as data: for pages that people read.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{AlsoInfo, Asked, CollectorInfo, ListInfo, ListPlace, ResourceType};

use crate::Collectors;
use crate::collector::{Also, Asks, Collector, Scope};
use crate::path::Path;
use crate::plan::Plan;
use crate::template::{Reference, Template};

impl Collectors {
    /// How every type is read, in alphabetical order.
    pub fn infos(&self) -> impl Iterator<Item = CollectorInfo> {
        self.by_type.iter().map(|(resource, all)| {
            let mut info = CollectorInfo {
                resource: resource.clone(),
                lists: Vec::new(),
                also: Vec::new(),
                relationships: Vec::new(),
                redact: Vec::new(),
            };
            for collector in all {
                info.lists.extend(self.list(collector));
                info.relationships.extend(relationships(collector));
                info.redact.extend(collector.redact.iter().cloned());
                for also in collector.also.iter().map(|it| self.also(it)) {
                    // What another file adds stands behind every list of the type.
                    if !info.also.contains(&also) {
                        info.also.push(also);
                    }
                }
            }
            info.relationships.sort();
            info.relationships.dedup();
            info.redact.sort();
            info.redact.dedup();
            info
        })
    }

    fn list(&self, collector: &Collector) -> Option<ListInfo> {
        let listing = collector.listing()?;
        let locate = collector.own_region.as_ref().and_then(|it| it.locate.as_ref());
        Some(ListInfo {
            call: self.name(listing.call.id),
            place: match &listing.scope {
                Scope::Regional => ListPlace::Regional,
                Scope::Global(at) => ListPlace::Global(at.clone()),
                Scope::Parent(parent) => ListPlace::Each(parent.clone()),
            },
            own_region: collector.own_region.is_some(),
            locate: locate.map(|it| self.name(it.call.id)),
            management: collector.management,
            omit: texts(&listing.omit),
        })
    }

    fn also(&self, also: &Also) -> AlsoInfo {
        AlsoInfo {
            call: self.name(also.call.id),
            first: also.first.as_ref().map(|it| self.name(it.id)),
            fields: also.gives.fields().to_vec(),
            asked: match &also.asks {
                Asks::Item => Asked::Resource,
                Asks::Each(path) => Asked::Element(path.to_string()),
                Asks::Batch { size, .. } => Asked::Batch(*size),
                Asks::Once => Asked::Once,
            },
            management: also.management,
            omit: texts(&also.omit),
        }
    }

    fn name(&self, id: crate::collector::CallId) -> String {
        self.calls.get(id).name.to_string()
    }
}

impl Plan {
    /// The calls that are made for each type, types without a call included.
    #[must_use]
    pub fn calls_by_type(&self) -> BTreeMap<ResourceType, BTreeSet<&str>> {
        let mut all: BTreeMap<ResourceType, BTreeSet<&str>> = BTreeMap::new();
        for step in &self.steps {
            let calls = crate::plan::calls(step).map(|call| &*self.calls.get(call.id).name);
            all.entry(step.collector.resource.clone()).or_default().extend(calls);
        }
        all
    }
}

fn texts(paths: &[Path]) -> Vec<String> {
    paths.iter().map(Path::to_string).collect()
}

/// Each type that is named, with the paths of the fields that name it.
fn relationships(collector: &Collector) -> impl Iterator<Item = (ResourceType, String)> {
    collector.relationships.iter().map(|(to, id)| (to.clone(), fields(id)))
}

fn fields(template: &Template) -> String {
    let named = template.references().filter_map(|reference| match reference {
        Reference::Field(path) => Some(path.to_string()),
        Reference::Parent(path) => Some(format!("parent.{path}")),
        Reference::Each(path) => Some(format!("each.{path}")),
        Reference::Id => Some("id".to_owned()),
        Reference::Arn => Some("arn".to_owned()),
        Reference::Account | Reference::Region | Reference::Partition => None,
    });
    named.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use yagura_model::Needs;
    use yagura_packs::Packs;

    use super::*;
    use crate::{AnyOperation, ServiceFilter};

    #[test]
    fn what_is_told_of_all_types_is_what_a_plan_of_all_calls() {
        let (collectors, problems) = Collectors::load(&Packs::embedded(), &AnyOperation);
        assert_eq!(problems, []);
        let infos: Vec<_> = collectors.infos().collect();
        let plan = collectors.plan(&Needs::Everything, &ServiceFilter::default());
        let told: BTreeSet<&str> = infos.iter().flat_map(CollectorInfo::calls).collect();
        assert_eq!(told, plan.calls());
        let by_type = plan.calls_by_type();
        assert_eq!(by_type.len(), infos.len());
        for info in &infos {
            assert_eq!(info.calls().collect::<BTreeSet<_>>(), by_type[&info.resource], "{}", info.resource);
        }
    }

    #[test]
    fn a_bucket_is_listed_once_and_its_policy_asked_for_each() {
        let (collectors, _) = Collectors::load(&Packs::embedded(), &AnyOperation);
        let bucket = collectors.infos().find(|it| it.resource.as_str() == "AWS::S3::Bucket").unwrap();
        let [list] = &bucket.lists[..] else { panic!("{:?}", bucket.lists) };
        assert_eq!((list.call.as_str(), &list.place), ("s3.ListBuckets", &ListPlace::Global(None)));
        assert_eq!(list.locate.as_deref(), Some("s3.GetBucketLocation"));
        let policy = bucket.also.iter().find(|it| it.call == "s3.GetBucketPolicy").unwrap();
        assert_eq!((&policy.fields[..], &policy.asked), (&["Policy".to_owned()][..], &Asked::Resource));
        assert!(bucket.relationships.contains(&("AWS::IAM::Role".into(), "Replication.Role".to_owned())));
    }
}
