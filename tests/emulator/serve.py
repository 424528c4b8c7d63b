"""Starts the emulated AWS on a free loopback port, fills it, prints one JSON line about it, and serves.

    serve.py                        until standard input closes
    serve.py --run COMMAND [ARG]... until the command ends; it finds the endpoint and credentials in its environment

Nothing outside this process is changed, and nothing is reachable from another machine.
"""

import argparse
import functools
import io
import json
import logging
import os
import subprocess
import sys
import threading
import time

# What the emulator reads once, when it is imported.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

import faults
import fill
import moto.backends
import moto.core.responses
import moto.core.utils
import moto.iam.models
from moto.moto_api import state_manager
from moto.moto_api._internal import mock_random
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server


def quicken():
    """Remembers what the emulator works out anew for each request, though it never changes: half of its time."""
    modules = tuple(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    names = functools.cache(moto.core.utils.method_names_from_class)
    moto.core.utils.method_names_from_class = names
    moto.core.responses.method_names_from_class = names


def keep_still():
    """Keeps reading from changing what is read: the emulator notes each request as the last use of a role, and lets
    some resources become ready only when they have been looked at a few times."""
    moto.iam.models.mark_account_as_visited = lambda *args, **kwargs: None
    state_manager.register_default_transition = lambda *args, **kwargs: None


def serve(profile, seed, port, record=None):
    """Fills an emulator and starts it; returns the server and what to tell about it."""
    quicken()
    keep_still()
    mock_random.seed(seed)
    application = DomainDispatcherApplication(create_backend_app)
    started = time.monotonic()
    filled = fill.fill(application, profile)
    front = faults.Front(application, faults.Faults(refuse=filled["refused"]), record)
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = make_server("127.0.0.1", port, front, threaded=True, request_handler=MotoRequestHandler)
    # Werkzeug lets 128 connections wait; what comes beyond is dropped, and whoever asked tries again a second later.
    server.socket.listen(4096)
    host, bound = server.server_address[:2]
    filled |= {"endpoint": f"http://{host}:{bound}", "fill_seconds": round(time.monotonic() - started, 1)}
    front.counts.reset()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, filled


def environment(told):
    """The environment in which an AWS program talks to the emulator, as the organisation's management account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    return kept | {
        "AWS_ENDPOINT_URL": told["endpoint"],
        "AWS_ACCESS_KEY_ID": told["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": told["secret_access_key"],
        "AWS_REGION": "ap-northeast-1",
        "AWS_DEFAULT_REGION": "ap-northeast-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def main():
    """Reads the arguments, serves, and leaves with the command's own status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", choices=fill.PROFILES, default="full", help="how much to fill (default: full)")
    parser.add_argument("--seed", type=int, default=1, help="of all identifiers (default: 1)")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument(
        "--record", type=argparse.FileType("w"), metavar="FILE", help="write all requests and answers to a file"
    )
    parser.add_argument("--run", nargs=argparse.REMAINDER, metavar="COMMAND", help="serve for this command alone")
    arguments = parser.parse_args()
    # The emulator prints when it is asked for what it lacks; standard output is ours alone.
    out, sys.stdout = sys.stdout, sys.stderr if os.environ.get("YAGURA_EMULATOR_LOG") else io.StringIO()
    server, told = serve(arguments.profile, arguments.seed, arguments.port, arguments.record)
    if arguments.run:
        status = subprocess.run(arguments.run, env=environment(told), check=False).returncode
    else:
        print(json.dumps(told, ensure_ascii=False), file=out, flush=True)
        sys.stdin.buffer.read()
        status = 0
    server.shutdown()
    if arguments.record:
        arguments.record.close()
    # The emulator leaves threads of its own behind.
    os._exit(status)


if __name__ == "__main__":
    main()
