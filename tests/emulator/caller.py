"""Calls AWS operations by name, straight into the emulator's application.

No socket, no signature and no client per account and region: filling an organisation takes thousands of calls in
hundreds of account and region pairs, and a botocore client for each would cost more than all calls together.
"""

import functools
import io
import urllib.parse

import botocore.parsers
import botocore.serialize
import botocore.session
from botocore.model import ServiceModel

_LOADER = botocore.session.get_session().get_component("data_loader")
# Botocore's own order, without the binary one, which no part of the emulator needs.
_PROTOCOLS = ("json", "rest-json", "rest-xml", "query", "ec2")


class CallError(Exception):
    """An operation that the emulator refused: a mistake in the fill, or an operation that the emulator lacks."""

    def __init__(self, where, service, operation, status, code, message):
        super().__init__(f"{where} {service}.{operation}: {status} {code}: {message}")
        self.code = code


@functools.cache
def service_model(service):
    """The description of a service, as botocore ships it."""
    return ServiceModel(_LOADER.load_service_model(service, "service-2"), service)


@functools.cache
def protocol_of(service):
    """The wire protocol to speak with a service."""
    offered = service_model(service).metadata.get("protocols") or [service_model(service).metadata["protocol"]]
    return next(name for name in offered if name in _PROTOCOLS)


@functools.cache
def _serializer(service):
    return botocore.serialize.create_serializer(protocol_of(service), include_validation=True)


@functools.cache
def _parser(service):
    return botocore.parsers.create_parser(protocol_of(service))


class Place:
    """One account and region, whose operations are called as `place.call("ec2", "CreateVpc", CidrBlock=...)`."""

    def __init__(self, application, account, region):
        self.application = application
        self.account = account
        self.region = region

    def call(self, service, operation, **parameters):
        """Calls one operation and returns its answer, or raises `CallError`."""
        model = service_model(service).operation_model(operation)
        request = _serializer(service).serialize_to_request(parameters, model)
        status, headers, body = self._send(service, request)
        parsed = _parser(service).parse({"status_code": status, "headers": headers, "body": body}, model.output_shape)
        if status >= 300:
            error = parsed.get("Error", {})
            where = f"{self.account}/{self.region}"
            raise CallError(where, service, operation, status, error.get("Code"), error.get("Message"))
        return parsed

    def _send(self, service, request):
        body = request["body"]
        if isinstance(body, dict):
            body = urllib.parse.urlencode(body, doseq=True)
        body = body.encode() if isinstance(body, str) else (body or b"")
        query = request.get("query_string") or ""
        if isinstance(query, dict):
            query = urllib.parse.urlencode(query, doseq=True)
        path, _, fixed = request["url_path"].partition("?")
        query = "&".join(part for part in (fixed, query) if part)
        model = service_model(service)
        scope = f"20260101/{self.region}/{model.signing_name}/aws4_request"
        environ = {
            "REQUEST_METHOD": request["method"],
            "PATH_INFO": urllib.parse.unquote(path).encode().decode("latin-1"),
            "RAW_URI": path + ("?" + query if query else ""),
            "REQUEST_URI": path + ("?" + query if query else ""),
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_HOST": "s3-control.local" if service == "s3control" else "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=FILL/{scope}, SignedHeaders=host, Signature=0",
            "HTTP_X_MOTO_ACCOUNT_ID": self.account,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request["headers"].items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else "HTTP_" + key] = value
        answered = {}

        def start_response(status, headers, exc_info=None):
            answered["status"] = int(status.split()[0])
            answered["headers"] = {name.lower(): value for name, value in headers}

        chunks = self.application(environ, start_response)
        answer = b"".join(chunks)
        return answered["status"], answered["headers"], answer
