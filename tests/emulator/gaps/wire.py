"""Requests and answers as values: what a request asks for, and an answer in the protocol in which it was asked."""

import functools
import json
import re
import urllib.parse

import botocore.parsers
import router
from caller import Place, service_model
from moto.core.model import ServiceModel
from moto.core.serialize import get_serializer_class
from organisation import accounts

_ACCOUNTS = {account.id: account for account in accounts.ACCOUNTS}
# Accounts that no one has described keep nothing in order.
_UNKNOWN = accounts.Account("000000000000", "hinode-unknown", "Sandbox", "", False, 100)


class Request:
    """One request: who asks where, with what, and the emulator behind."""

    def __init__(self, asked, account, environ, application):
        self.asked = asked
        self.id = account
        self.account = _ACCOUNTS.get(account, _UNKNOWN)
        self.region = asked.region
        self.home = self.account.regions[0] == asked.region
        self.used = asked.region in self.account.regions
        self._environ = environ
        self._place = Place(application, account, asked.region)

    @functools.cached_property
    def sent(self):
        """The parameters: of the body, the query, the form or the path."""
        if self.asked.form:
            return dict(self.asked.form)
        body = router.read_body(self._environ)
        found = json.loads(body) if body.startswith(b"{") else {}
        found |= urllib.parse.parse_qsl(self._environ.get("QUERY_STRING", ""))
        uri = service_model(self.asked.service).operation_model(self.asked.operation).http["requestUri"]
        pattern = re.sub(r"\\\{(\w+)\\?\+?\\\}", r"(?P<\1>.+)", re.escape(uri.partition("?")[0].rstrip("/")))
        matched = re.fullmatch(pattern + "/?", self._environ.get("PATH_INFO", ""))
        return found | (matched.groupdict() if matched else {})

    def ask(self, service, operation, region=None, **parameters):
        """Asks the emulator for something else of the same account."""
        place = self._place if region is None else Place(self._place.application, self.id, region)
        return place.call(service, operation, **parameters)

    def arn(self, service, resource):
        """The ARN of something of the account in the region."""
        return f"arn:aws:{service}:{self.region}:{self.id}:{resource}"


@functools.cache
def _operation(service, operation):
    return ServiceModel(service_model(service)._service_description, service).operation_model(operation)


def write(asked, found):
    """An answer (status, headers, body) that says what was found."""
    serializer = get_serializer_class(asked.service, asked.protocol)(_operation(asked.service, asked.operation))
    answered = serializer.serialize(found)
    body = answered["body"]
    headers = {name: str(value) for name, value in answered["headers"].items()}
    body = body.encode() if isinstance(body, str) else body
    return f"{answered['status_code']} OK", list(headers.items()), body


def read(asked, status, headers, body):
    """What an answer says."""
    shape = service_model(asked.service).operation_model(asked.operation).output_shape
    answer = {
        "status_code": int(status.split()[0]),
        "headers": {name.lower(): value for name, value in headers},
        "body": body,
    }
    found = botocore.parsers.create_parser(asked.protocol).parse(answer, shape)
    found.pop("ResponseMetadata", None)
    return found


def nothing(asked):
    """What an answer says that has found nothing: each of its lists is empty."""
    shape = _operation(asked.service, asked.operation).output_shape
    return {name: [] for name, member in shape.members.items() if member.type_name == "list"} if shape else {}


class RefusalError(Exception):
    """An answer that is an error, as AWS says that something does not exist."""

    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status
