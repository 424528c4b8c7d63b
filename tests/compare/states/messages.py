"""SQS, SNS, EventBridge, Kinesis, Firehose, Step Functions, SES."""

import json

from . import OUTSIDER, allow, document, policies, state

ONE_STEP = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


@state
def queues(aws):
    """Queues: each resource policy, each encryption."""
    kept = {
        "plain": {"SqsManagedSseEnabled": "false"},
        "sse-sqs": {"SqsManagedSseEnabled": "true"},
        "kms-aws": {"KmsMasterKeyId": "alias/aws/sqs"},
        "kms-own": {"KmsMasterKeyId": "alias/states-own"},
    }
    if aws.kept:
        return
    for name, attributes in kept.items():
        aws.sqs.CreateQueue(QueueName=f"encryption-{name}", Attributes=attributes)
    for name in policies(aws, "sqs:SendMessage", ""):
        arn = aws.arn("sqs", f"policy-{name}")
        statements = policies(aws, "sqs:SendMessage", arn)[name]
        attributes = {"KmsMasterKeyId": "alias/aws/sqs"} | ({"Policy": document(*statements)} if statements else {})
        aws.sqs.CreateQueue(QueueName=f"policy-{name}", Attributes=attributes)
    topic = {"ArnEquals": {"aws:SourceArn": aws.arn("sns", "policy-none")}}
    arn = aws.arn("sqs", "policy-topic")
    policy = document(allow("sqs:SendMessage", arn, "*", condition=topic))
    aws.sqs.CreateQueue(QueueName="policy-topic", Attributes={"Policy": policy, "SqsManagedSseEnabled": "true"})


@state
def topics(aws):
    """Topics: each policy, each encryption, subscriptions over HTTP and HTTPS."""
    if aws.kept:
        return
    aws.sns.CreateTopic(Name="encryption-kms", Attributes={"KmsMasterKeyId": "alias/aws/sns"})
    plain = aws.sns.CreateTopic(Name="encryption-none")["TopicArn"]
    aws.sns.Subscribe(TopicArn=plain, Protocol="http", Endpoint="http://hook.example/in")
    aws.sns.Subscribe(TopicArn=plain, Protocol="https", Endpoint="https://hook.example/in")
    aws.sns.Subscribe(TopicArn=plain, Protocol="email", Endpoint="a@hook.example")
    for name in policies(aws, "sns:Publish", ""):
        topic = aws.sns.CreateTopic(Name=f"policy-{name}", Attributes={"KmsMasterKeyId": "alias/aws/sns"})["TopicArn"]
        statements = policies(aws, "sns:Publish", aws.arn("sns", f"policy-{name}"))[name]
        if statements:
            aws.sns.SetTopicAttributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document(*statements))
    policy = document(
        allow("sns:Subscribe", aws.arn("sns", "policy-endpoint"), "*", condition={"StringLike": {"sns:Endpoint": "*"}})
    )
    aws.sns.CreateTopic(Name="policy-endpoint", Attributes={"Policy": policy})


@state
def buses(aws):
    """Event buses: closed, open, shared, open to the organisation; schema registries cannot be made."""
    if aws.kept:
        return
    org = {"StringEquals": {"aws:PrincipalOrgID": aws.organisation}}
    for name, principal, condition in (
        ("none", None, None),
        ("own", {"AWS": f"arn:aws:iam::{aws.account}:root"}, None),
        ("public", "*", None),
        ("public-org", "*", org),
        ("outsider", {"AWS": f"arn:aws:iam::{OUTSIDER}:root"}, None),
        ("member", {"AWS": "arn:aws:iam::345678901234:root"}, None),
    ):
        aws.events.CreateEventBus(Name=f"bus-{name}")
        if principal:
            more = {"condition": condition} if condition else {}
            statement = allow("events:PutEvents", aws.arn("events", f"event-bus/bus-{name}"), principal, Sid="s", **more)
            aws.events.PutPermission(EventBusName=f"bus-{name}", Policy=document(statement))


@state
def streams(aws):
    """Kinesis streams and Firehose streams with and without encryption, from a stream and by direct put."""
    if aws.kept:
        return
    for name, key, hours in (("plain", None, 24), ("kms", "alias/aws/kinesis", 168), ("own", "alias/states-own", 8760)):
        aws.kinesis.CreateStream(StreamName=f"stream-{name}", ShardCount=1)
        if key:
            aws.kinesis.StartStreamEncryption(StreamName=f"stream-{name}", EncryptionType="KMS", KeyId=key)
        if hours > 24:
            aws.kinesis.IncreaseStreamRetentionPeriod(StreamName=f"stream-{name}", RetentionPeriodHours=hours)
    target = {"RoleARN": aws.arn("iam", "role/plain", ""), "BucketARN": "arn:aws:s3:::states-plain"}
    for name, encryption in (
        ("plain", None),
        ("aws-owned", {"KeyType": "AWS_OWNED_CMK"}),
        ("own", {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": aws.arn("kms", "alias/states-own")}),
    ):
        more = {"DeliveryStreamEncryptionConfigurationInput": encryption} if encryption else {}
        aws.firehose.CreateDeliveryStream(
            DeliveryStreamName=f"firehose-{name}",
            DeliveryStreamType="DirectPut",
            ExtendedS3DestinationConfiguration=target,
            **more,
        )
    for source in ("plain", "kms"):
        aws.firehose.CreateDeliveryStream(
            DeliveryStreamName=f"firehose-from-{source}",
            DeliveryStreamType="KinesisStreamAsSource",
            KinesisStreamSourceConfiguration={
                "KinesisStreamARN": aws.arn("kinesis", f"stream/stream-{source}"),
                "RoleARN": aws.arn("iam", "role/plain", ""),
            },
            ExtendedS3DestinationConfiguration=target,
        )


@state
def machines(aws):
    """State machines: logging off, errors only, everything; encrypted with a key of one's own; with a secret."""
    if aws.kept:
        return
    group = {"cloudWatchLogsLogGroup": {"logGroupArn": aws.arn("logs", "log-group:kept:*")}}
    secret = {"A": {"Type": "Pass", "End": True, "Parameters": {"password": "Tr0ub4dor-and-3-more", "key": "AKIAIOSFODNN7QRSTUVW"}}}
    for name, more in (
        ("plain", {}),
        ("logs-off", {"loggingConfiguration": {"level": "OFF", "includeExecutionData": False}}),
        ("logs-error", {"loggingConfiguration": {"level": "ERROR", "includeExecutionData": False, "destinations": [group]}}),
        ("logs-all", {"loggingConfiguration": {"level": "ALL", "includeExecutionData": True, "destinations": [group]}}),
        ("express", {"type": "EXPRESS"}),
        ("own-key", {"loggingConfiguration": {"level": "OFF", "includeExecutionData": False, "destinations": []}, "encryptionConfiguration": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "alias/states-own"}}),
        ("secret", {"definition": json.dumps(ONE_STEP | {"States": secret})}),
    ):
        aws.stepfunctions.CreateStateMachine(
            name=f"machine-{name}",
            roleArn=aws.arn("iam", "role/plain", ""),
            **({"definition": json.dumps(ONE_STEP)} | more),
        )


@state
def identities(aws):
    """SES identities: a domain, an address, with policies open and shut."""
    if aws.kept:
        return
    aws.sesv2.CreateEmailIdentity(EmailIdentity="domain.example")
    aws.sesv2.CreateEmailIdentity(EmailIdentity="someone@elsewhere.example")
    for name in ("public", "outsider", "own-account", "public-org"):
        identity = f"{name}.example"
        aws.sesv2.CreateEmailIdentity(EmailIdentity=identity)
        statements = policies(aws, "ses:SendEmail", aws.arn("ses", f"identity/{identity}"))[name]
        aws.sesv2.CreateEmailIdentityPolicy(EmailIdentity=identity, PolicyName="p", Policy=document(*statements))
