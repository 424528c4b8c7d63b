//! Macros: `all`, `exists`, `exists_one`, `filter` and `map`.
//!
//! A list may lack items that could not be read. What was read still decides where it can: one element that
//! fits is enough for `exists`, one that does not is enough to refute `all`.

use std::borrow::Cow;

use super::evaluate::Frame;
use super::fault::Fault;
use super::tree::{Fold, Macro};
use super::value::{List, Value};

pub(super) fn run<'a>(frame: &mut Frame<'a>, it: &'a Macro) -> Result<Value<'a>, Fault<'a>> {
    let over = frame.value(&it.over)?;
    let lacking: Option<Fault<'a>> = over.elements().and_then(|elements| elements.lacking().cloned());
    match it.fold {
        Fold::All => decide(frame, it, &over, false, lacking),
        Fold::Exists => decide(frame, it, &over, true, lacking),
        Fold::ExistsOne => exactly_one(frame, it, &over, lacking),
        Fold::Filter | Fold::Map => gather(frame, it, &over),
    }
}

/// Calls `visit` with the macro's variable set to each element, or each key of a map, until it returns `false`.
fn each<'a>(
    frame: &mut Frame<'a>,
    it: &'a Macro,
    over: &Value<'a>,
    mut visit: impl FnMut(&mut Frame<'a>) -> bool,
) -> Result<(), Fault<'a>> {
    if let Some(elements) = over.elements() {
        for element in elements.iter() {
            frame.set_local(it.slot, element);
            if !visit(frame) {
                break;
            }
        }
        return Ok(());
    }
    let keys = over.keys()?.ok_or_else(|| Fault::wrong_type(it.fold.name(), over.type_name()))?;
    for key in keys {
        let key = match key {
            Cow::Borrowed(key) => Value::Str(key),
            Cow::Owned(key) => Value::text(key),
        };
        frame.set_local(it.slot, key);
        if !visit(frame) {
            break;
        }
    }
    Ok(())
}

/// Whether an element fits the macro's condition; every element fits a macro without one.
fn fits<'a>(frame: &mut Frame<'a>, it: &'a Macro) -> Result<bool, Fault<'a>> {
    it.condition.as_ref().map_or(Ok(true), |condition| frame.bool(condition))
}

/// `all` with `decides` false, `exists` with `decides` true.
fn decide<'a>(
    frame: &mut Frame<'a>,
    it: &'a Macro,
    over: &Value<'a>,
    decides: bool,
    lacking: Option<Fault<'a>>,
) -> Result<Value<'a>, Fault<'a>> {
    let mut missing = lacking;
    let mut decided = false;
    each(frame, it, over, |frame| {
        match fits(frame, it) {
            Ok(fits) => decided = fits == decides,
            Err(fault) => missing = Some(Fault::together(missing.take(), fault)),
        }
        !decided
    })?;
    match missing {
        _ if decided => Ok(Value::Bool(decides)),
        Some(fault) => Err(fault),
        None => Ok(Value::Bool(!decides)),
    }
}

fn exactly_one<'a>(
    frame: &mut Frame<'a>,
    it: &'a Macro,
    over: &Value<'a>,
    lacking: Option<Fault<'a>>,
) -> Result<Value<'a>, Fault<'a>> {
    let mut missing = lacking;
    let mut count = 0;
    each(frame, it, over, |frame| {
        match fits(frame, it) {
            Ok(fits) => count += usize::from(fits),
            Err(fault) => missing = Some(Fault::together(missing.take(), fault)),
        }
        true
    })?;
    missing.map_or(Ok(Value::Bool(count == 1)), Err)
}

/// `filter` and `map`: what may be missing from the list may be missing from the result.
fn gather<'a>(frame: &mut Frame<'a>, it: &'a Macro, over: &Value<'a>) -> Result<Value<'a>, Fault<'a>> {
    let mut list = List::default();
    let mut missing: Option<Fault<'a>> = None;
    each(frame, it, over, |frame| {
        let made = match (fits(frame, it), &it.transform) {
            (Ok(false), _) => return true,
            (Ok(true), None) => frame.local(it.slot),
            (Ok(true), Some(transform)) => frame.value(transform),
            (Err(fault), _) => Err(fault),
        };
        match made {
            Ok(value) => list.items.push(value),
            Err(fault) => missing = Some(Fault::together(missing.take(), fault)),
        }
        true
    })?;
    if let Some(fault) = missing {
        return Err(fault);
    }
    list.lacking = over.elements().and_then(|elements| elements.lacking().cloned());
    Ok(list.into())
}
