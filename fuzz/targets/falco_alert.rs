//! Alerts of Falco and findings of GuardDuty: whatever they hold, rules answer, and what they say of themselves is told or not.
#![no_main]

use std::sync::OnceLock;

use yagura_detect::falco::FieldTable;
use yagura_detect::falco::rules::Loader;
use yagura_detect::{Engine, Source, passed_on};

const RULE: &str = "- rule: r
  desc: d
  condition: evt.type in (execve) and not proc.name in (a, b) and (proc.aname[2] startswith c or fd.sip = 10.0.0.0 or proc.pid > 3) and len(proc.cmdline) > 2
  output: o
  priority: info
";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| {
        let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
        let mut loader = Loader::new();
        loader.file("f.yaml", RULE, &fields);
        Engine::new(Source::Runtime, &loader.finish(&fields).rules, &[], &fields)
    });
    if let Ok(event) = engine.read(bytes) {
        engine.matches(&event, |_| ());
    }
    for source in Source::ALL {
        let _ = passed_on(source, bytes);
    }
});
