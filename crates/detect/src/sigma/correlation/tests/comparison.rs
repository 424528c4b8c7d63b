//! Held to the library's own correlations, where both can be asked: events in the order of their times, every window told. Left out is
//! `value_percentile`, for which the library does not look at the bounds.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use rsigma_eval::{CorrelationConfig, CorrelationEngine, JsonEvent};
use rsigma_parser::parse_sigma_yaml;
use serde_json::{Value as Json, json};

use super::{Limits, RULES, Run, correlation, failed, login, stopped};

fn event() -> impl Strategy<Value = (i64, Json)> {
    let kind = select(vec![failed as fn(&str) -> Json, login, stopped]);
    (0..40_i64, kind, select(vec!["a", "b"]), select(vec!["1", "2", "3"]), 0..9_u32).prop_map(
        |(second, kind, user, ip, size)| {
            let mut event = kind(user);
            (event["ip"], event["size"]) = (json!(ip), json!(size));
            (second, event)
        },
    )
}

fn body() -> impl Strategy<Value = String> {
    let bound = select(vec!["gte: 2", "gt: 2", "lt: 3", "lte: 2", "eq: 2", "neq: 3", "gt: 1, lt: 4"]);
    let kind = select(vec![
        ("event_count", "rules: [failed]", ""),
        ("value_count", "rules: [failed]", "field: ip, "),
        ("value_count", "rules: [failed]", "field: [ip, size], "),
        ("value_sum", "rules: [failed]", "field: size, "),
        ("value_avg", "rules: [failed]", "field: size, "),
        ("value_median", "rules: [failed]", "field: size, "),
        ("temporal", "rules: [failed, login, stopped]", ""),
        ("temporal_ordered", "rules: [failed, login]", ""),
    ]);
    let group = select(vec!["[]", "[user]", "[user, ip]"]);
    (kind, group, bound, 1..15_u32).prop_map(|((kind, rules, field), group, bound, span)| {
        format!("{{ type: {kind}, {rules}, group-by: {group}, timespan: {span}s, condition: {{ {field}{bound} }} }}")
    })
}

/// What the library tells: the seconds, as often as it tells of them.
fn theirs(body: &str, events: &[(i64, Json)]) -> Vec<i64> {
    let collection = parse_sigma_yaml(&format!("{RULES}---\n{}", correlation(body))).unwrap();
    let mut engine = CorrelationEngine::new(CorrelationConfig::default());
    engine.add_collection(&collection).unwrap();
    let mut told = Vec::new();
    for (second, event) in events {
        let results = engine.process_event_at(&JsonEvent::borrow(event), *second);
        told.extend(results.iter().filter(|it| it.as_correlation().is_some()).map(|_| *second));
    }
    told
}

fn ours(body: &str, events: &[(i64, Json)], every: bool) -> Run {
    let mut run = Run::of(body);
    run.correlations.every = every;
    for (number, (second, event)) in events.iter().enumerate() {
        let mut event = event.clone();
        event["eventID"] = json!(number.to_string());
        event["eventTime"] = json!(jiff::Timestamp::from_second(1_700_000_000 + second).unwrap().to_string());
        run.event(&event);
    }
    run
}

proptest! {
    /// Of events in order we tell what the library tells.
    #[test]
    fn events_in_order_are_counted_alike(
        body in body(),
        mut events in proptest::collection::vec(event(), 0..40),
    ) {
        events.sort_by_key(|it| it.0);
        prop_assert_eq!(ours(&body, &events, true).times(), theirs(&body, &events), "{}", body);
    }

    /// Whatever the order in which events come, the same groups fire.
    #[test]
    fn the_order_of_arrival_changes_nothing(
        body in body().prop_filter("only what grows", |it| !it.contains("lt") && !it.contains("eq:") && (it.contains("_count") || it.contains("temporal"))),
        events in proptest::collection::vec(event(), 0..30).prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        late in proptest::option::of(Just(std::time::Duration::from_secs(40))),
    ) {
        let groups = |events: &[(i64, Json)]| {
            let mut run = Run::new(&[RULES, &correlation(&body)], Limits { late, ..Limits::default() });
            for (number, (second, event)) in events.iter().enumerate() {
                let mut event = event.clone();
                event["eventID"] = json!(number.to_string());
                event["eventTime"] = json!(jiff::Timestamp::from_second(1_700_000_000 + second).unwrap().to_string());
                run.event(&event);
            }
            run.matches.into_iter().map(|it| it.group).collect::<BTreeSet<_>>()
        };
        let (mut sorted, shuffled) = events;
        sorted.sort_by_key(|it| it.0);
        prop_assert_eq!(groups(&sorted), groups(&shuffled), "{}", body);
        // Telling once for each timespan leaves no group out.
        let every: BTreeSet<_> = ours(&body, &sorted, true).matches.into_iter().map(|it| it.group).collect();
        prop_assert_eq!(groups(&sorted), every);
    }

    /// A restart at any point changes nothing.
    #[test]
    fn a_restart_changes_nothing(
        body in body(),
        events in proptest::collection::vec(event(), 0..30),
        at in 0..30_usize,
    ) {
        let whole = ours(&body, &events, false);
        let at = at.min(events.len());
        let mut first = ours(&body, &events[..at], false);
        let state = serde_json::to_string(&first.correlations.state()).unwrap();
        let mut second = Run::of(&body);
        second.correlations.restore(serde_json::from_str(&state).unwrap());
        for (number, (second_of, event)) in events.iter().enumerate().skip(at) {
            let mut event = event.clone();
            event["eventID"] = json!(number.to_string());
            event["eventTime"] = json!(jiff::Timestamp::from_second(1_700_000_000 + second_of).unwrap().to_string());
            second.event(&event);
        }
        first.matches.append(&mut second.matches);
        prop_assert_eq!(first.matches, whole.matches);
    }
}
