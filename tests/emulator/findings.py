"""Starts an emulated Security Hub in an aggregation region, with findings of many accounts and regions, and serves.

    findings.py                     until standard input closes

The first line on standard output tells the endpoint, the accounts and the findings. What the tests import here is in AWS's
documented shape: a control of Security Hub in each finding, some of them passed, archived or suppressed.
"""

import io
import json
import logging
import os
import sys

import boto3
from moto.server import ThreadedMotoServer

ACCOUNTS = [f"{number:012d}" for number in range(100000000001, 100000000046)]
REGIONS = ["eu-west-1", "us-east-1", "ap-northeast-1"]
AGGREGATION_REGION = "eu-west-1"
OPEN = 500


def finding(number, account, region, **changes):
    """A failed EC2.13 about a security group of its own."""
    group = f"sg-{number:08d}"
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"arn:aws:securityhub:{region}:{account}:security-control/EC2.13/finding/{number:08d}",
        "ProductArn": f"arn:aws:securityhub:{region}::product/aws/securityhub",
        "ProductName": "Security Hub",
        "GeneratorId": "security-control/EC2.13",
        "AwsAccountId": account,
        "Region": region,
        "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
        "FirstObservedAt": "2026-01-01T00:00:00.000Z",
        "LastObservedAt": "2026-01-02T00:00:00.000Z",
        "CreatedAt": "2026-01-01T00:00:00.000Z",
        "UpdatedAt": "2026-01-02T00:00:00.000Z",
        "Severity": {"Label": "HIGH"},
        "Title": "Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22",
        "Description": "This control checks it.",
        "Resources": [
            {
                "Type": "AwsEc2SecurityGroup",
                "Id": f"arn:aws:ec2:{region}:{account}:security-group/{group}",
                "Partition": "aws",
                "Region": region,
            }
        ],
        "Compliance": {"Status": "FAILED", "SecurityControlId": "EC2.13"},
        "Workflow": {"Status": "NOTIFIED" if number % 7 == 0 else "NEW"},
        "RecordState": "ACTIVE",
    } | changes


def everything():
    """500 open findings, and some that are no longer open."""
    for number in range(OPEN):
        yield finding(number, ACCOUNTS[number % len(ACCOUNTS)], REGIONS[number % len(REGIONS)])
    for number in range(OPEN, OPEN + 30):
        closed = {"RecordState": "ARCHIVED"} if number % 2 else {"Workflow": {"Status": "SUPPRESSED"}}
        yield finding(number, ACCOUNTS[number % len(ACCOUNTS)], REGIONS[number % len(REGIONS)], **closed)


def main():
    """Fills, tells, and serves."""
    out, sys.stdout = sys.stdout, io.StringIO()
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    hub = boto3.client(
        "securityhub",
        region_name=AGGREGATION_REGION,
        endpoint_url=endpoint,
        aws_access_key_id="AKIAEMULATED",
        aws_secret_access_key="secret",
    )
    hub.enable_security_hub()
    findings = list(everything())
    for start in range(0, len(findings), 100):
        hub.batch_import_findings(Findings=findings[start : start + 100])
    told = {"endpoint": endpoint, "region": AGGREGATION_REGION, "accounts": ACCOUNTS, "open": OPEN, "regions": REGIONS}
    print(json.dumps(told), file=out, flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
