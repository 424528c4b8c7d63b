//! Pages about rules, frameworks and types of resources, as files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::run::{Ended, run, yagura};

const RULE: &str = r#"id: mine
resource: AWS::S3::Bucket
severity: low
function: protect
compliant: resource.?Policy.hasValue()
text:
  en: { title: "<script>alert(1)</script> is told", why: "Because `a < b`.", impact_of_fix: Nothing. }
  ja: { title: "<script>alert(1)</script> と書かれている", why: 理由。, impact_of_fix: なし。 }
fix:
  steps: { en: [Mend it.], ja: [直します。] }
references: [https://example.com/mine]
examples:
  - { name: with a policy, given: { Policy: {} }, expect: COMPLIANT }
  - { name: without, given: {}, expect: NON_COMPLIANT }
"#;

const GUARD: &str = r#"# title: Tables can be <restored>
# title.ja: テーブルを<復元>できる
rule recovery_is_on when resourceType == "AWS::DynamoDB::Table" {
    configuration.ContinuousBackups.pointInTimeRecoveryDescription.pointInTimeRecoveryStatus == "ENABLED"
}
"#;

struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Runs `rules docs --out site`.
    fn docs(&self, arguments: &[&str]) -> Ended {
        let site = self.path("site");
        let mut all = vec!["rules", "docs", "--out", site.to_str().unwrap()];
        all.extend(arguments);
        run(yagura().current_dir(self.directory.path()), &all)
    }

    /// Every file of the site, by its path in it.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        add_files(&self.path("site"), "", &mut files);
        files
    }
}

fn add_files(directory: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            add_files(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read_to_string(entry.path()).unwrap());
        }
    }
}

/// What was said, whatever the width it was wrapped to.
fn said(ended: &Ended) -> String {
    ended.err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

/// The values of an attribute.
fn attributes<'p>(page: &'p str, name: &'p str) -> impl Iterator<Item = &'p str> {
    page.split(&format!(" {name}=\""))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect::<Vec<_>>()
        .into_iter()
}

/// Where a link of a page leads, inside the site.
fn resolve(page: &str, href: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in href.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{page} leads out of the site: {href}"),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn check_links(files: &BTreeMap<String, String>) {
    let anchors: BTreeMap<&str, BTreeSet<&str>> =
        files.iter().map(|(path, page)| (path.as_str(), attributes(page, "id").collect())).collect();
    let (mut seen, mut broken, mut reached) = (0, Vec::new(), BTreeSet::from(["index.html".to_owned()]));
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        for href in attributes(page, "href").filter(|href| !href.starts_with("https://")) {
            seen += 1;
            let (target, anchor) = href.split_once('#').unwrap_or((href, ""));
            let target = if target.is_empty() { path.clone() } else { resolve(path, target) };
            let there = anchors.get(target.as_str());
            if !there.is_some_and(|ids| anchor.is_empty() || ids.contains(anchor)) {
                broken.push(format!("{path}: {href}"));
            }
            reached.insert(target);
        }
        assert!(!page.contains(" src=\""), "{path}");
        let ids: Vec<_> = attributes(page, "id").collect();
        assert_eq!(ids.len(), anchors[path.as_str()].len(), "{path} has an id twice");
    }
    assert!(seen > 10_000, "only {seen} links were found; the test looks in the wrong place");
    assert_eq!(broken, Vec::<String>::new());
    let lost: Vec<_> = files.keys().filter(|it| !it.starts_with('.') && !reached.contains(*it)).collect();
    assert!(lost.is_empty(), "nothing leads to {lost:?}");
}

#[test]
fn every_rule_framework_and_type_has_its_pages_and_every_link_leads_somewhere() {
    let place = Place::new();
    place.write("packs/rules/s3/mine.yaml", RULE);
    place.write("packs/rules/dynamodb/recovery.guard", GUARD);
    let ended = place.docs(&["--packs", "packs"]);
    assert_eq!((ended.status, ended.out.as_str()), (0, ""), "{}", ended.err);
    assert!(ended.err.contains("index.html"), "{}", ended.err);
    let files = place.files();
    check_links(&files);

    let rules = run(&mut yagura(), &["rules", "list", "--json"]).json();
    for rule in rules.as_array().unwrap() {
        let id = rule["Id"].as_str().unwrap();
        for lang in ["en", "ja"] {
            assert!(files.contains_key(&format!("{lang}/rules/{id}.html")), "{id}");
        }
    }
    assert!(files.contains_key("ja/frameworks/cis-aws-5.0.html"));

    let ssh = &files["en/rules/restricted-ssh.html"];
    for said in ["EC2.13", "ec2:DescribeSecurityGroups", "aws-fsbp.html#r-", "allowed_cidrs"] {
        assert!(ssh.contains(said), "`{said}` is missing");
    }
    let bucket = &files["en/collectors/aws-s3-bucket.html"];
    for said in ["s3:ListAllMyBuckets", "s3.GetBucketPolicy", "../rules/mine.html"] {
        assert!(bucket.contains(said), "`{said}` is missing");
    }

    // The user's rule, whose title is an attack.
    for lang in ["en", "ja"] {
        let mine = &files[&format!("{lang}/rules/mine.html")];
        assert!(mine.contains("<h1>&lt;script&gt;alert(1)&lt;/script&gt;"), "{mine}");
        assert!(!mine.contains("<script"), "{mine}");
    }

    let guard = &files["ja/rules/recovery.html"];
    assert!(
        guard.contains("<h1>テーブルを&lt;復元&gt;できる") && guard.contains("rule recovery_is_on when"),
        "{guard}"
    );

    // A second run gives the same bytes, and one without the rule takes its pages away.
    assert_eq!(place.docs(&["--packs", "packs"]).status, 0);
    assert!(place.files() == files, "two runs differ");
    place.write("site/CNAME", "example.com");
    let ended = place.docs(&["--lang", "ja"]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let fewer = place.files();
    assert!(!fewer.contains_key("ja/rules/mine.html"));
    assert!(fewer.keys().all(|path| !path.starts_with("en/")) && !place.path("site/en").exists());
    assert_eq!(fewer["CNAME"], "example.com", "what is not ours stays");
    check_links(&fewer.into_iter().filter(|(path, _)| path != "CNAME").collect());
}

#[test]
fn a_directory_of_somebody_else_is_refused() {
    let place = Place::new();
    place.write("site/thesis.txt", "years of work");
    let ended = place.docs(&[]);
    assert_eq!(ended.status, 2, "{}", ended.err);
    assert!(
        said(&ended).contains("site` holds files that `yagura rules docs` did not write"),
        "{}",
        ended.err
    );
    assert_eq!(place.files().len(), 1);

    let file = place.path("site/thesis.txt");
    let ended = run(&mut yagura(), &["rules", "docs", "--out", file.to_str().unwrap()]);
    assert_eq!(ended.status, 2, "{}", ended.err);
    assert!(said(&ended).contains("thesis.txt` is not a directory"), "{}", ended.err);
}

#[test]
fn a_page_that_cannot_be_written_is_named_and_the_next_run_goes_on() {
    let place = Place::new();
    // A directory where a page belongs: as good as a full disk, and the same for root.
    place.write("site/.yagura-docs", "index.html\n../thesis.txt\n");
    place.write("thesis.txt", "years of work");
    std::fs::create_dir_all(place.path("site/style.css")).unwrap();
    let ended = place.docs(&["--lang", "en"]);
    assert_eq!(ended.status, 1, "{}", ended.err);
    assert!(said(&ended).contains("style.css` cannot be written"), "{}", ended.err);

    std::fs::remove_dir(place.path("site/style.css")).unwrap();
    assert_eq!(place.docs(&["--lang", "en"]).status, 0);
    assert!(place.path("thesis.txt").exists(), "the marker led out of the directory");
}

#[test]
fn a_broken_rule_is_told_and_the_others_get_their_pages() {
    let place = Place::new();
    place.write("packs/rules/s3/mine.yaml", "id: mine\nseverty: low\n");
    let ended = place.docs(&["--packs", "packs", "--lang", "en"]);
    assert_eq!(ended.status, 1, "{}", ended.err);
    assert!(ended.err.contains("mine.yaml:2:1"), "{}", ended.err);
    assert!(place.path("site/en/rules/restricted-ssh.html").exists());
}
