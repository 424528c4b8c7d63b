//! Outputs, filled in from events as Falco does it.
//!
//! What they say is data: control characters stay in it and are escaped by whoever prints it.

use super::fields::FieldTable;
use super::output::{Output, Part};
use super::test::{Compiler, Side};
use crate::event::{Event, Paths};

/// What is said of a field without a value.
pub(crate) const NOTHING: &str = "<NA>";

/// An output whose fields are ready to be read.
#[derive(Debug)]
pub(crate) struct Template {
    /// Only what matched is read for its output, so the fields are no part of what is read of every event.
    paths: Paths,
    parts: Vec<Filled>,
}

#[derive(Debug)]
enum Filled {
    Text(String),
    Field { side: Side, width: Option<usize> },
}

impl Template {
    /// Makes an output ready for the events of a source; an output that cannot be read was told when its rule was loaded.
    pub(crate) fn new(output: &str, source: &str, fields: &FieldTable) -> Option<Self> {
        let mut paths = Paths::default();
        let mut compiler = Compiler { fields, source, paths: &mut paths };
        let parts = Output::parse(output).ok()?.parts.into_iter().map(|part| match part {
            Part::Text(text) => Filled::Text(text),
            Part::Field { operand, width } => Filled::Field { side: compiler.side(&operand), width },
        });
        let parts = parts.collect();
        Some(Self { paths, parts })
    }

    /// Says it of an event.
    pub(crate) fn fill(&self, event: &Event<'_>) -> String {
        let mut said = String::new();
        // It was read before, so it can be read again.
        let Ok(event) = Event::read(event.raw(), &self.paths) else { return said };
        for part in &self.parts {
            match part {
                Filled::Text(text) => said.push_str(text),
                Filled::Field { side, width } => {
                    let value = side.of(&event);
                    let shown = value.as_ref().map_or(NOTHING.into(), |it| it.shown());
                    match width {
                        None | Some(0) => said.push_str(&shown),
                        Some(width) => {
                            // Cut or filled up; a text of any width that somebody wrote takes no memory beyond the text's end.
                            let length = shown.chars().take(*width).count();
                            said.extend(shown.chars().take(*width));
                            said.extend(std::iter::repeat_n(' ', (*width).min(WIDEST) - length.min(WIDEST)));
                        }
                    }
                }
            }
        }
        said
    }
}

/// No column is wider.
const WIDEST: usize = 10_000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::*;

    fn said(output: &str, event: &Json) -> String {
        let fields = FieldTable::load(&yagura_packs::Packs::embedded()).0;
        let template = Template::new(output, "aws_cloudtrail", &fields).unwrap();
        let (raw, paths) = (event.to_string(), Paths::default());
        template.fill(&Event::read(raw.as_bytes(), &paths).unwrap())
    }

    #[test]
    fn fields_are_filled_in() {
        let event = json!({
            "eventName": "StopLogging", "eventTime": "2026-01-15T03:04:05Z", "awsRegion": "eu-west-1",
            "userIdentity": { "type": "IAMUser", "userName": "hanako" },
            "additionalEventData": { "bytesTransferredIn": 5, "bytesTransferredOut": 7 },
        });
        for (output, expected) in [
            ("%ct.user called %ct.name.", "hanako called StopLogging."),
            ("*from %ct.srcip (%ct.error)", "from <NA> (<NA>)"),
            ("[%6ct.name] [%14ct.name] [%6ct.error]", "[StopLo] [StopLogging   ] [<NA>  ]"),
            ("%toupper(ct.user)/%tolower(ct.name)/%toupper(ct.error)", "HANAKO/stoplogging/<NA>"),
            ("%s3.bytes bytes", "12 bytes"),
            ("%json.value[/userIdentity/type]", "IAMUser"),
            ("nothing else", "nothing else"),
        ] {
            assert_eq!(said(output, &event), expected, "{output}");
        }
    }

    #[test]
    fn the_time_is_the_events_own_in_utc() {
        let event = json!({ "eventTime": "2026-01-15T03:04:05.25+09:00" });
        for (output, expected) in [
            ("%evt.time", "18:04:05.250000000"),
            ("%evt.time.s", "18:04:05"),
            ("%evt.time.iso8601", "2026-01-14T18:04:05.250000000+0000"),
            ("%evt.datetime", "2026-01-14 18:04:05.250000000"),
            ("%evt.datetime.s", "2026-01-14 18:04:05"),
            ("%evt.rawtime", "1768413845250000000"),
            ("%evt.rawtime.s %evt.rawtime.ns", "1768413845 250000000"),
            ("%evt.source", "aws_cloudtrail"),
            ("%evt.num", "<NA>"),
        ] {
            assert_eq!(said(output, &event), expected, "{output}");
        }
        assert_eq!(said("%evt.time", &json!({ "eventTime": "yesterday" })), "<NA>");
    }

    #[test]
    fn control_characters_and_signs_of_outputs_stay_data() {
        let event = json!({ "eventName": "a\u{1b}[31m\n%ct.user" });
        assert_eq!(said("<%ct.name>", &event), "<a\u{1b}[31m\n%ct.user>");
    }

    proptest! {
        /// A width is kept, whatever characters there are.
        #[test]
        fn a_width_is_so_many_characters(name in "\\PC{0,30}", width in 1_usize..40) {
            let said = said(&format!("%{width}ct.name"), &json!({ "eventName": name }));
            prop_assert_eq!(said.chars().count(), width);
            prop_assert!(said.starts_with(&name.chars().take(width).collect::<String>()));
        }
    }
}
