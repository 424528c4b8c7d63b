//! What a refusal means: for people, for the coverage, and for trying again.

use crate::error::CallErrorKind;
use crate::permission;
use crate::protocol::{Refusal, Response};
use crate::retry::Failure;

/// Source: botocore's standard retry mode, and the services' own pages on throttling.
const THROTTLED: &[&str] = &[
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AccessDeniedFault",
    "AuthorizationError",
    "AuthorizationErrorException",
    "ForbiddenException",
    "NotAuthorized",
    "NotAuthorizedException",
    "UnauthorizedException",
    "UnauthorizedOperation",
];

const EXPIRED: &[&str] = &["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

/// The keys are unknown, which is also what a region says that is not enabled.
const UNKNOWN_KEYS: &[&str] = &[
    "AuthFailure",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "UnrecognizedClientException",
];

const BAD_SIGNATURE: &[&str] = &[
    "IncompleteSignature",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch",
];

const REGION_OFF: &[&str] = &["OptInRequired", "RegionDisabledException"];

const UNKNOWN_OPERATION: &[&str] = &[
    "InvalidAction",
    "NotImplemented",
    "NotImplementedError",
    "UnknownOperation",
    "UnknownOperationException",
];

/// The regions that are enabled in every account. Source: AWS Account Management, "AWS Regions".
pub(crate) const ALWAYS_ON: &[&str] = &[
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// What a refused call knows of itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) call: &'a str,
    pub(crate) region: &'a str,
    pub(crate) signing_name: &'a str,
    /// Whether AWS took the same credentials for valid before.
    pub(crate) proved: bool,
    /// Whether the user configured the endpoint, which may be an emulator then.
    pub(crate) configured: bool,
}

/// What a refusal means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) kind: CallErrorKind,
    pub(crate) failure: Failure,
    /// New keys, or the right clock, may help once.
    pub(crate) remedy: Option<Remedy>,
}

/// What may help a refused call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Fetch the keys anew.
    NewKeys,
    /// Take AWS's clock instead of this machine's.
    Clock,
}

/// Judges a refusal.
pub(crate) fn verdict(asked: Asked<'_>, response: &Response, refusal: &Refusal) -> Verdict {
    let code = refusal.code.as_str();
    let is = |codes: &[&str]| codes.contains(&code);
    let lasting = |kind| Verdict { kind, failure: Failure::Lasting, remedy: None };
    if is(THROTTLED) || response.status == 429 || rate_exceeded(refusal) {
        return Verdict { kind: CallErrorKind::Throttled, failure: Failure::Throttled, remedy: None };
    }
    if is_unsupported(asked, response, refusal) {
        return lasting(CallErrorKind::NotSupported);
    }
    if code == "RequestTimeTooSkewed" || (code == "InvalidSignatureException" && tells_of_time(refusal)) {
        return Verdict { remedy: Some(Remedy::Clock), ..lasting(CallErrorKind::Credentials) };
    }
    if is(EXPIRED) {
        return Verdict { remedy: Some(Remedy::NewKeys), ..lasting(CallErrorKind::Credentials) };
    }
    if is(REGION_OFF) && is_optional(asked.region) {
        return lasting(CallErrorKind::RegionOff);
    }
    if is(UNKNOWN_KEYS) {
        let off = asked.proved && is_optional(asked.region);
        return lasting(if off { CallErrorKind::RegionOff } else { CallErrorKind::Credentials });
    }
    if is(BAD_SIGNATURE) {
        return lasting(CallErrorKind::Credentials);
    }
    if is(DENIED) || (response.status == 403 && !refusal.told) || code == "403" {
        if is_not_enabled(&refusal.message) {
            return lasting(CallErrorKind::NotEnabled);
        }
        let permission = permission::missing(&refusal.message, asked.call, asked.signing_name);
        return lasting(CallErrorKind::Denied { permission: permission.into() });
    }
    let failure = if response.status >= 500 || code.starts_with("RequestTimeout") {
        Failure::Server
    } else {
        Failure::Lasting
    };
    Verdict { kind: CallErrorKind::Service, failure, remedy: None }
}

fn rate_exceeded(refusal: &Refusal) -> bool {
    refusal.code == "LimitExceededException" && refusal.message.contains("Rate exceeded")
}

/// Services that do not know an operation say so. Emulators answer with an HTML page, which from AWS itself would come
/// from a load balancer and be worth another attempt.
fn is_unsupported(asked: Asked<'_>, response: &Response, refusal: &Refusal) -> bool {
    if UNKNOWN_OPERATION.contains(&refusal.code.as_str()) || response.status == 501 {
        return true;
    }
    let is_page = response.headers.get("content-type").is_some_and(|it| it.starts_with("text/html"));
    !refusal.told && is_page && asked.configured && matches!(response.status, 404 | 405 | 500)
}

fn tells_of_time(refusal: &Refusal) -> bool {
    refusal.message.contains("Signature expired") || refusal.message.contains("not yet current")
}

/// A refusal that is not about permissions: the service was never switched on.
fn is_not_enabled(message: &str) -> bool {
    let says = |words: &str| message.contains(words);
    !says("not authorized")
        && (says("is not enabled") || says("not subscribed") || says("complete AWS Audit Manager setup"))
}

/// Whether an account can have this region switched off.
fn is_optional(region: &str) -> bool {
    !ALWAYS_ON.contains(&region) && !region.starts_with("us-gov-") && !region.starts_with("cn-")
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::http::Headers;

    use super::*;

    fn judged(region: &str, proved: bool, status: u16, code: &str, message: &str) -> Verdict {
        let asked = Asked { call: "kms.ListKeys", region, signing_name: "kms", proved, configured: false };
        let response = Response { status, headers: Headers::new(), body: Vec::new() };
        let told = !code.chars().all(|c| c.is_ascii_digit());
        let refusal = Refusal { code: code.to_owned(), message: message.to_owned(), request_id: None, told };
        verdict(asked, &response, &refusal)
    }

    #[test]
    fn a_denial_names_the_permission() {
        let verdict = judged("us-east-1", true, 400, "AccessDeniedException", "no");
        assert_eq!(verdict.kind, CallErrorKind::Denied { permission: "kms:ListKeys".into() });
        assert_eq!(verdict.failure, Failure::Lasting);
    }

    #[test]
    fn a_service_that_is_not_enabled_is_a_fact_and_no_denial() {
        let verdict = judged("us-east-1", true, 403, "AccessDeniedException", "Macie is not enabled.");
        assert_eq!(verdict.kind, CallErrorKind::NotEnabled);
    }

    #[test]
    fn unknown_keys_mean_a_region_that_is_off_only_where_that_can_be() {
        let code = "UnrecognizedClientException";
        let kind = |region, proved| judged(region, proved, 400, code, "invalid").kind;
        assert_eq!(kind("af-south-1", true), CallErrorKind::RegionOff);
        assert_eq!(kind("af-south-1", false), CallErrorKind::Credentials);
        assert_eq!(kind("us-east-1", true), CallErrorKind::Credentials);
    }

    #[test]
    fn throttling_and_server_errors_are_worth_another_attempt() {
        assert_eq!(judged("us-east-1", true, 400, "ThrottlingException", "").failure, Failure::Throttled);
        assert_eq!(judged("us-east-1", true, 503, "SlowDown", "").failure, Failure::Throttled);
        assert_eq!(judged("us-east-1", true, 500, "InternalFailure", "").failure, Failure::Server);
        assert_eq!(judged("us-east-1", true, 404, "NoSuchEntity", "").failure, Failure::Lasting);
    }

    #[test]
    fn an_error_page_means_an_emulators_gap_or_a_failing_load_balancer() {
        let mut headers = Headers::new();
        headers.insert("content-type", "text/html");
        let response = Response { status: 500, headers, body: Vec::new() };
        let refusal = Refusal { code: "500".to_owned(), ..Refusal::default() };
        let judged = |configured| {
            let asked = Asked {
                call: "waf.ListWebACLs",
                region: "us-east-1",
                signing_name: "waf",
                proved: true,
                configured,
            };
            verdict(asked, &response, &refusal)
        };
        assert_eq!(judged(true).kind, CallErrorKind::NotSupported);
        assert_eq!(judged(false).failure, Failure::Server);
    }

    #[test]
    fn an_operation_that_nobody_knows_is_not_tried_again() {
        let verdict = judged("us-east-1", true, 400, "UnknownOperationException", "");
        assert_eq!((verdict.kind, verdict.failure), (CallErrorKind::NotSupported, Failure::Lasting));
    }
}
