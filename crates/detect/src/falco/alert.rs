//! Fields of alerts that Falco wrote as JSON.
//!
//! An alert carries the fields that its own rule names in the output, and no others. What it does not carry is not known, which is something
//! else than a field without a value: Falco writes that as `null`.
//!
//! Source: <https://falco.org/docs/concepts/outputs/formatting/>

use std::borrow::Cow;

use serde_json::Value as Json;

use super::condition::{Expression, Operand};
use super::test::{Comparison, Compiler, Side, Single, Test};
use super::value::{Value, as_json, as_text};
use crate::event::{Event, Found, PathId, Paths, Scalar};

/// A field of an alert.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// In `output_fields`.
    at: PathId,
    /// At the top of the alert.
    top: Option<PathId>,
    /// What it is where nobody says it.
    otherwise: Option<&'static str>,
}

impl Field {
    pub(super) fn new(name: &str, argument: Option<&str>, paths: &mut Paths) -> Self {
        let full = argument.map(|it| format!("{name}[{it}]"));
        let at = paths.add(["output_fields", full.as_deref().unwrap_or(name)]);
        let (top, otherwise) = match name {
            // Older ones do not say where their events come from: there was only one source.
            "evt.source" => (Some("source"), Some("syscall")),
            "evt.hostname" => (Some("hostname"), None),
            // Falco gives only events that are over; older rules ask for them.
            "evt.dir" => (None, Some("<")),
            // Events are counted from 1; rules ask for it where they mean always or never.
            "evt.num" => (None, Some("1")),
            _ => (None, None),
        };
        Self { at, top: top.map(|it| paths.add([it])), otherwise }
    }

    fn find<'v>(&self, event: &'v Event<'_>) -> Option<Found<'v>> {
        event.get(self.at).or_else(|| event.get(self.top?))
    }

    /// Whether the alert says what it is, be it nothing.
    pub(super) fn is_known(&self, event: &Event<'_>) -> bool {
        self.otherwise.is_some() || self.find(event).is_some()
    }

    pub(super) fn of<'v>(&self, event: &'v Event<'_>) -> Option<Value<'v>> {
        match self.find(event) {
            None => self.otherwise.map(Value::text),
            Some(Found::Scalar(Scalar::Null) | Found::Tree(Json::Null)) => None,
            Some(Found::Tree(Json::Array(items))) => {
                let text = |it: &Json| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
                Some(Value::Texts(items.iter().map(|it| Cow::Owned(text(it))).collect()))
            }
            Some(found) => match as_text(&found) {
                Some(text) => Some(Value::text(text)),
                None => Some(Value::Text(as_json(&found))),
            },
        }
    }
}

impl Compiler<'_> {
    /// A condition over alerts: only about those whose events came from the kernel.
    pub(crate) fn alert_test(&mut self, condition: &Expression) -> Test {
        let source = Operand::Field { name: "evt.source".to_owned(), argument: None };
        let is_syscall = Comparison::One(Single::Equal(self.source.to_owned()));
        Test::All(vec![Test::Compare(self.side(&source), is_syscall), self.test(condition)])
    }
}

impl Test {
    /// Whether an alert fulfils it, as far as it tells: what depends on a field that it does not carry is not known.
    pub(crate) fn surely(&self, event: &Event<'_>) -> Option<bool> {
        match self {
            Self::All(tests) => decided(tests, event, false),
            Self::Any(tests) => decided(tests, event, true),
            Self::Not(test) => test.surely(event).map(|it| !it),
            Self::Exists(side) | Self::Compare(side, _) if !side.is_known(event) => None,
            Self::Sides(left, _, right) if !left.is_known(event) || !right.is_known(event) => None,
            known => Some(known.holds(event)),
        }
    }
}

/// One part that is so decides; else one that is not known leaves it open.
fn decided(tests: &[Test], event: &Event<'_>, by: bool) -> Option<bool> {
    let mut open = false;
    for test in tests {
        match test.surely(event) {
            Some(it) if it == by => return Some(by),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(!by)
}

impl Side {
    /// Whether the event says what it is, be it nothing.
    fn is_known(&self, event: &Event<'_>) -> bool {
        match self {
            Self::Field(read) => read.is_known(event),
            Self::Nothing => false,
            Self::Constant(_) => true,
            Self::Transformed(_, parts) | Self::List(parts) => parts.iter().all(|it| it.is_known(event)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::Engine;
    use crate::falco::{FieldTable, rules::Loader};
    use crate::source::Source;

    /// Whether a rule matches an alert.
    fn matches(condition: &str, alert: &Json) -> bool {
        let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
        let mut loader = Loader::new();
        let text = format!("- rule: r\n  desc: d\n  condition: {condition}\n  output: o\n  priority: info\n");
        loader.file("f.yaml", &text, &fields);
        let rules = loader.finish(&fields).rules;
        let engine = Engine::new(Source::Runtime, &rules, &[], &fields);
        let raw = alert.to_string();
        let mut matched = false;
        engine.matches(&engine.read(raw.as_bytes()).unwrap(), |_| matched = true);
        matched
    }

    #[test]
    fn fields_are_read_from_what_an_alert_carries() {
        let alert = json!({
            "rule": "r", "priority": "Notice", "output": "o", "source": "syscall", "hostname": "h",
            "output_fields": { "evt.type": "execve", "proc.name": "xmrig", "proc.pid": 7, "proc.aname[2]": "bash", "evt.arg.flags": "O_X", "user.name": null }
        });
        for condition in [
            "evt.type in (execve, execveat) and proc.name = xmrig and evt.dir=<",
            "proc.pid > 6 and proc.aname[2] = bash and evt.arg.flags contains O_",
            "evt.hostname = h and evt.source = syscall and not evt.num = 0",
            "not user.name exists and not user.name = root",
            "proc.name = xmrig or proc.exepath startswith /tmp",
        ] {
            assert!(matches(condition, &alert), "{condition}");
        }
        for condition in [
            "proc.name = other",
            // What it does not carry may be anything.
            "proc.exepath startswith /tmp",
            "not proc.exepath startswith /tmp",
            "not proc.exepath exists",
            "proc.name = xmrig and not proc.pname in (sshd)",
            "toupper(proc.pname) != SSHD",
        ] {
            assert!(!matches(condition, &alert), "{condition}");
        }
    }

    #[test]
    fn alerts_about_other_events_are_not_asked() {
        let alert = |source: &str| json!({ "source": source, "output_fields": { "evt.type": "execve" } });
        assert!(matches("evt.type = execve", &alert("syscall")));
        assert!(!matches("evt.type = execve", &alert("k8s_audit")));
        assert!(matches("evt.type = execve", &json!({ "output_fields": { "evt.type": "execve" } })));
    }
}
