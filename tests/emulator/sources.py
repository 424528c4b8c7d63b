"""Starts the emulator with nothing in it but a bucket of logs and queues, for the tests of event sources.

The first line tells where it is. Then each line of standard input is a call to make, `[service, operation, parameters]`,
or the failures to inject, `{"rules": [...]}`; each is answered with one line, until standard input closes.
"""

import base64
import io
import json
import os
import sys

import serve
from caller import CallError, Place
from clock import CALENDAR
from faults import Faults

REGION = "eu-west-1"
BUCKET = "organisation-trail"
ORGANISATION = "AWSLogs/o-abcdefghij"
BUSY, QUIET = "111122223333", "444455556666"
# A folder larger than a page of a listing.
FILES = 1010


def keys():
    """The bucket's keys, 1,100 of them."""
    for number in range(FILES):
        name = f"{BUSY}_CloudTrail_eu-west-1_20260102T{number // 60:02}{number % 60:02}Z_x.json"
        yield f"{ORGANISATION}/{BUSY}/CloudTrail/eu-west-1/2026/01/02/{name}"
    for account in (BUSY, QUIET):
        for region in ("us-east-1", "ap-northeast-1"):
            for kind in ("CloudTrail", "CloudTrail-Digest", "CloudTrail-Insight"):
                for day in range(1, 8):
                    name = f"{account}_{kind}_{region}_202601{day:02}T0000Z_x.json"
                    yield f"{ORGANISATION}/{account}/{kind}/{region}/2026/01/{day:02}/{name}"
    for number in range(6):
        yield f"exports/red flower+{number}.json"


def fill(place):
    """Makes the bucket, which tells a queue about new objects, and a queue whose messages go astray after three times."""
    place.call("s3", "CreateBucket", Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    for key in keys():
        place.call("s3", "PutObject", Bucket=BUCKET, Key=key, Body=b'{"Records":[]}', Metadata={"signature": "00ff"})
    place.call("s3", "PutObject", Bucket=BUCKET, Key="archived.json", Body=b"{}", StorageClass="GLACIER")
    astray = place.call("sqs", "CreateQueue", QueueName="astray")["QueueUrl"]
    arn = place.call("sqs", "GetQueueAttributes", QueueUrl=astray, AttributeNames=["All"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
    attributes = {"VisibilityTimeout": "30", "RedrivePolicy": redrive}
    url = place.call("sqs", "CreateQueue", QueueName="trail-events", Attributes=attributes)["QueueUrl"]
    arn = place.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])["Attributes"]["QueueArn"]
    place.call(
        "s3",
        "PutBucketNotificationConfiguration",
        Bucket=BUCKET,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}],
        },
    )
    return {"bucket": BUCKET, "region": REGION, "queue_url": url}


def obey(line, server, place):
    """Does what a line of standard input says."""
    asked = json.loads(line)
    if isinstance(asked, dict):
        server.app.faults = Faults(**asked)
        return {}
    service, operation, parameters = asked
    if isinstance(parameters.get("Body"), str):
        parameters["Body"] = parameters["Body"].encode()
    try:
        answer = place.call(service, operation, **parameters)
    except CallError as error:
        return {"error": error.code}
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def shown(value):
    """What JSON lacks, as text."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def main():
    """Serves until standard input closes."""
    # The emulator prints when it is asked for what it lacks; standard output is ours alone.
    out, sys.stdout = sys.stdout, io.StringIO()
    server, told = serve.serve("empty", 1, 0)
    # Messages are hidden for a time: the clock must run.
    CALENDAR.time = None
    place = Place(server.app.application, told["management"], REGION)
    told |= fill(place)
    print(json.dumps(told), file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(obey(line, server, place), default=shown), file=out, flush=True)
    server.shutdown()
    os._exit(0)


if __name__ == "__main__":
    main()
