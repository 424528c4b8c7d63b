"""Makes one thing of many kinds, in services that the emulated organisation leaves empty.

Each line is a call: the service, boto3's name of the operation and its parameters. A later line can use what an
earlier one answered, by a path: `"@cluster.cluster.clusterArn"`.
"""

import base64
import io
import json
import zipfile

ROLE = "arn:aws:iam::345678901234:role/extra"
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]})
INLINE = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Outputs": {
    "T": {"Value": {"Ref": "Topic"}, "Export": {"Name": "extra-topic"}}}})
STATES = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})


def archive():
    """A zip with one handler."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        opened.writestr("index.py", "def handler(event, context): return {}")
    return held.getvalue()


CALLS = [
    # Names for later lines stand before the colon.
    ("role:iam", "create_role", {"RoleName": "extra", "AssumeRolePolicyDocument": DOCUMENT, "Tags": [{"Key": "a b", "Value": "ü/+&"}]}),
    ("iam", "put_role_policy", {"RoleName": "extra", "PolicyName": "inline", "PolicyDocument": INLINE}),
    ("iam", "create_open_id_connect_provider", {"Url": "https://extra.example", "ThumbprintList": ["0" * 40]}),
    ("iam", "generate_credential_report", {}),
    ("vpc:ec2", "create_vpc", {"CidrBlock": "10.99.0.0/16"}),
    ("subnet:ec2", "create_subnet", {"VpcId": "@vpc.Vpc.VpcId", "CidrBlock": "10.99.1.0/24", "AvailabilityZone": "ap-northeast-1a"}),
    ("subnet2:ec2", "create_subnet", {"VpcId": "@vpc.Vpc.VpcId", "CidrBlock": "10.99.2.0/24", "AvailabilityZone": "ap-northeast-1c"}),
    ("ec2", "create_dhcp_options", {"DhcpConfigurations": [{"Key": "domain-name", "Values": ["extra.example"]}]}),
    ("ec2", "create_egress_only_internet_gateway", {"VpcId": "@vpc.Vpc.VpcId"}),
    ("ec2", "create_flow_logs", {"ResourceIds": ["@vpc.Vpc.VpcId"], "ResourceType": "VPC", "TrafficType": "ALL", "LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::extra-logs-1"}),
    ("ec2", "create_key_pair", {"KeyName": "extra"}),
    ("ec2", "allocate_hosts", {"AvailabilityZone": "ap-northeast-1a", "InstanceType": "m5.large", "Quantity": 1}),
    ("gateway:ec2", "create_transit_gateway", {"Description": "extra"}),
    ("ec2", "create_transit_gateway_vpc_attachment", {"TransitGatewayId": "@gateway.TransitGateway.TransitGatewayId", "VpcId": "@vpc.Vpc.VpcId", "SubnetIds": ["@subnet.Subnet.SubnetId"]}),
    ("group:ec2", "create_security_group", {"GroupName": "extra", "Description": "<&'\" >", "VpcId": "@vpc.Vpc.VpcId"}),
    ("s3", "create_bucket", {"Bucket": "extra-logs-1", "CreateBucketConfiguration": {"LocationConstraint": "ap-northeast-1"}, "ObjectLockEnabledForBucket": True}),
    ("s3", "put_bucket_cors", {"Bucket": "extra-logs-1", "CORSConfiguration": {"CORSRules": [{"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["*"], "MaxAgeSeconds": 5}]}}),
    ("s3", "put_bucket_website", {"Bucket": "extra-logs-1", "WebsiteConfiguration": {"IndexDocument": {"Suffix": "i.html"}}}),
    ("s3", "put_bucket_tagging", {"Bucket": "extra-logs-1", "Tagging": {"TagSet": [{"Key": "k", "Value": "v <>&"}]}}),
    ("s3", "put_bucket_notification_configuration", {"Bucket": "extra-logs-1", "NotificationConfiguration": {"EventBridgeConfiguration": {}}}),
    ("s3", "put_bucket_lifecycle_configuration", {"Bucket": "extra-logs-1", "LifecycleConfiguration": {"Rules": [{"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 3}}]}}),
    ("s3", "put_bucket_acl", {"Bucket": "extra-logs-1", "ACL": "public-read"}),
    ("s3", "put_object", {"Bucket": "extra-logs-1", "Key": "a/b c+d.txt", "Body": b"x\x00y", "Metadata": {"one": "1"}}),
    ("s3", "put_object", {"Bucket": "extra-logs-1", "Key": "e.txt", "Body": b""}),
    ("acm-pca", "create_certificate_authority", {"CertificateAuthorityType": "ROOT", "CertificateAuthorityConfiguration": {"KeyAlgorithm": "RSA_2048", "SigningAlgorithm": "SHA256WITHRSA", "Subject": {"CommonName": "extra"}}}),
    ("amp", "create_workspace", {"alias": "extra"}),
    ("api:apigateway", "create_rest_api", {"name": "extra-api"}),
    ("apigateway", "create_api_key", {"name": "extra"}),
    ("apigateway", "create_usage_plan", {"name": "extra"}),
    ("apigateway", "create_model", {"restApiId": "@api.id", "name": "extra", "contentType": "application/json", "schema": "{}"}),
    ("apigateway", "create_request_validator", {"restApiId": "@api.id", "name": "extra"}),
    ("apigateway", "create_authorizer", {"restApiId": "@api.id", "name": "extra", "type": "TOKEN", "authorizerUri": "arn:aws:apigateway:x"}),
    ("http:apigatewayv2", "create_api", {"Name": "extra", "ProtocolType": "HTTP", "CorsConfiguration": {"AllowOrigins": ["*"], "MaxAge": 5}}),
    ("apigatewayv2", "create_route", {"ApiId": "@http.ApiId", "RouteKey": "GET /x"}),
    ("apigatewayv2", "create_integration", {"ApiId": "@http.ApiId", "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET", "IntegrationUri": "https://x.example", "PayloadFormatVersion": "1.0"}),
    ("appconfig", "create_application", {"Name": "extra"}),
    ("application-autoscaling", "register_scalable_target", {"ServiceNamespace": "dynamodb", "ResourceId": "table/extra", "ScalableDimension": "dynamodb:table:ReadCapacityUnits", "MinCapacity": 1, "MaxCapacity": 2}),
    ("appmesh", "create_mesh", {"meshName": "extra"}),
    ("graph:appsync", "create_graphql_api", {"name": "extra", "authenticationType": "API_KEY"}),
    ("appsync", "create_api_key", {"apiId": "@graph.graphqlApi.apiId"}),
    ("athena", "create_named_query", {"Name": "extra", "Database": "d", "QueryString": "SELECT 1"}),
    ("athena", "create_data_catalog", {"Name": "extra", "Type": "GLUE", "Description": "d"}),
    ("backup", "create_backup_vault", {"BackupVaultName": "extra"}),
    ("backup", "create_backup_plan", {"BackupPlan": {"BackupPlanName": "extra", "Rules": [{"RuleName": "r", "TargetBackupVaultName": "extra", "Lifecycle": {"DeleteAfterDays": 9}}]}}),
    ("batch", "create_compute_environment", {"computeEnvironmentName": "extra", "type": "UNMANAGED", "serviceRole": ROLE}),
    ("batch", "register_job_definition", {"jobDefinitionName": "extra", "type": "container", "containerProperties": {"image": "x", "vcpus": 1, "memory": 64}}),
    ("bedrock-agent", "create_agent", {"agentName": "extra", "agentResourceRoleArn": ROLE}),
    ("budgets", "create_budget", {"AccountId": "345678901234", "Budget": {"BudgetName": "extra", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "5.5", "Unit": "USD"}}}),
    ("cloudformation", "create_stack", {"StackName": "extra", "TemplateBody": TEMPLATE, "Parameters": []}),
    ("cloudformation", "create_stack_set", {"StackSetName": "extra", "TemplateBody": TEMPLATE}),
    ("cloudfront", "create_distribution", {"DistributionConfig": {"CallerReference": "extra", "Comment": "extra", "Enabled": True, "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "extra-logs-1.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}]}, "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"}}}),
    ("cloudfront", "create_public_key", {"PublicKeyConfig": {"CallerReference": "r", "Name": "extra", "EncodedKey": "k"}}),
    ("cloudwatch", "put_dashboard", {"DashboardName": "extra", "DashboardBody": "{}"}),
    ("cloudwatch", "put_metric_data", {"Namespace": "extra", "MetricData": [{"MetricName": "m", "Value": 1.5, "Dimensions": [{"Name": "d", "Value": "v"}]}]}),
    ("cloudwatch", "put_metric_alarm", {"AlarmName": "extra", "MetricName": "m", "Namespace": "extra", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 0.5, "ComparisonOperator": "GreaterThanThreshold"}),
    ("codebuild", "create_project", {"name": "extra", "source": {"type": "S3", "location": "extra-logs-1/a.zip"}, "artifacts": {"type": "NO_ARTIFACTS"}, "environment": {"type": "LINUX_CONTAINER", "image": "x", "computeType": "BUILD_GENERAL1_SMALL"}, "serviceRole": ROLE}),
    ("codecommit", "create_repository", {"repositoryName": "extra"}),
    ("codedeploy", "create_application", {"applicationName": "extra"}),
    ("pool:cognito-idp", "create_user_pool", {"PoolName": "extra"}),
    ("cognito-idp", "create_group", {"GroupName": "extra", "UserPoolId": "@pool.UserPool.Id"}),
    ("cognito-idp", "admin_create_user", {"UserPoolId": "@pool.UserPool.Id", "Username": "extra"}),
    ("cognito-idp", "create_user_pool_client", {"UserPoolId": "@pool.UserPool.Id", "ClientName": "extra"}),
    ("config", "put_configuration_recorder", {"ConfigurationRecorder": {"name": "default", "roleARN": ROLE, "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True}}}),
    ("config", "put_delivery_channel", {"DeliveryChannel": {"name": "default", "s3BucketName": "extra-logs-1"}}),
    ("config", "put_config_rule", {"ConfigRule": {"ConfigRuleName": "extra", "Source": {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"}}}),
    ("config", "put_configuration_aggregator", {"ConfigurationAggregatorName": "extra", "AccountAggregationSources": [{"AccountIds": ["345678901234"], "AllAwsRegions": True}]}),
    ("connect", "create_instance", {"InstanceAlias": "extra", "IdentityManagementType": "SAML", "InboundCallsEnabled": True, "OutboundCallsEnabled": False}),
    ("databrew", "create_recipe", {"Name": "extra", "Steps": [{"Action": {"Operation": "UPPER_CASE"}}]}),
    ("datasync", "create_location_s3", {"S3BucketArn": "arn:aws:s3:::extra-logs-1", "S3Config": {"BucketAccessRoleArn": ROLE}}),
    ("dax", "create_cluster", {"ClusterName": "extra", "NodeType": "dax.t3.small", "ReplicationFactor": 1, "IamRoleArn": ROLE}),
    ("directconnect", "create_connection", {"location": "EqDC2", "bandwidth": "1Gbps", "connectionName": "extra"}),
    ("dms", "create_replication_subnet_group", {"ReplicationSubnetGroupIdentifier": "extra", "ReplicationSubnetGroupDescription": "d", "SubnetIds": ["@subnet.Subnet.SubnetId", "@subnet2.Subnet.SubnetId"]}),
    ("dms", "create_endpoint", {"EndpointIdentifier": "extra", "EndpointType": "source", "EngineName": "mysql", "ServerName": "h", "Port": 3306, "SslMode": "none"}),
    ("ds", "create_directory", {"Name": "extra.example", "Password": "Passw0rd!", "Size": "Small", "VpcSettings": {"VpcId": "@vpc.Vpc.VpcId", "SubnetIds": ["@subnet.Subnet.SubnetId", "@subnet2.Subnet.SubnetId"]}}),
    ("dynamodb", "create_table", {"TableName": "extra", "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST", "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}}),
    ("dynamodb", "create_backup", {"TableName": "extra", "BackupName": "extra"}),
    ("ecr", "create_repository", {"repositoryName": "extra", "imageTagMutability": "MUTABLE"}),
    ("ecr", "put_lifecycle_policy", {"repositoryName": "extra", "lifecyclePolicyText": json.dumps({"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}, "action": {"type": "expire"}}]})}),
    ("ecs", "create_cluster", {"clusterName": "extra", "settings": [{"name": "containerInsights", "value": "enabled"}]}),
    ("ecs", "register_task_definition", {"family": "extra", "containerDefinitions": [{"name": "c", "image": "x", "memory": 64, "portMappings": [{"containerPort": 80}]}]}),
    ("ecs", "create_service", {"cluster": "extra", "serviceName": "extra", "taskDefinition": "extra", "desiredCount": 0}),
    ("files:efs", "create_file_system", {"CreationToken": "extra", "Encrypted": True}),
    ("efs", "create_access_point", {"FileSystemId": "@files.FileSystemId", "ClientToken": "extra"}),
    ("efs", "create_mount_target", {"FileSystemId": "@files.FileSystemId", "SubnetId": "@subnet.Subnet.SubnetId"}),
    ("eks", "create_cluster", {"name": "extra", "roleArn": ROLE, "resourcesVpcConfig": {"subnetIds": ["@subnet.Subnet.SubnetId"]}}),
    ("eks", "create_nodegroup", {"clusterName": "extra", "nodegroupName": "extra", "subnets": ["@subnet.Subnet.SubnetId"], "nodeRole": ROLE}),
    ("emr", "create_security_configuration", {"Name": "extra", "SecurityConfiguration": "{}"}),
    ("emr", "run_job_flow", {"Name": "extra", "ReleaseLabel": "emr-6.0.0", "Instances": {"InstanceCount": 1, "MasterInstanceType": "m5.xlarge", "KeepJobFlowAliveWhenNoSteps": True}, "JobFlowRole": "x", "ServiceRole": "y"}),
    ("emr-serverless", "create_application", {"name": "extra", "releaseLabel": "emr-6.6.0", "type": "SPARK"}),
    ("es", "create_elasticsearch_domain", {"DomainName": "extra"}),
    ("events", "create_archive", {"ArchiveName": "extra", "EventSourceArn": "arn:aws:events:ap-northeast-1:345678901234:event-bus/default"}),
    ("events", "create_connection", {"Name": "extra", "AuthorizationType": "API_KEY", "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}}),
    ("firehose", "create_delivery_stream", {"DeliveryStreamName": "extra", "ExtendedS3DestinationConfiguration": {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::extra-logs-1"}}),
    ("fis", "create_experiment_template", {"description": "extra", "stopConditions": [{"source": "none"}], "actions": {"a": {"actionId": "aws:fis:wait"}}, "roleArn": ROLE, "clientToken": "t"}),
    ("fsx", "create_file_system", {"FileSystemType": "LUSTRE", "StorageCapacity": 1200, "SubnetIds": ["@subnet.Subnet.SubnetId"], "LustreConfiguration": {"DeploymentType": "SCRATCH_2"}}),
    ("glacier", "create_vault", {"vaultName": "extra", "accountId": "-"}),
    ("glue", "create_database", {"DatabaseInput": {"Name": "extra"}}),
    ("glue", "create_table", {"DatabaseName": "extra", "TableInput": {"Name": "extra", "StorageDescriptor": {"Columns": [{"Name": "c", "Type": "int"}]}}}),
    ("glue", "create_job", {"Name": "extra", "Role": ROLE, "Command": {"Name": "glueetl"}}),
    ("glue", "create_crawler", {"Name": "extra", "Role": ROLE, "Targets": {"S3Targets": [{"Path": "s3://x"}]}}),
    ("glue", "create_trigger", {"Name": "extra", "Type": "ON_DEMAND", "Actions": [{"JobName": "extra"}]}),
    ("glue", "create_registry", {"RegistryName": "extra"}),
    ("inspector2", "create_filter", {"name": "extra", "action": "NONE", "filterCriteria": {"findingStatus": [{"comparison": "EQUALS", "value": "ACTIVE"}]}}),
    ("iot", "create_thing", {"thingName": "extra", "attributePayload": {"attributes": {"a": "b"}}}),
    ("iot", "create_thing_type", {"thingTypeName": "extra"}),
    ("iot", "create_policy", {"policyName": "extra", "policyDocument": DOCUMENT}),
    ("ivs", "create_channel", {"name": "extra"}),
    ("kafka", "create_cluster_v2", {"ClusterName": "extra", "Serverless": {"VpcConfigs": [{"SubnetIds": ["@subnet.Subnet.SubnetId"]}]}}),
    ("kinesis", "create_stream", {"StreamName": "extra", "ShardCount": 4}),
    ("kinesisanalyticsv2", "create_application", {"ApplicationName": "extra", "RuntimeEnvironment": "FLINK-1_18", "ServiceExecutionRole": ROLE}),
    ("kinesisvideo", "create_stream", {"StreamName": "extra"}),
    ("lambda", "create_function", {"FunctionName": "extra", "Runtime": "python3.12", "Role": ROLE, "Handler": "index.handler", "Code": {"ZipFile": archive()}, "Environment": {"Variables": {"A": "b"}}}),
    ("lambda", "create_alias", {"FunctionName": "extra", "Name": "live", "FunctionVersion": "$LATEST"}),
    ("lambda", "add_permission", {"FunctionName": "extra", "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "*"}),
    ("lambda", "publish_layer_version", {"LayerName": "extra", "Content": {"ZipFile": archive()}}),
    ("lexv2-models", "create_bot", {"botName": "extra", "roleArn": ROLE, "dataPrivacy": {"childDirected": False}, "idleSessionTTLInSeconds": 60}),
    ("logs", "create_log_group", {"logGroupName": "/extra", "tags": {"a": "b"}}),
    ("logs", "create_log_stream", {"logGroupName": "/extra", "logStreamName": "s"}),
    ("logs", "put_log_events", {"logGroupName": "/extra", "logStreamName": "s", "logEvents": [{"timestamp": 1769904000000, "message": "m"}]}),
    ("logs", "put_metric_filter", {"logGroupName": "/extra", "filterName": "f", "filterPattern": "{ $.a = 1 }", "metricTransformations": [{"metricName": "m", "metricNamespace": "n", "metricValue": "1", "defaultValue": 0}]}),
    ("logs", "put_resource_policy", {"policyName": "extra", "policyDocument": DOCUMENT}),
    ("mediapackage", "create_channel", {"Id": "extra"}),
    ("mediastore", "create_container", {"ContainerName": "extra"}),
    ("memorydb", "create_cluster", {"ClusterName": "extra", "NodeType": "db.t4g.small", "ACLName": "open-access"}),
    ("mq", "create_broker", {"BrokerName": "extra", "EngineType": "RABBITMQ", "EngineVersion": "3.11", "HostInstanceType": "mq.t3.micro", "DeploymentMode": "SINGLE_INSTANCE", "PubliclyAccessible": True, "AutoMinorVersionUpgrade": True, "Users": [{"Username": "u", "Password": "longpassword1"}]}),
    ("network-firewall", "create_firewall", {"FirewallName": "extra", "FirewallPolicyArn": "arn:aws:network-firewall:x", "VpcId": "@vpc.Vpc.VpcId", "SubnetMappings": [{"SubnetId": "@subnet.Subnet.SubnetId"}]}),
    ("networkmanager", "create_global_network", {"Description": "extra"}),
    ("opensearch", "create_domain", {"DomainName": "extra-os", "EngineVersion": "OpenSearch_2.11"}),
    ("opensearchserverless", "create_security_policy", {"name": "extra", "type": "encryption", "policy": json.dumps({"Rules": [{"ResourceType": "collection", "Resource": ["collection/extra"]}], "AWSOwnedKey": True})}),
    ("personalize", "create_schema", {"name": "extra", "schema": "{}"}),
    ("pinpoint", "create_app", {"CreateApplicationRequest": {"Name": "extra"}}),
    ("polly", "put_lexicon", {"Name": "extra", "Content": "<?xml version=\"1.0\"?><lexicon alphabet=\"ipa\" xml:lang=\"en-US\"/>"}),
    ("ram", "create_resource_share", {"name": "extra"}),
    ("rds", "create_db_cluster_parameter_group", {"DBClusterParameterGroupName": "extra", "DBParameterGroupFamily": "aurora-mysql8.0", "Description": "d"}),
    ("rds", "create_event_subscription", {"SubscriptionName": "extra", "SnsTopicArn": "arn:aws:sns:ap-northeast-1:345678901234:x"}),
    ("rds", "create_db_instance", {"DBInstanceIdentifier": "extra", "DBInstanceClass": "db.t3.micro", "Engine": "mysql", "MasterUsername": "u", "MasterUserPassword": "password1", "AllocatedStorage": 10}),
    ("rds", "create_db_snapshot", {"DBSnapshotIdentifier": "extra", "DBInstanceIdentifier": "extra"}),
    ("redshift", "create_cluster", {"ClusterIdentifier": "extra", "NodeType": "dc2.large", "MasterUsername": "u", "MasterUserPassword": "Password1", "ClusterType": "single-node"}),
    ("redshift", "create_cluster_snapshot", {"SnapshotIdentifier": "extra", "ClusterIdentifier": "extra"}),
    ("resiliencehub", "create_app", {"name": "extra"}),
    ("resource-groups", "create_group", {"Name": "extra", "ResourceQuery": {"Type": "TAG_FILTERS_1_0", "Query": json.dumps({"ResourceTypeFilters": ["AWS::AllSupported"], "TagFilters": [{"Key": "k", "Values": ["v"]}]})}}),
    ("route53", "create_health_check", {"CallerReference": "extra", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "192.0.2.1", "Port": 80}}),
    ("zone:route53", "create_hosted_zone", {"Name": "extra.example", "CallerReference": "extra"}),
    ("route53", "change_resource_record_sets", {"HostedZoneId": "@zone.HostedZone.Id", "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": name, "Type": "A", "TTL": 5, "ResourceRecords": [{"Value": "192.0.2.1"}]}} for name in ("a.extra.example", "*.extra.example", "b.extra.example", "c.extra.example")]}}),
    ("sagemaker", "create_notebook_instance", {"NotebookInstanceName": "extra", "InstanceType": "ml.t2.medium", "RoleArn": ROLE}),
    ("sagemaker", "create_model", {"ModelName": "extra", "ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": "x"}}),
    ("scheduler", "create_schedule", {"Name": "extra", "ScheduleExpression": "rate(5 minutes)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": {"Arn": "arn:aws:sqs:x", "RoleArn": ROLE}}),
    ("secretsmanager", "create_secret", {"Name": "extra", "SecretBinary": b"\x00\x01"}),
    ("securityhub", "enable_security_hub", {}),
    ("servicecatalog", "create_portfolio", {"DisplayName": "extra", "ProviderName": "p", "IdempotencyToken": "t"}),
    ("space:servicediscovery", "create_http_namespace", {"Name": "extra"}),
    ("servicediscovery", "create_service", {"Name": "extra", "NamespaceId": "x"}),
    ("ses", "verify_email_identity", {"EmailAddress": "a@extra.example"}),
    ("ses", "create_template", {"Template": {"TemplateName": "extra", "SubjectPart": "s"}}),
    ("sesv2", "create_configuration_set", {"ConfigurationSetName": "extra"}),
    ("shield", "create_subscription", {}),
    ("shield", "create_protection", {"Name": "extra", "ResourceArn": "arn:aws:route53:::hostedzone/Z1"}),
    ("topic:sns", "create_topic", {"Name": "extra"}),
    ("sns", "subscribe", {"TopicArn": "@topic.TopicArn", "Protocol": "email", "Endpoint": "a@extra.example"}),
    ("sns", "create_platform_application", {"Name": "extra", "Platform": "GCM", "Attributes": {"a": "b"}}),
    ("dead:sqs", "create_queue", {"QueueName": "extra-dead"}),
    ("sqs", "create_queue", {"QueueName": "extra", "Attributes": {"RedrivePolicy": json.dumps({"deadLetterTargetArn": "arn:aws:sqs:ap-northeast-1:345678901234:extra-dead", "maxReceiveCount": 3})}}),
    ("ssm", "put_parameter", {"Name": "/extra/a", "Type": "StringList", "Value": "a,b"}),
    ("ssm", "create_maintenance_window", {"Name": "extra", "Schedule": "rate(1 day)", "Duration": 2, "Cutoff": 1, "AllowUnassociatedTargets": True}),
    ("ssm", "create_patch_baseline", {"Name": "extra"}),
    ("ssm", "create_document", {"Name": "extra", "Content": json.dumps({"schemaVersion": "2.2", "mainSteps": []}), "DocumentType": "Command"}),
    ("stepfunctions", "create_state_machine", {"name": "extra", "definition": STATES, "roleArn": ROLE}),
    ("stepfunctions", "create_activity", {"name": "extra"}),
    ("swf", "register_domain", {"name": "extra", "workflowExecutionRetentionPeriodInDays": "1"}),
    ("transcribe", "create_vocabulary", {"VocabularyName": "extra", "LanguageCode": "en-US", "Phrases": ["a"]}),
    ("transfer", "create_server", {"Protocols": ["SFTP"]}),
    ("vpc-lattice", "create_service_network", {"name": "extra"}),
    ("vpc-lattice", "create_service", {"name": "extra"}),
    ("wafv2", "create_ip_set", {"Name": "extra", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"]}),
    ("wafv2", "create_web_acl", {"Name": "extra", "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}}),
    ("workspaces-web", "create_portal", {"displayName": "extra"}),
]


def fill(session, endpoint):
    """Makes everything of `CALLS`."""
    clients, answers = {}, {}
    for service, method, parameters in CALLS:
        kept, _, service = service.rpartition(":")
        if service not in clients:
            clients[service] = session.client(service, endpoint_url=endpoint)
        answer = getattr(clients[service], method)(**_filled(parameters, answers))
        if kept:
            answers[kept] = answer


def _filled(value, answers):
    if isinstance(value, dict):
        return {key: _filled(below, answers) for key, below in value.items()}
    if isinstance(value, list):
        return [_filled(below, answers) for below in value]
    if isinstance(value, str) and value.startswith("@"):
        name, *path = value[1:].split(".")
        found = answers[name]
        for step in path:
            found = found[step]
        return found
    return value
