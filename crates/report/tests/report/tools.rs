//! What other tools take in: `ocsf`, `asff`, `sarif`, `junit`.

use proptest::prelude::*;
use quick_xml::events::Event;
use serde_json::Value;
use yagura_model::{Lang, Outcome};
use yagura_report::{Format, Style};

use crate::fixture::{Fixture, GAMES, PRODUCTION, small, violation};

fn told(fixture: &Fixture, format: Format) -> String {
    fixture.told_in(format, Lang::En, Style::default())
}

fn json(fixture: &Fixture, format: Format) -> Value {
    serde_json::from_str(&told(fixture, format)).unwrap()
}

/// An element's name and its attributes.
type Element = (String, Vec<(String, String)>);

/// Every element of an XML text with its attributes, or why it is not well-formed.
fn elements(text: &str) -> Result<Vec<Element>, quick_xml::Error> {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut found = Vec::new();
    loop {
        match reader.read_event()? {
            Event::Eof => return Ok(found),
            Event::Start(tag) | Event::Empty(tag) => {
                let mut attributes = Vec::new();
                for attribute in tag.attributes() {
                    let attribute = attribute?;
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0)?.into_owned();
                    attributes.push((attribute.key.as_ref().to_owned(), value));
                }
                found.push((tag.name().as_ref().to_owned(), attributes));
            }
            _ => {}
        }
    }
}

#[test]
fn ocsf_is_an_array_of_compliance_findings() {
    let fixture = small();
    let events = json(&fixture, Format::Ocsf);
    let events = events.as_array().unwrap();
    assert_eq!(events.len(), fixture.records.len() + 1);
    for (event, record) in events.iter().zip(&fixture.records) {
        let evaluation = &record.evaluation;
        assert_eq!(event["class_uid"], 2003);
        assert_eq!(event["metadata"]["event_code"], evaluation.rule.as_str());
        assert_eq!(event["cloud"]["account"]["uid"], evaluation.resource.account.as_str());
        assert_eq!(event["cloud"]["region"], evaluation.resource.region.as_str());
        let id = if evaluation.arn.is_empty() { &evaluation.resource.id } else { &evaluation.arn };
        assert_eq!(event["resources"][0]["uid"], **id);
        assert_eq!(event["resources"][0]["name"], evaluation.resource.id);
        let (status, told) = match evaluation.outcome {
            Outcome::Compliant => (1, false),
            Outcome::NonCompliant => (3, false),
            Outcome::InsufficientData => (0, true),
            Outcome::NotApplicable => (99, true),
        };
        assert_eq!(event["compliance"]["status_id"], status);
        assert_eq!(event["compliance"]["status_detail"].is_string(), told);
    }
    let unread = events.last().unwrap();
    assert_eq!(unread["compliance"]["status_id"], 0);
    assert_eq!(
        unread["status_detail"],
        "the role arn:aws:iam::222233334444:role/YaguraReadOnly cannot be assumed: AccessDenied"
    );
    insta::assert_snapshot!("ocsf", told(&fixture, Format::Ocsf));
}

#[test]
fn asff_keeps_what_is_not_known_in_sight() {
    let fixture = small();
    let findings = json(&fixture, Format::Asff);
    let statuses: Vec<_> =
        findings.as_array().unwrap().iter().map(|it| it["Compliance"]["Status"].as_str().unwrap()).collect();
    assert_eq!(
        statuses,
        ["FAILED", "PASSED", "WARNING", "FAILED", "FAILED", "PASSED", "WARNING", "FAILED", "WARNING"]
    );
    insta::assert_snapshot!("asff", told(&fixture, Format::Asff));
}

#[test]
fn asff_keeps_to_the_formats_limits() {
    let mut fixture = small().with(violation(GAMES, "global", &"r".repeat(3000), &"名".repeat(5000)));
    let rule = fixture.rules.get_mut("restricted-ssh").unwrap();
    rule.text.en.title = "t".repeat(400);
    rule.text.en.why = "w".repeat(4000);
    rule.fix.steps.en = vec!["s".repeat(4000)];
    for finding in json(&fixture, Format::Asff).as_array().unwrap() {
        let length = |pointer: &str| {
            finding.pointer(pointer).and_then(Value::as_str).map_or(0, |it| it.chars().count())
        };
        assert!(length("/Title") <= 256 && length("/Description") <= 1024 && length("/Id") <= 512);
        assert!(length("/Remediation/Recommendation/Text") <= 512 && length("/Resources/0/Id") <= 512);
        let fields = finding["ProductFields"].as_object().unwrap();
        assert!(fields.values().all(|it| it.as_str().unwrap().chars().count() <= 2048));
        assert_ne!(finding["Region"], "global");
    }
}

#[test]
fn sarif_tells_rules_results_and_what_was_not_read() {
    let fixture = small();
    let log = json(&fixture, Format::Sarif);
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        assert_eq!(result["level"] == "none", result["kind"] != "fail");
    }
    let told_gaps = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(told_gaps.len(), 2 + 5);
    insta::assert_snapshot!("sarif", told(&fixture, Format::Sarif));
}

#[test]
fn junit_counts_what_it_holds() {
    let text = told(&small(), Format::Junit);
    let elements = elements(&text).unwrap();
    let count = |name: &str| elements.iter().filter(|(it, _)| it == name).count();
    let sum = |attribute: &str| -> usize {
        let suites =
            elements.iter().filter(|(name, _)| name == "testsuite").flat_map(|(_, attributes)| attributes);
        suites.filter(|(name, _)| name == attribute).map(|(_, value)| value.parse::<usize>().unwrap()).sum()
    };
    assert_eq!((count("testcase"), count("failure"), count("error"), count("skipped")), (15, 4, 1, 8));
    assert_eq!((sum("tests"), sum("failures"), sum("errors"), sum("skipped")), (15, 4, 1, 8));
    insta::assert_snapshot!("junit", text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a resource is called, every format stays what it is.
    #[test]
    fn any_name_is_only_a_name(name in "\\p{any}*|[<>&\"'\u{0}-\u{1f}\u{fffe}]*", resource in "\\p{any}{1,20}") {
        let fixture = small().with(violation(PRODUCTION, "eu-west-1", &resource, &name));
        for format in [Format::Ocsf, Format::Asff, Format::Sarif] {
            let parsed = serde_json::from_str::<Value>(&told(&fixture, format));
            prop_assert!(parsed.is_ok(), "{}: {:?}", format, parsed);
        }
        let xml = told(&fixture, Format::Junit);
        let forbidden = |it: char| (it < ' ' && it != '\n') || it == '\u{fffe}' || it == '\u{ffff}';
        prop_assert!(!xml.contains(forbidden));
        let cases = elements(&xml).map(|it| it.iter().filter(|(name, _)| name == "testcase").count());
        prop_assert_eq!(cases.ok(), Some(16));
    }
}
