//! Conditions: CEL, parsed by the `cel` crate, compiled here to a compact tree and evaluated over borrowed JSON.
//!
//! # Invariants
//!
//! - **The language is CEL's.** A property test holds the answers against the `cel` crate's own interpreter.
//! - **Unknown is an error with a reason.** Whatever touches a fact that was not read ends in a [`Fault`]; only what
//!   CEL lets absorb an error (`&&`, `||`, `all`, `exists`) can decide without it.
//! - **Nothing is guessed.** No clock, no I/O, no state: the same resource and time give the same answer.

mod call;
mod compile;
mod evaluate;
mod fault;
mod fold;
mod operators;
mod parse;
mod show;
mod tree;
mod value;

pub(crate) use compile::compile;
pub(crate) use evaluate::{Frame, Scope};
pub(crate) use fault::{Failure, Fault};
pub(crate) use operators::equal;
pub(crate) use parse::Mistake;
pub(crate) use tree::{Fold, Kind, Node, Operator, Variable};
pub(crate) use value::{List, Value, duration_text, tags_of, whole};

#[cfg(test)]
mod tests;
