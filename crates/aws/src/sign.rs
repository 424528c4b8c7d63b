//! Signatures, version 4.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use thiserror::Error;

use crate::endpoint::Endpoint;

/// A request could not be signed. The cause is not told: it could hold a part of what was signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the request could not be signed")]
pub(crate) struct SignError;

/// A request as it is signed.
pub(crate) struct Signable<'a> {
    pub(crate) method: &'a str,
    /// Scheme, host, path and query.
    pub(crate) url: &'a str,
    pub(crate) headers: &'a [(String, String)],
    pub(crate) body: &'a [u8],
}

/// The headers that make a request a signed one.
pub(crate) fn headers(
    request: &Signable<'_>,
    endpoint: &Endpoint,
    identity: &Identity,
    now: SystemTime,
) -> Result<Vec<(&'static str, String)>, SignError> {
    let params = v4::SigningParams::builder()
        .identity(identity)
        .region(&endpoint.signing_region)
        .name(&endpoint.signing_name)
        .time(now)
        .settings(settings(&endpoint.signing_name))
        .build()
        .map_err(|_| SignError)?
        .into();
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let body = SignableBody::Bytes(request.body);
    let signable = SignableRequest::new(request.method, request.url, headers, body).map_err(|_| SignError)?;
    let (instructions, _) = sign(signable, &params).map_err(|_| SignError)?.into_parts();
    let (headers, _) = instructions.into_parts();
    Ok(headers.into_iter().map(|header| (header.name(), header.value().to_owned())).collect())
}

/// The address of a request that anybody may make until `lifetime` is over.
pub(crate) fn link(
    url: &str,
    endpoint: &Endpoint,
    identity: &Identity,
    now: SystemTime,
    lifetime: Duration,
) -> Result<String, SignError> {
    let mut settings = settings(&endpoint.signing_name);
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(lifetime);
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    let params = v4::SigningParams::builder()
        .identity(identity)
        .region(&endpoint.signing_region)
        .name(&endpoint.signing_name)
        .time(now)
        .settings(settings)
        .build()
        .map_err(|_| SignError)?
        .into();
    let none = std::iter::empty();
    let signable =
        SignableRequest::new("GET", url, none, SignableBody::UnsignedPayload).map_err(|_| SignError)?;
    let (instructions, _) = sign(signable, &params).map_err(|_| SignError)?.into_parts();
    let (_, params) = instructions.into_parts();
    let mut link = url.to_owned();
    for (name, value) in &params {
        link.push(if link.contains('?') { '&' } else { '?' });
        link.push_str(name);
        link.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                link.push(char::from(byte));
            } else {
                write!(link, "%{byte:02X}").map_err(|_| SignError)?;
            }
        }
    }
    Ok(link)
}

/// S3 takes paths as they are and wants the body's checksum in a header; everybody else wants paths encoded twice.
fn settings(signing_name: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if signing_name == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    settings
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;

    use super::*;

    #[test]
    fn a_request_is_signed_for_its_service_and_region() {
        let endpoint = Endpoint {
            scheme: "https".into(),
            authority: "iam.amazonaws.com".into(),
            base_path: "".into(),
            signing_name: "iam".into(),
            signing_region: "us-east-1".into(),
            configured: false,
            offered: None,
        };
        // The example of the AWS General Reference, "Signature Version 4 signing process".
        let keys = Credentials::from_keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None);
        let content_type = "application/x-www-form-urlencoded; charset=utf-8";
        let request = Signable {
            method: "GET",
            url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
            headers: &[("content-type".to_owned(), content_type.to_owned())],
            body: b"",
        };
        let time: jiff::Timestamp = "2015-08-30T12:36:00Z".parse().unwrap();
        let signed = headers(&request, &endpoint, &Identity::from(keys), time.into()).unwrap();
        let authorization = signed.iter().find(|(name, _)| *name == "authorization").unwrap();
        assert_eq!(
            authorization.1,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        );
    }
}
