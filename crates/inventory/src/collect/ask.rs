//! Making calls: once for the same input, counted, and with what their errors mean.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::OnceCell;
use yagura_aws::CallError;
use yagura_model::{Gap, ReadStatus, Region};

use super::{Place, Reader};
use crate::collector::{Call, CallId, Code};
use crate::path::Path;

/// Pauses between attempts at what is not ready yet.
const PAUSE: Duration = Duration::from_secs(2);
/// Attempts at what is not ready yet: a minute's worth.
const ATTEMPTS: usize = 30;

/// How a call ended, as far as resources are concerned.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    Answer(Arc<Value>),
    /// There is none, or the service is not offered: a fact.
    Nothing,
    Gap(Gap),
}

/// Calls that are under way or done, by what was asked.
pub(super) type Flights = HashMap<(CallId, Region, Box<str>), Arc<OnceCell<Asked>>>;

/// What comes before a call, and which of its errors mean "not ready yet".
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Preparation<'a> {
    pub(super) first: Option<&'a Call>,
    pub(super) again: &'a [Code],
}

impl Reader<'_> {
    /// Makes a call, or gives the answer that the same call got before.
    pub(super) async fn ask(
        &self,
        call: CallId,
        place: &Place,
        input: &Value,
        preparation: Preparation<'_>,
    ) -> Asked {
        if !self.plan.shared[call.0 as usize] {
            return self.ask_prepared(call, place, input, preparation).await;
        }
        // Collectors may write the same input in another order.
        let mut written = input.clone();
        written.sort_all_objects();
        let key = (call, place.target.region.clone(), written.to_string().into());
        let flight =
            self.flights.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        flight.get_or_init(|| self.ask_prepared(call, place, input, preparation)).await.clone()
    }

    async fn ask_prepared(
        &self,
        call: CallId,
        place: &Place,
        input: &Value,
        preparation: Preparation<'_>,
    ) -> Asked {
        for _ in 1..ATTEMPTS {
            let unprepared = match preparation.first {
                None => None,
                Some(first) => self.prepare(first, place).await,
            };
            match self.send(call, place, input).await {
                Err(error) if preparation.again.iter().any(|code| code.matches(&error)) => {
                    // Waiting is of no use when nobody prepares the answer; the reason is then what could not be done.
                    if unprepared.is_some() {
                        self.count(call, place, &error.status());
                        return unprepared.map_or(Asked::Nothing, Asked::Gap);
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                result => return self.settle(call, place, result),
            }
        }
        let result = self.send(call, place, input).await;
        self.settle(call, place, result)
    }

    async fn prepare(&self, first: &Call, place: &Place) -> Option<Gap> {
        let input = Value::Object(serde_json::Map::new());
        let result = self.send(first.id, place, &input).await;
        match self.settle(first.id, place, result) {
            Asked::Gap(gap) => Some(gap),
            Asked::Answer(_) | Asked::Nothing => None,
        }
    }

    async fn send(&self, call: CallId, place: &Place, input: &Value) -> Result<Value, CallError> {
        // Never closed: without a permit the call is made all the same.
        let _permit = self.permits.acquire().await.ok();
        self.api.call(&place.target, &self.plan.calls.get(call).name, input).await
    }

    /// Counts the end of a call and says what it means.
    fn settle(&self, call: CallId, place: &Place, result: Result<Value, CallError>) -> Asked {
        let error = match result {
            Ok(answer) => {
                self.count(call, place, &ReadStatus::Read);
                return Asked::Answer(Arc::new(answer));
            }
            Err(error) => error,
        };
        let named = self.plan.calls.get(call);
        let status = if named.absent.iter().any(|code| code.matches(&error)) {
            ReadStatus::Absent
        } else {
            tracing::debug!(account = %self.subject.account.id, %error, "a call gave no answer");
            error.status()
        };
        self.count(call, place, &status);
        if status.is_known() {
            return Asked::Nothing;
        }
        Asked::Gap(Gap { call: named.name.to_string(), region: place.filed.clone(), status })
    }

    fn count(&self, call: CallId, place: &Place, status: &ReadStatus) {
        self.notes().coverage.add(&place.filed, &self.plan.calls.get(call).name, status.clone());
        self.progress.call_ended(&self.subject.account.id, &place.filed, status);
    }
}

/// What stands at `take` in an answer; without a copy when nobody else holds the answer.
pub(super) fn extract(answer: Arc<Value>, take: Option<&Path>) -> Option<Value> {
    let found = match (Arc::try_unwrap(answer), take) {
        (Ok(answer), None) => Some(answer),
        (Ok(answer), Some(path)) => path.take(answer),
        (Err(shared), None) => Some(Value::clone(&shared)),
        (Err(shared), Some(path)) => path.find(&shared).map(std::borrow::Cow::into_owned),
    };
    found.filter(|it| !it.is_null())
}
