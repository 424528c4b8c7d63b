//! Detections: rules over events, in the languages that people already write them in.

mod engine;
mod engines;
pub mod event;
pub mod explain;
pub mod falco;
pub mod novelty;
pub mod pack;
mod passed_on;
mod places;
pub mod rule_files;
pub mod sigma;
mod source;
pub mod threats;
mod yaml;

pub use engine::{Detection, Engine};
pub use engines::Engines;
pub use passed_on::{PassedOn, passed_on};
pub use places::{FixedPlaces, Places, PlacesKnown};
pub use source::Source;
