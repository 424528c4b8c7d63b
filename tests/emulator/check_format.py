"""Reads a report from standard input and has the format's own readers judge it.

    python check_format.py ocsf < report.json    the models of py-ocsf-models (classes 2003 and 2004; others as the findings that they are)
    python check_format.py asff < report.json    BatchImportFindings: botocore's types, the emulator's limits
    python check_format.py sarif < report.json   what SARIF 2.1.0 asks of references inside a log

Prints how many findings were accepted; any refusal ends it with status 1 and the reason.
"""

import collections
import json
import sys


def check_ocsf(events):
    from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
    from py_ocsf_models.events.findings.detection_finding import DetectionFinding
    from py_ocsf_models.events.findings.finding import Finding

    models = {2003: ComplianceFinding, 2004: DetectionFinding}
    for event in events:
        for evidence in event.get("evidences", []):
            # The models ask a service for a version, which the schema does not.
            evidence.get("api", {}).pop("service", None)
        models.get(event["class_uid"], Finding).model_validate(event)
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
    return len(events)


def check_asff(findings):
    import os

    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1")
    import boto3
    from moto import mock_aws

    regions = collections.defaultdict(list)
    for finding in findings:
        regions[finding["Region"]].append(finding)
    accepted = 0
    with mock_aws():
        for region, here in sorted(regions.items()):
            client = boto3.client("securityhub", region_name=region)
            client.enable_security_hub()
            for start in range(0, len(here), 100):
                answer = client.batch_import_findings(Findings=here[start : start + 100])
                assert answer["FailedCount"] == 0, answer["FailedFindings"]
                accepted += answer["SuccessCount"]
    return accepted


def check_sarif(log):
    assert log["version"] == "2.1.0"
    count = 0
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        assert len({rule["id"] for rule in rules}) == len(rules), "a rule is told twice"
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert (result["level"] == "none") == (result["kind"] != "fail")
            assert result["message"]["text"].strip()
            count += 1
    return count


if __name__ == "__main__":
    check = {"ocsf": check_ocsf, "asff": check_asff, "sarif": check_sarif}[sys.argv[1]]
    print(check(json.load(sys.stdin)))
