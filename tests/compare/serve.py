"""The emulator with the accounts of `states/`: serves until standard input closes, as `tests/emulator/serve.py` does.

Two accounts of one organisation. The first is its management account and has each resource in many states, and the
settings of an account that nobody looks after; the second has those settings as they should be.
"""

import datetime
import io
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "emulator"))

import serve  # isort: skip # first: it says what the emulator reads when it is imported
import answered
import answers
import clock
import fill
import states
from caller import Place
from moto.cloudtrail.models import CloudTrailBackend
from organisation import accounts, identity

# Prowler goes by the real clock, so both tools and the emulator do.
clock.NOW = datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
NEGLECTED, KEPT = accounts.MANAGEMENT, answered.KEPT


def fill_states(application, profile):
    """Takes the place of `fill.fill`: the same kind of answer about other accounts."""
    identity.offer_managed_policies()
    chosen = [each for each in accounts.ACCOUNTS if each.id in (NEGLECTED, KEPT)]
    organisation = accounts.create(Place(application, NEGLECTED, "us-east-1"), chosen)
    backends = fill._backends()
    worlds = []
    for account in chosen:
        with clock.CALENDAR.days_ago(200):
            fill._prepare(backends, account.id)
            identity.let_in(Place(application, account.id, "us-east-1"))
        worlds.append(states.World(application, account.id, answered.REGIONS, organisation, account.id == KEPT))
    failures = []
    clock.CALENDAR.stop()
    for world in worlds:
        for make in states.everything():
            with clock.CALENDAR.days_ago(0):
                make(world)
        failures += world.failures
    return {
        "organization": organisation,
        "management": NEGLECTED,
        "accounts": [{"id": each.id, "name": each.name} for each in chosen],
        "refused": [],
        "regions": list(answered.REGIONS),
        "role": accounts.ROLE,
        "external_id": accounts.EXTERNAL_ID,
        "now": clock.NOW.isoformat() + "Z",
        "access_key_id": fill.ACCESS_KEY,
        "secret_access_key": "hinode",
        "failures": failures,
    }


def find_trails_everywhere():
    """Lets the emulator tell of a trail in every region where it lists it, as AWS does."""
    find = CloudTrailBackend.get_trail

    def anywhere(backend, name):
        shadows = backend.describe_trails(include_shadow_trails=True)
        return next((each for each in shadows if each.arn == name), None) or find(backend, name)

    CloudTrailBackend.get_trail = anywhere


def main():
    """Fills and serves."""
    out, sys.stdout = sys.stdout, sys.stderr if os.environ.get("YAGURA_EMULATOR_LOG") else io.StringIO()
    answers.install()
    find_trails_everywhere()
    serve.fill.fill = fill_states
    server, told = serve.serve("states", 1, 0)
    print(json.dumps(told), file=out, flush=True)
    sys.stdin.buffer.read()
    server.shutdown()
    # The emulator leaves threads of its own behind.
    os._exit(0)


if __name__ == "__main__":
    main()
