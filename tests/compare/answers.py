"""Answers that the emulator lacks, or gives without a field that both tools look at, in every protocol.

`answered.py` has whole answers (`ANSWERS`), `amended.py` has functions that change the emulator's own (`AMENDED`).
"""

import functools
import io
import json
import re
import urllib.parse
from types import SimpleNamespace

import amended
import answered
import errors
import extras
import faults
import router
from caller import _parser, protocol_of, service_model
from moto.core.model import ServiceModel
from moto.core.serialize import get_serializer_class


def install():
    """Lays these answers over the emulator and over `tests/emulator/extras.py`."""
    ours = extras.answer
    emulate = faults.Front.emulate

    def answer(asked, account, environ, settings):
        found = answered.ANSWERS.get((asked.service, asked.operation))
        if found is None:
            return ours(asked, account, environ, settings)
        question = _question(asked, account, environ)
        try:
            return _serialised(question, found(question) if callable(found) else found)
        except LookupError as error:
            return _refused(question, str(error.args[0]))

    def changed(front, environ):
        asked = router.recognise(environ)
        change = asked and amended.AMENDED.get((asked.service, asked.operation))
        # Before the emulator reads the request: afterwards there is nothing left of it.
        question = _question(asked, front.account_of(asked), environ) if change else None
        if asked and asked.service == "s3control":
            # The account stands in front of the host's name; the emulator knows the service by that name alone.
            environ["HTTP_HOST"] = "s3-control.local"
        status, headers, body = emulate(front, environ)
        if not change or not status.startswith("2"):
            return status, headers, body
        named = {name.lower(): value for name, value in headers}
        shape = service_model(asked.service).operation_model(asked.operation).output_shape
        told = _parser(asked.service).parse({"status_code": int(status[:3]), "headers": named, "body": body}, shape)
        told.pop("ResponseMetadata", None)
        change(told, question)
        return _serialised(question, told)

    extras.REGIONS = answered.REGIONS
    extras.answer = answer
    faults.Front.emulate = changed


def _question(asked, account, environ):
    """What was asked, with its parameters under their own names as far as they are texts."""
    sent = {}
    body = router.read_body(environ)
    environ["wsgi.input"] = io.BytesIO(body)
    if body[:1] == b"{":
        sent.update(json.loads(body))
    sent.update(asked.form)
    model = service_model(asked.service).operation_model(asked.operation)
    sent.update(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
    template = re.split(r"(\{[^}]+\})", model.http.get("requestUri", "/").partition("?")[0].rstrip("/"))
    pattern = "".join(
        f"(?P<{re.sub('[^A-Za-z]', '', part)}>{'.+' if '+' in part else '[^/]+'})" if part.startswith("{") else re.escape(part)
        for part in template
    )
    match = re.fullmatch(pattern + "/?", urllib.parse.unquote(environ.get("PATH_INFO", "/")))
    sent.update(match.groupdict() if match else {})
    return SimpleNamespace(account=account, region=asked.region, sent=sent, model=model, asked=asked)


def _serialised(question, told):
    service = question.asked.service
    protocol = protocol_of(service)
    # The emulator's serializers want the emulator's own kind of model.
    model = _described(service).operation_model(question.model.name)
    made = get_serializer_class(service, protocol)(model).serialize(told)
    body = made["body"]
    body = body.encode() if isinstance(body, str) else body
    headers = [(name, str(value)) for name, value in made["headers"].items()]
    return f"{made['status_code']} OK", headers, body


@functools.cache
def _described(service):
    return ServiceModel(service_model(service)._service_description, service)


def _refused(question, code):
    headers, body = errors._FORMS.get(question.asked.protocol, errors._json)(code, "There is none.")
    return "404 Not Found", headers, body
