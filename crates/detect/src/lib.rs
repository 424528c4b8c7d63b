//! Detections: rules over events, in the languages that people already write them in.

pub mod falco;
