"""What applications are made of: queues, topics, functions, containers, gateways and the edge in front of them."""

import io
import json
import zipfile

from . import network
from .identity import allow, policy, role_arn

# A password where none belongs. No recording may hold it: a test looks.
PLANTED = "Korrekt!Pferd9"


def fill(place, account, organization):
    """Fills one region's applications."""
    home = place.region == account.regions[0]
    _messages(place, account, organization, home)
    if "functions" in account.themes or home:
        _functions(place, account, organization, home)
    if "containers" in account.themes:
        _containers(place, account, home)
    if home:
        _stacks(place, account)
        if account.themes & {"functions", "web"}:
            _gateways(place, account)
        if "pipeline" in account.themes:
            _pipeline(place, account)
        if "web" in account.themes:
            _edge(place, account)


def _messages(place, account, organization, home):
    members = {"StringEquals": {"aws:PrincipalOrgID": organization}}
    bucket = {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{account.name}-data"}}
    kinds = [("orders", members, True)] + (
        [] if account.tidy or not home else [("open", None, False), ("uploads", bucket, False)]
    )
    for name, condition, encrypted in kinds:
        more = {"Condition": condition} if condition else {}
        topic = place.call(
            "sns", "CreateTopic", Name=name, Attributes={"KmsMasterKeyId": "alias/aws/sns"} if encrypted else {}
        )["TopicArn"]
        place.call(
            "sns",
            "SetTopicAttributes",
            TopicArn=topic,
            AttributeName="Policy",
            AttributeValue=policy(allow("sns:Publish", topic, Principal={"AWS": "*"}, **more)),
        )
        queue = f"arn:aws:sqs:{place.region}:{account.id}:{name}"
        attributes = {"Policy": policy(allow("sqs:SendMessage", queue, Principal="*", **more))}
        if encrypted:
            attributes["KmsMasterKeyId"] = "alias/aws/sqs"
        place.call("sqs", "CreateQueue", QueueName=name, Attributes=attributes, tags={"Owner": account.owner})
        place.call("sns", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=queue)


def _code():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("main.py"), "def handler(event, context):\n    return event\n")
    return packed.getvalue()


def _functions(place, account, organization, home):
    kinds = [
        (
            "resize",
            "python3.12",
            {
                "Principal": "s3.amazonaws.com",
                "SourceArn": f"arn:aws:s3:::{account.name}-data",
                "SourceAccount": account.id,
            },
        )
    ]
    if home:
        kinds.append(
            (
                "report",
                "python3.12" if account.tidy else "python3.7",
                {"Principal": "*", "PrincipalOrgID": organization},
            )
        )
    if home and not account.tidy:
        kinds.append(("webhook", "nodejs14.x", {"Principal": "*"}))
    for name, runtime, permission in kinds:
        place.call(
            "lambda",
            "CreateFunction",
            FunctionName=f"{account.short}-{name}",
            Runtime=runtime,
            Role=role_arn(account, "Lambda"),
            Handler="main.handler",
            Code={"ZipFile": _code()},
            Tags={"Owner": account.owner},
            TracingConfig={"Mode": "Active" if account.tidy else "PassThrough"},
            Environment={
                "Variables": {"STAGE": account.unit.lower()} if account.tidy else {"DB_PASSWORD": PLANTED}
            },
        )
        place.call(
            "lambda",
            "AddPermission",
            FunctionName=f"{account.short}-{name}",
            StatementId="invoke",
            Action="lambda:InvokeFunction",
            **permission,
        )


def _containers(place, account, home):
    for name, tidy in ((f"{account.short}/api", account.tidy), (f"{account.short}/batch", True)):
        place.call(
            "ecr",
            "CreateRepository",
            repositoryName=name,
            imageTagMutability="IMMUTABLE" if tidy else "MUTABLE",
            imageScanningConfiguration={"scanOnPush": tidy},
        )
    if not account.tidy:
        place.call(
            "ecr",
            "SetRepositoryPolicy",
            repositoryName=f"{account.short}/api",
            policyText=policy(
                {
                    "Sid": "pull",
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                }
            ),
        )
    if home:
        _clusters(place, account)


def _clusters(place, account):
    vpc, subnets, groups = network.find(place, account)
    place.call(
        "ecs",
        "CreateCluster",
        clusterName="main",
        settings=[{"name": "containerInsights", "value": "enabled" if account.tidy else "disabled"}],
    )
    container = {
        "name": "api",
        "image": f"{account.short}/api:1",
        "memory": 512,
        "privileged": not account.tidy,
        "readonlyRootFilesystem": account.tidy,
        "environment": [] if account.tidy else [{"name": "DB_PASSWORD", "value": PLANTED}],
    }
    place.call(
        "ecs",
        "RegisterTaskDefinition",
        family="api",
        networkMode="awsvpc" if account.tidy else "host",
        executionRoleArn=role_arn(account, "Task"),
        taskRoleArn=role_arn(account, "Task"),
        containerDefinitions=[container],
    )
    place.call(
        "ecs",
        "CreateService",
        cluster="main",
        serviceName="api",
        taskDefinition="api",
        desiredCount=0,
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": subnets,
                "securityGroups": [groups["internal"]],
                "assignPublicIp": "DISABLED" if account.tidy else "ENABLED",
            }
        },
    )
    place.call(
        "eks",
        "CreateCluster",
        name=account.short,
        version="1.29",
        roleArn=role_arn(account, "Cluster"),
        resourcesVpcConfig={
            "subnetIds": subnets,
            "endpointPublicAccess": not account.tidy,
            "endpointPrivateAccess": account.tidy,
        },
    )


def _stacks(place, account):
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Inbox": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"{account.short}-inbox"}}},
    }
    place.call(
        "cloudformation",
        "CreateStack",
        StackName=f"{account.short}-base",
        TemplateBody=json.dumps(template),
        EnableTerminationProtection=account.tidy,
        Tags=[{"Key": "Owner", "Value": account.owner}],
    )
    place.call("events", "PutRule", Name="nightly", ScheduleExpression="rate(1 day)", State="ENABLED")
    if "audit" in account.themes:
        place.call(
            "events",
            "PutPermission",
            EventBusName="default",
            Action="events:PutEvents",
            Principal="*",
            StatementId="everyone",
        )


def _gateways(place, account):
    rest = place.call(
        "apigateway",
        "CreateRestApi",
        name="orders",
        endpointConfiguration={"types": ["PRIVATE" if account.tidy else "EDGE"]},
    )["id"]
    root = place.call("apigateway", "GetResources", restApiId=rest)["items"][0]["id"]
    place.call(
        "apigateway",
        "PutMethod",
        restApiId=rest,
        resourceId=root,
        httpMethod="GET",
        authorizationType="AWS_IAM" if account.tidy else "NONE",
    )
    place.call("apigateway", "PutIntegration", restApiId=rest, resourceId=root, httpMethod="GET", type="MOCK")
    place.call("apigateway", "CreateDeployment", restApiId=rest, stageName="live")
    http = place.call("apigatewayv2", "CreateApi", Name="events", ProtocolType="HTTP")["ApiId"]
    place.call("apigatewayv2", "CreateStage", ApiId=http, StageName="live", AutoDeploy=True)
    place.call(
        "stepfunctions",
        "CreateStateMachine",
        name="settle",
        roleArn=role_arn(account, "States"),
        definition=json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
    )
    pool = place.call(
        "cognito-idp",
        "CreateUserPool",
        PoolName="members",
        MfaConfiguration="OFF",
        Policies={"PasswordPolicy": {"MinimumLength": 14 if account.tidy else 6}},
    )["UserPool"]["Id"]
    place.call("cognito-idp", "CreateUserPoolClient", UserPoolId=pool, ClientName="app")
    place.call(
        "cognito-identity",
        "CreateIdentityPool",
        IdentityPoolName="guests",
        AllowUnauthenticatedIdentities=not account.tidy,
    )


def _pipeline(place, account):
    variables = (
        [] if account.tidy else [{"name": "AWS_SECRET_ACCESS_KEY", "value": "example-only", "type": "PLAINTEXT"}]
    )
    place.call(
        "codebuild",
        "CreateProject",
        name=f"{account.short}-build",
        serviceRole=role_arn(account, "Build"),
        source={"type": "GITHUB", "location": "https://github.com/hinode/shop.git"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "privilegedMode": not account.tidy,
            "environmentVariables": variables,
        },
    )


def _edge(place, account):
    origin = {
        "Id": "site",
        "DomainName": f"{account.name}-public-site.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    behaviour = {
        "TargetOriginId": "site",
        "ViewerProtocolPolicy": "redirect-to-https" if account.tidy else "allow-all",
        "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
        "MinTTL": 0,
    }
    place.call(
        "cloudfront",
        "CreateDistribution",
        DistributionConfig={
            "CallerReference": account.name,
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": behaviour,
            "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
        },
    )
    zone = place.call(
        "route53", "CreateHostedZone", Name=f"{account.short}.hinode.example", CallerReference=account.name
    )
    zone = zone["HostedZone"]["Id"].rpartition("/")[2]
    record = {
        "Name": f"www.{account.short}.hinode.example",
        "Type": "A",
        "TTL": 300,
        "ResourceRecords": [{"Value": "198.51.100.7"}],
    }
    place.call(
        "route53",
        "ChangeResourceRecordSets",
        HostedZoneId=zone,
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
    )
    place.call(
        "wafv2",
        "CreateWebACL",
        Name="edge",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        Rules=[],
        VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "edge"},
    )
    place.call(
        "route53resolver",
        "CreateResolverQueryLogConfig",
        Name="queries",
        CreatorRequestId=account.name,
        DestinationArn=f"arn:aws:s3:::{account.name}-logs",
    )
