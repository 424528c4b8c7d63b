"""Lambda, ECS, ECR, EKS, Batch, Beanstalk, CodeBuild, CloudFormation, EMR, SageMaker, Glue, Athena, Bedrock."""

import io
import json
import zipfile

from . import OUTSIDER, allow, document, policies, state


def packed():
    """A zip with one handler."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        opened.writestr("index.py", "def handler(event, context): return {}")
    return held.getvalue()


@state
def functions(aws):
    """Functions: runtimes, variables with and without secrets, permissions, URLs, VPCs, dead letters."""
    if aws.kept:
        return
    queue = aws.arn("sqs", "encryption-sse-sqs")
    for name, more in (
        ("plain", {}),
        ("python37", {"Runtime": "python3.7"}),
        ("nodejs22", {"Runtime": "nodejs22.x"}),
        ("nodejs14", {"Runtime": "nodejs14.x"}),
        ("java8", {"Runtime": "java8"}),
        ("secret", {"Environment": {"Variables": {"DB_PASSWORD": "Tr0ub4dor-and-3-more", "STAGE": "prod"}}}),
        ("access-key", {"Environment": {"Variables": {"KEY": "AKIAIOSFODNN7QRSTUVW"}}}),
        ("variables", {"Environment": {"Variables": {"STAGE": "prod"}}}),
        ("variables-key", {"Environment": {"Variables": {"STAGE": "prod"}}, "KMSKeyArn": aws.shared["key"]}),
        ("vpc", {"VpcConfig": {"SubnetIds": aws.shared["private"], "SecurityGroupIds": [aws.shared["group"]]}}),
        ("vpc-one", {"VpcConfig": {"SubnetIds": aws.shared["private"][:1] or [], "SecurityGroupIds": [aws.shared["group"]]}}),
        ("dead-letters", {"DeadLetterConfig": {"TargetArn": queue}}),
    ):
        function(aws, f"function-{name}", **more)
    for name, more in (
        ("public", {"Principal": "*"}),
        ("public-org", {"Principal": "*", "PrincipalOrgID": aws.organisation}),
        ("public-account", {"Principal": "*", "SourceAccount": aws.account}),
        ("public-arn", {"Principal": "*", "SourceArn": aws.arn("sns", "policy-none")}),
        ("outsider", {"Principal": OUTSIDER}),
        ("s3-bare", {"Principal": "s3.amazonaws.com"}),
        ("s3-account", {"Principal": "s3.amazonaws.com", "SourceAccount": aws.account, "SourceArn": "arn:aws:s3:::states-plain"}),
        ("events", {"Principal": "events.amazonaws.com", "SourceArn": aws.arn("events", "rule/r")}),
        ("gateway", {"Principal": "apigateway.amazonaws.com"}),
    ):
        function(aws, f"permission-{name}")
        aws.awslambda.AddPermission(FunctionName=f"permission-{name}", StatementId="s", Action="lambda:InvokeFunction", **more)
    for name, kind, origins in (("open", "NONE", ["*"]), ("iam", "AWS_IAM", ["https://www.example.com"]), ("iam-star", "AWS_IAM", ["*"])):
        function(aws, f"url-{name}")
        aws.awslambda.CreateFunctionUrlConfig(FunctionName=f"url-{name}", AuthType=kind, Cors={"AllowOrigins": origins})
    aws.awslambda.AddPermission(
        FunctionName="url-iam-star", StatementId="u", Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="AWS_IAM"
    )
    function(aws, "url-open-permitted")
    aws.awslambda.CreateFunctionUrlConfig(FunctionName="url-open-permitted", AuthType="NONE")
    aws.awslambda.AddPermission(
        FunctionName="url-open-permitted", StatementId="u", Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE"
    )
    function(aws, "url-no-cors")
    aws.awslambda.CreateFunctionUrlConfig(FunctionName="url-no-cors", AuthType="AWS_IAM")


def function(aws, name, **more):
    """Makes a function."""
    settings = {"Runtime": "python3.13", "Role": aws.shared["role"], "Handler": "index.handler", "Code": {"ZipFile": packed()}} | more
    aws.awslambda.CreateFunction(FunctionName=name, **settings)


@state
def registries(aws):
    """ECR repositories: policies, scanning, tags, lifecycle."""
    if aws.kept:
        aws.ecr.PutRegistryScanningConfiguration(
            scanType="BASIC",
            rules=[{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}],
        )
        aws.ecr.CreateRepository(repositoryName="kept")
        return
    rules = json.dumps({"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}, "action": {"type": "expire"}}]})
    aws.ecr.CreateRepository(repositoryName="good", imageTagMutability="IMMUTABLE", imageScanningConfiguration={"scanOnPush": True})
    aws.ecr.PutLifecyclePolicy(repositoryName="good", lifecyclePolicyText=rules)
    aws.ecr.CreateRepository(repositoryName="bad")
    for name in policies(aws, "ecr:BatchGetImage", ""):
        aws.ecr.CreateRepository(repositoryName=f"policy-{name}", imageTagMutability="IMMUTABLE")
        statements = policies(aws, "ecr:BatchGetImage", "*")[name]
        if statements:
            # Resource policies of repositories have no `Resource`.
            own = [{key: value for key, value in each.items() if key != "Resource"} for each in statements]
            aws.ecr.SetRepositoryPolicy(repositoryName=f"policy-{name}", policyText=document(*own))


@state
def containers(aws):
    """ECS clusters, task definitions and services; Batch; EKS clusters."""
    if aws.kept:
        return
    ecs = aws.ecs
    for name, value in (("insights", "enabled"), ("enhanced", "enhanced"), ("blind", "disabled")):
        ecs.CreateCluster(clusterName=f"cluster-{name}", settings=[{"name": "containerInsights", "value": value}])
    ecs.CreateCluster(clusterName="cluster-silent")
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "kept", "awslogs-region": aws.region, "mode": "non-blocking"}}
    good = {"name": "c", "image": "c:1", "memory": 64, "readonlyRootFilesystem": True, "user": "1000", "logConfiguration": logs, "privileged": False}
    for name, change, more in (
        ("good", {}, {}),
        ("writable", {"readonlyRootFilesystem": False}, {}),
        ("silent", {"readonlyRootFilesystem": None, "privileged": None, "logConfiguration": None, "user": None}, {}),
        ("privileged", {"privileged": True}, {}),
        ("secret", {"environment": [{"name": "DB_PASSWORD", "value": "Tr0ub4dor-and-3-more"}]}, {}),
        ("access-key", {"environment": [{"name": "AWS_ACCESS_KEY_ID", "value": "AKIAIOSFODNN7QRSTUVW"}, {"name": "AWS_SECRET_ACCESS_KEY", "value": "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"}]}, {}),
        ("variables", {"environment": [{"name": "STAGE", "value": "prod"}]}, {}),
        ("host-root", {"user": "root"}, {"networkMode": "host"}),
        ("host-silent", {"user": None}, {"networkMode": "host"}),
        ("host-user", {}, {"networkMode": "host"}),
        ("host-privileged", {"privileged": True, "user": None}, {"networkMode": "host"}),
        ("pid-host", {}, {"pidMode": "host"}),
        ("pid-task", {}, {"pidMode": "task"}),
    ):
        container = {key: value for key, value in (good | change).items() if value is not None}
        ecs.RegisterTaskDefinition(family=f"task-{name}", containerDefinitions=[container], **more)
    for name, public, platform in (("good", "DISABLED", "LATEST"), ("public", "ENABLED", "LATEST"), ("old", "DISABLED", "1.3.0"), ("newest", "DISABLED", "1.4.0")):
        network = {"subnets": aws.shared["private"], "securityGroups": [aws.shared["group"]], "assignPublicIp": public}
        ecs.CreateService(
            cluster="cluster-insights",
            serviceName=f"service-{name}",
            taskDefinition="task-good",
            desiredCount=0,
            launchType="FARGATE",
            platformVersion=platform,
            networkConfiguration={"awsvpcConfiguration": network},
        )
    ecs.CreateService(cluster="cluster-insights", serviceName="service-ec2", taskDefinition="task-good", desiredCount=0, launchType="EC2")
    for name, variables in (("good", []), ("secret", [{"name": "DB_PASSWORD", "value": "Tr0ub4dor-and-3-more"}])):
        aws.batch.RegisterJobDefinition(
            jobDefinitionName=f"job-{name}",
            type="container",
            containerProperties={"image": "x", "vcpus": 1, "memory": 64, "environment": variables},
        )
    for name, version, public, private, cidrs, logged, encrypted in (
        ("good", "1.34", False, True, None, True, True),
        ("bad", "1.29", True, False, None, False, False),
        ("office", "1.33", True, True, ["203.0.113.0/24"], True, True),
        ("world", "1.33", True, True, ["0.0.0.0/0"], True, False),
    ):
        config = {"subnetIds": aws.shared["private"], "endpointPublicAccess": public, "endpointPrivateAccess": private}
        more = {"logging": {"clusterLogging": [{"types": ["api", "audit", "authenticator", "controllerManager", "scheduler"], "enabled": True}]}} if logged else {}
        if encrypted:
            more["encryptionConfig"] = [{"resources": ["secrets"], "provider": {"keyArn": aws.shared["key"]}}]
        aws.eks.CreateCluster(
            name=f"eks-{name}",
            version=version,
            roleArn=aws.shared["role"],
            resourcesVpcConfig=config | ({"publicAccessCidrs": cidrs} if cidrs else {}),
            **more,
        )


@state
def builds(aws):
    """CodeBuild projects, CloudFormation stacks, Beanstalk environments."""
    if aws.kept:
        return
    good = {
        "serviceRole": aws.shared["role"],
        "artifacts": {"type": "NO_ARTIFACTS"},
        "source": {"type": "GITHUB", "location": "https://github.com/hinode/shop.git"},
        "logsConfig": {"cloudWatchLogs": {"status": "ENABLED"}, "s3Logs": {"status": "DISABLED"}},
    }
    machine = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
    for name, variables, more in (
        ("good", [], {}),
        ("secret", [{"name": "AWS_SECRET_ACCESS_KEY", "value": "wJalrXUtnFEMIK7MDENGbPxRfiCYzR4nd0mK3y7q", "type": "PLAINTEXT"}, {"name": "AWS_ACCESS_KEY_ID", "value": "AKIAIOSFODNN7QRSTUVW", "type": "PLAINTEXT"}], {}),
        ("from-store", [{"name": "DB_PASSWORD", "value": "/db/password", "type": "PARAMETER_STORE"}], {}),
        ("no-logs", [], {"logsConfig": {"cloudWatchLogs": {"status": "DISABLED"}, "s3Logs": {"status": "DISABLED"}}}),
        ("silent-logs", [], {"logsConfig": None}),
        ("s3-logs-plain", [], {"logsConfig": {"s3Logs": {"status": "ENABLED", "location": "states-logs/a", "encryptionDisabled": True}}}),
        ("s3-logs", [], {"logsConfig": {"s3Logs": {"status": "ENABLED", "location": "states-logs/a", "encryptionDisabled": False}}}),
        ("bitbucket-password", [], {"source": {"type": "BITBUCKET", "location": "https://user:app-pass-word@bitbucket.org/h/s.git"}}),
        ("bitbucket", [], {"source": {"type": "BITBUCKET", "location": "https://bitbucket.org/h/s.git"}}),
    ):
        settings = {key: value for key, value in (good | more).items() if value is not None}
        aws.codebuild.CreateProject(name=f"project-{name}", environment=machine | {"environmentVariables": variables}, **settings)
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    for name, protected, value in (("good", True, "fine"), ("bad", False, "fine"), ("secret", True, "AKIAIOSFODNN7QRSTUVW wJalrXUtnFEMIK7MDENGbPxRfiCYzR4nd0mK3y7q")):
        body = template | {"Outputs": {"Out": {"Value": value}}}
        aws.cloudformation.CreateStack(StackName=f"stack-{name}", TemplateBody=json.dumps(body), EnableTerminationProtection=protected)
    for name, version in (("CDKToolkit", "21"),):
        parameter = {"Type": "String", "Default": version}
        body = template | {"Parameters": {"V": parameter}, "Outputs": {"BootstrapVersion": {"Value": version}}}
        aws.cloudformation.CreateStack(StackName=name, TemplateBody=json.dumps(body))


@state
def analytics(aws):
    """EMR, Glue, Athena, OpenSearch."""
    if aws.kept:
        aws.emr.PutBlockPublicAccessConfiguration(
            BlockPublicAccessConfiguration={"BlockPublicSecurityGroupRules": True, "PermittedPublicSecurityGroupRuleRanges": [{"MinRange": 22, "MaxRange": 22}]}
        )
        keys = {"EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": aws.shared["key"]}, "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": aws.shared["key"]}}
        aws.glue.PutDataCatalogEncryptionSettings(DataCatalogEncryptionSettings=keys)
        aws.glue.CreateDatabase(DatabaseInput={"Name": "kept"})
        return
    for subnet, name in ((aws.shared["public"], "public"), (aws.shared["private"][0], "private")):
        aws.emr.RunJobFlow(
            Name=f"emr-{name}",
            ReleaseLabel="emr-7.5.0",
            Instances={"InstanceCount": 1, "MasterInstanceType": "m5.xlarge", "KeepJobFlowAliveWhenNoSteps": True, "Ec2SubnetId": subnet},
            JobFlowRole="machine",
            ServiceRole="plain",
        )
    glue = aws.glue
    glue.CreateDatabase(DatabaseInput={"Name": "sales"})
    glue.CreateTable(DatabaseName="sales", TableInput={"Name": "t", "StorageDescriptor": {"Columns": [{"Name": "c", "Type": "int"}]}})
    encrypted = {
        "S3Encryption": [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": aws.shared["key"]}],
        "CloudWatchEncryption": {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": aws.shared["key"]},
        "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "CSE-KMS", "KmsKeyArn": aws.shared["key"]},
    }
    plain = {
        "S3Encryption": [{"S3EncryptionMode": "DISABLED"}],
        "CloudWatchEncryption": {"CloudWatchEncryptionMode": "DISABLED"},
        "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "DISABLED"},
    }
    glue.CreateSecurityConfiguration(Name="encrypted", EncryptionConfiguration=encrypted)
    glue.CreateSecurityConfiguration(Name="unencrypted", EncryptionConfiguration=plain)
    for name, more in (
        ("encrypted", {"SecurityConfiguration": "encrypted", "DefaultArguments": {"--job-bookmark-option": "job-bookmark-enable", "--enable-continuous-cloudwatch-log": "true"}}),
        ("unencrypted", {"SecurityConfiguration": "unencrypted", "DefaultArguments": {"--job-bookmark-option": "job-bookmark-enable"}}),
        ("bare", {}),
        ("sse-argument", {"DefaultArguments": {"--encryption-type": "sse-s3", "--enable-continuous-cloudwatch-log": "false"}}),
        ("secret", {"DefaultArguments": {"--password": "Tr0ub4dor-and-3-more"}}),
        ("python-shell", {"Command": {"Name": "pythonshell", "ScriptLocation": "s3://x"}}),
    ):
        glue.CreateJob(**({"Name": f"job-{name}", "Role": aws.shared["role"], "Command": {"Name": "glueetl"}, "GlueVersion": "4.0"} | more))
    for name, kind, properties in (
        ("jdbc-tls", "JDBC", {"JDBC_CONNECTION_URL": "jdbc:mysql://h:3306/d", "JDBC_ENFORCE_SSL": "true", "SECRET_ID": "s"}),
        ("jdbc-plain", "JDBC", {"JDBC_CONNECTION_URL": "jdbc:mysql://h:3306/d", "JDBC_ENFORCE_SSL": "false", "USERNAME": "u", "PASSWORD": "Tr0ub4dor-and-3-more"}),
        ("network", "NETWORK", {}),
    ):
        glue.CreateConnection(ConnectionInput={"Name": f"connection-{name}", "ConnectionType": kind, "ConnectionProperties": properties})
    for name, encryption, enforced in (("good", True, True), ("bad", False, False), ("client", True, False)):
        result = {"OutputLocation": "s3://states-plain/"} | ({"EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": aws.shared["key"]}} if encryption else {})
        aws.athena.CreateWorkGroup(Name=f"workgroup-{name}", Configuration={"ResultConfiguration": result, "EnforceWorkGroupConfiguration": enforced, "PublishCloudWatchMetricsEnabled": enforced})
    good = {
        "EngineVersion": "OpenSearch_2.19",
        "ClusterConfig": {"InstanceType": "m6g.large.search", "InstanceCount": 3, "ZoneAwarenessEnabled": True, "ZoneAwarenessConfig": {"AvailabilityZoneCount": 3}, "DedicatedMasterEnabled": True, "DedicatedMasterCount": 3},
        "EncryptionAtRestOptions": {"Enabled": True},
        "NodeToNodeEncryptionOptions": {"Enabled": True},
        "DomainEndpointOptions": {"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"},
        "AdvancedSecurityOptions": {"Enabled": True, "InternalUserDatabaseEnabled": False},
        "VPCOptions": {"SubnetIds": aws.shared["private"], "SecurityGroupIds": [aws.shared["group"]]},
        "LogPublishingOptions": {kind: {"CloudWatchLogsLogGroupArn": aws.arn("logs", "log-group:kept"), "Enabled": True} for kind in ("AUDIT_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS")},
    }
    opened = document(allow("es:*", "*", {"AWS": "*"}))
    office = document(allow("es:*", "*", {"AWS": "*"}, condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))
    for name, settings in (
        ("good", good),
        ("bad", {"EngineVersion": "OpenSearch_2.11", "AccessPolicies": opened, "ClusterConfig": {"InstanceType": "t3.small.search", "InstanceCount": 1}}),
        ("bad-office", {"EngineVersion": "OpenSearch_2.11", "AccessPolicies": office, "DomainEndpointOptions": {"EnforceHTTPS": True}}),
        ("internal-users", good | {"AdvancedSecurityOptions": {"Enabled": True, "InternalUserDatabaseEnabled": True}}),
        ("old-engine", {"EngineVersion": "Elasticsearch_5.6"}),
        ("open-vpc", good | {"AccessPolicies": opened}),
    ):
        aws.opensearch.CreateDomain(DomainName=f"domain-{name}", **settings)


@state
def learning(aws):
    """SageMaker and Bedrock."""
    if aws.kept:
        aws.bedrock.PutModelInvocationLoggingConfiguration(
            loggingConfig={"cloudWatchConfig": {"logGroupName": "kept", "roleArn": aws.shared["role"]}, "s3Config": {"bucketName": "kept-plain"}}
        )
        return
    maker = aws.sagemaker
    maker.CreateNotebookInstance(
        NotebookInstanceName="notebook-good",
        InstanceType="ml.t3.medium",
        RoleArn=aws.shared["role"],
        SubnetId=aws.shared["private"][0],
        SecurityGroupIds=[aws.shared["group"]],
        KmsKeyId=aws.shared["key"],
        DirectInternetAccess="Disabled",
        RootAccess="Disabled",
    )
    maker.CreateNotebookInstance(NotebookInstanceName="notebook-bad", InstanceType="ml.t3.medium", RoleArn=aws.shared["role"], DirectInternetAccess="Enabled", RootAccess="Enabled")
    vpc = {"Subnets": aws.shared["private"], "SecurityGroupIds": [aws.shared["group"]]}
    for name, more in (("good", {"EnableNetworkIsolation": True, "VpcConfig": vpc}), ("bad", {}), ("isolated", {"EnableNetworkIsolation": True}), ("in-vpc", {"VpcConfig": vpc})):
        maker.CreateModel(ModelName=f"model-{name}", ExecutionRoleArn=aws.shared["role"], PrimaryContainer={"Image": "x"}, **more)
    for name, count, more in (("good", 2, {"KmsKeyId": aws.shared["key"]}), ("bad", 1, {})):
        variant = {"VariantName": "v", "ModelName": "model-good", "InitialInstanceCount": count, "InstanceType": "ml.m5.large", "InitialVariantWeight": 1}
        maker.CreateEndpointConfig(EndpointConfigName=f"endpoint-config-{name}", ProductionVariants=[variant], **more)
        maker.CreateEndpoint(EndpointName=f"endpoint-{name}", EndpointConfigName=f"endpoint-config-{name}")
    maker.CreateEndpointConfig(EndpointConfigName="endpoint-config-unused", ProductionVariants=[variant])
    for name, good, number in (("good", True, 2), ("bad", False, 2), ("single", False, 1)):
        resources = {"InstanceType": "ml.m5.large", "InstanceCount": number, "VolumeSizeInGB": 10} | ({"VolumeKmsKeyId": aws.shared["key"]} if good else {})
        maker.CreateTrainingJob(
            TrainingJobName=f"training-{name}",
            AlgorithmSpecification={"TrainingImage": "x", "TrainingInputMode": "File"},
            RoleArn=aws.shared["role"],
            InputDataConfig=[{"ChannelName": "c", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://x"}}}],
            OutputDataConfig={"S3OutputPath": "s3://x", **({"KmsKeyId": aws.shared["key"]} if good else {})},
            ResourceConfig=resources,
            StoppingCondition={"MaxRuntimeInSeconds": 60},
            EnableNetworkIsolation=good,
            EnableInterContainerTrafficEncryption=good,
            **({"VpcConfig": vpc} if good else {}),
        )
    aws.bedrock_agent.CreateAgent(agentName="agent", agentResourceRoleArn=aws.shared["role"])
