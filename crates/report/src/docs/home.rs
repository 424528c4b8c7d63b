//! Where readers come in: the choice of the language, and each language's first page.

use std::collections::BTreeMap;

use yagura_model::Severity;

use super::Docs;
use super::lists::rules_by_service;
use super::page::{Frame, bare, page as framed};
use super::site::{Here, Section};
use super::words::{Words, own_name};
use crate::markup::Markup;

/// The page that leads to the languages.
pub(super) fn languages(docs: &Docs<'_>) -> String {
    let title = docs.langs.first().copied().unwrap_or_default();
    let mut out = Markup::default();
    out.raw("<h1 lang=\"").text(title.as_str()).raw("\">").text(Words::of(title).site_title).raw("</h1>\n");
    out.raw("<div class=\"doors\">\n");
    for lang in &docs.langs {
        let words = Words::of(*lang);
        out.raw("<a class=\"door card\" lang=\"")
            .text(lang.as_str())
            .raw("\" hreflang=\"")
            .text(lang.as_str());
        out.raw("\" href=\"")
            .text(lang.as_str())
            .raw("/index.html\"><b>")
            .text(own_name(*lang))
            .raw("</b><span>");
        out.text(words.site_about).raw("</span></a>\n");
    }
    out.raw("</div>\n");
    bare(title, Words::of(title).site_title, &out)
}

/// A language's first page.
pub(super) fn page(here: &Here<'_>) -> String {
    let (words, docs) = (here.words, here.site.docs);
    let mut out = Markup::default();
    out.raw("<h1>").text(words.site_title).raw("</h1>\n<p class=\"lead\">").text(words.site_about);
    out.raw("</p>\n<div class=\"doors\">\n");
    let doors = [
        (Section::Rules, docs.rules.len(), words.rules_about),
        (Section::Frameworks, docs.frameworks.len(), words.frameworks_about),
        (Section::Types, docs.collectors.len(), words.types_about),
    ];
    for (section, count, about) in doors {
        out.raw("<a class=\"door card\" href=\"").text(&here.list(section)).raw("\"><b>");
        out.text(section.title(words)).raw(" <i>").number(count).raw("</i></b><span>").text(about);
        out.raw("</span></a>\n");
    }
    out.raw("</div>\n");
    severities(here, &mut out);
    let mut frameworks = Markup::default();
    frameworks.raw("<ul class=\"links\">\n");
    for framework in &docs.frameworks {
        let href = here.framework_href(framework).unwrap_or_default();
        frameworks.raw("<li>").to(&href).text(framework.name.get(here.lang)).raw("</a></li>\n");
    }
    frameworks.raw("</ul>\n");
    out.section("frameworks", words.frameworks, &frameworks);
    let mut services = Markup::default();
    services.raw("<ul class=\"links\">\n");
    for (service, rules) in rules_by_service(&docs.rules) {
        services.raw("<li>").to(&here.service_href(service)).text(service).raw("</a> <span class=\"quiet\">");
        services.number(rules.len()).raw("</span></li>\n");
    }
    services.raw("</ul>\n");
    out.section("services", words.services, &services);
    framed(here, Frame { title: words.site_title, section: None, filter: false }, &out)
}

/// How many rules there are of each severity.
fn severities(here: &Here<'_>, out: &mut Markup) {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for rule in &here.site.docs.rules {
        *counts.entry(rule.info.severity).or_default() += 1;
    }
    out.raw("<p class=\"legend severities\">");
    for severity in Severity::ALL.into_iter().rev() {
        out.raw("<span><i class=\"dot\" data-severity=\"").text(severity.as_str()).raw("\"></i>");
        out.text(crate::words::severity(severity).get(here.lang)).raw(" <b>");
        out.number(counts.get(&severity).copied().unwrap_or_default()).raw("</b></span> ");
    }
    out.raw("</p>\n");
}
