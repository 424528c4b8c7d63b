//! One queue: receive, delete, release, keep.

use std::time::Duration;

use serde_json::{Value, json};
use thiserror::Error;
use tokio::task::JoinHandle;
use yagura_aws::{CallError, CallErrorKind, Client, Target};

use super::address::QueueAddress;
use super::body::{Announcement, announcement};

/// SQS takes and gives ten at a time.
const BATCH: usize = 10;
/// The longest wait for messages that SQS allows.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// The longest time that a message may be hidden.
const LONGEST_HIDDEN: Duration = Duration::from_secs(12 * 60 * 60);
/// Pauses after errors that pass: the first one, doubled up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Why a queue cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QueueError {
    /// There is no such queue, or it was deleted.
    #[error(
        "the queue `{queue}` does not exist in {region}: check its name, region and account, or create it"
    )]
    Gone {
        /// The queue.
        queue: Box<str>,
        /// Where it was looked for.
        region: Box<str>,
    },
    /// The caller may not do that.
    #[error(
        "the queue `{queue}` may not be used: allow `{permission}` in your policy, or in the queue's own"
    )]
    Denied {
        /// The queue.
        queue: Box<str>,
        /// The IAM action that is missing.
        permission: Box<str>,
    },
    /// The key that encrypts its messages cannot be used.
    #[error("the messages of `{queue}` cannot be decrypted ({why}): allow `kms:Decrypt` on the queue's key")]
    Key {
        /// The queue.
        queue: Box<str>,
        /// SQS's code.
        why: Box<str>,
    },
    /// SQS asks for patience.
    #[error("the queue `{0}` is asked too often: let fewer programs ask it")]
    Throttled(Box<str>),
    /// The message is not ours any more: its time was over, or it was deleted.
    #[error(
        "a message of `{0}` was kept longer than its visibility timeout: it comes again; raise the timeout"
    )]
    Late(Box<str>),
    /// Anything else: no network, no credentials.
    #[error("the queue `{queue}`: {error}")]
    Failed {
        /// The queue.
        queue: Box<str>,
        /// What the call ended with.
        error: Box<CallError>,
    },
}

impl QueueError {
    fn of(queue: &str, error: CallError) -> Self {
        let queue = queue.into();
        match (error.code.as_deref().unwrap_or_default(), &error.kind) {
            (code, _) if code.ends_with("NonExistentQueue") || code.ends_with("QueueDoesNotExist") => {
                Self::Gone { queue, region: error.region.as_str().into() }
            }
            (code, _) if is_late(code) => Self::Late(queue),
            (code, _) if is_too_much(code) => Self::Throttled(queue),
            (code, _) if is_of_key(code) => Self::Key { queue, why: code.into() },
            (_, CallErrorKind::Denied { permission }) => {
                Self::Denied { queue, permission: permission.clone() }
            }
            (_, CallErrorKind::Throttled) => Self::Throttled(queue),
            _ => Self::Failed { queue, error: Box::new(error) },
        }
    }

    /// Whether asking again later may help, with nothing changed by anybody.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Throttled(_) => true,
            Self::Failed { error, .. } => error.is_passing(),
            Self::Gone { .. } | Self::Denied { .. } | Self::Key { .. } | Self::Late(_) => false,
        }
    }
}

fn is_late(code: &str) -> bool {
    code.ends_with("ReceiptHandleIsInvalid") || code.ends_with("MessageNotInflight")
}

/// `OverLimit`: as many messages as may be are received and not yet deleted.
fn is_too_much(code: &str) -> bool {
    code.ends_with("OverLimit") || code == "KmsThrottled" || code == "KMS.ThrottlingException"
}

fn is_of_key(code: &str) -> bool {
    code.starts_with("Kms") || code.starts_with("KMS.")
}

/// The right to be done with a message. Dropped, it deletes nothing: the message comes again.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a message that is not deleted comes again"]
pub struct Receipt(String);

/// A message.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// What it announces.
    pub announces: Announcement,
    /// For being done with it.
    pub receipt: Receipt,
    /// Its id, the same each time that it comes.
    pub id: String,
    /// How often it came, this time included; a message that comes again and again never gets done.
    pub receive_count: u32,
    /// When it was sent, in milliseconds since 1970; the time that files wait before they are read.
    pub sent_milliseconds: Option<i64>,
}

/// A message for which something could not be done.
#[derive(Debug, PartialEq, Eq)]
pub struct NotDone {
    /// For trying again.
    pub receipt: Receipt,
    /// Why.
    pub error: QueueError,
}

/// Messages that are kept hidden: see [`Queue::keep`].
#[derive(Debug)]
#[must_use = "messages are kept hidden as long as this lives"]
pub struct Kept(JoinHandle<()>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What a queue says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueAttributes {
    /// Its ARN.
    pub arn: String,
    /// How long a message is hidden from others once it is received.
    pub visibility_timeout: Duration,
    /// The queue to which messages go that come too often.
    pub dead_letter_queue: Option<String>,
    /// How often a message comes before it goes there.
    pub most_receives: Option<u32>,
    /// Messages that wait, about.
    pub waiting: u64,
    /// Messages that are received and not deleted, about.
    pub in_flight: u64,
}

/// A queue.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    target: Target,
    url: String,
    name: String,
    hidden: Option<Duration>,
    pauses: (Duration, Duration),
}

impl Queue {
    /// Finds a queue. `target` says who asks, and in which region and account where the address does not.
    ///
    /// # Errors
    ///
    /// [`QueueError`]. A queue that is named by its URL is not looked for before messages are asked for.
    pub async fn open(client: &Client, target: &Target, address: &QueueAddress) -> Result<Self, QueueError> {
        let mut target = target.clone();
        if let Some(region) = &address.region {
            target.region = region.clone();
        }
        let mut queue = Self {
            client: client.clone(),
            target,
            url: address.url.clone().unwrap_or_default(),
            name: address.name.clone(),
            hidden: None,
            pauses: (FIRST_PAUSE, LONGEST_PAUSE),
        };
        if address.url.is_none() {
            let mut input = json!({ "QueueName": address.name });
            if let Some(account) = &address.account {
                input["QueueOwnerAWSAccountId"] = Value::from(account.as_str());
            }
            let answer = queue.call("sqs.GetQueueUrl", &input).await?;
            queue.url = answer["QueueUrl"].as_str().unwrap_or_default().to_owned();
        }
        Ok(queue)
    }

    /// How long received messages are hidden from others, instead of the queue's own visibility timeout.
    #[must_use]
    pub fn hidden_for(mut self, time: Duration) -> Self {
        self.hidden = Some(time.min(LONGEST_HIDDEN));
        self
    }

    /// The first and the longest pause after an error that passes.
    #[must_use]
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.pauses = (first, longest);
        self
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits up to `wait` (at most 20 seconds) for messages, and gives up to ten, or none.
    ///
    /// What passes (throttling, a network that is away, a server's error) is waited out, with pauses that grow: drop the
    /// future to give up.
    ///
    /// # Errors
    ///
    /// [`QueueError`] that does not pass: the queue is gone, or may not be used.
    pub async fn receive(&self, wait: Duration) -> Result<Vec<Message>, QueueError> {
        let mut input = json!({
            "QueueUrl": self.url,
            "MaxNumberOfMessages": BATCH,
            "WaitTimeSeconds": wait.min(LONGEST_WAIT).as_secs(),
            "MessageSystemAttributeNames": ["ApproximateReceiveCount", "SentTimestamp"],
        });
        if let Some(hidden) = self.hidden {
            input["VisibilityTimeout"] = Value::from(hidden.as_secs());
        }
        let mut pause = self.pauses.0;
        loop {
            match self.call("sqs.ReceiveMessage", &input).await {
                Ok(answer) => {
                    let messages = answer["Messages"].as_array().into_iter().flatten();
                    return Ok(messages.filter_map(message).collect());
                }
                Err(error) if error.is_passing() => {
                    tracing::warn!(seconds = pause.as_secs(), "{error}; trying again");
                    tokio::time::sleep(pause).await;
                    pause = pause.saturating_mul(2).min(self.pauses.1);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Is done with messages: they never come again. Call this when what came out of them is stored.
    ///
    /// What could not be deleted is given back; it comes again if nothing else is done.
    #[must_use = "what could not be deleted comes again"]
    pub async fn delete(&self, receipts: Vec<Receipt>) -> Vec<NotDone> {
        self.batches("sqs.DeleteMessageBatch", receipts, &json!({})).await
    }

    /// Gives messages back, so that they come again after a while, or at once.
    #[must_use = "what could not be released comes again when its visibility timeout is over"]
    pub async fn release(&self, receipts: Vec<Receipt>, after: Duration) -> Vec<NotDone> {
        let hidden = json!({ "VisibilityTimeout": after.min(LONGEST_HIDDEN).as_secs() });
        self.batches("sqs.ChangeMessageVisibilityBatch", receipts, &hidden).await
    }

    /// Keeps messages hidden from others for as long as what is returned lives, for work that may take longer than the visibility
    /// timeout: `every` so often they are hidden `time` longer. What goes wrong there is only logged: the message comes again.
    pub fn keep<'r>(
        &self,
        receipts: impl IntoIterator<Item = &'r Receipt>,
        every: Duration,
        time: Duration,
    ) -> Kept {
        let queue = self.clone();
        let receipts: Vec<String> = receipts.into_iter().map(|it| it.0.clone()).collect();
        Kept(tokio::spawn(async move {
            loop {
                tokio::time::sleep(every).await;
                let held = receipts.iter().cloned().map(Receipt).collect();
                for it in queue.release(held, time).await {
                    tracing::warn!("{}", it.error);
                }
            }
        }))
    }

    /// What the queue says of itself.
    ///
    /// # Errors
    ///
    /// [`QueueError`].
    pub async fn attributes(&self) -> Result<QueueAttributes, QueueError> {
        let input = json!({ "QueueUrl": self.url, "AttributeNames": ["All"] });
        let answer = self.call("sqs.GetQueueAttributes", &input).await?;
        let text = |name: &str| answer["Attributes"][name].as_str().unwrap_or_default();
        let number = |name: &str| text(name).parse().unwrap_or(0);
        let redrive: Value = serde_json::from_str(text("RedrivePolicy")).unwrap_or_default();
        let most = &redrive["maxReceiveCount"];
        Ok(QueueAttributes {
            arn: text("QueueArn").to_owned(),
            visibility_timeout: Duration::from_secs(number("VisibilityTimeout")),
            dead_letter_queue: redrive["deadLetterTargetArn"].as_str().map(str::to_owned),
            // Some tools write it as a text.
            most_receives: most
                .as_u64()
                .or_else(|| most.as_str()?.parse().ok())
                .and_then(|it| it.try_into().ok()),
            waiting: number("ApproximateNumberOfMessages"),
            in_flight: number("ApproximateNumberOfMessagesNotVisible"),
        })
    }

    async fn batches(&self, call: &str, receipts: Vec<Receipt>, also: &Value) -> Vec<NotDone> {
        let mut not_done = Vec::new();
        let mut receipts = receipts.into_iter().peekable();
        while receipts.peek().is_some() {
            let batch: Vec<Receipt> = receipts.by_ref().take(BATCH).collect();
            not_done.extend(self.batch(call, batch, also).await);
        }
        not_done
    }

    async fn batch(&self, call: &str, batch: Vec<Receipt>, also: &Value) -> Vec<NotDone> {
        let entries: Vec<Value> = (0_usize..)
            .zip(&batch)
            .map(|(id, receipt)| {
                let mut entry = also.clone();
                entry["Id"] = Value::from(id.to_string());
                entry["ReceiptHandle"] = Value::from(receipt.0.as_str());
                entry
            })
            .collect();
        let answer = match self.call(call, &json!({ "QueueUrl": self.url, "Entries": entries })).await {
            Ok(answer) => answer,
            Err(error) => {
                let given_back = |receipt| NotDone { receipt, error: error.clone() };
                return batch.into_iter().map(given_back).collect();
            }
        };
        let told = |list: &str, id: &str| {
            answer[list].as_array().into_iter().flatten().find(|entry| entry["Id"] == id).cloned()
        };
        let not_done = |(id, receipt): (usize, Receipt)| {
            let id = id.to_string();
            if told("Successful", &id).is_some() {
                return None;
            }
            let failed = told("Failed", &id).unwrap_or_default();
            let code = failed["Code"].as_str().unwrap_or("unknown");
            let why = failed["Message"].as_str().unwrap_or("the answer does not mention the message");
            let error = CallError::new(call, &self.target.region, CallErrorKind::Service, why);
            Some(NotDone { receipt, error: QueueError::of(&self.name, error.with_code(code)) })
        };
        (0..).zip(batch).filter_map(not_done).collect()
    }

    async fn call(&self, call: &str, input: &Value) -> Result<Value, QueueError> {
        let answer = self.client.call_once(&self.target, call, input).await;
        answer.map_err(|error| QueueError::of(&self.name, error))
    }
}

/// A message without a receipt is none: nobody could be done with it.
fn message(told: &Value) -> Option<Message> {
    let attribute = |name: &str| told["Attributes"][name].as_str();
    Some(Message {
        announces: announcement(told["Body"].as_str().unwrap_or_default()),
        receipt: Receipt(told["ReceiptHandle"].as_str()?.to_owned()),
        id: told["MessageId"].as_str().unwrap_or_default().to_owned(),
        receive_count: attribute("ApproximateReceiveCount").and_then(|it| it.parse().ok()).unwrap_or(1),
        sent_milliseconds: attribute("SentTimestamp").and_then(|it| it.parse().ok()),
    })
}
