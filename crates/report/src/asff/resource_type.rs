//! What the AWS Security Finding Format calls a type of resource.
//!
//! Security Hub filters by these names. A type that it has no name for is `Other`, with our name beside it.

/// The names that the format lists, as Security Hub's API does for resource details.
const KNOWN: &[&str] = &[
    "AwsAmazonMqBroker",
    "AwsApiGatewayRestApi",
    "AwsApiGatewayStage",
    "AwsApiGatewayV2Api",
    "AwsApiGatewayV2Stage",
    "AwsAppSyncGraphQlApi",
    "AwsAthenaWorkGroup",
    "AwsAutoScalingAutoScalingGroup",
    "AwsAutoScalingLaunchConfiguration",
    "AwsBackupBackupPlan",
    "AwsBackupBackupVault",
    "AwsBackupRecoveryPoint",
    "AwsCertificateManagerCertificate",
    "AwsCloudFormationStack",
    "AwsCloudFrontDistribution",
    "AwsCloudTrailTrail",
    "AwsCloudWatchAlarm",
    "AwsCodeBuildProject",
    "AwsDmsEndpoint",
    "AwsDmsReplicationInstance",
    "AwsDmsReplicationTask",
    "AwsDynamoDbTable",
    "AwsEc2ClientVpnEndpoint",
    "AwsEc2Eip",
    "AwsEc2Instance",
    "AwsEc2LaunchTemplate",
    "AwsEc2NetworkAcl",
    "AwsEc2NetworkInterface",
    "AwsEc2RouteTable",
    "AwsEc2SecurityGroup",
    "AwsEc2Subnet",
    "AwsEc2TransitGateway",
    "AwsEc2Volume",
    "AwsEc2Vpc",
    "AwsEc2VpcEndpointService",
    "AwsEc2VpcPeeringConnection",
    "AwsEc2VpnConnection",
    "AwsEcrContainerImage",
    "AwsEcrRepository",
    "AwsEcsCluster",
    "AwsEcsService",
    "AwsEcsTask",
    "AwsEcsTaskDefinition",
    "AwsEfsAccessPoint",
    "AwsEksCluster",
    "AwsElasticBeanstalkEnvironment",
    "AwsElasticsearchDomain",
    "AwsEventSchemasRegistry",
    "AwsEventsEndpoint",
    "AwsEventsEventbus",
    "AwsGuardDutyDetector",
    "AwsIamAccessKey",
    "AwsIamGroup",
    "AwsIamPolicy",
    "AwsIamRole",
    "AwsIamUser",
    "AwsKinesisStream",
    "AwsKmsKey",
    "AwsLambdaFunction",
    "AwsLambdaLayerVersion",
    "AwsMskCluster",
    "AwsNetworkFirewallFirewall",
    "AwsNetworkFirewallFirewallPolicy",
    "AwsNetworkFirewallRuleGroup",
    "AwsOpenSearchServiceDomain",
    "AwsRdsDbCluster",
    "AwsRdsDbClusterSnapshot",
    "AwsRdsDbInstance",
    "AwsRdsDbSecurityGroup",
    "AwsRdsDbSnapshot",
    "AwsRdsEventSubscription",
    "AwsRedshiftCluster",
    "AwsRoute53HostedZone",
    "AwsS3AccessPoint",
    "AwsS3Bucket",
    "AwsSageMakerNotebookInstance",
    "AwsSecretsManagerSecret",
    "AwsSnsTopic",
    "AwsSqsQueue",
    "AwsWafRateBasedRule",
    "AwsWafRegionalRateBasedRule",
    "AwsWafRegionalRule",
    "AwsWafRegionalRuleGroup",
    "AwsWafRegionalWebAcl",
    "AwsWafRule",
    "AwsWafRuleGroup",
    "AwsWafWebAcl",
    "AwsWafv2RuleGroup",
    "AwsWafv2WebAcl",
    "AwsXrayEncryptionConfig",
];

/// Types whose names differ by more than case.
const RENAMED: &[(&str, &str)] = &[
    ("AWS::::Account", "AwsAccount"),
    ("AWS::ACM::Certificate", "AwsCertificateManagerCertificate"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "AwsElbLoadBalancer"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AwsElbv2LoadBalancer"),
    ("AWS::StepFunctions::StateMachine", "AwsStepFunctionStateMachine"),
];

/// What the AWS Security Finding Format calls a type of ours: `AwsEc2SecurityGroup`, or `Other`.
#[must_use]
pub fn resource_type(ours: &str) -> &'static str {
    if let Some((_, theirs)) = RENAMED.iter().find(|(it, _)| *it == ours) {
        return theirs;
    }
    let joined: String = ours.split("::").collect();
    KNOWN.iter().find(|it| it.eq_ignore_ascii_case(&joined)).copied().unwrap_or("Other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_the_formats_name_or_is_other() {
        for (ours, theirs) in [
            ("AWS::EC2::SecurityGroup", "AwsEc2SecurityGroup"),
            ("AWS::RDS::DBInstance", "AwsRdsDbInstance"),
            ("AWS::WAFv2::WebACL", "AwsWafv2WebAcl"),
            ("AWS::::Account", "AwsAccount"),
            ("AWS::EC2::FlowLog", "Other"),
        ] {
            assert_eq!(resource_type(ours), theirs, "{ours}");
        }
    }
}
