//! Fields that no event has: where the address is that it comes from.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use rsigma_eval::event::EventValue;

use crate::novelty;
use crate::places::{Places, PlacesKnown};
use crate::source::Source;

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OriginField {
    Country,
    Asn,
    AsName,
    List,
}

impl OriginField {
    fn read(field: &str) -> Option<Self> {
        Some(match field {
            "yagura.country" => Self::Country,
            "yagura.asn" => Self::Asn,
            "yagura.as_name" => Self::AsName,
            "yagura.list" => Self::List,
            _ => return None,
        })
    }
}

/// What rules ask about the address that an event comes from, and who answers.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    source: Option<Source>,
    asked: BTreeSet<OriginField>,
    pub(crate) places: Option<Arc<dyn Places>>,
}

impl Origins {
    pub(crate) fn of(source: Source) -> Self {
        Self { source: Some(source), ..Self::default() }
    }

    /// Notes that a field is asked for; with the field of the event that is read for it.
    pub(super) fn add(&mut self, field: &str) -> Option<(OriginField, &'static str)> {
        let field = OriginField::read(field)?;
        self.asked.insert(field);
        Some((field, self.address()))
    }

    /// What has to be known for the fields that were asked for.
    pub(crate) fn needed(&self) -> PlacesKnown {
        let any = |fields: &[OriginField]| fields.iter().any(|it| self.asked.contains(it));
        PlacesKnown {
            countries: any(&[OriginField::Country]),
            systems: any(&[OriginField::Asn, OriginField::AsName]),
            lists: any(&[OriginField::List]),
        }
    }

    /// The field with the address.
    pub(super) fn address(&self) -> &'static str {
        novelty::address_field(self.source.unwrap_or(Source::CloudTrail))
    }

    /// What a field holds. The address is only read when somebody can tell where it is.
    pub(super) fn answer(
        &self,
        asked: OriginField,
        addresses: impl FnOnce() -> Vec<String>,
    ) -> Option<EventValue<'static>> {
        let places = self.places.as_deref()?;
        let address = novelty::public(&addresses())?;
        let text = |it: String| EventValue::Str(Cow::Owned(it));
        match asked {
            OriginField::Country => places.origin(address).country.map(text),
            OriginField::Asn => places.origin(address).asn.map(|it| EventValue::Int(it.into())),
            OriginField::AsName => places.origin(address).as_name.map(text),
            OriginField::List => {
                let names: Vec<_> = places.lists(address).into_iter().map(text).collect();
                (!names.is_empty()).then_some(EventValue::Array(names))
            }
        }
    }
}
