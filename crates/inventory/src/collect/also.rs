//! Further calls for one item.

use futures::future::BoxFuture;
use serde_json::Value;
use yagura_model::{Gap, ReadStatus};

use super::ask::{Asked, Preparation, extract};
use super::draft::{Env, Got};
use super::parse::{csv, json};
use super::{ITEMS_AT_ONCE, Place, Reader, bounded};
use crate::collector::{Also, Asks, Parse, Pick};
use crate::path::{Path, scalar_text};

/// Why an answer that came is of no use.
const UNREADABLE: &str = "unreadable";

impl Reader<'_> {
    /// What an `also` that is asked for each item tells about this one.
    pub(super) async fn ask_item(&self, also: &Also, place: &Place, env: Env<'_>) -> Got {
        match self.try_item(also, place, env).await {
            Ok(got) => got,
            Err(gap) => Got::Unread(gap),
        }
    }

    async fn try_item(&self, also: &Also, place: &Place, env: Env<'_>) -> Result<Got, Gap> {
        if !self.is_asked(also) || !env.holds(&also.when)? {
            return Ok(Got::Missing);
        }
        let Asks::Each(path) = &also.asks else { return self.ask_one(also, place, env).await };
        if let Some(gap) = env.gap(path.top()) {
            return Err(gap.clone());
        }
        let mut elements = Vec::new();
        if let Some(item) = env.item {
            path.each(item, &mut |it| elements.push(it));
        }
        let asked = elements.into_iter().map(|each| -> BoxFuture<'_, Result<Got, Gap>> {
            Box::pin(self.ask_one(also, place, Env { each: Some(each), ..env }))
        });
        let mut list = Vec::new();
        for got in bounded(ITEMS_AT_ONCE, asked).await {
            match got? {
                Got::Value(value) => list.push(value),
                Got::Missing => list.extend(also.empty.clone()),
                Got::Unread(gap) => return Err(gap),
            }
        }
        Ok(Got::Value(Value::Array(list)))
    }

    async fn ask_one(&self, also: &Also, place: &Place, env: Env<'_>) -> Result<Got, Gap> {
        let filled = also.call.input.fill(&env)?;
        if !filled.complete {
            return Ok(Got::Missing);
        }
        let asked = self.ask(also.call.id, place, &filled.value, also.preparation()).await;
        let Some(taken) = self.taken(also, place, asked)? else { return Ok(Got::Missing) };
        if also.pick.is_everything() {
            return Ok(Got::Value(taken));
        }
        let list = elements(taken);
        let mut fitting = Vec::new();
        for element in list {
            if fits(&also.pick, &element, &env)? {
                fitting.push(element);
            }
        }
        Ok(picked(&also.pick, fitting))
    }

    /// What `take`, `parse` and `omit` make of an answer.
    pub(super) fn taken(&self, also: &Also, place: &Place, asked: Asked) -> Result<Option<Value>, Gap> {
        let answer = match asked {
            Asked::Answer(answer) => answer,
            Asked::Nothing => return Ok(None),
            Asked::Gap(gap) => return Err(gap),
        };
        let Some(taken) = extract(answer, also.take.as_ref()) else { return Ok(None) };
        let mut taken = match also.parse {
            None => taken,
            Some(Parse::Json) => json(&taken).unwrap_or(taken),
            Some(Parse::Csv) => csv(&taken).ok_or_else(|| self.gap(also, place, UNREADABLE))?,
        };
        for secret in &also.omit {
            omit(secret, &mut taken);
        }
        Ok(Some(taken))
    }

    pub(super) fn gap(&self, also: &Also, place: &Place, code: &str) -> Gap {
        Gap {
            call: self.plan.calls.get(also.call.id).name.to_string(),
            region: place.filed.clone(),
            status: ReadStatus::Failed { code: code.to_owned() },
        }
    }

    /// Whether this account is asked at all.
    pub(super) fn is_asked(&self, also: &Also) -> bool {
        !also.management || self.subject.account.management
    }
}

impl Also {
    pub(super) fn preparation(&self) -> Preparation<'_> {
        Preparation { first: self.first.as_ref(), again: &self.again }
    }
}

impl Pick {
    pub(super) fn is_everything(&self) -> bool {
        self.keys.is_empty() && self.filter.is_empty()
    }
}

fn omit(secret: &Path, taken: &mut Value) {
    match taken {
        Value::Array(list) => list.iter_mut().for_each(|it| secret.remove(it)),
        it => secret.remove(it),
    }
}

pub(super) fn elements(taken: Value) -> Vec<Value> {
    match taken {
        Value::Array(list) => list,
        one => vec![one],
    }
}

/// Whether an element passes the filter and has our keys.
pub(super) fn fits(pick: &Pick, element: &Value, env: &Env<'_>) -> Result<bool, Gap> {
    for condition in &pick.filter {
        if !env.holds_for(condition, element)? {
            return Ok(false);
        }
    }
    for (theirs, ours) in &pick.keys {
        let Some(ours) = ours.text(env)? else { return Ok(false) };
        let mut found = false;
        theirs.each(element, &mut |it| found |= scalar_text(it).is_some_and(|it| it == ours));
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The first element that fits, or all.
pub(super) fn picked(pick: &Pick, fitting: Vec<Value>) -> Got {
    if pick.many {
        return Got::Value(Value::Array(fitting));
    }
    fitting.into_iter().next().map_or(Got::Missing, Got::Value)
}
