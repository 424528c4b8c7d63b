//! Pages about rules, frameworks and types of resources.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use yagura_model::{
    AlsoInfo, Asked, CollectorInfo, Framework, Lang, ListInfo, ListPlace, Outcome, RuleId, RuleInfo,
};
use yagura_report::{CollectorDoc, Docs, Reads, RuleDoc, Site};

use crate::fixture::{HOSTILE, small};
use crate::frameworks::framework;

/// Two rules, one of them hostile, a framework and three types.
struct Told {
    rules: BTreeMap<RuleId, RuleInfo>,
    framework: Framework,
    params: Map<String, Value>,
    none: Map<String, Value>,
}

impl Told {
    fn new() -> Self {
        let mut rules = small().rules;
        rules.retain(|id, _| ["restricted-ssh", "cloudtrail-enabled"].contains(&id.as_str()));
        let hostile = rules.get_mut("cloudtrail-enabled").unwrap();
        hostile.text.en.title = HOSTILE.to_owned();
        hostile.references.push("javascript:alert(1)".to_owned());
        let params = json!({ "allowed_cidrs": ["198.51.100.0/24"], "port": 22 }).as_object().unwrap().clone();
        Self { rules, framework: framework(), params, none: Map::new() }
    }

    fn docs(&self, langs: &[Lang]) -> Docs<'_> {
        Docs {
            version: "0.1.0",
            langs: langs.to_vec(),
            rules: self.rules.values().map(|info| self.rule(info)).collect(),
            frameworks: vec![&self.framework],
            collectors: collectors(),
            actions: [
                ("ec2.DescribeSecurityGroups", "ec2:DescribeSecurityGroups"),
                ("ec2.DescribeSecurityGroupRules", "ec2:DescribeSecurityGroupRules"),
                ("ec2.DescribeVpcs", "ec2:DescribeVpcs"),
            ]
            .map(|(call, action)| (call.to_owned(), action.to_owned()))
            .into(),
        }
    }

    fn rule<'t>(&'t self, info: &'t RuleInfo) -> RuleDoc<'t> {
        let is_ssh = info.id.as_str() == "restricted-ssh";
        RuleDoc {
            info,
            service: if is_ssh { "ec2" } else { "cloudtrail" },
            on_by_default: is_ssh,
            params: if is_ssh { &self.params } else { &self.none },
            conditions: vec![
                ("when", "meta.region != \"global\""),
                ("compliant", "resource.IpPermissions.all(p,\n  !opens(p, 22) || p.FromPort < 0)\n"),
            ],
            cases: vec![
                ("closed", Outcome::Compliant),
                ("open to <everybody>", Outcome::NonCompliant),
                ("denied", Outcome::InsufficientData),
            ],
            reads: if is_ssh {
                Reads::Types {
                    calls: [
                        ("AWS::::Account".into(), BTreeSet::new()),
                        (info.resource.clone(), ["ec2.DescribeSecurityGroups".to_owned()].into()),
                        ("AWS::EC2::VPC".into(), ["ec2.DescribeVpcs".to_owned()].into()),
                    ]
                    .into(),
                    named: [info.resource.clone(), "AWS::EC2::VPC".into()].into(),
                }
            } else {
                Reads::Everything
            },
        }
    }
}

fn collectors() -> Vec<CollectorDoc> {
    let list = |call: &str, place| ListInfo {
        call: call.to_owned(),
        place,
        own_region: false,
        locate: None,
        management: false,
        omit: Vec::new(),
    };
    let info = |resource: &str, lists| CollectorInfo {
        resource: resource.into(),
        lists,
        also: Vec::new(),
        relationships: Vec::new(),
        redact: vec!["Environment".to_owned()],
    };
    let mut group =
        info("AWS::EC2::SecurityGroup", vec![list("ec2.DescribeSecurityGroups", ListPlace::Regional)]);
    group.relationships.push(("AWS::EC2::VPC".into(), "VpcId".to_owned()));
    group.also.push(AlsoInfo {
        call: "ec2.DescribeSecurityGroupRules".to_owned(),
        first: None,
        fields: vec!["Rules".to_owned()],
        asked: Asked::Element("IpPermissions[]".to_owned()),
        management: false,
        omit: vec!["Rules[].Secret".to_owned()],
    });
    let vpc = info("AWS::EC2::VPC", vec![list("ec2.DescribeVpcs", ListPlace::Regional)]);
    let parts = info(
        "AWS::EC2::SecurityGroupPart",
        vec![list("ec2.DescribeParts", ListPlace::Each("AWS::EC2::SecurityGroup".into()))],
    );
    let whole = |info: CollectorInfo| CollectorDoc { calls: info.calls().map(str::to_owned).collect(), info };
    vec![whole(info("AWS::::Account", Vec::new())), whole(group), whole(parts), whole(vpc)]
}

fn files(langs: &[Lang]) -> BTreeMap<String, String> {
    let told = Told::new();
    let docs = told.docs(langs);
    let site = Site::new(&docs);
    site.pages().map(|page| (page.path().to_owned(), page.text())).collect()
}

/// The page without what stands around it on every page.
fn body<'p>(files: &'p BTreeMap<String, String>, path: &str) -> &'p str {
    let page = &files[path];
    let from = page.find("<main").unwrap();
    &page[from..page.find("</main>").unwrap()]
}

#[test]
fn a_page_of_each_kind_in_both_languages() {
    let files = files(&Lang::ALL);
    insta::assert_snapshot!("docs_frame", files["en/frameworks/index.html"]);
    for lang in Lang::ALL {
        let page = |path: &str| body(&files, &format!("{lang}/{path}"));
        insta::assert_snapshot!(format!("docs_home_{lang}"), page("index.html"));
        insta::assert_snapshot!(format!("docs_rule_{lang}"), page("rules/restricted-ssh.html"));
        insta::assert_snapshot!(format!("docs_framework_{lang}"), page("frameworks/small-1.0.html"));
        insta::assert_snapshot!(format!("docs_type_{lang}"), page("collectors/aws-ec2-securitygroup.html"));
        insta::assert_snapshot!(format!("docs_rules_{lang}"), page("rules/index.html"));
    }
}

#[test]
fn what_a_file_says_is_never_markup() {
    for (path, page) in files(&Lang::ALL).iter().filter(|(path, _)| path.ends_with(".html")) {
        let scripts = page.matches("<script").count();
        let list = path.matches('/').count() == 2 && path.ends_with("/index.html");
        assert_eq!(scripts, usize::from(list), "{path}");
        assert!(!page.contains("<img") && !page.contains("<everybody>"), "{path}");
        assert!(!page.contains("href=\"javascript:"), "{path}");
        assert!(!page.contains(['\u{1b}', '\u{202e}']), "{path}");
    }
    let files = files(&[Lang::En]);
    assert!(files["en/rules/cloudtrail-enabled.html"].contains("&lt;/script&gt;&lt;img src=x"));
}

#[test]
fn a_page_says_its_language_and_leads_to_its_twin() {
    let both = files(&Lang::ALL);
    let page = &both["ja/rules/restricted-ssh.html"];
    assert!(page.contains("<html lang=\"ja\">"));
    assert!(page.contains("hreflang=\"en\" href=\"../../en/rules/restricted-ssh.html\""), "{page}");
    assert!(both["en/index.html"].contains("href=\"../ja/index.html\""));

    let alone = files(&[Lang::Ja]);
    assert!(alone.keys().all(|path| !path.starts_with("en/")));
    assert!(!alone["ja/rules/restricted-ssh.html"].contains("hreflang"));
    assert!(!alone["index.html"].contains("English"));
}

/// The elements of a page, opened and closed.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).filter_map(|rest| rest.split('>').next())
}

#[test]
fn every_element_is_closed_where_it_was_opened() {
    for (path, page) in files(&Lang::ALL).iter().filter(|(path, _)| path.ends_with(".html")) {
        let script = page.find("<script>").map(|from| (from, page.find("</script>").unwrap()));
        let page = script.map_or(page.clone(), |(from, to)| page[..from + 8].to_owned() + &page[to..]);
        let mut open = Vec::new();
        for tag in tags(&page).filter(|tag| !tag.starts_with('!') && !tag.ends_with('/')) {
            let name = tag.split_whitespace().next().unwrap();
            match name.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{path}"),
                None if ["meta", "link", "br", "input"].contains(&name) => {}
                None => open.push(name),
            }
        }
        assert!(open.is_empty(), "{path}: {open:?}");
    }
}
