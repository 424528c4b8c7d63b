//! The page of a type of resource: how it is read, with which permissions, and which rules judge it.

use yagura_model::{CollectorInfo, ListInfo, ListPlace, ResourceType};

use super::page::{Frame, crumbs, page as framed};
use super::rule::{columns, fact, severity};
use super::site::{Here, Section};
use super::words::{for_each, how_often, once_in};
use super::{CollectorDoc, RuleDoc};
use crate::markup::Markup;

pub(super) fn page(here: &Here<'_>, doc: &CollectorDoc) -> String {
    let info = &doc.info;
    let mut out = crumbs(here, Section::Types);
    out.raw("<h1 class=\"mono\">")
        .text(info.resource.as_str())
        .raw("</h1>\n<p class=\"marks\"><span class=\"tag\">");
    out.text(scope(here, info)).raw("</span></p>\n<div class=\"sheet\">\n<div class=\"matter\">\n");
    let all = &here.site.docs.rules;
    let judging: Vec<_> = all.iter().filter(|it| it.info.resource == info.resource).collect();
    let looking: Vec<_> =
        all.iter().filter(|it| it.info.resource != info.resource && it.reads.names(&info.resource)).collect();
    let mut judged = Markup::default();
    if judging.is_empty() {
        judged.raw("<p>").text(here.words.judged_by_none).raw("</p>\n");
    }
    judged.add(&rules(here, &judging));
    out.section("judged-by", here.words.judged_by, &judged);
    if !looking.is_empty() {
        out.section("looked-at-by", here.words.looked_at_by, &rules(here, &looking));
    }
    out.section("lists", here.words.lists, &lists(here, info)).add(&further(here, info));
    out.add(&relationships(here, info)).raw("</div>\n").add(&facts(here, doc)).raw("</div>\n");
    framed(here, Frame { title: info.resource.as_str(), section: Some(Section::Types), filter: false }, &out)
}

/// Whether the resources lie in regions: those of another type's resources lie where that one's do.
pub(super) fn scope(here: &Here<'_>, info: &CollectorInfo) -> &'static str {
    let regional = info.lists.iter().any(|list| match &list.place {
        ListPlace::Regional => true,
        ListPlace::Global(_) => list.own_region,
        ListPlace::Each(parent) => {
            let parent = here.site.docs.collectors.iter().find(|it| it.info.resource == *parent);
            // A parent that were its own parent would not have been loaded.
            parent.is_some_and(|it| scope(here, &it.info) == here.words.regional)
        }
    });
    let without_call = info.lists.is_empty() && info.resource.as_str() == ResourceType::REGION;
    if regional || without_call { here.words.regional } else { here.words.global }
}

/// Rules in a table: how bad a violation is, and what is wrong.
pub(super) fn rules(here: &Here<'_>, rules: &[&RuleDoc<'_>]) -> Markup {
    let mut out = Markup::default();
    if rules.is_empty() {
        return out;
    }
    out.raw("<div class=\"scroll card\"><table class=\"listing\">\n<thead><tr>");
    columns(&mut out, &[here.words.severity, here.words.rule]);
    out.raw("</tr></thead>\n<tbody>\n");
    let mut worst_first = rules.to_vec();
    worst_first.sort_by_key(|it| (std::cmp::Reverse(it.info.severity), &it.info.id));
    for rule in worst_first {
        out.raw("<tr><td>").add(&severity(here, rule)).raw("</td><td>").add(&titled(here, rule));
        out.raw("</td></tr>\n");
    }
    out.raw("</tbody></table></div>\n");
    out
}

/// A rule's title, which leads to its page, with its id.
pub(super) fn titled(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let (mut out, mut label) = (Markup::default(), Markup::default());
    label.text(&rule.info.text.get(here.lang).title);
    here.rule(&mut out, &rule.info.id, &label);
    out.raw("<span class=\"id\">").text(rule.info.id.as_str());
    if !rule.on_by_default {
        out.raw(" <span class=\"tag\">").text(here.words.off_by_default).raw("</span>");
    }
    out.raw("</span>");
    out
}

fn lists(here: &Here<'_>, info: &CollectorInfo) -> Markup {
    let words = here.words;
    let mut out = Markup::default();
    if info.lists.is_empty() {
        out.raw("<p>").text(words.no_lists).raw("</p>\n");
        return out;
    }
    out.raw("<div class=\"scroll card\"><table>\n<thead><tr>");
    columns(&mut out, &[words.call, words.where_asked, words.permission]);
    out.raw("</tr></thead>\n<tbody>\n");
    for list in &info.lists {
        for (n, call) in std::iter::once(&list.call).chain(&list.locate).enumerate() {
            out.raw("<tr><td>").code(call).raw("</td><td>");
            if n == 0 {
                place(here, &mut out, list);
            } else {
                out.text(words.each_resource);
            }
            out.raw("</td><td>");
            here.action(&mut out, call);
            out.raw("</td></tr>\n");
        }
    }
    out.raw("</tbody></table></div>\n");
    let dropped = info.lists.iter().flat_map(|it| &it.omit);
    named(&mut out, here.words.dropped, dropped);
    named(&mut out, here.words.redacted, info.redact.iter());
    out
}

fn place(here: &Here<'_>, out: &mut Markup, list: &ListInfo) {
    let words = here.words;
    match &list.place {
        ListPlace::Regional => out.text(words.regional_about),
        ListPlace::Global(None) => out.text(words.global_about),
        ListPlace::Global(Some(region)) => out.text(&once_in(region, here.lang)),
        ListPlace::Each(parent) => out.text(&for_each(parent.as_str(), here.lang)),
    };
    if list.own_region {
        out.raw("<br><span class=\"quiet\">").text(words.own_region).raw("</span>");
    }
    if list.management {
        out.raw("<br><span class=\"quiet\">").text(words.management_only).raw("</span>");
    }
}

/// Fields that something is said about.
fn named<'f>(out: &mut Markup, says: &str, fields: impl Iterator<Item = &'f String>) {
    let mut fields: Vec<_> = fields.collect();
    fields.sort();
    fields.dedup();
    if fields.is_empty() {
        return;
    }
    out.raw("<p class=\"quiet\">").text(says);
    for field in fields {
        out.raw(" ").code(field);
    }
    out.raw("</p>\n");
}

fn further(here: &Here<'_>, info: &CollectorInfo) -> Markup {
    let words = here.words;
    let mut out = Markup::default();
    if info.also.is_empty() {
        return out;
    }
    let mut body = Markup::default();
    body.raw("<p class=\"quiet\">")
        .text(words.also_about)
        .raw("</p>\n<div class=\"scroll card\"><table>\n<thead><tr>");
    columns(&mut body, &[words.fields, words.call, words.how_often, words.permission]);
    body.raw("</tr></thead>\n<tbody>\n");
    for also in &info.also {
        body.raw("<tr><td>");
        for (n, field) in also.fields.iter().enumerate() {
            if n > 0 {
                body.raw(", ");
            }
            body.code(field);
        }
        body.raw("</td><td>");
        let calls: Vec<_> = also.first.iter().chain([&also.call]).collect();
        for call in &calls {
            body.raw("<div>").code(call).raw("</div>");
        }
        body.raw("</td><td>").prose(&how_often(&also.asked, here.lang));
        if also.management {
            body.raw("<br><span class=\"quiet\">").text(words.management_only).raw("</span>");
        }
        body.raw("</td><td>");
        for call in calls {
            body.raw("<div>");
            here.action(&mut body, call);
            body.raw("</div>");
        }
        body.raw("</td></tr>\n");
    }
    body.raw("</tbody></table></div>\n");
    named(&mut body, words.dropped, info.also.iter().flat_map(|it| &it.omit));
    out.section("also", words.also, &body);
    out
}

fn relationships(here: &Here<'_>, info: &CollectorInfo) -> Markup {
    let words = here.words;
    let others = here.site.docs.collectors.iter().map(|it| &it.info);
    let named_by: Vec<_> = others
        .flat_map(|it| it.relationships.iter().map(move |(to, field)| (to, &it.resource, field)))
        .filter(|(to, from, _)| **to == info.resource && **from != info.resource)
        .collect();
    let mut out = Markup::default();
    if info.relationships.is_empty() && named_by.is_empty() {
        return out;
    }
    let mut body = Markup::default();
    let mut table = |title: &str, rows: &[(&ResourceType, &String)]| {
        if rows.is_empty() {
            return;
        }
        body.raw("<div class=\"scroll card\"><table class=\"relations\">\n<thead><tr>");
        columns(&mut body, &[title, words.by_field]);
        body.raw("</tr></thead>\n<tbody>\n");
        for (resource, field) in rows {
            body.raw("<tr><td>");
            here.resource(&mut body, resource);
            body.raw("</td><td>").code(field).raw("</td></tr>\n");
        }
        body.raw("</tbody></table></div>\n");
    };
    let theirs: Vec<_> = info.relationships.iter().map(|(to, field)| (to, field)).collect();
    table(words.names_others, &theirs);
    let naming: Vec<_> = named_by.iter().map(|(_, from, field)| (*from, *field)).collect();
    table(words.named_by, &naming);
    out.section("relationships", words.relationships, &body);
    out
}

fn facts(here: &Here<'_>, doc: &CollectorDoc) -> Markup {
    let (words, info) = (here.words, &doc.info);
    let mut out = Markup::default();
    out.raw("<aside class=\"facts card\" aria-label=\"").text(words.facts).raw("\">\n<dl>\n");
    let mut service = Markup::default();
    service.text(service_of(&info.resource));
    fact(&mut out, words.service, &service);
    let collectors = here.site.docs.collectors.iter().map(|it| &it.info);
    let children: Vec<_> =
        collectors.filter(|it| it.parents().contains(&&info.resource)).map(|it| &it.resource).collect();
    for (title, types) in [(words.parents, info.parents()), (words.children, children)] {
        if types.is_empty() {
            continue;
        }
        let mut all = Markup::default();
        for resource in types {
            all.raw("<div>");
            here.resource(&mut all, resource);
            all.raw("</div>");
        }
        fact(&mut out, title, &all);
    }
    let mut actions: Vec<_> = doc.calls.iter().filter_map(|it| here.site.docs.actions.get(it)).collect();
    actions.sort();
    actions.dedup();
    if !actions.is_empty() {
        let lines: Vec<_> = actions.iter().map(|it| it.as_str()).collect();
        let mut all = Markup::default();
        all.block(&lines.join("\n"));
        fact(&mut out, words.permissions, &all);
    }
    out.raw("</dl>\n</aside>\n");
    out
}

/// `EC2` of `AWS::EC2::VPC`.
pub(super) fn service_of(resource: &ResourceType) -> &str {
    let mut parts = resource.as_str().split("::");
    let vendor = parts.next().unwrap_or_default();
    parts.next().filter(|it| !it.is_empty()).unwrap_or(vendor)
}
