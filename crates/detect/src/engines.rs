//! Rules over events of any kind: an engine for each kind that rules are about.

use std::sync::Arc;

use crate::engine::{Detection, Engine};
use crate::event::{Event, NotAnEvent};
use crate::falco::{self, FieldTable};
use crate::places::Places;
use crate::sigma;
use crate::source::Source;

/// Engines, by the kind of their events.
#[derive(Debug)]
pub struct Engines {
    engines: Vec<(Source, Engine)>,
}

impl Engines {
    /// Makes the rules ready for the kinds of events that they are about.
    #[must_use]
    pub fn new(falco: &[falco::rules::Rule], sigma: &[sigma::Rule], table: &FieldTable) -> Self {
        Self::of(&Source::ALL, falco, sigma, table)
    }

    /// Only for some kinds of events.
    #[must_use]
    pub fn of(
        sources: &[Source],
        falco: &[falco::rules::Rule],
        sigma: &[sigma::Rule],
        table: &FieldTable,
    ) -> Self {
        let engines = sources.iter().map(|it| (*it, Engine::new(*it, falco, sigma, table)));
        Self { engines: engines.filter(|(_, engine)| !engine.is_empty()).collect() }
    }

    /// With somebody who tells where addresses are.
    #[must_use]
    pub fn with_places(self, places: &Arc<dyn Places>) -> Self {
        let engines = self.engines.into_iter();
        Self { engines: engines.map(|(source, it)| (source, it.with_places(Arc::clone(places)))).collect() }
    }

    /// Every rule, of each engine.
    pub fn detections(&self) -> impl Iterator<Item = &Detection> {
        self.engines.iter().flat_map(|(_, it)| it.detections())
    }

    /// The engine for events of a kind, if rules are about it.
    #[must_use]
    pub fn get(&self, source: Source) -> Option<&Engine> {
        self.engines.iter().find(|(it, _)| *it == source).map(|(_, engine)| engine)
    }

    /// Reads an event of a kind, with the engine that judges it; `None` when no rule is about such events.
    ///
    /// # Errors
    ///
    /// It is no object in JSON.
    pub fn read<'e>(
        &'e self,
        source: Source,
        raw: &'e [u8],
    ) -> Result<Option<(&'e Engine, Event<'e>)>, NotAnEvent> {
        match self.get(source) {
            Some(engine) => Ok(Some((engine, engine.read(raw)?))),
            None => Ok(None),
        }
    }

    /// The kinds of events that rules are about.
    pub fn sources(&self) -> impl Iterator<Item = Source> {
        self.engines.iter().map(|(source, _)| *source)
    }

    /// How many rules there are; one that is about several kinds of events counts for each.
    #[must_use]
    pub fn len(&self) -> usize {
        self.engines.iter().map(|(_, it)| it.len()).sum()
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.engines.is_empty()
    }
}
