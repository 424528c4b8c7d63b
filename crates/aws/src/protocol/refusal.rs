//! What AWS says when it refuses: a code and a message, read as boto3 reads them.

use http::StatusCode;
use serde_json::Value;

use super::{Response, xml};
use crate::tables::{Protocol, Service};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Refusal {
    /// The code as boto3 reports it: AWS's, or the HTTP status when AWS gave none.
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) request_id: Option<String>,
    /// Whether the code is AWS's own.
    pub(crate) told: bool,
}

/// Reads the refusal of a response whose status says that the call failed.
pub(crate) fn refusal(service: &Service, response: &Response) -> Refusal {
    let mut refusal = if is_generic(response) {
        by_status(response)
    } else {
        match service.protocol {
            Protocol::Json | Protocol::RestJson => from_json(service, response),
            Protocol::Query | Protocol::Ec2 | Protocol::RestXml => {
                from_xml(service, response).unwrap_or_else(|| by_status(response))
            }
        }
    };
    if refusal.request_id.is_none() {
        refusal.request_id = ["x-amzn-requestid", "x-amz-request-id"]
            .iter()
            .find_map(|name| response.headers.get(*name))
            .map(str::to_owned);
    }
    refusal
}

/// A server error in HTML, or with nothing: from a proxy or load balancer, not from the service.
fn is_generic(response: &Response) -> bool {
    let body = response.body.trim_ascii();
    response.status >= 500 && (body.is_empty() || body.starts_with(b"<html>"))
}

fn by_status(response: &Response) -> Refusal {
    let reason = StatusCode::from_u16(response.status).ok().and_then(|status| status.canonical_reason());
    Refusal {
        code: response.status.to_string(),
        message: reason.unwrap_or_default().to_owned(),
        request_id: None,
        told: false,
    }
}

fn from_json(service: &Service, response: &Response) -> Refusal {
    let parsed: Option<Value> = serde_json::from_slice(&response.body).ok();
    let body = parsed.unwrap_or_else(|| {
        let text = String::from_utf8_lossy(&response.body).into_owned();
        if text.is_empty() { Value::Null } else { serde_json::json!({ "message": text }) }
    });
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let mut refusal = Refusal {
        message: text("message").or_else(|| text("Message")).unwrap_or_default(),
        ..by_status(response)
    };
    let mut code = text("__type");
    if service.protocol == Protocol::RestJson {
        let header = response.headers.get("x-amzn-errortype").map(str::to_owned);
        code = header.or_else(|| text("code")).or_else(|| text("Code")).or(code);
    }
    if let Some(code) = code {
        let code = code.split(':').next().unwrap_or_default();
        refusal.code = code.rsplit('#').next().unwrap_or_default().to_owned();
        refusal.told = true;
    }
    if let Some((code, _)) = response.headers.get("x-amzn-query-error").and_then(|it| it.split_once(';'))
        && !code.is_empty()
    {
        refusal.code = code.to_owned();
        refusal.told = true;
    }
    refusal
}

fn from_xml(service: &Service, response: &Response) -> Option<Refusal> {
    if response.body.is_empty() {
        return None;
    }
    let (root, body) = xml::free(service, &response.body).ok()?;
    let error = match root.as_str() {
        "Error" => &body,
        _ if body["Errors"].is_object() => &body["Errors"]["Error"],
        _ => &body["Error"],
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let request_id = ["RequestId", "RequestID", "requestId"].iter().find_map(|name| text(&body[*name]));
    let Some(code) = text(&error["Code"]) else {
        return Some(Refusal { request_id, ..by_status(response) });
    };
    let message = text(&error["Message"]).or_else(|| text(&error["message"])).unwrap_or_default();
    Some(Refusal { code, message, request_id, told: true })
}
