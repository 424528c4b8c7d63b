//! The lists that lead to every page: rules by service, frameworks, types of resources by service.

use std::collections::BTreeMap;

use yagura_model::RequirementKind;

use super::collector::{scope, service_of, titled};
use super::page::{Frame, filter, page as framed};
use super::rule::{columns, severity};
use super::site::{Here, Section};
use super::{CollectorDoc, RuleDoc};
use crate::markup::Markup;

/// Every rule, by service.
pub(super) fn rules(here: &Here<'_>) -> String {
    let words = here.words;
    let by_service = rules_by_service(&here.site.docs.rules);
    let mut out = head(here, Section::Rules, here.site.docs.rules.len(), words.rules_about);
    out.raw("<details class=\"contents card\"><summary>").text(words.services).raw("</summary>\n<ul>\n");
    for (service, rules) in &by_service {
        out.raw("<li><a href=\"#").text(&here.site.service(service)).raw("\">").text(service).raw("</a> ");
        out.raw("<span class=\"quiet\">").number(rules.len()).raw("</span></li>\n");
    }
    out.raw("</ul></details>\n").add(&filter(here, words.rule_hint));
    for (service, rules) in &by_service {
        out.raw("<section data-part id=\"").text(&here.site.service(service)).raw("\">\n<h2>").text(service);
        out.raw(" <small>")
            .number(rules.len())
            .raw("</small></h2>\n<div class=\"scroll card\"><table class=\"listing by-service\">");
        out.raw("\n<thead><tr>");
        columns(&mut out, &[words.severity, words.rule, words.function, words.resource_type]);
        out.raw("</tr></thead>\n<tbody>\n");
        for rule in rules {
            out.add(&line(here, rule));
        }
        out.raw("</tbody></table></div>\n</section>\n");
    }
    framed(here, Frame { title: words.rules, section: Some(Section::Rules), filter: true }, &out)
}

/// The rules of each service, the worst first.
pub(super) fn rules_by_service<'r>(rules: &'r [RuleDoc<'r>]) -> BTreeMap<&'r str, Vec<&'r RuleDoc<'r>>> {
    let mut by_service: BTreeMap<&str, Vec<&RuleDoc<'_>>> = BTreeMap::new();
    for rule in rules {
        by_service.entry(rule.service).or_default().push(rule);
    }
    for rules in by_service.values_mut() {
        rules.sort_by_key(|it| (std::cmp::Reverse(it.info.severity), &it.info.id));
    }
    by_service
}

fn line(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let aliases: Vec<_> = rule.info.aliases.qualified().collect();
    let mut out = Markup::default();
    out.raw("<tr data-find=\"")
        .text(rule.info.severity.as_str())
        .raw(" ")
        .text(&aliases.join(" "))
        .raw("\"><td>");
    out.add(&severity(here, rule)).raw("</td><td>").add(&titled(here, rule)).raw("</td><td>");
    out.text(crate::words::function(rule.info.function).get(here.lang)).raw("</td><td>");
    here.resource(&mut out, &rule.info.resource);
    out.raw("</td></tr>\n");
    out
}

/// Every framework.
pub(super) fn frameworks(here: &Here<'_>) -> String {
    let words = here.words;
    let mut out = head(here, Section::Frameworks, here.site.docs.frameworks.len(), words.frameworks_about);
    out.raw("<p class=\"quiet\">").text(words.kinds_about).raw("</p>\n").add(&filter(here, words.name_hint));
    out.raw("<div class=\"scroll card\"><table class=\"listing\">\n<thead><tr>");
    let [automated, partly, manual] =
        RequirementKind::ALL.map(|it| *crate::framework::words::kind(it).get(here.lang));
    columns(
        &mut out,
        &[words.framework, words.publisher, words.requirements, automated, partly, manual, words.rules],
    );
    out.raw("</tr></thead>\n<tbody>\n");
    for framework in &here.site.docs.frameworks {
        let aliases: Vec<_> = framework.aliases.qualified().collect();
        out.raw("<tr data-find=\"").text(&aliases.join(" ")).raw("\"><td>");
        out.to(&here.framework_href(framework).unwrap_or_default()).text(framework.name.get(here.lang));
        out.raw("</a><span class=\"id\">").text(&framework.id).raw("</span></td><td>");
        out.text(framework.publisher.get(here.lang)).raw("</td><td class=\"num\">");
        out.number(framework.requirements.len()).raw("</td>");
        let kinds = framework.kinds();
        for kind in RequirementKind::ALL {
            out.raw("<td class=\"num\">").number(kinds.get(&kind).copied().unwrap_or_default()).raw("</td>");
        }
        out.raw("<td class=\"num\">").number(framework.rules().len()).raw("</td></tr>\n");
    }
    out.raw("</tbody></table></div>\n");
    framed(here, Frame { title: words.frameworks, section: Some(Section::Frameworks), filter: true }, &out)
}

/// Every type of resource, by service.
pub(super) fn types(here: &Here<'_>) -> String {
    let words = here.words;
    let docs = here.site.docs;
    let mut judging: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in &docs.rules {
        *judging.entry(rule.info.resource.as_str()).or_default() += 1;
    }
    let mut by_service: BTreeMap<&str, Vec<&CollectorDoc>> = BTreeMap::new();
    for it in &docs.collectors {
        by_service.entry(service_of(&it.info.resource)).or_default().push(it);
    }
    let mut out = head(here, Section::Types, docs.collectors.len(), words.types_about);
    out.add(&filter(here, words.name_hint))
        .raw("<div class=\"scroll card\"><table class=\"listing\">\n<thead><tr>");
    columns(&mut out, &[words.resource_type, words.where_asked, words.call, words.rule_count]);
    out.raw("</tr></thead>\n");
    for (service, types) in &by_service {
        out.raw("<tbody data-part>\n<tr><th class=\"of\" scope=\"rowgroup\" colspan=\"4\">").text(service);
        out.raw("</th></tr>\n");
        for it in types {
            let info = &it.info;
            out.raw("<tr data-find=\"").text(service).raw("\"><td>");
            here.resource(&mut out, &info.resource);
            out.raw("</td><td>").text(scope(here, info)).raw("</td><td>");
            for list in &info.lists {
                out.raw("<div>").code(&list.call).raw("</div>");
            }
            let count = judging.get(info.resource.as_str()).copied().unwrap_or_default();
            out.raw("</td><td class=\"num\">").number(count).raw("</td></tr>\n");
        }
        out.raw("</tbody>\n");
    }
    out.raw("</table></div>\n");
    framed(here, Frame { title: words.types, section: Some(Section::Types), filter: true }, &out)
}

fn head(here: &Here<'_>, section: Section, count: usize, about: &str) -> Markup {
    let mut out = Markup::default();
    out.raw("<h1>").text(section.title(here.words)).raw(" <small>").number(count).raw("</small></h1>\n");
    out.raw("<p class=\"lead\">").text(about).raw("</p>\n");
    out
}
