//! Correlations, from their files to what they tell; and that they answer as the library's own where it can be asked.

mod comparison;
mod files;

use serde_json::{Value as Json, json};

use super::super::{Loaded, Loader};
use super::{CorrelationMatch, Correlations, Limits};
use crate::engine::Engine;
use crate::falco::FieldTable;
use crate::source::Source;

const RULES: &str = "
title: Failed login
id: 22222222-0000-4000-8000-000000000001
name: failed
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: ConsoleLogin, result: failure }, condition: s }
---
title: Login
id: 22222222-0000-4000-8000-000000000002
name: login
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: ConsoleLogin, result: success }, condition: s }
---
title: Logging stopped
id: 22222222-0000-4000-8000-000000000003
name: stopped
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: StopLogging }, condition: s }
";

fn loaded(files: &[&str]) -> Loaded {
    let mut loader = Loader::default();
    for (number, text) in files.iter().enumerate() {
        loader.file(&format!("{number}.yml"), text);
    }
    loader.finish()
}

fn told(loaded: &Loaded) -> Vec<String> {
    loaded.diagnostics.iter().map(ToString::to_string).collect()
}

fn correlation(body: &str) -> String {
    format!("title: Together\nid: together\nlevel: high\ncorrelation: {body}\n")
}

/// An engine with its correlations, and what came of it.
struct Run {
    engine: Engine,
    correlations: Correlations,
    matches: Vec<CorrelationMatch>,
    /// The titles of rules whose own matches are told.
    shown: Vec<String>,
}

impl Run {
    fn new(files: &[&str], limits: Limits) -> Self {
        let loaded = loaded(files);
        assert_eq!(told(&loaded), Vec::<String>::new());
        let engine = Engine::new(Source::CloudTrail, &[], &loaded.rules, &FieldTable::default());
        let correlations = Correlations::new(loaded.correlations, limits);
        Self { engine, correlations, matches: Vec::new(), shown: Vec::new() }
    }

    fn of(body: &str) -> Self {
        Self::new(&[RULES, &correlation(body)], Limits::default())
    }

    fn event(&mut self, event: &Json) -> &mut Self {
        let raw = event.to_string();
        let event = self.engine.read(raw.as_bytes()).unwrap();
        let mut fed = Vec::new();
        let shown = &mut self.shown;
        self.engine.matches_and_feeds(&event, |it| shown.push(it.title.clone()), |it| fed.push(it));
        for it in &fed {
            self.matches.append(&mut self.correlations.feed(it));
        }
        self
    }

    /// An event at a second, with an id of its own.
    fn at(&mut self, second: i64, mut event: Json) -> &mut Self {
        event["eventTime"] = json!(jiff::Timestamp::from_second(1_700_000_000 + second).unwrap().to_string());
        event["eventID"] = json!(format!("e{second}"));
        self.event(&event)
    }

    /// Who was told of, and when.
    fn told(&self) -> Vec<(String, i64)> {
        let seconds = |it: &CorrelationMatch| it.time.as_second() - 1_700_000_000;
        self.matches.iter().map(|it| (it.rule.clone(), seconds(it))).collect()
    }

    fn times(&self) -> Vec<i64> {
        self.told().into_iter().map(|it| it.1).collect()
    }
}

fn failed(user: &str) -> Json {
    json!({ "eventName": "ConsoleLogin", "result": "failure", "user": user })
}

fn login(user: &str) -> Json {
    json!({ "eventName": "ConsoleLogin", "result": "success", "user": user })
}

fn stopped(user: &str) -> Json {
    json!({ "eventName": "StopLogging", "user": user })
}

const THREE: &str =
    "{ type: event_count, rules: failed, group-by: user, timespan: 10s, condition: { gte: 3 } }";

#[test]
fn events_are_counted_for_each_group_within_the_timespan() {
    let mut run = Run::of(THREE);
    run.at(0, failed("a")).at(1, failed("b")).at(2, failed("a")).at(11, failed("a"));
    assert_eq!(run.times(), Vec::<i64>::new(), "three, but not within ten seconds");
    run.at(12, failed("a"));
    assert_eq!(
        run.matches,
        [CorrelationMatch {
            rule: "together".to_owned(),
            title: "Together".to_owned(),
            level: "high".to_owned(),
            event_id: "e12".to_owned(),
            time: jiff::Timestamp::from_second(1_700_000_012).unwrap(),
            group: vec![("user".to_owned(), Some("a".to_owned()))],
            value: 3.0,
            events: ["e12", "e11", "e2"].map(str::to_owned).into(),
        }]
    );
}

#[test]
fn what_goes_on_within_the_timespan_is_one_match() {
    let mut run = Run::of(THREE);
    for second in 0..60 {
        run.at(second, failed("a"));
    }
    assert_eq!(run.times(), [2, 13, 24, 35, 46, 57]);
}

#[test]
fn rules_that_only_serve_a_correlation_are_not_told() {
    let mut run = Run::of(THREE);
    run.at(0, failed("a")).at(1, login("a"));
    assert_eq!(run.shown, ["Login"]);
    for generate in
        [correlation(THREE) + "generate: true\n", correlation(&THREE.replace("type", "generate: true, type"))]
    {
        let mut run = Run::new(&[RULES, &generate], Limits::default());
        run.at(0, failed("a"));
        assert_eq!(run.shown, ["Failed login"]);
    }
}

#[test]
fn an_event_counts_once_and_one_without_a_time_not_at_all() {
    let mut run = Run::of(THREE);
    for _ in 0..3 {
        run.at(1, failed("a"));
    }
    for _ in 0..3 {
        run.event(&failed("a"));
    }
    assert_eq!((run.times(), run.correlations.without_time()), (vec![], 3));
}

#[test]
fn bounds_of_every_kind() {
    let times = |condition: &str| {
        let mut run = Run::of(&THREE.replace("gte: 3", condition));
        run.correlations.every = true;
        for second in 0..5 {
            run.at(second, failed("a"));
        }
        run.times()
    };
    assert_eq!(times("gt: 3"), [3, 4]);
    assert_eq!(times("gte: 3"), [2, 3, 4]);
    assert_eq!(times("lt: 3"), [0, 1]);
    assert_eq!(times("lte: 3"), [0, 1, 2]);
    assert_eq!(times("eq: 3"), [2]);
    assert_eq!(times("neq: 3"), [0, 1, 3, 4]);
    assert_eq!(times("gt: 1, lte: 3"), [1, 2]);
}

#[test]
fn values_are_counted_once() {
    let body = "{ type: value_count, rules: [failed], group-by: [ip], timespan: 1m, condition: { field: user, gte: 3 } }";
    let mut run = Run::of(body);
    let from = |ip: &str, user: &str| {
        let mut it = failed(user);
        it["ip"] = json!(ip);
        it
    };
    run.at(0, from("1", "a")).at(1, from("1", "a")).at(2, from("1", "b")).at(3, from("2", "c"));
    assert_eq!(run.times(), Vec::<i64>::new());
    run.at(4, from("1", "c"));
    assert_eq!((run.times(), run.matches[0].value), (vec![4], 3.0));
    // Of several fields the values belong together.
    let mut run = Run::of(&body.replace("field: user", "field: [user, ip]").replace("[ip]", "[]"));
    run.at(0, from("1", "a")).at(1, from("2", "a")).at(2, failed("a")).at(3, from("1", "b"));
    assert_eq!(run.times(), [3]);
}

#[test]
fn numbers_are_added_up_and_compared() {
    let times = |kind: &str, condition: &str| {
        let body = format!(
            "{{ type: {kind}, rules: stopped, timespan: 1m, condition: {{ field: size, {condition} }} }}"
        );
        let mut run = Run::of(&body);
        run.correlations.every = true;
        for (second, size) in
            [json!(10), json!("20"), json!("many"), json!(30.5), json!(null)].into_iter().enumerate()
        {
            let mut event = stopped("a");
            event["size"] = size;
            run.at(second as i64, event);
        }
        run.times()
    };
    assert_eq!(times("value_sum", "gt: 30"), [3]);
    assert_eq!(times("value_sum", "gte: 30"), [1, 3]);
    assert_eq!(times("value_avg", "gt: 14.5"), [1, 3]);
    assert_eq!(times("value_median", "gte: 20"), [3]);
    assert_eq!(times("value_percentile", "percentile: 100, gte: 20"), [1, 3]);
}

#[test]
fn rules_that_match_together_in_any_order() {
    let body = "{ type: temporal, rules: [failed, stopped], group-by: [user], timespan: 10s }";
    let mut run = Run::of(body);
    run.at(0, stopped("a")).at(1, failed("b")).at(20, failed("a"));
    assert_eq!(run.times(), Vec::<i64>::new());
    run.at(25, stopped("a"));
    assert_eq!(
        (run.times(), run.matches[0].events.clone()),
        (vec![25], vec!["e25".to_owned(), "e20".to_owned()])
    );
    // The order of an ordered one is that of `rules`; what happens at the same time is in any.
    let mut run = Run::of(&body.replace("temporal", "temporal_ordered"));
    run.at(0, stopped("a")).at(1, failed("a"));
    assert_eq!(run.times(), Vec::<i64>::new());
    run.at(2, stopped("a"));
    assert_eq!(run.times(), [2]);
    let mut twice = stopped("b");
    twice["eventID"] = json!("other");
    twice["eventTime"] = json!("2024-01-01T00:00:00Z");
    let mut also = failed("b");
    (also["eventID"], also["eventTime"]) = (json!("one"), json!("2024-01-01T00:00:00Z"));
    run.event(&twice).event(&also);
    assert_eq!(run.matches.len(), 2);
}

#[test]
fn conditions_with_the_names_of_rules() {
    let times = |condition: &str| {
        let mut run = Run::of(&format!("{{ type: temporal, timespan: 10s, condition: {condition} }}"));
        run.correlations.every = true;
        run.at(0, failed("a")).at(1, login("a")).at(2, stopped("a")).at(20, login("a"));
        run.times()
    };
    assert_eq!(times("failed and login"), [1]);
    assert_eq!(times("failed or login"), [0, 1, 20]);
    assert_eq!(times("login and not failed"), [20]);
    assert_eq!(times("(failed or login) and stopped"), [2]);
}

#[test]
fn an_alias_is_another_field_in_each_rule() {
    let body = "{ type: temporal, rules: [failed, 22222222-0000-4000-8000-000000000003], group-by: [who], timespan: 1m, aliases: { who: { failed: user, stopped: actor.name } } }";
    let mut run = Run::of(body);
    let by = |name: &str| json!({ "eventName": "StopLogging", "actor": { "name": name }, "user": "other" });
    run.at(0, failed("a")).at(1, by("b")).at(2, by("a"));
    assert_eq!(
        (run.times(), run.matches[0].group.clone()),
        (vec![2], vec![("who".to_owned(), Some("a".to_owned()))])
    );
}

#[test]
fn events_with_several_values_are_in_several_groups_and_those_without_in_one() {
    let mut run = Run::of(&THREE.replace("gte: 3", "gte: 2"));
    let many = json!({ "eventName": "ConsoleLogin", "result": "failure", "user": ["a", "b"] });
    let none = json!({ "eventName": "ConsoleLogin", "result": "failure" });
    run.at(0, many).at(1, failed("b")).at(2, none.clone()).at(3, none);
    let groups: Vec<_> = run.matches.iter().map(|it| it.group[0].1.clone()).collect();
    assert_eq!(groups, [Some("b".to_owned()), None]);
}

/// Many failures are followed by a success: the outer one groups by a field that the inner one does not know.
#[test]
fn correlations_are_counted_by_correlations() {
    let chain = "
title: Guessed
id: guessed
correlation: { type: temporal_ordered, rules: [many, login], group-by: [user], timespan: 20s }
---
title: Many failures
id: 22222222-0000-4000-8000-000000000009
name: many
correlation: { type: event_count, rules: failed, group-by: [ip], timespan: 10s, condition: { gte: 3 } }
";
    let mut run = Run::new(&[chain, RULES], Limits::default());
    for second in 0..3 {
        run.at(second, failed("a"));
    }
    run.at(10, login("b")).at(15, login("a"));
    assert_eq!(run.told(), [("guessed".to_owned(), 15)], "the inner one is not told");
    // The inner one goes on and is told once only, but goes on for the outer one.
    let mut run = Run::new(&[chain, RULES], Limits::default());
    for second in 0..30 {
        run.at(second, failed("a"));
    }
    run.at(45, login("a"));
    assert_eq!(run.times(), [45]);
    // Counted, it counts once.
    let days = chain.replace("temporal_ordered", "event_count").replace("[many, login]", "many");
    let days = days.replace("timespan: 20s", "timespan: 1d, condition: { gte: 2 }");
    let mut run = Run::new(&[&days, RULES], Limits::default());
    for second in 0..10 {
        run.at(second, failed("a"));
    }
    assert_eq!(run.times(), Vec::<i64>::new());
    for second in 500..510 {
        run.at(second, failed("a"));
    }
    assert_eq!(run.times(), [502]);
}

#[test]
fn events_that_come_late_count_where_they_belong() {
    let mut run = Run::of(THREE);
    run.at(100, failed("a")).at(0, failed("a")).at(104, failed("a")).at(5, failed("a")).at(500, failed("a"));
    assert_eq!(run.times(), Vec::<i64>::new());
    run.at(7, failed("a"));
    run.at(102, failed("a"));
    assert_eq!(run.times(), [7, 104], "the last of the three completes it, whichever came last");
    // With a limit, what is older is forgotten.
    let late = Some(std::time::Duration::from_secs(60));
    let mut run = Run::new(&[RULES, &correlation(THREE)], Limits { late, ..Limits::default() });
    run.at(0, failed("a")).at(60, failed("a")).at(1, failed("a")).at(2, failed("a"));
    assert_eq!(run.times(), [2]);
    run.at(300, failed("a")).at(200, failed("a")).at(201, failed("a")).at(202, failed("a"));
    assert_eq!((run.times(), run.correlations.forgotten()), (vec![2], 0));
}

#[test]
fn a_restart_goes_on_where_it_stopped() {
    let files = [RULES, &correlation(THREE)];
    let mut run = Run::new(&files, Limits::default());
    run.at(0, failed("a")).at(1, failed("a")).at(2, failed("b"));
    let state = serde_json::to_string(&run.correlations.state()).unwrap();
    let mut again = Run::new(&files, Limits::default());
    assert_eq!(again.correlations.restore(serde_json::from_str(&state).unwrap()), Vec::<String>::new());
    assert_eq!(serde_json::to_string(&again.correlations.state()).unwrap(), state);
    again.at(3, failed("a")).at(4, failed("a")).at(5, failed("b"));
    assert_eq!(again.times(), [3]);
    // What asks for something else now begins anew.
    let mut other = Run::of(&THREE.replace("gte: 3", "gte: 2"));
    assert_eq!(other.correlations.restore(serde_json::from_str(&state).unwrap()), ["together"]);
    other.at(3, failed("a"));
    assert_eq!(other.times(), Vec::<i64>::new());
}

#[test]
fn memory_is_bounded_and_what_is_forgotten_is_counted() {
    let limits = Limits { events: 100, events_of_group: 10, late: None };
    let mut run = Run::new(&[RULES, &correlation(THREE)], limits);
    for second in 0..50 {
        run.at(1000 * second, failed("a"));
    }
    assert_eq!(run.correlations.forgotten(), 40);
    for second in 0..1000 {
        run.at(1_000_000 + second, failed(&format!("user {second}")));
    }
    let state = serde_json::to_value(run.correlations.state()).unwrap();
    let groups = state["correlations"][0]["groups"].as_array().unwrap();
    assert!(groups.len() <= 100, "{}", groups.len());
    assert_eq!(run.correlations.forgotten() as usize, 40 + 10 + 1000 - groups.len());
    // The newest are still there.
    run.at(1_001_000, failed("user 999")).at(1_001_001, failed("user 999"));
    assert_eq!(run.matches.last().map(|it| it.event_id.as_str()), Some("e1001001"));
}
