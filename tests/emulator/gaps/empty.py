"""What the organisation has nothing of, in services or corners of services that the emulator lacks."""

_NOTHING = """
amplify.ListApps
apigatewayv2.GetAuthorizers
apprunner.ListServices
appstream.DescribeFleets
backup.ListRestoreTestingPlans
bedrock.ListGuardrails
bedrock-agent.ListPrompts
bedrock-agentcore-control.ListBrowsers
cloudtrail.ListEventDataStores
codeartifact.ListDomains codeartifact.ListRepositories
codebuild.ListReportGroups codebuild.ListSourceCredentials
config.DescribeConformancePacks
detective.ListInvitations
directconnect.DescribeVirtualInterfaces
drs.DescribeJobs drs.DescribeSourceServers
ds.DescribeEventTopics
ec2.DescribeCapacityReservations ec2.DescribeClientVpnEndpoints ec2.DescribeInstanceConnectEndpoints
ec2.DescribeVpcBlockPublicAccessExclusions
ecr-public.DescribeRepositories
ecs.DescribeCapacityProviders
elasticache.DescribeServerlessCaches
emr.ListSecurityConfigurations
events.ListEndpoints
fms.ListPolicies
globalaccelerator.ListAccelerators
guardduty.ListPublishingDestinations
iam.ListServiceSpecificCredentials
kafkaconnect.ListConnectors
lightsail.GetBuckets lightsail.GetInstances lightsail.GetRelationalDatabases lightsail.GetStaticIps
mwaa.ListEnvironments
ram.ListPrincipals ram.ListResources
redshift.DescribeEventSubscriptions
redshift-serverless.ListNamespaces redshift-serverless.ListWorkgroups
resource-explorer-2.ListIndexes
rolesanywhere.ListProfiles rolesanywhere.ListTrustAnchors
route53resolver.ListFirewallRuleGroupAssociations
sagemaker.ListFeatureGroups sagemaker.ListMonitoringSchedules
schemas.ListRegistries
securityhub.ListEnabledProductsForImport
ssm-incidents.ListReplicationSets ssm-incidents.ListResponsePlans
storagegateway.ListFileShares storagegateway.ListGateways storagegateway.ListVolumes
wafv2.ListResourcesForWebACL
wellarchitected.ListWorkloads
"""
# The emulator has these services, but not in every region.
_ELSEWHERE = """
connect.ListInstances
grafana.ListWorkspaces
iot.ListPolicies
keyspaces.ListKeyspaces
memorydb.DescribeClusters
workspaces.DescribeWorkspaceDirectories workspaces.DescribeWorkspaces
"""


def _names(text):
    return {tuple(name.split(".")) for name in text.split()}


NOTHING = _names(_NOTHING)
ELSEWHERE = _names(_ELSEWHERE)
