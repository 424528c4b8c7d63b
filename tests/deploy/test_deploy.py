"""What is under deploy/: the chart is rendered by Helm's own library and held to Kubernetes' schemas, the image's recipe to hadolint, the unit to systemd."""

import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import helm_python
import kubernetes_validate
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "helm" / "yagura"
KUBERNETES = "1.34"

EVERYTHING = {
    "config": '[serve.openid_connect]\nissuer = "https://id.example"\n',
    "secretEnv": [{"name": "YAGURA_OPENID_SECRET", "secret": "yagura", "key": "openid"}],
    "env": {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"},
    "imagePullSecrets": [{"name": "registry"}],
    "image": {"digest": "sha256:" + "0" * 64},
    "serviceAccount": {"roleArn": "arn:aws:iam::111122223333:role/yagura", "annotations": {"a": "b"}},
    "persistence": {"storageClass": "gp3", "annotations": {"a": "b"}},
    "tls": {"secretName": "yagura-tls"},
    "ingress": {"enabled": True, "className": "alb", "host": "yagura.example.com", "tlsSecretName": "ingress-tls", "annotations": {"a": "b"}},
    "metrics": {"serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}}},
    "networkPolicy": {"from": [{"namespaceSelector": {}}], "metricsFrom": [{"namespaceSelector": {}}]},
    "podAnnotations": {"a": "b"},
    "podLabels": {"a": "b"},
    "nodeSelector": {"a": "b"},
    "tolerations": [{"key": "a", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
    "priorityClassName": "high",
}


def rendered(values):
    """Every document that the chart makes of these values, by kind and name."""
    with helm_python.Chart.load(str(CHART)) as chart:
        texts = chart.render(values, name="watch", namespace="security")
    documents = {}
    for path, text in texts.items():
        if path.endswith(".yaml"):
            for document in yaml.safe_load_all(text):
                if document:
                    documents[document["kind"], document["metadata"]["name"]] = document
    return documents


class Chart(unittest.TestCase):
    def test_it_has_no_lint(self):
        for values in ({}, EVERYTHING):
            report = helm_python.lint(str(CHART), values, strict=True)
            troubles = [it for it in report["messages"] if it["severity"] >= 2]
            self.assertEqual((report["errors"] or [], troubles), ([], []))

    def test_all_that_it_makes_is_what_kubernetes_takes(self):
        for values in ({}, EVERYTHING, {"persistence": {"existingClaim": "mine"}, "metrics": {"enabled": False}, "networkPolicy": {"enabled": False}}):
            documents = rendered(values)
            self.assertGreater(len(documents), 4)
            for (kind, _), document in documents.items():
                # The operator's own kind is not Kubernetes'.
                if kind != "ServiceMonitor":
                    kubernetes_validate.validate(document, KUBERNETES, strict=True)

    def test_one_server_has_the_store_and_no_rights(self):
        documents = rendered({})
        kinds = sorted(kind for kind, _ in documents)
        self.assertEqual(kinds, ["ConfigMap", "NetworkPolicy", "Service", "Service", "ServiceAccount", "StatefulSet"])
        spec = documents["StatefulSet", "watch-yagura"]["spec"]
        self.assertEqual(spec["replicas"], 1)
        self.assertEqual(spec["volumeClaimTemplates"][0]["spec"]["accessModes"], ["ReadWriteOnce"])
        self.assertNotIn("storageClassName", spec["volumeClaimTemplates"][0]["spec"])
        pod = spec["template"]["spec"]
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertFalse(pod["automountServiceAccountToken"])
        container = pod["containers"][0]
        self.assertEqual(
            container["securityContext"],
            {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
        )
        self.assertEqual(container["livenessProbe"]["httpGet"]["path"], "/api/health")
        self.assertEqual(container["readinessProbe"]["httpGet"]["path"], "/api/ready")
        self.assertIn("memory", container["resources"]["limits"])
        numbers = documents["NetworkPolicy", "watch-yagura"]["spec"]["ingress"][1]
        self.assertEqual(numbers["from"], [{"podSelector": {}}], "numbers are for the namespace alone")

    def test_what_is_asked_for_is_there(self):
        documents = rendered(EVERYTHING)
        account = documents["ServiceAccount", "watch-yagura"]
        self.assertEqual(account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"], EVERYTHING["serviceAccount"]["roleArn"])
        container = documents["StatefulSet", "watch-yagura"]["spec"]["template"]["spec"]["containers"][0]
        self.assertEqual(container["image"], "yagura@sha256:" + "0" * 64)
        env = {it["name"]: it for it in container["env"]}
        self.assertEqual(env["YAGURA_OPENID_SECRET"]["valueFrom"]["secretKeyRef"], {"name": "yagura", "key": "openid"})
        self.assertEqual(env["YAGURA_TLS_KEY"]["value"], "/run/tls/tls.key")
        self.assertEqual(container["readinessProbe"]["httpGet"]["scheme"], "HTTPS")
        monitor = documents["ServiceMonitor", "watch-yagura"]["spec"]
        wanted = monitor["selector"]["matchLabels"].items()
        services = [it for (kind, _), it in documents.items() if kind == "Service"]
        found = [it for it in services if wanted <= it["metadata"]["labels"].items()]
        self.assertEqual([it["spec"]["ports"][0]["name"] for it in found], [monitor["endpoints"][0]["port"]])
        self.assertEqual(documents["ConfigMap", "watch-yagura"]["data"]["yagura.toml"], EVERYTHING["config"])
        backend = documents["Ingress", "watch-yagura"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
        self.assertEqual(backend, {"name": "watch-yagura", "port": {"number": 80}})

    def test_values_that_mean_nothing_are_refused(self):
        for values in (
            {"replicas": 2},
            {"ingress": {"enabled": True}},
            {"serviceAccount": {"roleArn": "yagura"}},
            {"persistence": {"accessModes": ["ReadWriteMany"]}},
            {"image": {"digest": "sha256:1"}},
            {"env": {"A": 1}},
        ):
            with self.subTest(values), self.assertRaises(helm_python.HelmError):
                rendered(values)

    def test_every_value_is_described(self):
        schema = yaml.safe_load((CHART / "values.schema.json").read_text())["properties"]
        values = yaml.safe_load((CHART / "values.yaml").read_text())
        self.assertEqual(set(values) - set(schema), set())
        for key, value in values.items():
            if isinstance(value, dict) and "properties" in schema[key]:
                self.assertEqual(set(value) - set(schema[key]["properties"]), set(), key)


class Image(unittest.TestCase):
    def test_its_recipe_has_no_lint(self):
        hadolint = Path(sys.executable).with_name("hadolint")
        done = subprocess.run([hadolint, DEPLOY / "container" / "Containerfile"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_all_that_it_copies_gets_in(self):
        ignored = (DEPLOY / "container" / "Containerfile.dockerignore").read_text().splitlines()
        let_in = {line[1:] for line in ignored if line.startswith("!")}
        members = {it.split("/")[0] for it in ("benches/events", "crates/cli", "xtask", "packs", "demo", "console")}
        self.assertEqual(members - let_in, set())


class Unit(unittest.TestCase):
    UNIT = DEPLOY / "systemd" / "yagura.service"

    def test_it_is_hardened(self):
        lines = self.UNIT.read_text().splitlines()
        for line in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "MemoryDenyWriteExecute=yes", "StateDirectory=yagura", "CapabilityBoundingSet="):
            self.assertIn(line, lines)

    def test_systemd_understands_it(self):
        analyze = shutil.which("systemd-analyze")
        if analyze is None:
            # Nothing but systemd can tell; machines without it have no use for the unit.
            return
        # Whether the program is installed here is not asked.
        text = self.UNIT.read_text().replace("/usr/bin/yagura", sys.executable)
        with_program = Path(self.enterContext(__import__("tempfile").TemporaryDirectory())) / "yagura.service"
        with_program.write_text(text)
        done = subprocess.run([analyze, "verify", "--man=no", with_program], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        judged = subprocess.run([analyze, "security", "--offline=yes", "--no-pager", "--threshold=20", with_program], capture_output=True, text=True)
        self.assertEqual(judged.returncode, 0, judged.stdout[-600:])


if __name__ == "__main__":
    unittest.main()
