//! Pages about rules, frameworks and resource types: a site of plain files, to be read from a disk or any web server.
//!
//! # Invariants
//!
//! - **What comes from files is untrusted.** It reaches a page escaped: markup of ours is a literal, all else is text. Pages
//!   run no script but the one filter of the lists, whose hash their content security policy names.
//! - **No network, no clock.** A page names nothing outside the site but links that a reader may follow, and the same
//!   packs give the same bytes.
//! - **Every link inside leads somewhere.** A rule, framework or type without a page is told as text.

mod collector;
mod framework;
mod home;
mod lists;
mod names;
mod page;
mod rule;
mod site;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use yagura_model::{CollectorInfo, Framework, Lang, Outcome, ResourceType, RuleInfo};

pub use self::site::{Site, SitePage};

/// Everything that the pages tell.
#[derive(Debug, Clone)]
pub struct Docs<'a> {
    /// The program's version.
    pub version: &'a str,
    /// The languages that pages are written in.
    pub langs: Vec<Lang>,
    /// The rules, sorted by id.
    pub rules: Vec<RuleDoc<'a>>,
    /// The frameworks, sorted by id.
    pub frameworks: Vec<&'a Framework>,
    /// The types of resources, sorted.
    pub collectors: Vec<CollectorDoc>,
    /// The IAM action that each call needs.
    pub actions: BTreeMap<String, String>,
}

/// A rule with what its page tells.
#[derive(Debug, Clone)]
pub struct RuleDoc<'a> {
    /// Its texts, its severity, its names.
    pub info: &'a RuleInfo,
    /// The service that it is filed under.
    pub service: &'a str,
    /// Whether a scan that names no rules judges by it.
    pub on_by_default: bool,
    /// Its parameters and their defaults.
    pub params: &'a Map<String, Value>,
    /// Its conditions as written, by key: `when`, `compliant`, `evidence`.
    pub conditions: Vec<(&'static str, &'a str)>,
    /// The names of its examples and the answers they expect.
    pub cases: Vec<(&'a str, Outcome)>,
    /// What is read to judge by it.
    pub reads: Reads,
}

/// What is read to judge by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reads {
    /// Everything: which types it asks for is known only while it judges.
    Everything,
    /// Only some types.
    Types {
        /// The calls that are made for each type, for the parents of types too.
        calls: BTreeMap<ResourceType, BTreeSet<String>>,
        /// The types that its conditions look at.
        named: BTreeSet<ResourceType>,
    },
}

impl Reads {
    /// Whether its conditions look at resources of a type.
    fn names(&self, resource: &ResourceType) -> bool {
        match self {
            Self::Everything => false,
            Self::Types { named, .. } => named.contains(resource),
        }
    }
}

/// A type of resource with what its page tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectorDoc {
    /// How it is read.
    pub info: CollectorInfo,
    /// Every call that is made to read all of it, for its parents too.
    pub calls: BTreeSet<String>,
}
