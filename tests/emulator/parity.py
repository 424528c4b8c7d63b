"""Asks the emulator everything that the tables know with boto3, and tells what boto3 answered, one JSON line a call.

The first line says where the emulator is. Then it serves until standard input closes, so that another client can ask
the same. Parameters come from earlier answers: what `ListClusters` names is what `DescribeCluster` is asked for.
A call that does not answer twice alike, such as one for new keys, is left out.
"""

import base64
import datetime
import json
import os
import re
import sys
import warnings
from pathlib import Path

import boto3
import botocore.config
import botocore.exceptions
import botocore.parsers
from moto.moto_api import state_manager

import serve
import extra_services

TABLES = Path(__file__).resolve().parents[2] / "packs" / "aws-api"
ROUNDS = 3
# How many values a parameter is tried with, and how many are kept of each name.
TRIED, KEPT = 2, 6
# Answers longer than this are not asked for again in small pages.
LONG = 50_000
ACCOUNT, REGION = "345678901234", "ap-northeast-1"
LEFT_OUT = {
    "s3control",  # boto3 puts the account before any host, which the emulator cannot have
    "sts.AssumeRole",  # gives other keys each time
    "support.DescribeCases",  # fails in turns
    "sesv2.GetConfigurationSet",  # the emulator answers an object for a boolean
    # The emulator writes days as 22/11/2026, which no AWS service does and boto3 guesses at.
    "appmesh.DescribeMesh", "appmesh.ListMeshes", "mediastore.ListContainers", "shield.DescribeSubscription",
}
# Operations of the tables that do not only read.
WRITING = ("BatchImport", "ChangeMessage", "DeleteMessage", "Publish", "PutObject", "ReceiveMessage", "SendEmail", "Start")
# What the emulator lacks fails slowly, and always alike: once is enough.
LACKING = ("500", "404", "Unknown")
WIRE_ERRORS = (botocore.parsers.ResponseParserError, ValueError, TypeError, KeyError, AttributeError, LookupError)


class Harvest:
    """Values of earlier answers, by the name under which they stood."""

    def __init__(self):
        self.named = {}
        self.arns = []

    def take(self, value, name="", parent=""):
        if isinstance(value, dict):
            for key, below in value.items():
                self.take(below, key, name)
        elif isinstance(value, list):
            for below in value[:KEPT]:
                self.take(below, name.removesuffix("s"), parent)
        elif isinstance(value, str) and 0 < len(value) < 300:
            for known in (plain(name), plain(parent + name)):
                self._keep(self.named.setdefault(known, []), value)
            if value.startswith("arn:"):
                self._keep(self.arns, value)

    def _keep(self, values, value):
        if value not in values and len(values) < KEPT:
            values.append(value)

    def candidates(self, operation, parameter):
        """What could be meant by a parameter: the same name, then a shorter one, then any ARN."""
        wanted = plain(parameter)
        subject = plain(re.sub(r"^(Batch)?(Get|List|Describe)", "", operation)).removesuffix("s")
        names = [wanted, wanted + "value"]
        for ending in ("name", "id", "arn", "identifier"):
            if wanted.endswith(ending):
                names += [ending, wanted.removesuffix(ending), subject + ending]
            else:
                names += [wanted + ending]
                if wanted in ("name", "id", "arn", "identifier", "resource"):
                    names += [subject + ending]
        found = [value for name in names for value in self.named.get(name, [])]
        if wanted.endswith(("arn", "identifier", "resourceid")):
            found += self.arns
        return list(dict.fromkeys(found))


def plain(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def canonical(value):
    """The JSON that Yagura promises for what boto3 answers."""
    if isinstance(value, dict):
        return {key: canonical(below) for key, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical(below) for below in value]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            value = value.replace(tzinfo=datetime.timezone.utc)
        value = value.astimezone(datetime.timezone.utc)
        text = value.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
        fraction = f".{value.microsecond:06}".rstrip("0").rstrip(".")
        return f"{text}{fraction}Z"
    if hasattr(value, "read"):
        return base64.b64encode(value.read()).decode()
    return value


class Service:
    """One service of boto3 and what was learned of it."""

    def __init__(self, session, name, endpoint, harvest):
        config = botocore.config.Config(
            retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, inject_host_prefix=False
        )
        self.name = name
        self.client = session.client(name, endpoint_url=endpoint, config=config)
        self.methods = {operation: method for method, operation in self.client.meta.method_to_api_mapping.items()}
        self.harvest = harvest
        self.asked = set()
        self.lacking = set()

    def inputs(self, operation):
        """Inputs to try: with every required parameter, from what was harvested."""
        shape = self.client.meta.service_model.operation_model(operation).input_shape
        inputs = [{}]
        for name in shape.required_members if shape else []:
            values = self._values(operation, name, shape.members[name])
            if not values:
                return []
            inputs = [{**known, name: value} for known in inputs for value in values[:TRIED]][:TRIED]
        return inputs

    def _values(self, operation, name, shape):
        if shape.type_name == "string":
            return shape.enum[:TRIED] or self.harvest.candidates(operation, name)
        if shape.type_name in ("integer", "long"):
            return [max(1, int(shape.metadata.get("min", 1)))]
        if shape.type_name == "boolean":
            return [True]
        if shape.type_name == "timestamp":
            return ["2025-06-01T00:00:00Z"]
        if shape.type_name == "list":
            return [[value] for value in self._values(operation, name.removesuffix("s"), shape.member)]
        if shape.type_name == "structure" and not shape.required_members:
            return [{}]
        return []

    def ask(self, operation, parameters):
        """What boto3 answers, or the error code; nothing when it cannot be compared."""
        method = getattr(self.client, self.methods[operation])
        return self._twice(lambda: method(**parameters))

    def ask_all(self, operation, parameters):
        """The same for all pages, in small pages where the size can be chosen; with the parameters for that."""
        if not self.client.can_paginate(self.methods[operation]):
            return None, None
        paginator = self.client.get_paginator(self.methods[operation])
        config, small = {}, dict(parameters)
        size = paginator._pagination_cfg.get("limit_key")
        if size and size not in parameters:
            shape = self.client.meta.service_model.operation_model(operation).input_shape.members[size]
            number = max(3, int(shape.metadata.get("min", 1))) if shape.type_name != "string" else 3
            config, small[size] = {"PageSize": number}, str(number) if shape.type_name == "string" else number
        answer = self._twice(lambda: paginator.paginate(**parameters, PaginationConfig=config).build_full_result())
        return small, answer

    def _twice(self, call):
        first = self._once(call)
        if first is None or first.get("error") in LACKING:
            return first
        return first if first == self._once(call) else None

    def _once(self, call):
        try:
            answer = dict(call())
        except botocore.exceptions.ClientError as error:
            return {"error": error.response.get("Error", {}).get("Code", "Unknown")}
        except (botocore.exceptions.BotoCoreError, *WIRE_ERRORS):
            return None
        answer.pop("ResponseMetadata", None)
        return {"value": canonical(answer)}


def services(told):
    """A client for every service that the tables and the emulator have."""
    caller = boto3.session.Session(told["access_key_id"], told["secret_access_key"], region_name=REGION)
    role = caller.client("sts", endpoint_url=told["endpoint"]).assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{told['role']}", RoleSessionName="yagura", ExternalId=told["external_id"]
    )["Credentials"]
    session = boto3.session.Session(
        role["AccessKeyId"], role["SecretAccessKey"], role["SessionToken"], region_name=REGION
    )
    extra_services.fill(session, told["endpoint"])
    shared = {}
    for table in sorted(TABLES.glob("*.json")):
        name = table.stem
        if name == "endpoints" or name in LEFT_OUT:
            continue
        operations = [
            operation
            for operation in sorted(json.loads(table.read_text())["operations"])
            if f"{name}.{operation}" not in LEFT_OUT and not operation.startswith(WRITING)
        ]
        harvest = shared.setdefault(name.removesuffix("v2"), Harvest())
        yield Service(session, name, told["endpoint"], harvest), operations


def rounds(told, tell):
    """Asks everything, each round with what the earlier ones brought."""
    everything = list(services(told))
    for _ in range(ROUNDS):
        for service, operations in everything:
            for operation in operations:
                if operation in service.lacking:
                    continue
                for parameters in service.inputs(operation):
                    key = operation + json.dumps(parameters, sort_keys=True)
                    if key in service.asked:
                        continue
                    service.asked.add(key)
                    once = service.ask(operation, parameters)
                    if once is None:
                        continue
                    if once.get("error") in LACKING:
                        service.lacking.add(operation)
                    service.harvest.take(once.get("value", {}))
                    line = {"call": f"{service.name}.{operation}", "input": parameters, "once": once}
                    if "value" in once and len(json.dumps(once)) < LONG:
                        line["pages"], line["all"] = service.ask_all(operation, parameters)
                    tell(line)


def main():
    warnings.simplefilter("ignore")
    out, sys.stdout = sys.stdout, open(os.devnull, "w")

    def tell(line):
        print(json.dumps(line, ensure_ascii=False), file=out, flush=True)

    server, told = serve.serve("small", 1, 0)
    # Nothing becomes ready only by being looked at.
    state_manager.get_transition = lambda name: {"progression": "immediate"}
    told |= {"account": ACCOUNT, "region": REGION}
    tell(told)
    rounds(told, tell)
    tell({"done": True})
    sys.stdin.buffer.read()
    server.shutdown()
    os._exit(0)


if __name__ == "__main__":
    main()
