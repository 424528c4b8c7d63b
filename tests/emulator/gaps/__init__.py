"""What the emulator lacks and AWS always answers, one table a part of AWS, and the fields that it leaves out.

A table's keys are services and operations as botocore names them. What it holds is the answer, by the names of the
output's members, or a function that makes it from the request. Nothing here keeps state.
"""

import errors

from . import account, amend, backup, compute, empty, guards, wire

# What the scanner's role may not do: somebody made it by hand in these accounts, from an older list of permissions.
_DENIED = {
    ("890123456789", "ssm", "GetServiceSetting"),
    ("890123456789", "wellarchitected", "ListWorkloads"),
    ("901234567890", "inspector2", "BatchGetAccountStatus"),
    ("901234567890", "lambda", "ListFunctionUrlConfigs"),
}
_TABLES = (account.ANSWERS, backup.ANSWERS, compute.ANSWERS, guards.ANSWERS)
ANSWERS = {key: found for table in _TABLES for key, found in table.items()}


def answer(asked, account, environ, application):
    """The answer to a request that the emulator cannot answer, or nothing."""
    name = (asked.service, asked.operation)
    if (account, *name) in _DENIED:
        return errors.answer("denied", asked, account)
    if name in empty.NOTHING:
        return wire.write(asked, wire.nothing(asked))
    found = ANSWERS.get(name)
    if callable(found):
        try:
            found = found(wire.Request(asked, account, environ, application))
        except wire.RefusalError as refusal:
            return errors.refusal(asked, refusal.code, refusal.message, refusal.status)
    # A function leaves to the emulator what it answers well enough.
    return None if found is None else wire.write(asked, found)


def elsewhere(asked):
    """The answer of a service that the emulator has in other regions only, or nothing."""
    return wire.write(asked, wire.nothing(asked)) if (asked.service, asked.operation) in empty.ELSEWHERE else None


def complete(asked, account, environ, application, answered):
    """The emulator's answer with what it left out."""
    add = amend.AMENDMENTS.get((asked.service, asked.operation))
    if add is None or asked.protocol == "smithy-rpc-v2-cbor":
        return answered
    status, headers, body = answered
    found = wire.read(asked, status, headers, body)
    add(found, wire.Request(asked, account, environ, application))
    written = wire.write(asked, found)
    # Which part of an answer is there depends on the protocol alone; all other headers stay the emulator's.
    kept = [(name, value) for name, value in headers if name.lower() not in ("content-type", "content-length")]
    return status, kept + [each for each in written[1] if each[0].lower() == "content-type"], written[2]
