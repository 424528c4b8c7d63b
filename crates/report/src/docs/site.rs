//! The files of the site: which there are, how they are called, and how one leads to another.

use std::collections::BTreeMap;

use yagura_model::{Framework, Lang, Requirement, ResourceType, RuleId};

use super::names::Names;
use super::page::STYLE;
use super::words::Words;
use super::{CollectorDoc, Docs, RuleDoc, collector, framework, home, lists, rule};
use crate::markup::Markup;

/// The site made from what there is to tell.
#[derive(Debug)]
pub struct Site<'a> {
    pub(super) docs: &'a Docs<'a>,
    rules: Names,
    frameworks: Names,
    types: Names,
    services: Names,
    by_id: BTreeMap<&'a RuleId, &'a RuleDoc<'a>>,
    serves: BTreeMap<&'a RuleId, Served<'a>>,
    /// The requirements of each framework.
    anchors: BTreeMap<&'a str, Names>,
}

/// What frameworks ask for that one rule answers, by framework.
type Served<'a> = Vec<(&'a Framework, Vec<&'a Requirement>)>;

/// One file of the site.
#[derive(Debug)]
pub struct SitePage<'s> {
    site: &'s Site<'s>,
    path: String,
    lang: Lang,
    kind: Kind<'s>,
}

#[derive(Debug, Clone, Copy)]
enum Kind<'s> {
    Style,
    Languages,
    Home,
    List(Section),
    Rule(&'s RuleDoc<'s>),
    Framework(&'s Framework),
    Type(&'s CollectorDoc),
}

/// A list and the pages that it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Rules,
    Frameworks,
    Types,
}

impl Section {
    pub(super) const ALL: [Self; 3] = [Self::Rules, Self::Frameworks, Self::Types];

    pub(super) fn title(self, words: &Words) -> &'static str {
        match self {
            Self::Rules => words.rules,
            Self::Frameworks => words.frameworks,
            Self::Types => words.types,
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Frameworks => "frameworks",
            Self::Types => "collectors",
        }
    }
}

impl<'a> Site<'a> {
    /// Finds out what leads where.
    #[must_use]
    pub fn new(docs: &'a Docs<'a>) -> Self {
        let mut serves: BTreeMap<_, Served<'_>> = BTreeMap::new();
        for framework in &docs.frameworks {
            for requirement in &framework.requirements {
                for rule in &requirement.rules {
                    let served = serves.entry(rule).or_default();
                    match served.last_mut() {
                        Some((last, all)) if last.id == framework.id => all.push(requirement),
                        _ => served.push((framework, vec![requirement])),
                    }
                }
            }
        }
        Self {
            docs,
            rules: Names::of(docs.rules.iter().map(|it| it.info.id.as_str())),
            frameworks: Names::of(docs.frameworks.iter().map(|it| it.id.as_str())),
            types: Names::of(docs.collectors.iter().map(|it| it.info.resource.as_str())),
            services: Names::of(docs.rules.iter().map(|it| it.service)),
            by_id: docs.rules.iter().map(|it| (&it.info.id, it)).collect(),
            serves,
            anchors: docs.frameworks.iter().map(|it| (it.id.as_str(), anchors(it))).collect(),
        }
    }

    /// Every file, in an order that is always the same. Their texts are made one by one, when they are asked for.
    pub fn pages(&self) -> impl Iterator<Item = SitePage<'_>> {
        let page = move |lang, path: String, kind| SitePage { site: self, path, lang, kind };
        let around = [
            page(Lang::En, "style.css".to_owned(), Kind::Style),
            page(Lang::En, "index.html".to_owned(), Kind::Languages),
        ];
        let told = self.docs.langs.iter().flat_map(move |lang| {
            self.kinds().map(move |(path, kind)| page(*lang, format!("{lang}/{path}"), kind))
        });
        around.into_iter().chain(told)
    }

    /// The pages of one language, by their paths in it.
    fn kinds(&self) -> impl Iterator<Item = (String, Kind<'_>)> {
        let home = std::iter::once(("index.html".to_owned(), Kind::Home));
        let lists = Section::ALL.map(|it| (format!("{}/index.html", it.folder()), Kind::List(it)));
        let rules = self.docs.rules.iter().filter_map(|it| {
            Some((file(Section::Rules, self.rules.get(it.info.id.as_str())?), Kind::Rule(it)))
        });
        let frameworks = self.docs.frameworks.iter().filter_map(|it| {
            Some((file(Section::Frameworks, self.frameworks.get(&it.id)?), Kind::Framework(it)))
        });
        let types = self.docs.collectors.iter().filter_map(|it| {
            Some((file(Section::Types, self.types.get(it.info.resource.as_str())?), Kind::Type(it)))
        });
        home.chain(lists).chain(rules).chain(frameworks).chain(types)
    }

    /// The anchor of a service in the list of rules.
    pub(super) fn service(&self, service: &str) -> String {
        format!("s-{}", self.services.get(service).unwrap_or_default())
    }

    /// What frameworks ask for that a rule answers, by framework.
    pub(super) fn served(&self, rule: &RuleId) -> &[(&'a Framework, Vec<&'a Requirement>)] {
        self.serves.get(rule).map(Vec::as_slice).unwrap_or_default()
    }

    /// The anchor of a requirement in its framework's page.
    pub(super) fn requirement(&self, framework: &Framework, requirement: &Requirement) -> String {
        let known = self.anchors.get(framework.id.as_str()).and_then(|it| it.get(&requirement.id));
        format!("r-{}", known.unwrap_or_default())
    }

    pub(super) fn rule(&self, id: &RuleId) -> Option<&'a RuleDoc<'a>> {
        self.by_id.get(id).copied()
    }
}

fn anchors(framework: &Framework) -> Names {
    Names::of(framework.requirements.iter().map(|it| it.id.as_str()))
}

fn file(section: Section, name: &str) -> String {
    format!("{}/{name}.html", section.folder())
}

impl SitePage<'_> {
    /// Where it goes: names joined by `/`, of lower-case letters, digits, `-`, `_` and `.` alone.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What it holds.
    #[must_use]
    pub fn text(&self) -> String {
        let path = self.path.split_once('/').map_or(self.path.as_str(), |(_, path)| path);
        let here = Here { site: self.site, lang: self.lang, words: Words::of(self.lang), path };
        match self.kind {
            Kind::Style => STYLE.to_owned(),
            Kind::Languages => home::languages(self.site.docs),
            Kind::Home => home::page(&here),
            Kind::List(Section::Rules) => lists::rules(&here),
            Kind::List(Section::Frameworks) => lists::frameworks(&here),
            Kind::List(Section::Types) => lists::types(&here),
            Kind::Rule(it) => rule::page(&here, it),
            Kind::Framework(it) => framework::page(&here, it),
            Kind::Type(it) => collector::page(&here, it),
        }
    }
}

/// The page that is being written: what it is in, and what leads from it to others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'s> {
    pub(super) site: &'s Site<'s>,
    pub(super) lang: Lang,
    pub(super) words: &'static Words,
    /// In the language's directory.
    path: &'s str,
}

impl Here<'_> {
    /// The way to the language's directory.
    pub(super) fn base(&self) -> &'static str {
        if self.path.contains('/') { "../" } else { "" }
    }

    /// The way to the site's directory.
    pub(super) fn root(&self) -> &'static str {
        if self.path.contains('/') { "../../" } else { "../" }
    }

    /// The other language, if its pages are there.
    pub(super) fn twin(&self) -> Option<Lang> {
        self.site.docs.langs.iter().copied().find(|it| *it != self.lang)
    }

    /// The same page in another language.
    pub(super) fn twin_href(&self, lang: Lang) -> String {
        format!("{}{lang}/{}", self.root(), self.path)
    }

    /// A list.
    pub(super) fn list(&self, section: Section) -> String {
        format!("{}{}/index.html", self.base(), section.folder())
    }

    fn href(&self, section: Section, name: &str) -> String {
        format!("{}{}", self.base(), file(section, name))
    }

    /// A service in the list of rules.
    pub(super) fn service_href(&self, service: &str) -> String {
        format!("{}#{}", self.list(Section::Rules), self.site.service(service))
    }

    /// A link to a rule, with the words that are to be read.
    pub(super) fn rule(&self, out: &mut Markup, id: &RuleId, label: &Markup) {
        match self.site.rules.get(id.as_str()) {
            Some(name) => out.to(&self.href(Section::Rules, name)).add(label).raw("</a>"),
            None => out.add(label),
        };
    }

    /// A framework's page.
    pub(super) fn framework_href(&self, framework: &Framework) -> Option<String> {
        Some(self.href(Section::Frameworks, self.site.frameworks.get(&framework.id)?))
    }

    /// The name of a type, which leads to its page.
    pub(super) fn resource(&self, out: &mut Markup, resource: &ResourceType) {
        match self.site.types.get(resource.as_str()) {
            Some(name) => out.to(&self.href(Section::Types, name)).code(resource.as_str()).raw("</a>"),
            None => out.code(resource.as_str()),
        };
    }

    /// The IAM action of a call.
    pub(super) fn action(&self, out: &mut Markup, call: &str) {
        if let Some(action) = self.site.docs.actions.get(call) {
            out.code(action);
        }
    }
}
