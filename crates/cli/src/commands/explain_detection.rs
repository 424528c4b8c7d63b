//! `yagura detections explain`: finds the rule and the event.

use std::path::Path;

use yagura_detect::explain::{self, Step};
use yagura_detect::{Engine, Source};
use yagura_logs::Records;

use crate::arguments::{DetectionsCommon, EventSource};
use crate::commands::detections;
use crate::config::Config;
use crate::failure::{Failure, Told};

/// What is to be explained.
pub struct Asked<'a> {
    pub rule: &'a str,
    pub events: &'a Path,
    pub event_id: Option<&'a str>,
    pub source: EventSource,
}

impl Asked<'_> {
    /// Explains it.
    pub fn explain(&self, common: &DetectionsCommon, config: &Config) -> Result<Step, Failure> {
        let fields = detections::fields(common, config)?;
        let set = detections::rules(common, config, &fields)?;
        let source = self.source.forced().unwrap_or(Source::CloudTrail);
        let event = self.event(&Engine::new(source, &[], &[], &fields))?;
        let no_json = |error| Told::new("the event is no JSON").because(error).usage();
        if let Some(rule) = set.falco.iter().find(|it| it.name == self.rule) {
            if rule.source != source.falco() {
                return Err(
                    Told::new(format!("the rule is about events of the source `{}`", rule.source)).usage()
                );
            }
            return explain::falco(rule, source, &fields, &event).map_err(no_json);
        }
        let known = detections::words(common, config)?;
        let id = known.iter().find(|(_, it)| it.name == self.rule).map_or(self.rule, |(id, _)| id.as_str());
        if set.correlations.iter().any(|it| it.name == id) {
            return Err(Told::new(format!(
                "`{}` is a correlation, which is about more than one event",
                self.rule
            ))
            .help("explain the rules that it refers to")
            .usage());
        }
        let rule = set.sigma.iter().find(|it| it.name == id).ok_or_else(|| {
            Told::new(format!("there is no rule `{}`", self.rule))
                .help("`yagura detections list` lists the built-in ones; `--rules PATH` adds rule files")
                .usage()
        })?;
        explain::sigma(rule, &event).map_err(no_json)
    }

    /// The event of the id, else the first.
    fn event(&self, engine: &Engine) -> Result<Vec<u8>, Failure> {
        let shown = self.events.display();
        let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| {
            Told::new(format!("cannot read the events in `{shown}`")).because(error).usage()
        };
        let input = yagura_logs::open(self.events).map_err(|error| unreadable(error.into()))?;
        let mut records = Records::new(input);
        while let Some(record) = records.next().map_err(|error| unreadable(error.into()))? {
            let is_it = match (self.event_id, engine.read(record)) {
                (None, Ok(_)) => true,
                (Some(id), Ok(event)) => engine.id(&event) == Some(id),
                (_, Err(_)) => false,
            };
            if is_it {
                return Ok(record.to_vec());
            }
        }
        Err(match self.event_id {
            Some(id) => Told::new(format!("there is no event `{id}` in `{shown}`")).usage(),
            None => Told::new(format!("there is no event in `{shown}`")).usage(),
        })
    }
}
