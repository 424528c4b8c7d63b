"""Errors as AWS words them, in the format of each protocol."""

import json
from xml.sax.saxutils import escape

# kind: (HTTP status, code by protocol; "" for all others)
_CODES = {
    "denied": {
        "ec2": (403, "UnauthorizedOperation"),
        "s3": (403, "AccessDenied"),
        "query": (403, "AccessDenied"),
        "rest-xml": (403, "AccessDenied"),
        "rest-json": (403, "AccessDeniedException"),
        "": (400, "AccessDeniedException"),
    },
    "throttled": {
        "ec2": (503, "RequestLimitExceeded"),
        "s3": (503, "SlowDown"),
        "query": (400, "Throttling"),
        "rest-xml": (400, "Throttling"),
        "rest-json": (429, "TooManyRequestsException"),
        "": (400, "ThrottlingException"),
    },
    "error": {"s3": (500, "InternalError"), "ec2": (500, "InternalError"), "": (500, "InternalFailure")},
    "region-off": {
        "ec2": (401, "AuthFailure"),
        "s3": (403, "InvalidAccessKeyId"),
        "query": (403, "InvalidClientTokenId"),
        "": (403, "UnrecognizedClientException"),
    },
    "expired": {
        "ec2": (400, "RequestExpired"),
        "s3": (400, "ExpiredToken"),
        "query": (403, "ExpiredToken"),
        "rest-xml": (403, "ExpiredToken"),
        "": (403, "ExpiredTokenException"),
    },
    "unsupported": {
        "ec2": (400, "InvalidAction"),
        "query": (400, "InvalidAction"),
        "s3": (400, "MethodNotAllowed"),
        "": (400, "UnknownOperationException"),
    },
}
_MESSAGES = {
    "throttled": "Rate exceeded",
    "error": "We encountered an internal error. Please try again.",
    "region-off": "The security token included in the request is invalid.",
    "expired": "The security token included in the request is expired",
    "unsupported": "The action is not valid for this web service.",
}
_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
# IAM knows these services under another name than botocore does.
_ACTION_PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "efs": "elasticfilesystem",
    "stepfunctions": "states",
    "elbv2": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "opensearch": "es",
    "apigatewayv2": "apigateway",
    "s3control": "s3",
    "sso-admin": "sso",
    "sesv2": "ses",
}
_REQUEST_ID = "00000000-0000-4000-8000-000000000000"


def answer(kind, asked, account):
    """The answer (status, headers, body) to a request that is to fail in the given way."""
    flavour = "s3" if asked.service in ("s3", "s3control") else asked.protocol
    status, code = _CODES[kind].get(flavour) or _CODES[kind][""]
    if kind == "denied":
        action = f"{_ACTION_PREFIXES.get(asked.service, asked.service)}:{asked.operation}"
        caller = f"arn:aws:sts::{account}:assumed-role/YaguraReadOnly/yagura"
        message = (
            f"User: {caller} is not authorized to perform: {action} on resource: * "
            f"because no identity-based policy allows the {action} action"
        )
    else:
        message = _MESSAGES[kind]
    headers, body = _FORMS.get(flavour, _json)(code, message)
    headers.append(("x-amzn-RequestId", _REQUEST_ID))
    return f"{status} {_REASONS[status]}", headers, body


def _xml(text):
    return [("Content-Type", "text/xml")], ('<?xml version="1.0" encoding="UTF-8"?>' + text).encode()


def _ec2(code, message):
    return _xml(
        f"<Response><Errors><Error><Code>{code}</Code><Message>{escape(message)}</Message></Error></Errors>"
        f"<RequestID>{_REQUEST_ID}</RequestID></Response>"
    )


def _s3(code, message):
    return _xml(f"<Error><Code>{code}</Code><Message>{escape(message)}</Message><RequestId>0</RequestId></Error>")


def _query(code, message):
    return _xml(
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>"
        f"</Error><RequestId>{_REQUEST_ID}</RequestId></ErrorResponse>"
    )


def _json(code, message):
    headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", code)]
    return headers, json.dumps({"__type": code, "message": message}).encode()


def _cbor(code, message):
    def text(value):
        raw = value.encode()
        return b"\x79" + len(raw).to_bytes(2, "big") + raw

    body = b"\xa2" + text("__type") + text(code) + text("message") + text(message)
    return [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")], body


_FORMS = {"ec2": _ec2, "s3": _s3, "query": _query, "rest-xml": _query, "smithy-rpc-v2-cbor": _cbor}


def refusal(asked, code, message, status=400):
    """The answer to a request that AWS refuses for a reason of its own, as that something does not exist."""
    headers, body = _FORMS.get("s3" if asked.service in ("s3", "s3control") else asked.protocol, _json)(code, message)
    return f"{status} {_REASONS.get(status, 'Not Found')}", [*headers, ("x-amzn-RequestId", _REQUEST_ID)], body
