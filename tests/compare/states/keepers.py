"""What keeps data and secrets: EFS, FSx, Glacier, Backup, Secrets Manager, SSM; and what holds people: Cognito, directories."""

import json

from . import OUTSIDER, allow, document, policies, state
from .programs import function


@state
def file_systems(aws):
    """EFS: encryption, backups, policies, mount targets, access points."""
    if aws.kept:
        return
    efs = aws.efs
    for name, good in (("good", True), ("bad", False)):
        made = efs.CreateFileSystem(CreationToken=name, Encrypted=good, Backup=good, Tags=[{"Key": "Name", "Value": f"files-{name}"}])["FileSystemId"]
        for subnet in aws.shared["private"] if good else [aws.shared["public"]]:
            efs.CreateMountTarget(FileSystemId=made, SubnetId=subnet)
        user = {"PosixUser": {"Uid": 1000, "Gid": 1000}, "RootDirectory": {"Path": "/app", "CreationInfo": {"OwnerUid": 1, "OwnerGid": 1, "Permissions": "755"}}} if good else {}
        efs.CreateAccessPoint(ClientToken=name, FileSystemId=made, **user)
    for name in ("public", "own-account", "outsider", "public-office"):
        made = efs.CreateFileSystem(CreationToken=f"policy-{name}", Encrypted=True, Tags=[{"Key": "Name", "Value": f"files-policy-{name}"}])["FileSystemId"]
        efs.PutFileSystemPolicy(FileSystemId=made, Policy=document(*policies(aws, "elasticfilesystem:ClientMount", "*")[name]))
    mounted = {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}
    made = efs.CreateFileSystem(CreationToken="policy-mounted", Encrypted=True, Tags=[{"Key": "Name", "Value": "files-policy-mounted"}])["FileSystemId"]
    efs.PutFileSystemPolicy(FileSystemId=made, Policy=document(allow("elasticfilesystem:ClientMount", "*", {"AWS": "*"}, condition=mounted)))
    for name, more in (("lustre", {"FileSystemType": "LUSTRE", "StorageCapacity": 1200}),):
        aws.fsx.CreateFileSystem(SubnetIds=aws.shared["private"][:1], Tags=[{"Key": "Name", "Value": name}], **more)
    subnets = aws.shared["private"]
    for name, kind, number in (("windows-multi", "MULTI_AZ_1", 2), ("windows-single", "SINGLE_AZ_2", 1)):
        aws.fsx.CreateFileSystem(
            FileSystemType="WINDOWS",
            StorageCapacity=32,
            SubnetIds=subnets[:number],
            WindowsConfiguration={"DeploymentType": kind, "ThroughputCapacity": 8},
            Tags=[{"Key": "Name", "Value": name}],
        )
    for name in ("none", "public", "own-account", "outsider"):
        aws.glacier.CreateVault(accountId="-", vaultName=f"vault-{name}")


@state
def backups(aws):
    """Backup vaults and a plan."""
    if aws.kept:
        aws.backup.CreateBackupVault(BackupVaultName="kept", EncryptionKeyArn=aws.shared["key"])
        return
    aws.backup.CreateBackupVault(BackupVaultName="plain")
    rule = {"RuleName": "r", "TargetBackupVaultName": "plain", "ScheduleExpression": "cron(0 18 * * ? *)", "Lifecycle": {"DeleteAfterDays": 35}}
    aws.backup.CreateBackupPlan(BackupPlan={"BackupPlanName": "daily", "Rules": [rule]})


@state
def secrets(aws):
    """Secrets: rotation, age, policies."""
    if aws.kept:
        return
    keeper = aws.secretsmanager
    function(aws, "rotates")
    keeper.CreateSecret(Name="fresh", SecretString="example-only")
    with aws.ago(400):
        keeper.CreateSecret(Name="old", SecretString="example-only")
        keeper.CreateSecret(Name="old-rotated", SecretString="example-only")
        keeper.CreateSecret(Name="leaving", SecretString="example-only")
    with aws.ago(3):
        keeper.RotateSecret(SecretId="old-rotated", RotationLambdaARN=aws.arn("lambda", "function:rotates"), RotationRules={"AutomaticallyAfterDays": 30})
    keeper.DeleteSecret(SecretId="leaving", RecoveryWindowInDays=30)
    keeper.CreateSecret(Name="own-key", SecretString="example-only", KmsKeyId=aws.shared["key"])
    for name in policies(aws, "secretsmanager:GetSecretValue", "*"):
        with aws.ago(120):
            keeper.CreateSecret(Name=f"policy-{name}", SecretString="example-only")
        statements = policies(aws, "secretsmanager:GetSecretValue", "*")[name]
        if statements:
            keeper.PutResourcePolicy(SecretId=f"policy-{name}", ResourcePolicy=document(*statements))


@state
def documents(aws):
    """SSM documents."""
    if aws.kept:
        return
    content = json.dumps({"schemaVersion": "2.2", "description": "d", "mainSteps": []})
    secret = json.dumps({"schemaVersion": "2.2", "description": "AKIAIOSFODNN7QRSTUVW wJalrXUtnFEMIK7MDENGbPxRfiCYzR4nd0mK3y7q", "mainSteps": []})
    for name, text in (("private", content), ("public", content), ("shared", content), ("secret", secret)):
        aws.ssm.CreateDocument(Name=f"document-{name}", Content=text, DocumentType="Command", DocumentFormat="JSON")
    aws.ssm.ModifyDocumentPermission(Name="document-public", PermissionType="Share", AccountIdsToAdd=["all"])
    aws.ssm.ModifyDocumentPermission(Name="document-shared", PermissionType="Share", AccountIdsToAdd=[OUTSIDER])


@state
def log_groups(aws):
    """Log groups: retention, keys; alarms with and without actions."""
    if aws.kept:
        return
    for name, days, key in (("never-expires", None, False), ("week", 7, False), ("year", 365, True), ("two-years", 731, True)):
        aws.logs.CreateLogGroup(logGroupName=f"group-{name}", **({"kmsKeyId": aws.shared["key"]} if key else {}))
        if days:
            aws.logs.PutRetentionPolicy(logGroupName=f"group-{name}", retentionInDays=days)
    for name, actions, enabled in (("good", True, True), ("no-action", False, True), ("off", True, False)):
        aws.cloudwatch.PutMetricAlarm(
            AlarmName=f"alarm-{name}",
            MetricName="m",
            Namespace="n",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            ActionsEnabled=enabled,
            AlarmActions=[aws.arn("sns", "policy-none")] if actions else [],
        )


@state
def pools(aws):
    """Cognito pools."""
    if aws.kept:
        return
    cognito = aws.cognito_idp
    good = {
        "MfaConfiguration": "ON",
        "DeletionProtection": "ACTIVE",
        "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 14,
                "RequireUppercase": True,
                "RequireLowercase": True,
                "RequireNumbers": True,
                "RequireSymbols": True,
                "TemporaryPasswordValidityDays": 3,
            }
        },
    }
    bad = {"MfaConfiguration": "OFF", "Policies": {"PasswordPolicy": {"MinimumLength": 6, "TemporaryPasswordValidityDays": 30}}}
    for name, settings, client in (
        ("good", good, {"PreventUserExistenceErrors": "ENABLED", "EnableTokenRevocation": True}),
        ("bad", bad, {"PreventUserExistenceErrors": "LEGACY", "EnableTokenRevocation": False}),
        ("default", {}, {}),
    ):
        pool = cognito.CreateUserPool(PoolName=f"pool-{name}", **settings)["UserPool"]["Id"]
        if name == "good":
            cognito.SetUserPoolMfaConfig(UserPoolId=pool, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON")
        cognito.CreateUserPoolClient(UserPoolId=pool, ClientName=f"client-{name}", **client)
    for name, guests in (("guests", True), ("members", False)):
        aws.cognito_identity.CreateIdentityPool(IdentityPoolName=f"identity-{name}", AllowUnauthenticatedIdentities=guests)


@state
def others(aws):
    """Directories, WorkSpaces, MQ, MSK, DataSync, Service Catalog, Direct Connect, AppStream."""
    if aws.kept:
        return
    settings = {"VpcId": aws.shared["vpc"], "SubnetIds": aws.shared["private"]}
    simple = aws.ds.CreateDirectory(Name="simple.example", Password="Passw0rd!", Size="Small", VpcSettings=settings)["DirectoryId"]
    aws.ds.CreateMicrosoftAD(Name="managed.example", Password="Passw0rd!", VpcSettings=settings, Edition="Standard")
    aws.workspaces.RegisterWorkspaceDirectory(DirectoryId=simple, EnableSelfService=False, SubnetIds=aws.shared["private"])
    for name, encrypted in (("good", True), ("bad", False)):
        volumes = {"VolumeEncryptionKey": aws.shared["key"], "UserVolumeEncryptionEnabled": encrypted, "RootVolumeEncryptionEnabled": encrypted}
        aws.workspaces.CreateWorkspaces(Workspaces=[{"DirectoryId": simple, "UserName": name, "BundleId": "wsb-1", **(volumes if encrypted else {})}])
    for name, public, mode, engine in (
        ("good", False, "ACTIVE_STANDBY_MULTI_AZ", "ACTIVEMQ"),
        ("bad", True, "SINGLE_INSTANCE", "ACTIVEMQ"),
        ("rabbit-good", False, "CLUSTER_MULTI_AZ", "RABBITMQ"),
        ("rabbit-bad", True, "SINGLE_INSTANCE", "RABBITMQ"),
    ):
        logs = {"General": not public} | ({"Audit": not public} if engine == "ACTIVEMQ" else {})
        aws.mq.CreateBroker(
            BrokerName=f"broker-{name}",
            EngineType=engine,
            EngineVersion="5.18" if engine == "ACTIVEMQ" else "3.13",
            HostInstanceType="mq.m5.large",
            DeploymentMode=mode,
            PubliclyAccessible=public,
            AutoMinorVersionUpgrade=not public,
            Logs=logs,
            Users=[{"Username": "u", "Password": "longpassword1"}],
        )
    subnets = aws.shared["private"]
    broker = {"InstanceType": "kafka.m5.large", "ClientSubnets": subnets, "SecurityGroups": [aws.shared["group"]]}
    secure = {
        "EncryptionInfo": {"EncryptionAtRest": {"DataVolumeKMSKeyId": aws.shared["key"]}, "EncryptionInTransit": {"ClientBroker": "TLS", "InCluster": True}},
        "ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}, "Tls": {"Enabled": True, "CertificateAuthorityArnList": ["arn:aws:acm-pca:x"]}, "Unauthenticated": {"Enabled": False}},
        "EnhancedMonitoring": "PER_BROKER",
    }
    loose = {
        "EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": "TLS_PLAINTEXT", "InCluster": False}},
        "ClientAuthentication": {"Unauthenticated": {"Enabled": True}},
        "EnhancedMonitoring": "DEFAULT",
    }
    for name, more in (("good", secure), ("bad", loose)):
        aws.kafka.CreateCluster(ClusterName=f"kafka-{name}", KafkaVersion="3.7.x", NumberOfBrokerNodes=2, BrokerNodeGroupInfo=broker, **more)
    aws.kafka.CreateClusterV2(ClusterName="kafka-serverless", Serverless={"VpcConfigs": [{"SubnetIds": subnets}], "ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}}})
    role = {"BucketAccessRoleArn": aws.shared["role"]}
    places = [aws.datasync.CreateLocationS3(S3BucketArn=f"arn:aws:s3:::states-{each}", S3Config=role)["LocationArn"] for each in ("plain", "logs")]
    for name, more in (("good", {"CloudWatchLogGroupArn": aws.arn("logs", "log-group:kept"), "Options": {"LogLevel": "TRANSFER"}}), ("bad", {})):
        aws.datasync.CreateTask(Name=f"datasync-{name}", SourceLocationArn=places[0], DestinationLocationArn=places[1], **more)
    aws.servicecatalog.CreatePortfolio(DisplayName="portfolio", ProviderName="p", IdempotencyToken="t")
    aws.directconnect.CreateConnection(location="EqDC2", bandwidth="1Gbps", connectionName="line")
