"""What stands in front of the emulator: injected failures, answers to what it lacks, and a count of all requests.

Private paths, for the tests alone:

- `GET /__yagura__/stats`: requests by service, operation, account and region, with what was injected; busy time
- `POST /__yagura__/faults`: sets the failures to inject (see `Faults`), forgetting those before
- `POST /__yagura__/reset`: sets all counts to zero
"""

import hashlib
import json
import socket
import threading
import time
from fnmatch import fnmatchcase

import errors
import extras
import gaps
import moto.iam.models
import router

KINDS = ("denied", "throttled", "error", "cut", "region-off", "expired", "unsupported")


class Faults:
    """Which requests fail, and how. The same request always meets the same fate, whatever the order.

    `refuse`: accounts into which no role can be assumed (the filled one's, unless given). `rules`: `{service, operation,
    account, region, kind, times}`, names with `*`, `times` how often it fails before it works again (always, unless given).
    `seed`, `rate`, `kinds`: that share of all (account, region, operation) fails, chosen by the seed. `regions`: the only
    enabled regions. `extras`: false to leave unanswered what the emulator lacks. `plain`: true to refuse what the emulator
    lacks as AWS refuses an unknown operation, where it would answer 500 and be asked again. `latency_ms`: a wait before
    each answer.
    """

    def __init__(
        self,
        refuse=(),
        rules=(),
        seed=0,
        rate=0.0,
        kinds=KINDS[:3],
        regions=None,
        extras=True,
        plain=False,
        latency_ms=0,
    ):
        self.refuse = set(refuse)
        self.rules = [dict(rule, left=rule.get("times", float("inf"))) for rule in rules]
        self.seed = seed
        self.rate = rate
        self.kinds = list(kinds)
        self.regions = regions
        self.extras = extras
        self.plain = plain
        self.latency = latency_ms / 1000
        unknown = set(self.kinds + [rule["kind"] for rule in self.rules]) - set(KINDS)
        if unknown:
            raise ValueError(f"no such kind of failure: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")

    def fate(self, asked, account):
        """The kind of failure that a request meets, or nothing."""
        for rule in self.rules:
            asks = {"service": asked.service, "operation": asked.operation, "account": account, "region": asked.region}
            if rule["left"] > 0 and all(fnmatchcase(value, rule.get(key, "*")) for key, value in asks.items()):
                rule["left"] -= 1
                return rule["kind"]
        # Without its own identity a run cannot start at all; that case has its own rules.
        if self.rate and asked.service not in ("sts", "organizations"):
            text = f"{self.seed}/{asked.service}/{asked.operation}/{account}/{asked.region}"
            digest = hashlib.sha256(text.encode()).digest()
            if int.from_bytes(digest[:4], "big") / 2**32 < self.rate:
                return self.kinds[digest[4] % len(self.kinds)]
        return None


class Counts:
    """Requests by what they asked for, and how long the emulator worked on them."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        """Starts to count anew."""
        self.calls = {}
        self.under_way = 0
        self.most_under_way = 0
        self.busy = 0.0
        self.cpu_at_start = time.process_time()
        self.since = 0.0

    def enter(self):
        """A request came in."""
        with self.lock:
            if self.under_way == 0:
                self.since = time.monotonic()
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)

    def leave(self, key, outcome):
        """A request was answered."""
        with self.lock:
            self.under_way -= 1
            if self.under_way == 0:
                self.busy += time.monotonic() - self.since
            if key:
                outcomes = self.calls.setdefault(key, {})
                outcomes[outcome] = outcomes.get(outcome, 0) + 1

    def report(self):
        """All counts, as the private path prints them."""
        with self.lock:
            calls = [
                dict(zip(("service", "operation", "account", "region"), key, strict=True), outcomes=dict(outcomes))
                for key, outcomes in sorted(self.calls.items())
            ]
            return {
                "requests": sum(sum(call["outcomes"].values()) for call in calls),
                "busy_seconds": round(self.busy, 4),
                "cpu_seconds": round(time.process_time() - self.cpu_at_start, 4),
                "most_under_way": self.most_under_way,
                "calls": calls,
            }


class Front:
    """The WSGI application that the tests talk to; `application` behind it is the emulator."""

    def __init__(self, application, faults, record=None):
        self.application = application
        self.record = record
        self.faults = faults
        self.refused = faults.refuse
        self.counts = Counts()
        self.accounts = {}

    def __call__(self, environ, start_response):
        """Answers one request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith("/__yagura__/"):
            return self.private(path.removeprefix("/__yagura__/"), environ, start_response)
        asked = router.recognise(environ)
        account = self.account_of(asked) if asked else None
        key = (asked.service, asked.operation, account, asked.region) if asked else None
        outcome = "cut"
        self.counts.enter()
        try:
            if asked and self.faults.latency:
                time.sleep(self.faults.latency)
            if self.record and asked:
                sent = router.read_body(environ).decode("utf-8", "replace")
            outcome, answer = self.answer(environ, asked, account)
            status, headers, body = answer
            if self.record and asked:
                self.note(environ, asked, account, sent, answer)
        finally:
            self.counts.leave(key, outcome)
        start_response(status, headers)
        return [body]

    def note(self, environ, asked, account, sent, answer):
        """Writes one request and its answer to the recording, for the benchmark's own server to play back."""
        status, headers, body = answer
        kinds = [value for name, value in headers if name.lower() == "content-type"]
        errors_of = [value for name, value in headers if name.lower() == "x-amzn-errortype"]
        line = json.dumps(
            {
                "account": account,
                "region": asked.region,
                "service": asked.signing_name,
                "operation": asked.operation,
                "method": environ["REQUEST_METHOD"],
                "uri": environ.get("REQUEST_URI") or environ["PATH_INFO"],
                "target": environ.get("HTTP_X_AMZ_TARGET", ""),
                "sent": sent,
                "status": int(status.split()[0]),
                "content_type": (kinds or [""])[0],
                "error_type": (errors_of or [""])[0],
                "answer": body.decode("utf-8", "replace"),
            }
        )
        with self.counts.lock:
            self.record.write(line + "\n")

    def answer(self, environ, asked, account):
        """What became of a request, and the answer to it."""
        if asked:
            kind = self.fate(asked, account)
            if kind == "cut":
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                raise ConnectionAbortedError("cut on purpose")
            if kind:
                return kind, errors.answer(kind, asked, account)
            ours = self.ours(environ, asked, account)
            if ours:
                return "answered" if ours[0].startswith("2") else "refused", ours
        status, headers, body = self.emulate(environ)
        if not status.startswith(("4", "5")):
            answered = (status, headers, body)
            if asked and self.faults.extras:
                answered = gaps.complete(asked, account, environ, self.application, answered)
            return "answered", answered
        if asked and _is_lacking(status, body):
            ours = gaps.elsewhere(asked) if self.faults.extras else None
            if ours:
                return "answered", ours
            return "lacking", errors.answer("unsupported", asked, account) if self.faults.plain else (
                status,
                headers,
                body,
            )
        return "refused", (status, headers, body)

    def ours(self, environ, asked, account):
        """The answer to what the emulator lacks, if it is a gap that is filled."""
        if not self.faults.extras:
            return None
        return extras.answer(asked, account, environ, self.faults) or gaps.answer(
            asked, account, environ, self.application
        )

    def emulate(self, environ):
        """The emulator's own answer."""
        answered = {}

        def remember(status, headers, exc_info=None):
            answered.update(status=status, headers=headers)

        try:
            body = b"".join(self.application(environ, remember))
        except Exception:  # a service that the emulator lacks; its own server answers the same
            return "500 Internal Server Error", [("Content-Type", "text/html")], b"<h1>Internal Server Error</h1>"
        return answered["status"], answered["headers"], body

    def fate(self, asked, account):
        """The failure to inject, if any."""
        if asked.service == "sts" and asked.operation == "AssumeRole":
            role = asked.parameter("RoleArn") or ""
            if role.split(":")[4:5] and role.split(":")[4] in self.faults.refuse:
                return "denied"
        with self.counts.lock:
            return self.faults.fate(asked, account)

    def account_of(self, asked):
        """The account whose credentials signed a request."""
        account = self.accounts.get(asked.access_key)
        if account is None:
            account = moto.iam.models.get_account_id_from(asked.access_key)
            self.accounts[asked.access_key] = account
        return account

    def private(self, path, environ, start_response):
        """Answers the tests' own questions."""
        status, report = "200 OK", {}
        # Read whole, whatever it is for: the server waits for the client to hang up while a body lies unread.
        sent = router.read_body(environ)
        if path == "stats":
            report = self.counts.report()
        elif path == "reset":
            self.counts.reset()
        elif path == "faults":
            try:
                self.faults = Faults(**{"refuse": self.refused} | json.loads(sent or b"{}"))
            except (TypeError, ValueError, KeyError) as error:
                status, report = "400 Bad Request", {"error": str(error)}
        else:
            status, report = "404 Not Found", {"error": f"no such path: {path}"}
        body = json.dumps(report).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def _is_lacking(status, body):
    """Whether an answer says that the emulator has no such service or operation: a web server's error, not AWS's."""
    return status.startswith("5") or body[:14].lower() == b"<!doctype html"
