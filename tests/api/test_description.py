"""Schemathesis asks the server of this checkout whatever its description allows, and some that it does not.

No answer may be a server error, or one that the description does not know. The store is the demonstration's, so that there is something to tell.
"""

import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
SNAPSHOT = ROOT / "demo/organization"
YAGURA = os.environ.get("YAGURA", str(ROOT / "target/debug/yagura"))
PASSWORD = "correct horse battery staple"

# What somebody has who works with AWS; it leads nowhere.
THEIRS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "theirs", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
# A stream that ends after a quarter of an hour; its own tests read it.
LEFT_OUT = ["/api/events"]
# What would take away by what Schemathesis itself signs in.
KEPT = ["/api/tokens/{id}", "/api/users/{name}"]

CHECKS = ",".join(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)


def nowhere():
    """The environment without any way to AWS: whatever is asked, nobody's organisation is read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "YAGURA_"))}
    return kept | {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


class Server:
    """A server over the demonstration's store, and a token of its administrator."""

    def __init__(self, directory):
        store = os.path.join(directory, "yagura.db")
        demo = [YAGURA, "demo", "--store", store, "--output", "json", "--out", os.devnull]
        subprocess.run(demo, check=True, stderr=subprocess.DEVNULL, env=nowhere())
        with open(os.path.join(directory, "yagura.toml"), "w") as configuration:
            configuration.write(f"[serve.scan]\nsnapshot = {json.dumps(str(SNAPSHOT))}\n")
        self.log = open(os.path.join(directory, "log"), "w+b")
        self.process = subprocess.Popen([YAGURA, "serve", "--store", store, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, cwd=directory, env=nowhere())
        said = ""
        while "/api/setup" not in said:
            line = self.process.stderr.readline().decode()
            if not line:
                raise RuntimeError(f"the server does not start: {said}")
            said += line
        # Whoever does not read what is said lets the server wait.
        self.reader = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=self.log)
        self.address = re.search(r"127\.0\.0\.1:\d+", said)[0]
        secret = re.search(r'"Secret":"([^"]+)"', said)[1]
        self.call("POST", "/api/setup", {"Secret": secret, "Name": "administrator", "Password": PASSWORD})
        signed, headers = self.call("POST", "/api/session", {"Name": "administrator", "Password": PASSWORD})
        session = {"cookie": headers["set-cookie"].split(";")[0], "x-yagura-csrf": signed["Csrf"]}
        self.session = session
        wish = {"Name": "schemathesis", "Permission": "administer", "Days": 1, "Password": PASSWORD}
        token, _ = self.call("POST", "/api/tokens", wish, session)
        self.token = token["Secret"]

    def in_person(self):
        """The operations that no token may use, by their ids."""
        description, _ = self.call("GET", "/api/openapi.json", None)
        operations = [it for path in description["paths"].values() for it in path.values() if isinstance(it, dict)]
        # An operation for everybody names no scheme at all.
        return [it["operationId"] for it in operations if it["security"] and not any("token" in scheme for scheme in it["security"])]

    def call(self, method, path, body, headers=None):
        connection = http.client.HTTPConnection(self.address)
        connection.request(method, path, json.dumps(body), {"content-type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text!r}")
        return json.loads(text or b"null"), dict(answer.getheaders())

    def said(self):
        """The end of the server's log but for the answers, which tells why it failed."""
        lines = pathlib.Path(self.log.name).read_text(errors="replace").splitlines()
        return "\n".join([it for it in lines if " INFO " not in it][-60:])

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.reader.wait(30)
        self.process.stderr.close()
        self.log.close()


def developer():
    """As on the machine of somebody who is signed in to AWS."""
    return unittest.mock.patch.dict(os.environ, THEIRS)


class Description(unittest.TestCase):
    def test_the_environment_of_the_server_leads_nowhere(self):
        with developer():
            self.assertEqual({name for name in nowhere() if name in THEIRS}, set())

    def test_a_scan_that_is_asked_for_judges_the_recording_and_nobody_is_reached(self):
        with tempfile.TemporaryDirectory() as directory, developer():
            server = Server(directory)
            try:
                who = {"authorization": f"Bearer {server.token}"}
                server.call("POST", "/api/scans", {}, who)
                deadline = time.monotonic() + 60
                while True:
                    jobs, _ = server.call("GET", "/api/jobs", None, who)
                    scan = next((it for it in jobs["Jobs"] if it["Name"] == "scan"), {})
                    if scan.get("Last") or time.monotonic() > deadline:
                        break
                    time.sleep(0.05)
                self.assertEqual((scan.get("Last") or {}).get("End"), "SUCCEEDED", scan)
            finally:
                server.stop()

    def test_no_answer_is_a_server_error_or_outside_of_the_description(self):
        with tempfile.TemporaryDirectory() as directory:
            server = Server(directory)
            try:
                in_person = server.in_person()
                self.assertIn("post-tokens", in_person)
                token = {"Authorization": f"Bearer {server.token}"}
                self.ask(server, directory, token, [it for name in in_person for it in ("--exclude-operation-id", name)])
                # Those alone, by somebody who signed in.
                self.ask(server, directory, server.session, [it for name in in_person for it in ("--include-operation-id", name)])
            finally:
                server.stop()

    def ask(self, server, directory, headers, which):
        command = [
            str(pathlib.Path(sys.executable).parent / "schemathesis"),
            "run",
            f"http://{server.address}/api/openapi.json",
            "--checks",
            CHECKS,
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            os.environ.get("EXAMPLES", "25"),
            "--seed",
            "1",
            "--no-color",
            "--workers",
            "2",
        ]
        for name, value in headers.items():
            command += ["--header", f"{name}: {value}"]
        for path in LEFT_OUT + KEPT:
            command += ["--exclude-path", path]
        done = subprocess.run(command + which, cwd=directory, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-20_000:] + done.stderr[-4_000:] + server.said())
        # What was refused for want of who may would prove nothing.
        self.assertNotIn("Authentication failed", done.stdout)


if __name__ == "__main__":
    unittest.main()
