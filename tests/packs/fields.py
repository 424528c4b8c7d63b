"""Which fields the answers of AWS can hold, by resource type: from the collectors and from botocore's descriptions of their calls."""

import functools
import pathlib
import re

import yaml
from botocore.loaders import Loader

PACKS = pathlib.Path(__file__).resolve().parents[2] / "packs"
LOADER = Loader()

# What our own language and every policy document have.
WORDS = set(
    "all exists exists_one filter map size startsWith endsWith contains matches orValue or hasValue value of none has id name arn account region type "
    "management_account accounts Statement Effect Principal NotPrincipal Action NotAction Resource NotResource Condition AWS Service Federated Sid Version".split()
)


@functools.cache
def model(service):
    """The service's description."""
    return LOADER.load_service_model(service, "service-2")


@functools.cache
def answers(call):
    """Every member's name anywhere in the call's answer, and whether a map or free JSON is among them."""
    service, operation = call.split(".")
    shapes = model(service)["shapes"]
    output = model(service)["operations"][operation].get("output")
    names, seen, free = set(), set(), False
    waiting = [output["shape"]] if output else []
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        shape = shapes[name]
        free = free or shape.get("document", False)
        if shape["type"] == "structure":
            names.update(shape["members"])
            waiting += [member["shape"] for member in shape["members"].values()]
        elif shape["type"] == "list":
            waiting.append(shape["member"]["shape"])
        elif shape["type"] == "map":
            free = True
            waiting.append(shape["value"]["shape"])
    return names, free


def walk(node, calls, given):
    """Finds the calls of a collector and the fields that it gives a name itself."""
    if isinstance(node, dict):
        calls.update(node[key] for key in ("call", "first") if isinstance(node.get(key), str))
        given.update(node[key] for key in ("into", "as") if isinstance(node.get(key), str))
        given.update(node.get("merge") or [])
        for value in node.values():
            walk(value, calls, given)
    elif isinstance(node, list):
        for value in node:
            walk(value, calls, given)


@functools.cache
def collectors():
    """The entries of every type."""
    found = {}
    for path in sorted((PACKS / "collectors").glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text()) or []:
            found.setdefault(entry.get("resource") or entry.get("extends"), []).append(entry)
    return found


@functools.cache
def fields(resource_type):
    """The fields that a resource of this type can have at any depth, and whether it may have others that no description names."""
    names, free, calls, given = {"Tags"}, False, set(), set()
    for entry in collectors()[resource_type]:
        walk(entry, calls, given)
        free = free or "parse" in str(entry) or "json" in entry
    for call in calls:
        more, maps = answers(call)
        names |= more
        free = free or maps
    return names | given, free


def named(rule):
    """The fields that a rule's conditions select, and the types that it looks at."""
    text = " ".join(str(rule.get(key, "")) for key in ("when", "compliant", "evidence"))
    types = {rule["resource"], *re.findall(r'(?:account|region|related)\(\s*["\']([^"\']+)["\']', text)}
    code = re.sub(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'', '""', text)
    return set(re.findall(r"\.\s*\??\s*([A-Za-z_]\w*)", code)), types
