"""Answers to some of what the emulator lacks, in the shapes that AWS documents.

Nothing here keeps state. What is not listed in `_ANSWERS` is looked for in `gaps/`, and then left to the emulator, which
answers 404 or 500.
"""

import json

import router

# The regions of the filled organisation; all others count as not opted in.
REGIONS = ("ap-northeast-1", "ap-northeast-3", "us-east-1", "us-west-2", "eu-west-1")
_HOME = "ap-northeast-1"
_SECURITY = "210987654321"
_SHOP = "345678901234"
_ANALYZED = (_SECURITY, "123456789012", "012345678901", "456789012345")
_CREATED = "2025-04-01T00:00:00Z"


def answer(asked, account, environ, faults):
    """The answer (status, headers, body) to a request, or nothing when it is the emulator's to answer."""
    if not faults.extras:
        return None
    if (asked.service, asked.operation) == ("ec2", "DescribeRegions"):
        return _describe_regions(asked, faults.regions or REGIONS)
    find = _ANSWERS.get((asked.service, asked.operation))
    if find is None:
        return None
    sent = json.loads(router.read_body(environ) or b"{}")
    found = find(account, asked.region, sent, faults.regions or REGIONS)
    return "200 OK", [("Content-Type", "application/json")], json.dumps(found).encode()


def _describe_regions(asked, enabled):
    wanted = [value for name, value in asked.form if name.startswith("RegionName.")]
    everything = asked.parameter("AllRegions") == "true"
    statuses = set()
    for name, value in asked.form:
        if name.startswith("Filter.") and ".Value." in name:
            statuses.add(value)
    items = []
    for region in _all_regions():
        status = "opt-in-not-required" if region in enabled else "not-opted-in"
        if (region not in enabled and not everything and region not in wanted) or (wanted and region not in wanted):
            continue
        if statuses and status not in statuses:
            continue
        items.append(
            f"<item><regionName>{region}</regionName><regionEndpoint>ec2.{region}.amazonaws.com"
            f"</regionEndpoint><optInStatus>{status}</optInStatus></item>"
        )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/'
        '2016-11-15/"><requestId>0</requestId><regionInfo>' + "".join(items) + "</regionInfo></DescribeRegionsResponse>"
    )
    return "200 OK", [("Content-Type", "text/xml;charset=UTF-8")], body.encode()


def _all_regions():
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    return sorted(region.name for region in RegionsAndZonesBackend.regions)


def _list_regions(account, region, sent, enabled):
    wanted = sent.get("RegionOptStatusContains")
    regions = [
        {"RegionName": name, "RegionOptStatus": "ENABLED_BY_DEFAULT" if name in enabled else "DISABLED"}
        for name in _all_regions()
    ]
    return {"Regions": [each for each in regions if not wanted or each["RegionOptStatus"] in wanted]}


def _contact_information(account, region, sent, enabled):
    return {
        "ContactInformation": {
            "FullName": "日の出商事株式会社 情報システム部",
            "CompanyName": "日の出商事株式会社",
            "CountryCode": "JP",
            "PostalCode": "100-0001",
            "StateOrRegion": "東京都",
            "City": "千代田区",
            "AddressLine1": "千代田1-1-1",
            "PhoneNumber": "+81300000000",
        }
    }


def _analyzers(account, region, sent, enabled):
    # The security account watches the whole organisation, some accounts also themselves; one does so at home alone.
    if account not in _ANALYZED and (region, account) != (_HOME, _SHOP):
        return {"analyzers": []}
    kind = "ORGANIZATION" if account == _SECURITY else "ACCOUNT"
    name = f"hinode-{kind.lower()}"
    return {
        "analyzers": [
            {
                "arn": f"arn:aws:access-analyzer:{region}:{account}:analyzer/{name}",
                "name": name,
                "type": kind,
                "createdAt": _CREATED,
                "lastResourceAnalyzedAt": "2026-01-31T22:10:00Z",
                "status": "ACTIVE",
                "lastResourceAnalyzed": "arn:aws:s3:::hinode-shop-prod-public-site",
                "tags": {},
            }
        ]
    }


def _analyzer_findings(account, region, sent, enabled):
    if region != _HOME or account not in (_SECURITY, _SHOP):
        return {"findings": []}
    return {
        "findings": [
            {
                "id": "0a1b2c3d-0000-4000-8000-000000000001",
                "analyzedAt": "2026-01-31T22:10:00Z",
                "createdAt": _CREATED,
                "updatedAt": _CREATED,
                "resource": "arn:aws:s3:::hinode-shop-prod-public-site",
                "resourceType": "AWS::S3::Bucket",
                "resourceOwnerAccount": "345678901234",
                "status": "ACTIVE",
                "findingType": "ExternalAccess",
            }
        ]
    }


def _graphs(account, region, sent, enabled):
    if (account, region) != (_SECURITY, _HOME):
        return {"GraphList": []}
    arn = f"arn:aws:detective:{region}:{account}:graph:00000000000000000000000000000001"
    return {"GraphList": [{"Arn": arn, "CreatedTime": _CREATED}]}


def _guardduty_ids(account, region, sent, enabled):
    return {"FindingIds": ["16c0f1e2d3b4a5968778695a4b3c2d1e"] if region == _HOME else []}


def _guardduty_findings(account, region, sent, enabled):
    return {"Findings": [_guardduty_finding(account, region, each) for each in sent.get("findingIds", [])]}


def _guardduty_finding(account, region, identity):
    return {
        "schemaVersion": "2.0",
        "accountId": account,
        "region": region,
        "partition": "aws",
        "id": identity,
        "arn": f"arn:aws:guardduty:{region}:{account}:detector/0/finding/{identity}",
        "type": "UnauthorizedAccess:EC2/SSHBruteForce",
        "severity": 2,
        "confidence": 5.0,
        "title": "198.51.100.23 is performing SSH brute force attacks against an instance.",
        "description": "198.51.100.23 is performing SSH brute force attacks.",
        "createdAt": "2026-01-30T02:12:00.000Z",
        "updatedAt": "2026-01-31T02:12:00.000Z",
        "resource": {"resourceType": "Instance", "instanceDetails": {"instanceId": "i-00000000000000001"}},
        "service": {
            "serviceName": "guardduty",
            "detectorId": "0",
            "archived": False,
            "count": 37,
            "resourceRole": "TARGET",
            "eventFirstSeen": "2026-01-30T02:12:00.000Z",
            "eventLastSeen": "2026-01-31T02:12:00.000Z",
        },
    }


_ANSWERS = {
    ("accessanalyzer", "ListAnalyzers"): _analyzers,
    ("accessanalyzer", "ListFindingsV2"): _analyzer_findings,
    ("account", "GetContactInformation"): _contact_information,
    ("account", "ListRegions"): _list_regions,
    ("detective", "ListGraphs"): _graphs,
    ("guardduty", "GetFindings"): _guardduty_findings,
    ("guardduty", "ListFindings"): _guardduty_ids,
}
