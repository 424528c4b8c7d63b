//! What is in a bucket, page by page: a listing may be larger than memory.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::Client;
use crate::{CallError, CallErrorKind, Target};

const CALL: &str = "s3.ListObjectsV2";

/// An object as a listing tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedObject {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written last, as RFC 3339.
    pub modified: Option<String>,
    /// `STANDARD`, `GLACIER`...
    pub storage_class: Option<String>,
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectPage {
    /// Objects, in the order of their keys' bytes.
    pub objects: Vec<ListedObject>,
    /// What keys have in common up to the delimiter, in the same order.
    pub prefixes: Vec<String>,
}

/// A listing that is being read.
#[derive(Debug, Clone)]
pub struct ObjectPages {
    client: Client,
    target: Target,
    input: Value,
    done: bool,
}

impl Client {
    /// Lists a bucket: what begins with `prefix` and comes after `start_after`. With a `delimiter`, keys that have one
    /// behind the prefix are told by what they have in common up to it.
    #[must_use]
    pub fn objects(
        &self,
        target: &Target,
        bucket: &str,
        prefix: &str,
        start_after: Option<&str>,
        delimiter: Option<&str>,
    ) -> ObjectPages {
        // Keys may hold what XML cannot.
        let mut input = json!({ "Bucket": bucket, "Prefix": prefix, "EncodingType": "url" });
        if let Some(key) = start_after {
            input["StartAfter"] = Value::from(key);
        }
        if let Some(delimiter) = delimiter {
            input["Delimiter"] = Value::from(delimiter);
        }
        ObjectPages { client: self.clone(), target: target.clone(), input, done: false }
    }
}

impl ObjectPages {
    /// At most so many keys and common prefixes on each page, of S3's 1,000.
    #[must_use]
    pub fn page_size(mut self, keys: u32) -> Self {
        self.input["MaxKeys"] = Value::from(keys);
        self
    }

    /// The next page, or `None` behind the last.
    ///
    /// # Errors
    ///
    /// [`CallError`]. The same page is asked for again by the next call.
    pub async fn next(&mut self) -> Result<Option<ObjectPage>, CallError> {
        if self.done {
            return Ok(None);
        }
        let answer = self.client.call_once(&self.target, CALL, &self.input).await?;
        let token = answer["NextContinuationToken"].as_str().filter(|it| !it.is_empty());
        match token.filter(|_| answer["IsTruncated"] == true) {
            Some(token) if self.input["ContinuationToken"] == token => {
                let why = "the same page token came twice";
                return Err(CallError::new(CALL, &self.target.region, CallErrorKind::Unreadable, why));
            }
            Some(token) => self.input["ContinuationToken"] = Value::from(token),
            None => self.done = true,
        }
        let encoded = answer["EncodingType"] == "url";
        let objects = answer["Contents"].as_array().into_iter().flatten();
        let prefixes = answer["CommonPrefixes"].as_array().into_iter().flatten();
        Ok(Some(ObjectPage {
            objects: objects.filter_map(Value::as_object).filter_map(|it| object(it, encoded)).collect(),
            prefixes: prefixes.filter_map(|it| it["Prefix"].as_str()).map(|it| text(it, encoded)).collect(),
        }))
    }
}

fn object(listed: &Map<String, Value>, encoded: bool) -> Option<ListedObject> {
    let own = |name: &str| listed.get(name).and_then(Value::as_str);
    Some(ListedObject {
        key: text(own("Key")?, encoded),
        size: listed.get("Size").and_then(Value::as_u64).unwrap_or(0),
        modified: own("LastModified").map(str::to_owned),
        storage_class: own("StorageClass").map(str::to_owned),
    })
}

/// S3 encodes as forms do: a blank is a plus.
fn text(text: &str, encoded: bool) -> String {
    if !encoded {
        return text.to_owned();
    }
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}
