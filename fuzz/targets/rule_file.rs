//! Rule files of Falco and Sigma.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    use yagura_detect::{falco::FieldTable, rule_files};
    thread_local!(static FIELDS: FieldTable = FieldTable::load(&yagura_packs::Packs::embedded()).0);
    let file = rule_files::RuleFile { shown: "fuzz.yaml".to_owned(), text: text.to_owned(), named: true };
    FIELDS.with(|fields| drop(rule_files::load(&[file], fields)));
});
