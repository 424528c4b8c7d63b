//! Detections: rules over events, in the languages that people already write them in.

mod engine;
pub mod event;
pub mod explain;
pub mod falco;
pub mod pack;
pub mod rule_files;
pub mod sigma;
pub mod threats;
mod yaml;

pub use engine::{Detection, Engine, Source};
