//! Falco's rules, unmodified: their conditions, their files, and what they say of an event.

mod alert;
mod cloudtrail;
pub mod condition;
mod fields;
mod kubernetes;
pub mod output;
pub(crate) mod render;
pub mod rules;
pub(crate) mod test;
#[cfg(test)]
mod tests;
mod time;
mod value;

pub use fields::{FieldTable, FieldType};
