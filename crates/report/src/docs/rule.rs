//! A rule's page: what it asks for, why, how to put it right, and what it looks at.

use yagura_model::{Outcome, RequirementKind};

use super::page::{Frame, crumbs, page as framed};
use super::site::{Here, Section};
use super::{Reads, RuleDoc};
use crate::markup::Markup;

pub(super) fn page(here: &Here<'_>, rule: &RuleDoc<'_>) -> String {
    let text = rule.info.text.get(here.lang);
    let mut out = crumbs(here, Section::Rules);
    out.add(&head(here, rule)).raw("<div class=\"sheet\">\n<div class=\"matter\">\n");
    out.add(&advice(here, rule)).add(&condition(here, rule)).add(&params(here, rule));
    out.add(&cases(here, rule)).add(&reads(here, rule)).add(&serves(here, rule));
    out.add(&references(here, rule)).raw("</div>\n").add(&facts(here, rule)).raw("</div>\n");
    let title = format!("{} ({})", text.title, rule.info.id);
    framed(here, Frame { title: &title, section: Some(Section::Rules), filter: false }, &out)
}

fn head(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let (words, info) = (here.words, rule.info);
    let mut out = Markup::default();
    out.raw("<p class=\"marks\">").add(&severity(here, rule)).raw(" <span class=\"tag\">");
    out.text(crate::words::function(info.function).get(here.lang)).raw("</span>");
    if !rule.on_by_default {
        out.raw(" <span class=\"tag\">").text(words.off_by_default).raw("</span>");
    }
    out.raw("</p>\n<h1>").text(&info.text.get(here.lang).title).raw("</h1>\n<p class=\"name\">");
    out.code(info.id.as_str()).raw("</p>\n");
    out
}

/// How bad a violation is.
pub(super) fn severity(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let severity = rule.info.severity;
    let mut out = Markup::default();
    out.raw("<span class=\"badge\" data-severity=\"").text(severity.as_str()).raw("\">");
    out.text(crate::words::severity(severity).get(here.lang)).raw("</span>");
    out
}

fn advice(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let (words, text) = (here.words, rule.info.text.get(here.lang));
    let mut out = Markup::default();
    let mut why = Markup::default();
    why.paragraphs(&text.why);
    told(&mut out, "why", words.why, &why);
    let mut fix = Markup::default();
    let steps: Vec<_> =
        rule.info.fix.steps.get(here.lang).iter().filter(|it| !it.trim().is_empty()).collect();
    if !steps.is_empty() {
        fix.raw("<ol>\n");
        for step in steps {
            fix.raw("<li>").prose(step).raw("</li>\n");
        }
        fix.raw("</ol>\n");
    }
    if let Some(cli) = rule.info.fix.cli.as_deref().filter(|it| !it.trim().is_empty()) {
        fix.raw("<h3>").text(words.cli).raw("</h3>\n").block(cli);
    }
    told(&mut out, "fix", words.fix, &fix);
    let mut impact = Markup::default();
    impact.paragraphs(&text.impact_of_fix);
    told(&mut out, "impact", words.impact, &impact);
    out
}

/// A part that is left out when there is nothing in it.
fn told(out: &mut Markup, id: &'static str, title: &str, body: &Markup) {
    if !body.is_empty() {
        out.section(id, title, body);
    }
}

fn condition(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let words = here.words;
    let mut body = Markup::default();
    let is_guard = rule.conditions.iter().any(|(key, _)| *key == "guard");
    let about = if is_guard { words.guard_about } else { words.condition_about };
    body.raw("<p class=\"quiet\">").text(about).raw("</p>\n");
    for (key, text) in &rule.conditions {
        let says = match *key {
            "when" => words.when,
            "compliant" | "guard" => words.compliant,
            _ => words.evidence,
        };
        body.raw("<h3>").text(says).raw(" <code class=\"key\">").text(key).raw("</code></h3>\n").block(text);
    }
    let mut out = Markup::default();
    out.section("condition", words.condition, &body);
    out
}

fn params(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let words = here.words;
    let mut out = Markup::default();
    if rule.params.is_empty() {
        return out;
    }
    let mut body = Markup::default();
    body.raw("<p class=\"quiet\">")
        .prose(words.params_about)
        .raw("</p>\n<div class=\"scroll card\"><table>\n<thead><tr>");
    columns(&mut body, &[words.param, words.default_value]);
    body.raw("</tr></thead>\n<tbody>\n");
    for (name, value) in rule.params {
        body.raw("<tr><td>").code(name).raw("</td><td>").code(&value.to_string()).raw("</td></tr>\n");
    }
    body.raw("</tbody></table></div>\n");
    out.section("params", words.params, &body);
    out
}

/// The titles of a table.
pub(super) fn columns(out: &mut Markup, titles: &[&str]) {
    for title in titles {
        out.raw("<th scope=\"col\">").text(title).raw("</th>");
    }
}

fn cases(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let words = here.words;
    let mut out = Markup::default();
    if rule.cases.is_empty() {
        return out;
    }
    let mut body = Markup::default();
    body.raw("<p class=\"quiet\">").prose(words.cases_about).raw("</p>\n<div class=\"cases\">\n");
    let order =
        [Outcome::NonCompliant, Outcome::Compliant, Outcome::NotApplicable, Outcome::InsufficientData];
    for outcome in order {
        let names: Vec<_> =
            rule.cases.iter().filter(|(_, it)| *it == outcome).map(|(name, _)| *name).collect();
        if names.is_empty() {
            continue;
        }
        body.raw("<div class=\"case card\" data-outcome=\"").text(outcome.as_str()).raw("\">\n<h3>");
        body.text(words.case(outcome)).raw("</h3>\n<ul lang=\"en\">\n");
        for name in names {
            body.raw("<li>").prose(name).raw("</li>\n");
        }
        body.raw("</ul>\n</div>\n");
    }
    body.raw("</div>\n");
    out.section("cases", words.cases, &body);
    out
}

fn reads(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let words = here.words;
    let mut body = Markup::default();
    match &rule.reads {
        Reads::Everything => {
            body.raw("<p>").text(words.reads_everything).raw("</p>\n");
        }
        Reads::Types { calls, .. } if calls.values().all(|it| it.is_empty()) => {
            body.raw("<p>").text(words.reads_nothing).raw("</p>\n");
        }
        Reads::Types { calls, .. } => {
            body.raw("<div class=\"scroll card\"><table>\n<thead><tr>");
            columns(&mut body, &[words.resource_type, words.call, words.permission]);
            body.raw("</tr></thead>\n");
            for (resource, calls) in calls.iter().filter(|(_, calls)| !calls.is_empty()) {
                body.raw("<tbody>\n");
                for (n, call) in calls.iter().enumerate() {
                    body.raw("<tr>");
                    if n == 0 {
                        body.raw("<th scope=\"rowgroup\" rowspan=\"").digits(calls.len()).raw("\">");
                        here.resource(&mut body, resource);
                        body.raw("</th>");
                    }
                    body.raw("<td>").code(call).raw("</td><td>");
                    here.action(&mut body, call);
                    body.raw("</td></tr>\n");
                }
                body.raw("</tbody>\n");
            }
            body.raw("</table></div>\n<p class=\"quiet\">").text(words.policy_about).raw("</p>\n");
            body.block(&format!("yagura onboard policy --rules {}", rule.info.id));
        }
    }
    let mut out = Markup::default();
    out.section("reads", words.reads, &body);
    out
}

fn serves(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let words = here.words;
    let served = here.site.served(&rule.info.id);
    let mut out = Markup::default();
    if served.is_empty() {
        return out;
    }
    let mut body = Markup::default();
    body.raw("<div class=\"scroll card\"><table class=\"serves\">\n<thead><tr>");
    columns(&mut body, &[words.framework, words.requirement]);
    body.raw("</tr></thead>\n<tbody>\n");
    for (framework, requirements) in served {
        let href = here.framework_href(framework).unwrap_or_default();
        body.raw("<tr><th scope=\"row\">")
            .to(&href)
            .text(framework.name.get(here.lang))
            .raw("</a></th><td><ul>\n");
        for requirement in requirements {
            let anchor = here.site.requirement(framework, requirement);
            body.raw("<li>").to(&format!("{href}#{anchor}")).text(&requirement.id).raw("</a> ");
            body.text(requirement.title.get(here.lang));
            if requirement.kind() == RequirementKind::Partly {
                body.raw(" ").add(&super::framework::kind(here, RequirementKind::Partly));
            }
            body.raw("</li>\n");
        }
        body.raw("</ul></td></tr>\n");
    }
    body.raw("</tbody></table></div>\n");
    out.section("serves", words.serves, &body);
    out
}

fn references(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let mut out = Markup::default();
    if rule.info.references.is_empty() {
        return out;
    }
    let mut body = Markup::default();
    body.raw("<ul class=\"outside\">\n");
    for url in &rule.info.references {
        body.raw("<li>").outside(url).raw("</li>\n");
    }
    body.raw("</ul>\n");
    out.section("references", here.words.references, &body);
    out
}

fn facts(here: &Here<'_>, rule: &RuleDoc<'_>) -> Markup {
    let (words, info) = (here.words, rule.info);
    let mut out = Markup::default();
    out.raw("<aside class=\"facts card\" aria-label=\"").text(words.facts).raw("\">\n<dl>\n");
    fact(&mut out, words.severity, &severity(here, rule));
    fact(&mut out, words.function, &said(crate::words::function(info.function).get(here.lang)));
    let mut judged = Markup::default();
    here.resource(&mut judged, &info.resource);
    fact(&mut out, words.resource_type, &judged);
    let mut service = Markup::default();
    service.to(&here.service_href(rule.service)).text(rule.service).raw("</a>");
    fact(&mut out, words.service, &service);
    let mut default = said(if rule.on_by_default { words.on } else { words.off });
    if !rule.on_by_default {
        default.raw("<br><span class=\"quiet\">").prose(words.off_about).raw("</span>");
    }
    fact(&mut out, words.by_default, &default);
    let aliases = &info.aliases;
    let known = [
        ("Security Hub", &aliases.security_hub),
        ("AWS Config", &aliases.aws_config),
        ("Prowler", &aliases.prowler),
    ];
    for (name, aliases) in known.into_iter().filter(|(_, it)| !it.is_empty()) {
        let mut all = Markup::default();
        for (n, alias) in aliases.iter().enumerate() {
            if n > 0 {
                all.raw("<br>");
            }
            all.code(alias);
        }
        fact(&mut out, name, &all);
    }
    let mut commands = Markup::default();
    commands.block(&format!("yagura scan --rules {0}\nyagura rules test {0}", info.id));
    fact(&mut out, words.commands, &commands);
    out.raw("</dl>\n</aside>\n");
    out
}

fn said(text: &str) -> Markup {
    let mut out = Markup::default();
    out.text(text);
    out
}

/// One line of what there is to know at a glance.
pub(super) fn fact(out: &mut Markup, name: &str, value: &Markup) {
    out.raw("<dt>").text(name).raw("</dt><dd>").add(value).raw("</dd>\n");
}
