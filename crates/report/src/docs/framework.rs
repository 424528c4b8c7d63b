//! A framework's page: its requirements, the rules that answer them, and what a person must check.

use yagura_model::{Framework, Requirement, RequirementGroup, RequirementKind};

use super::page::{Frame, crumbs, page as framed};
use super::rule::{columns, fact, severity};
use super::site::{Here, Section};
use crate::markup::Markup;

/// More chapters than this are listed at the top.
const FEW: usize = 3;

/// Requirements that follow each other in one chapter.
type Chapter<'f> = (Option<&'f str>, Vec<&'f Requirement>);

pub(super) fn page(here: &Here<'_>, framework: &Framework) -> String {
    let name = framework.name.get(here.lang);
    let mut out = crumbs(here, Section::Frameworks);
    out.raw("<h1>").text(name).raw("</h1>\n<p class=\"name\">").code(&framework.id).raw("</p>\n");
    out.raw("<div class=\"sheet\">\n<div class=\"matter\">\n<div class=\"lead\">\n");
    out.paragraphs(framework.about.get(here.lang)).raw("</div>\n").add(&share(here, framework));
    out.raw("<p class=\"quiet\">").text(here.words.kinds_about).raw("</p>\n");
    let chapters = chapters(framework);
    if chapters.len() > FEW {
        out.add(&contents(here, framework, &chapters));
    }
    out.raw("</div>\n").add(&facts(here, framework)).raw("</div>\n");
    for (n, (group, requirements)) in chapters.iter().enumerate() {
        out.raw("<section id=\"c-").digits(n + 1).raw("\">\n<h2>").text(&path(here, framework, *group));
        out.raw("</h2>\n").add(&table(here, framework, requirements)).raw("</section>\n");
    }
    framed(here, Frame { title: name, section: Some(Section::Frameworks), filter: false }, &out)
}

/// How much of a requirement rules can answer.
pub(super) fn kind(here: &Here<'_>, kind: RequirementKind) -> Markup {
    let mut out = Markup::default();
    out.raw("<span class=\"badge\" data-kind=\"").text(kind.as_str()).raw("\">");
    out.text(crate::framework::words::kind(kind).get(here.lang)).raw("</span>");
    out
}

/// How many requirements there are of each kind, as a bar and in words.
pub(super) fn share(here: &Here<'_>, framework: &Framework) -> Markup {
    let kinds = framework.kinds();
    let mut out = Markup::default();
    out.raw(
        "<svg class=\"share\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
    );
    let all = framework.requirements.len().max(1);
    let mut before = 0;
    for kind in RequirementKind::ALL {
        let count = kinds.get(&kind).copied().unwrap_or_default();
        let (from, to) = (before * 1000 / all, (before + count) * 1000 / all);
        out.raw("<rect data-kind=\"").text(kind.as_str()).raw("\" x=\"").text(&from.to_string());
        out.raw("\" width=\"").text(&(to - from).to_string()).raw("\" height=\"10\"/>");
        before += count;
    }
    out.raw("</svg>\n<p class=\"legend\">");
    for kind in RequirementKind::ALL {
        out.raw("<span><i class=\"dot\" data-kind=\"").text(kind.as_str()).raw("\"></i>");
        out.text(crate::framework::words::kind(kind).get(here.lang)).raw(" <b>");
        out.number(kinds.get(&kind).copied().unwrap_or_default()).raw("</b></span> ");
    }
    out.raw("</p>\n");
    out
}

/// Requirements in the framework's own order; a chapter that is taken up again stands again.
fn chapters(framework: &Framework) -> Vec<Chapter<'_>> {
    let mut chapters: Vec<Chapter<'_>> = Vec::new();
    for requirement in &framework.requirements {
        let group = requirement.group.as_deref();
        match chapters.last_mut() {
            Some((last, all)) if *last == group => all.push(requirement),
            _ => chapters.push((group, vec![requirement])),
        }
    }
    chapters
}

/// The chapter's title with those around it.
fn path(here: &Here<'_>, framework: &Framework, group: Option<&str>) -> String {
    let title = |it: &RequirementGroup| format!("{} {}", it.id, it.title.get(here.lang));
    let mut path: Vec<_> = framework.around(group).map(title).collect();
    if path.is_empty() {
        return here.words.requirements.to_owned();
    }
    path.reverse();
    path.join(" / ")
}

fn contents(here: &Here<'_>, framework: &Framework, chapters: &[Chapter<'_>]) -> Markup {
    let mut out = Markup::default();
    out.raw("<details class=\"contents card\" open><summary>")
        .text(here.words.contents)
        .raw("</summary>\n<ul>\n");
    for (n, (group, requirements)) in chapters.iter().enumerate() {
        out.raw("<li><a href=\"#c-").digits(n + 1).raw("\">").text(&path(here, framework, *group));
        out.raw("</a> <span class=\"quiet\">").number(requirements.len()).raw("</span></li>\n");
    }
    out.raw("</ul></details>\n");
    out
}

fn table(here: &Here<'_>, framework: &Framework, requirements: &[&Requirement]) -> Markup {
    let words = here.words;
    let mut out = Markup::default();
    out.raw("<div class=\"scroll card\"><table class=\"asked\">\n<thead><tr>");
    columns(&mut out, &[words.number, words.requirement, words.answered, words.rules]);
    out.raw("</tr></thead>\n<tbody>\n");
    for requirement in requirements {
        let anchor = here.site.requirement(framework, requirement);
        out.raw("<tr id=\"")
            .text(&anchor)
            .raw("\"><th scope=\"row\">")
            .text(&requirement.id)
            .raw("</th><td>");
        out.text(requirement.title.get(here.lang));
        if let Some(level) = requirement.level {
            out.raw(" <span class=\"tag\">")
                .text(words.level)
                .raw(" ")
                .text(&level.to_string())
                .raw("</span>");
        }
        for tag in &requirement.tags {
            out.raw(" <span class=\"tag\">").text(tag).raw("</span>");
        }
        if let Some(manual) = &requirement.manual {
            out.raw("<div class=\"by-hand\"><b>").text(words.by_hand).raw("</b> ");
            out.prose(manual.get(here.lang)).raw("</div>");
        }
        out.raw("</td><td>")
            .add(&kind(here, requirement.kind()))
            .raw("</td><td>")
            .add(&rules(here, requirement));
        out.raw("</td></tr>\n");
    }
    out.raw("</tbody></table></div>\n");
    out
}

fn rules(here: &Here<'_>, requirement: &Requirement) -> Markup {
    let mut out = Markup::default();
    if requirement.rules.is_empty() {
        return out;
    }
    out.raw("<ul class=\"rules\">");
    for id in &requirement.rules {
        out.raw("<li>");
        let mut label = Markup::default();
        match here.site.rule(id) {
            Some(rule) => {
                out.add(&severity(here, rule)).raw(" ");
                label.text(&rule.info.text.get(here.lang).title);
            }
            None => {
                label.code(id.as_str());
            }
        }
        here.rule(&mut out, id, &label);
        out.raw("</li>");
    }
    out.raw("</ul>");
    out
}

fn facts(here: &Here<'_>, framework: &Framework) -> Markup {
    let words = here.words;
    let said = |text: &str| {
        let mut out = Markup::default();
        out.text(text);
        out
    };
    let mut out = Markup::default();
    out.raw("<aside class=\"facts card\" aria-label=\"").text(words.facts).raw("\">\n<dl>\n");
    fact(&mut out, words.publisher, &said(framework.publisher.get(here.lang)));
    fact(&mut out, words.version, &said(&framework.version));
    let mut source = Markup::default();
    source.outside(&framework.url);
    fact(&mut out, words.source, &source);
    let mut count = Markup::default();
    count.number(framework.requirements.len());
    fact(&mut out, words.requirements, &count);
    let mut count = Markup::default();
    count.number(framework.rules().len());
    fact(&mut out, words.rules, &count);
    let aliases: Vec<_> = framework.aliases.qualified().collect();
    if !aliases.is_empty() {
        let mut all = Markup::default();
        for (n, alias) in aliases.iter().enumerate() {
            if n > 0 {
                all.raw("<br>");
            }
            all.code(alias);
        }
        fact(&mut out, words.aliases, &all);
    }
    let mut commands = Markup::default();
    commands.block(&format!("yagura scan --framework {0}\nyagura frameworks report {0}", framework.id));
    fact(&mut out, words.commands, &commands);
    out.raw("</dl>\n</aside>\n");
    out
}
