"""The emulator's own tests: `.venv/bin/python -m unittest discover tests/emulator`."""

import io
import os
import unittest

os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

import botocore.parsers
import caller
import errors
import faults
import gaps
import router
from gaps import empty, wire
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

SERVICES = (
    "accessanalyzer",
    "account",
    "apigateway",
    "apigatewayv2",
    "backup",
    "cloudfront",
    "cloudtrail",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "efs",
    "eks",
    "elb",
    "elbv2",
    "guardduty",
    "iam",
    "kafka",
    "kms",
    "lambda",
    "macie2",
    "opensearch",
    "organizations",
    "rds",
    "route53",
    "s3",
    "s3control",
    "securityhub",
    "sesv2",
    "sns",
    "sqs",
    "sts",
    "wafv2",
)
READS = ("BatchGet", "Describe", "Get", "Head", "List", "Search")
# Told from another by its host alone.
SAME = ("s3", "ListDirectoryBuckets")


class Recorder:
    """An application that only remembers what it was asked."""

    def __call__(self, environ, start_response):
        self.environ = environ
        start_response("200 OK", [])
        return [b""]


def example(shape, depth=0):
    """The least value that a shape takes."""
    if shape.type_name == "structure" and shape.is_tagged_union:
        name = next(iter(shape.members))
        return {name: example(shape.members[name], depth + 1)}
    if shape.type_name == "structure":
        return {name: example(shape.members[name], depth + 1) for name in shape.required_members}
    if shape.type_name == "list":
        return [example(shape.member, depth + 1)] * max(1, shape.metadata.get("min", 1)) if depth < 6 else []
    if shape.type_name == "map":
        return {}
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else "x" * max(1, shape.metadata.get("min", 1))
    return {"boolean": True, "blob": b"x", "timestamp": 0, "float": 1.0, "double": 1.0}.get(
        shape.type_name, max(1, shape.metadata.get("min", 1))
    )


def ask(service, operation):
    """The request that botocore would send, as a server sees it."""
    recorder = Recorder()
    place = caller.Place(recorder, "123456789012", "eu-west-1")
    shape = caller.service_model(service).operation_model(operation).input_shape
    request = caller._serializer(service).serialize_to_request(
        example(shape) if shape else {}, caller.service_model(service).operation_model(operation)
    )
    place._send(service, request)
    return recorder.environ


class Router(unittest.TestCase):
    """Which operation a request is."""

    def test_every_operation_that_reads_is_recognised(self):
        wrong, seen = [], 0
        for service in SERVICES:
            for operation in caller.service_model(service).operation_names:
                described = caller.service_model(service).operation_model(operation)
                if described.deprecated or not operation.startswith(READS) or (service, operation) == SAME:
                    continue
                seen += 1
                asked = router.recognise(ask(service, operation))
                if (asked.service, asked.operation, asked.region) != (service, operation, "eu-west-1"):
                    wrong.append(f"{service}.{operation} taken for {asked.service}.{asked.operation}")
        self.assertEqual(wrong, [], "\n".join(wrong))
        self.assertGreater(seen, 1000)


class Failures(unittest.TestCase):
    """What a client reads from an injected failure."""

    CASES = (
        ("denied", "ec2", "DescribeVpcs", "UnauthorizedOperation"),
        ("denied", "iam", "ListUsers", "AccessDenied"),
        ("denied", "s3", "ListBuckets", "AccessDenied"),
        ("denied", "lambda", "ListFunctions", "AccessDeniedException"),
        ("denied", "dynamodb", "ListTables", "AccessDeniedException"),
        ("denied", "route53", "ListHostedZones", "AccessDenied"),
        ("throttled", "ec2", "DescribeVpcs", "RequestLimitExceeded"),
        ("throttled", "s3", "ListBuckets", "SlowDown"),
        ("throttled", "sns", "ListTopics", "Throttling"),
        ("throttled", "kms", "ListKeys", "ThrottlingException"),
        ("expired", "sts", "GetCallerIdentity", "ExpiredToken"),
        ("region-off", "ec2", "DescribeVpcs", "AuthFailure"),
        ("unsupported", "backup", "ListBackupVaults", "UnknownOperationException"),
    )

    def test_each_protocol_reads_the_code_that_aws_would_send(self):
        for kind, service, operation, code in self.CASES:
            with self.subTest(kind=kind, service=service):
                asked = router.recognise(ask(service, operation))
                status, headers, body = errors.answer(kind, asked, "123456789012")
                parser = botocore.parsers.create_parser(caller.protocol_of(service))
                answer = {
                    "status_code": int(status.split()[0]),
                    "body": body,
                    "headers": {n.lower(): v for n, v in headers},
                }
                shape = caller.service_model(service).operation_model(operation).output_shape
                self.assertEqual(parser.parse(answer, shape)["Error"]["Code"], code)

    def test_the_same_request_meets_the_same_fate_in_any_order(self):
        asked = [router.recognise(ask("iam", name)) for name in caller.service_model("iam").operation_names]
        fates = [faults.Faults(seed=7, rate=0.3).fate(each, "123456789012") for each in asked]
        backwards = [faults.Faults(seed=7, rate=0.3).fate(each, "123456789012") for each in reversed(asked)]
        self.assertEqual(fates, backwards[::-1])
        self.assertTrue(0.1 < sum(fate is not None for fate in fates) / len(fates) < 0.5)

    def test_a_rule_that_names_how_often_stops_failing(self):
        injected = faults.Faults(rules=[{"service": "iam", "operation": "List*", "kind": "throttled", "times": 2}])
        asked = router.recognise(ask("iam", "ListUsers"))
        self.assertEqual([injected.fate(asked, "1") for _ in range(3)], ["throttled", "throttled", None])

    def test_an_unknown_kind_is_refused(self):
        with self.assertRaisesRegex(ValueError, "no such kind of failure: nonsense"):
            faults.Faults(rules=[{"kind": "nonsense"}])

    def test_the_private_paths_refuse_what_they_do_not_know(self):
        front = faults.Front(Recorder(), faults.Faults())
        answered = []
        environ = {"PATH_INFO": "/__yagura__/faults", "CONTENT_LENGTH": "9", "wsgi.input": io.BytesIO(b'{"x": 12}')}
        body = front(environ, lambda status, headers: answered.append(status))
        self.assertEqual(answered, ["400 Bad Request"])
        self.assertIn(b"unexpected keyword argument", body[0])


def strangers(shape, value, path):
    """What a value holds that its shape does not know."""
    if shape.type_name == "structure":
        for name, below in value.items():
            if name not in shape.members:
                yield f"{path}.{name}"
            else:
                yield from strangers(shape.members[name], below, f"{path}.{name}")
    elif shape.type_name == "list":
        for below in value:
            yield from strangers(shape.member, below, path)
    elif shape.type_name == "string" and shape.enum and value and value not in shape.enum:
        yield f"{path}: {value}"


class Gaps(unittest.TestCase):
    """The answers to what the emulator lacks."""

    # The security account, a tidy owner and an untidy one.
    ACCOUNTS = ("210987654321", "456789012345", "345678901234")

    def test_each_answer_has_the_shape_that_aws_documents(self):
        application = DomainDispatcherApplication(create_backend_app)
        wrong, seen = [], 0
        for service, operation in sorted(empty.NOTHING | empty.ELSEWHERE | set(gaps.ANSWERS)):
            shape = caller.service_model(service).operation_model(operation).output_shape
            for account in self.ACCOUNTS:
                environ = ask(service, operation)
                asked = router.recognise(environ)
                self.assertEqual((asked.service, asked.operation), (service, operation))
                found = gaps.ANSWERS.get((service, operation)) or wire.nothing(asked)
                try:
                    found = found(wire.Request(asked, account, environ, application)) if callable(found) else found
                except (wire.RefusalError, caller.CallError):
                    continue
                if found is None:
                    continue
                seen += 1
                wrong += strangers(shape, found, f"{service}.{operation}")
                read = wire.read(asked, *wire.write(asked, found))
                wrong += [f"{service}.{operation} lost {name}" for name in found if name not in read]
        self.assertEqual(wrong, [], "\n".join(wrong))
        self.assertGreater(seen, 200)

    def test_an_answer_can_be_that_there_is_nothing(self):
        asked = router.recognise(ask("glacier", "GetVaultLock"))
        status, headers, body = gaps.answer(asked, self.ACCOUNTS[0], ask("glacier", "GetVaultLock"), None)
        self.assertTrue(status.startswith("404"))
        self.assertIn(b"ResourceNotFoundException", body)


if __name__ == "__main__":
    unittest.main()
