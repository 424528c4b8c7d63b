//! What a request asks for: enough to find its recorded answer, no more.

use hyper::body::Bytes;
use hyper::http::request::Parts;
use percent_encoding::percent_decode_str;

use crate::organization::{MANAGEMENT, account_of_key};
use crate::recording::Answer;

/// A signed AWS request.
pub struct Asked<'a> {
    /// The account whose credentials signed it.
    pub account: &'a str,
    /// The region in its signature.
    pub region: &'a str,
    /// The signing name of its service.
    pub service: &'a str,
    /// The operation, where the protocol names it; empty for the two REST protocols.
    pub operation: &'a str,
    /// The method.
    pub method: &'a str,
    /// Path and query.
    pub uri: &'a str,
    /// The whole `X-Amz-Target`.
    pub target: &'a str,
    /// The body.
    pub sent: &'a str,
}

impl<'a> Asked<'a> {
    /// Reads the head and body of a request. What is not there stays empty.
    pub fn read(head: &'a Parts, body: &'a Bytes) -> Self {
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
        let authorization = header("authorization");
        let scope = authorization.split_once("Credential=").map_or("", |(_, rest)| rest);
        let mut scope = scope.split([',', ' ']).next().unwrap_or("").split('/');
        let key = scope.next().unwrap_or("");
        let region = scope.nth(1).unwrap_or("");
        let service = scope.next().unwrap_or("");
        let target = header("x-amz-target");
        let sent = std::str::from_utf8(body).unwrap_or("");
        let operation = if target.is_empty() {
            field(sent, "Action").unwrap_or("")
        } else {
            target.rsplit('.').next().unwrap_or("")
        };
        Self {
            account: account_of_key(key).unwrap_or(MANAGEMENT),
            region,
            service,
            operation,
            method: head.method.as_str(),
            uri: head.uri.path_and_query().map_or("/", |it| it.as_str()),
            target,
            sent,
        }
    }

    /// A field of the form that the query protocols send, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        field(self.sent, name).map(|value| percent_decode_str(value).decode_utf8_lossy().into_owned())
    }

    /// An answer with nothing in it, in the protocol of the request.
    pub fn empty_answer(&self) -> Answer {
        let operation = self.operation;
        match (self.service, self.target.is_empty(), operation.is_empty()) {
            ("ec2", ..) => Answer::xml(format!("<{operation}Response/>")),
            ("s3" | "route53" | "cloudfront", true, true) => Answer::xml("<Result/>".to_owned()),
            (_, true, false) => {
                Answer::xml(format!("<{operation}Response><{operation}Result/></{operation}Response>"))
            }
            _ => Answer::json("{}".to_owned()),
        }
    }
}

fn field<'a>(form: &'a str, name: &str) -> Option<&'a str> {
    form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
