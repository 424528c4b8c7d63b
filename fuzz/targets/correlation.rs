//! Correlations: whatever a file holds, and whatever is fed in whatever order, ends within the limits; a restart changes nothing.
#![no_main]

use yagura_detect::sigma::correlation::State;
use yagura_detect::sigma::{Correlations, Fed, Limits, Loader};

const RULE: &str = "title: r\nid: r\nlogsource: { product: aws }\ndetection: { s: { a: b }, condition: s }\n";
const LIMITS: Limits = Limits { events: 64, events_of_group: 16, late: None };

// The part before the first zero byte is the file of correlations; each line behind it is a match: second, rule, event, values.
libfuzzer_sys::fuzz_target!(|text: &str| {
    let (file, matches) = text.split_once('\0').unwrap_or((text, ""));
    let mut loader = Loader::default();
    loader.file("rules.yml", RULE);
    loader.file("fuzz.yml", file);
    let loaded = loader.finish();
    let fields = loaded.rules.first().and_then(|it| it.fed.clone()).unwrap_or_default();
    let mut correlations = Correlations::new(loaded.correlations.clone(), LIMITS);
    for line in matches.lines().take(256) {
        let mut parts = line.split(' ');
        let time = parts.next().and_then(|it| it.parse::<i16>().ok());
        let time = time.map(|it| format!("2024-01-01T00:{:02}:{:02}Z", it.rem_euclid(3600) / 60, it.rem_euclid(60)));
        let (rule, event) = (parts.next().unwrap_or("r"), parts.next().unwrap_or_default());
        let values: Vec<String> = parts.map(str::to_owned).collect();
        let fed = Fed::new(rule, event, time.as_deref(), fields.iter().map(|it| (it.clone(), values.clone())));
        let state = serde_json::to_string(&correlations.state()).expect("a state is JSON");
        let read: State = serde_json::from_str(&state).expect("a state can be read");
        let mut again = Correlations::new(loaded.correlations.clone(), LIMITS);
        assert_eq!(again.restore(read), Vec::<String>::new());
        assert_eq!(serde_json::to_string(&again.state()).expect("a state is JSON"), state);
        assert_eq!(correlations.feed(&fed), again.feed(&fed));
    }
});
