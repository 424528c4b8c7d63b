"""Tells which AWS operation a request is: service, operation, account and region.

Only the request's head and form are looked at; nothing here answers or changes a request.
"""

import functools
import io
import re
import urllib.parse
from dataclasses import dataclass

from caller import service_model

# Signing names that differ from botocore's service names, or that several services share.
_SERVICES = {
    "access-analyzer": ["accessanalyzer"],
    "aoss": ["opensearchserverless"],
    "airflow": ["mwaa"],
    "apigateway": ["apigateway", "apigatewayv2"],
    "aps": ["amp"],
    "bedrock": ["bedrock", "bedrock-agent"],
    "bedrock-agentcore": ["bedrock-agentcore-control"],
    "cassandra": ["keyspaces"],
    "cloudhsm": ["cloudhsmv2"],
    "dynamodb": ["dynamodb", "dynamodbstreams"],
    "elasticfilesystem": ["efs"],
    "elasticloadbalancing": ["elb", "elbv2"],
    "elasticmapreduce": ["emr"],
    "es": ["es", "opensearch"],
    "kinesisanalytics": ["kinesisanalyticsv2", "kinesisanalytics"],
    "lex": ["lexv2-models", "lex-models"],
    "mobiletargeting": ["pinpoint"],
    "monitoring": ["cloudwatch"],
    "rds": ["rds"],
    "s3": ["s3control", "s3"],
    "servicequotas": ["service-quotas"],
    "ses": ["sesv2", "ses"],
    "sso": ["sso-admin"],
    "states": ["stepfunctions"],
    "tagging": ["resourcegroupstaggingapi"],
    "timestream": ["timestream-write", "timestream-query"],
}
_CREDENTIAL = re.compile(r"Credential=([^/,]+)/[^/]+/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Asked:
    """What one request asks for; `operation` is `?` where the emulator's list of operations does not know it."""

    service: str
    operation: str
    protocol: str
    access_key: str
    region: str
    signing_name: str
    form: tuple = ()

    def parameter(self, name):
        """A parameter of the form that the query protocols send, or nothing."""
        return dict(self.form).get(name)


def read_body(environ):
    """The request's body, which stays readable for the application behind."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def recognise(environ):
    """Tells what a request asks for, or nothing when it is not a signed AWS request."""
    match = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not match:
        return None
    access_key, region, signing_name = match.groups()
    services = _SERVICES.get(signing_name, [signing_name])
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        prefix, _, operation = target.rpartition(".")
        return Asked(_service_of_target(services, prefix), operation, "json", access_key, region, signing_name)
    path = environ.get("PATH_INFO", "/")
    binary = re.fullmatch(r"/service/[^/]+/operation/([^/]+)", path)
    if binary:
        return Asked(services[0], binary.group(1), "smithy-rpc-v2-cbor", access_key, region, signing_name)
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form = tuple(urllib.parse.parse_qsl(read_body(environ).decode("utf-8", "replace")))
        fields = dict(form)
        if "Action" in fields:
            service = _service_of_version(services, fields.get("Version"))
            protocol = "ec2" if service == "ec2" else "query"
            return Asked(service, fields["Action"], protocol, access_key, region, signing_name, form)
    query = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    for service in services:
        operation = _operation_of_path(service, environ["REQUEST_METHOD"], path, query)
        if operation:
            return Asked(service, operation, _rest_protocol(service), access_key, region, signing_name)
    return Asked(services[-1], "?", _rest_protocol(services[-1]), access_key, region, signing_name)


def _service_of_target(services, prefix):
    for service in services[1:]:
        if service_model(service).metadata.get("targetPrefix") == prefix:
            return service
    return services[0]


def _service_of_version(services, version):
    for service in services[1:]:
        if service_model(service).api_version == version:
            return service
    return services[0]


@functools.cache
def _rest_protocol(service):
    try:
        protocol = service_model(service).metadata["protocol"]
    except Exception:  # a signing name that botocore's data does not know as a service
        return "rest-json"
    return protocol


@functools.cache
def _routes(service):
    """The service's operations as (method, path pattern, fixed query, operation), the most specific first."""
    routes = []
    try:
        model = service_model(service)
    except Exception:  # a signing name that botocore's data does not know as a service
        return routes
    for operation in model.operation_names:
        described = model.operation_model(operation)
        http = described.http
        path, _, query = http["requestUri"].partition("?")
        fixed = dict(urllib.parse.parse_qsl(query, keep_blank_values=True)) | _required_query(described.input_shape)
        parts = re.split(r"(\{[^}]+\})", path.rstrip("/"))
        pattern = "".join(_pattern_of(part) for part in parts)
        literal = sum(len(part) for part in parts if not part.startswith("{"))
        # Two names of one request: the newer one is meant.
        order = (-len(fixed), -literal, described.deprecated, operation)
        routes.append((order, http["method"], re.compile(pattern + "/?"), fixed, operation))
    return [route[1:] for route in sorted(routes, key=lambda route: route[0])]


def _required_query(shape):
    """The parameters of the query that a request cannot lack, with any value."""
    members = [shape.members[name] for name in shape.required_members] if shape else []
    return {
        each.serialization["name"]: ""
        for each in members
        if each.serialization.get("location") == "querystring" and each.type_name not in ("list", "map")
    }


def _pattern_of(part):
    if not part.startswith("{"):
        return re.escape(part)
    return "(?:.+)" if part.endswith("+}") else "(?:[^/]+)"


def _operation_of_path(service, method, path, query):
    for wanted, pattern, fixed, operation in _routes(service):
        if wanted != method or not pattern.fullmatch(path):
            continue
        if all(name in query and value in ("", query[name]) for name, value in fixed.items()):
            return operation
    return None
