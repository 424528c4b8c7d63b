//! Processing pipelines of pySigma, and what they make of a rule.
#![no_main]

const RULE: &str = "title: r\nid: r\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  s: { a|contains: [b, 'c*'], d|expand: '%e%' }\n  t: { '|all': [f, g] }\n  condition: s or 1 of t*\n";

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut loader = yagura_detect::sigma::Loader::default();
    loader.pipeline("fuzz.yml", text);
    loader.file("rules.yml", RULE);
    drop(loader.finish());
});
