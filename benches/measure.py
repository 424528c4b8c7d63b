"""Runs programs and says what they cost: wall time, CPU time of all their processes, peak memory, API calls."""

import json
import os
import resource
import subprocess
import threading
import time
import urllib.request
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Cost:
    """What one run cost. `emulator_cpu` is the server's own work in that time, the least that the run could take."""

    wall: float
    cpu: float
    memory_mb: float
    status: int
    calls: int = 0
    emulator_cpu: float = 0.0
    detail: dict = field(default_factory=dict)

    def and_then(self, other):
        """The cost of one run after another."""
        return Cost(
            self.wall + other.wall,
            self.cpu + other.cpu,
            max(self.memory_mb, other.memory_mb),
            self.status or other.status,
            self.calls + other.calls,
            self.emulator_cpu + other.emulator_cpu,
            {"calls": self.detail.get("calls", []) + other.detail.get("calls", [])},
        )

    def as_json(self):
        """For the raw results."""
        return asdict(self)


class Server:
    """A server that prints one JSON line when it is ready and stops when its standard input closes."""

    def __init__(self, command, environment=None):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=ROOT
        )
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{command[0]} did not start (status {self.process.wait()})")
        self.told = json.loads(line)
        self.endpoint = self.told["endpoint"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def ask(self, path, body=None):
        """Asks one of the server's private paths."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.endpoint}/__yagura__/{path}", data=data, timeout=30) as answer:
            return json.load(answer)

    def environment(self):
        """The environment in which an AWS program talks to this server alone."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_", "YAGURA_"))}
        return kept | {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": "ap-northeast-1",
            "AWS_DEFAULT_REGION": "ap-northeast-1",
            "AWS_ACCESS_KEY_ID": self.told["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.told["secret_access_key"],
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": "127.0.0.1,localhost",
        }


def run(command, server, timeout, log):
    """Runs a command against a server until it ends, or is ended at the timeout (status -9)."""
    server.ask("reset", {})
    with open(log, "ab") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            command, env=server.environment(), stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd=ROOT
        )
        ending = threading.Timer(timeout, process.kill)
        ending.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            ending.cancel()
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    stats = server.ask("stats")
    return Cost(
        round(wall, 2),
        round(usage.ru_utime + usage.ru_stime, 2),
        round(usage.ru_maxrss / 1024, 1),
        process.returncode,
        stats["requests"],
        stats.get("cpu_seconds", 0.0),
        stats,
    )


def machine():
    """What the numbers were measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "?",
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(pages, 1),
        "load": os.getloadavg()[0],
        "open_files": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    }
