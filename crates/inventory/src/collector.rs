//! Collectors as the engine runs them: every path and template read, every call's name a number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use yagura_aws::CallError;
use yagura_model::{Region, ResourceType};

use crate::input::Input;
use crate::path::Path;
use crate::template::{Reference, Template};

/// How to read one type of resource.
#[derive(Debug, Clone)]
pub(crate) struct Collector {
    pub(crate) resource: ResourceType,
    pub(crate) source: Source,
    pub(crate) own_region: Option<OwnRegion>,
    /// Only in the organisation's management account.
    pub(crate) management: bool,
    pub(crate) id: Template,
    pub(crate) name: Option<Template>,
    pub(crate) arn: Option<Template>,
    pub(crate) tags: Option<Path>,
    /// Documents in texts, wherever they came from.
    pub(crate) json: Vec<Path>,
    /// Fields in which secrets may stand in plain text.
    pub(crate) redact: Vec<String>,
    pub(crate) relationships: Vec<(ResourceType, Template)>,
    pub(crate) also: Vec<Also>,
}

/// Where the resources of a type come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// The account itself.
    Account,
    /// The scanned regions themselves.
    Regions,
    /// A call.
    Listing(Listing),
}

/// The call that lists the resources of a type.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) call: Call,
    pub(crate) scope: Scope,
    pub(crate) items: Option<Path>,
    /// `as`: the field that an item of plain text becomes.
    pub(crate) wrap: Option<String>,
    pub(crate) filter: Vec<Condition>,
    pub(crate) omit: Vec<Path>,
}

/// How often a listing is asked, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    Regional,
    /// Once; in this region instead of the home region.
    Global(Option<Region>),
    /// Once for each resource of this type.
    Parent(ResourceType),
}

/// How the region of a resource is found that any region may list.
#[derive(Debug, Clone)]
pub(crate) struct OwnRegion {
    pub(crate) path: Path,
    pub(crate) locate: Option<Locate>,
}

/// A call that answers a resource's region.
#[derive(Debug, Clone)]
pub(crate) struct Locate {
    pub(crate) call: Call,
    pub(crate) take: Option<Path>,
    pub(crate) rename: BTreeMap<String, Region>,
}

/// A number for a call's name: its place in [`CallNames`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CallId(pub(crate) u32);

/// A call, before its input is filled in.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) id: CallId,
    pub(crate) input: Input,
}

/// A further call for the fields of an item.
#[derive(Debug, Clone)]
pub(crate) struct Also {
    pub(crate) call: Call,
    pub(crate) asks: Asks,
    pub(crate) take: Option<Path>,
    pub(crate) parse: Option<Parse>,
    pub(crate) omit: Vec<Path>,
    pub(crate) pick: Pick,
    pub(crate) gives: Gives,
    pub(crate) empty: Option<Value>,
    pub(crate) when: Vec<Condition>,
    pub(crate) first: Option<Call>,
    pub(crate) again: Vec<Code>,
    pub(crate) management: bool,
    /// The fields of the item that it builds on.
    pub(crate) reads: BTreeSet<String>,
}

/// How often an `also` is asked.
#[derive(Debug, Clone)]
pub(crate) enum Asks {
    /// For each item.
    Item,
    /// For each element of this list of each item.
    Each(Path),
    /// For many items at once: `key` is sent under `input`, `theirs` is the key in the answer.
    Batch { input: String, size: usize, key: Template, theirs: Path },
    /// Once in the account and region.
    Once,
}

/// How a text becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parse {
    Json,
    Csv,
}

/// Which elements of a list belong to the item.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pick {
    pub(crate) filter: Vec<Condition>,
    /// Their path, our value.
    pub(crate) keys: Vec<(Path, Template)>,
    pub(crate) many: bool,
}

/// Where an answer goes.
#[derive(Debug, Clone)]
pub(crate) enum Gives {
    Into(String),
    Merge(Vec<String>),
}

/// A field that must be there, or must have one of these values.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) path: Path,
    pub(crate) any_of: Option<Vec<Input>>,
}

/// An error code, possibly only when its message contains certain words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Code {
    pub(crate) code: Box<str>,
    pub(crate) words: Option<Box<str>>,
}

/// The names of all calls, and which of their errors mean that there is nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallNames {
    names: Vec<CallName>,
    ids: BTreeMap<Arc<str>, CallId>,
}

#[derive(Debug, Clone)]
pub(crate) struct CallName {
    pub(crate) name: Arc<str>,
    pub(crate) absent: Vec<Code>,
}

impl CallNames {
    /// The number of this name.
    pub(crate) fn intern(&mut self, name: &str) -> CallId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = CallId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        let name: Arc<str> = name.into();
        self.names.push(CallName { name: name.clone(), absent: Vec::new() });
        self.ids.insert(name, id);
        id
    }

    /// Adds codes that mean absence. They hold for every use of the call, so that its coverage does not depend on who
    /// asked first.
    pub(crate) fn add_absent(&mut self, id: CallId, codes: Vec<Code>) {
        let absent = &mut self.names[id.0 as usize].absent;
        absent.extend(codes);
        absent.sort();
        absent.dedup();
    }

    /// Every name.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|it| &*it.name)
    }

    pub(crate) fn get(&self, id: CallId) -> &CallName {
        &self.names[id.0 as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }
}

impl CallName {
    /// `ec2` of `ec2.DescribeInstances`.
    pub(crate) fn service(&self) -> &str {
        self.name.split_once('.').map_or(&self.name, |(service, _)| service)
    }
}

impl Code {
    /// Reads `Code` or `Code: words of the message`.
    pub(crate) fn parse(text: &str) -> Self {
        match text.split_once(": ") {
            Some((code, words)) => Self { code: code.into(), words: Some(words.into()) },
            None => Self { code: text.into(), words: None },
        }
    }

    /// Whether an error is this one.
    pub(crate) fn matches(&self, error: &CallError) -> bool {
        error.code.as_deref() == Some(&*self.code)
            && self.words.as_deref().is_none_or(|words| error.message.contains(words))
    }
}

impl Gives {
    /// The fields of the configuration that it fills.
    pub(crate) fn fields(&self) -> &[String] {
        match self {
            Self::Into(field) => std::slice::from_ref(field),
            Self::Merge(fields) => fields,
        }
    }
}

impl Also {
    /// The references of its inputs and keys.
    pub(crate) fn references(&self) -> Vec<&Reference> {
        let mut all = self.call.input.references();
        if let Asks::Batch { key, .. } = &self.asks {
            all.extend(key.references());
        }
        all.extend(self.pick.keys.iter().flat_map(|(_, ours)| ours.references()));
        all.extend(self.when.iter().flat_map(Condition::references));
        all.extend(self.pick.filter.iter().flat_map(Condition::references));
        all
    }

    /// The paths of the parent's configuration that it builds on.
    pub(crate) fn parent_fields(&self) -> BTreeSet<String> {
        parent_fields(self.references())
    }

    fn find_reads(&self, arn: Option<&Template>) -> BTreeSet<String> {
        let mut references = self.references();
        let own = references.contains(&&Reference::Arn).then_some("arn").filter(|_| arn.is_none());
        if own.is_none() && references.contains(&&Reference::Arn) {
            references.extend(arn.into_iter().flat_map(Template::references));
        }
        let mut reads = item_fields(references);
        reads.extend(own.map(str::to_owned));
        let each = match &self.asks {
            Asks::Each(path) => path.top(),
            _ => None,
        };
        let when = self.when.iter().filter_map(|condition| condition.path.top());
        reads.extend(each.into_iter().chain(when).map(str::to_owned));
        reads
    }
}

impl Condition {
    fn references(&self) -> Vec<&Reference> {
        self.any_of.iter().flatten().flat_map(Input::references).collect()
    }
}

impl Collector {
    /// Works out which fields each `also` builds on; to be called when all are there.
    pub(crate) fn link(&mut self) {
        let arn = self.arn.clone();
        for also in &mut self.also {
            also.reads = also.find_reads(arn.as_ref());
        }
    }

    /// The type of the parent, when this is asked for each of its resources.
    pub(crate) fn parent(&self) -> Option<&ResourceType> {
        match &self.source {
            Source::Listing(Listing { scope: Scope::Parent(parent), .. }) => Some(parent),
            _ => None,
        }
    }

    /// Whether both ask for the same list.
    pub(crate) fn lists_like(&self, other: &Self) -> bool {
        match (self.listing(), other.listing()) {
            (Some(a), Some(b)) => {
                a.call.id == b.call.id
                    && a.call.input == b.call.input
                    && a.scope == b.scope
                    && a.items == b.items
            }
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// The call that lists, if one is needed.
    pub(crate) fn listing(&self) -> Option<&Listing> {
        match &self.source {
            Source::Listing(listing) => Some(listing),
            Source::Account | Source::Regions => None,
        }
    }

    /// The fields of the parent's configuration that the listing builds on.
    pub(crate) fn parent_fields(&self) -> BTreeSet<String> {
        let input = self.listing().map(|it| it.call.input.references()).unwrap_or_default();
        let named = [&self.name, &self.arn].into_iter().flatten().chain([&self.id]);
        parent_fields(input.into_iter().chain(named.flat_map(Template::references)))
    }
}

/// The top-level fields of the item that these references name; `{id}` and `{arn}` are not followed.
pub(crate) fn item_fields<'a>(references: impl IntoIterator<Item = &'a Reference>) -> BTreeSet<String> {
    let field = |reference: &'a Reference| match reference {
        Reference::Field(path) => path.top(),
        _ => None,
    };
    references.into_iter().filter_map(field).map(str::to_owned).collect()
}

fn parent_fields<'a>(references: impl IntoIterator<Item = &'a Reference>) -> BTreeSet<String> {
    let field = |reference: &'a Reference| match reference {
        Reference::Parent(path) => path.top(),
        _ => None,
    };
    references.into_iter().filter_map(field).map(str::to_owned).collect()
}
