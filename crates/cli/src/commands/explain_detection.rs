//! `yagura detections explain`: finds the rule and the event.

use std::path::Path;

use yagura_detect::explain::{self, Step};
use yagura_detect::{Engine, Source};
use yagura_logs::Decoded;
use yagura_watch::source_of;

use crate::arguments::{DetectionsCommon, EventSource};
use crate::commands::{configured_packs, detections};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;

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
        let no_json = |error| Told::new("the event is no JSON").because(error).usage();
        if let Some(rule) = set.falco.iter().find(|it| it.name == self.rule) {
            let source = Source::ALL.into_iter().find(|it| rule.source == it.falco());
            let source = self.asked(source, &rule.source)?;
            let event = self.event(source, &Engine::new(source, &[], &[], &fields))?;
            return explain::falco(rule, source, &fields, &event).map_err(no_json);
        }
        let known = detections::words(&configured_packs(&common.packs, config)?)?;
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
        let source = Source::ALL.into_iter().find(|it| it.is_meant_by(rule.source()));
        let source = self.asked(source, "its `logsource`")?;
        if let Some(new) = &rule.new {
            let of: Vec<_> = new.of.iter().map(|it| format!("`{}`", it.as_str())).collect();
            terminal::say(&format!(
                "a match only counts when {} is new for the event's `{}`",
                of.join(" and "),
                new.by.as_str()
            ));
        }
        explain::sigma(rule, &self.event(source, &Engine::new(source, &[], &[], &fields))?).map_err(no_json)
    }

    /// The source that is asked for, which must be the rule's, else the rule's.
    fn asked(&self, of_rule: Option<Source>, shown: &str) -> Result<Source, Failure> {
        match (self.source.forced(), of_rule) {
            (Some(asked), Some(of_rule)) if asked == of_rule => Ok(asked),
            (None, Some(of_rule)) => Ok(of_rule),
            _ => Err(Told::new(format!("the rule is about events of the source `{shown}`")).usage()),
        }
    }

    /// The event of the id, else the first of the source.
    fn event(&self, source: Source, engine: &Engine) -> Result<Vec<u8>, Failure> {
        let shown = self.events.display();
        let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| {
            Told::new(format!("cannot read the events in `{shown}`")).because(error).usage()
        };
        let mut records = Decoded::open(self.events).map_err(|error| unreadable(error.into()))?;
        while let Some((kind, record)) = records.next().map_err(|error| unreadable(error.into()))? {
            // What is of no kind that is known may be a part of an event, which somebody wrote by hand.
            let other = source_of(kind).is_some_and(|it| it != source) && self.source.forced().is_none();
            let is_it = match (self.event_id, engine.read(record)) {
                (None, Ok(_)) => !other,
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
