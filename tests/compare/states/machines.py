"""EC2: instances, volumes, snapshots, images, addresses, launch templates, Auto Scaling."""

import base64

from . import OUTSIDER, document, state
from .aaa_base import allow_assume, named
from .groups import WORLD, entry, group


def image(aws, name):
    """An image of one's own."""
    return aws.ec2.RegisterImage(Name=name, RootDeviceName="/dev/xvda", VirtualizationType="hvm", Architecture="x86_64")["ImageId"]


@state
def instances(aws):
    """Instances: metadata, addresses, profiles, open groups in public and private subnets, stopped and old ones."""
    if aws.kept:
        return
    ec2 = aws.ec2
    trust = document(allow_assume({"Service": "ec2.amazonaws.com"}, aws.account))
    aws.iam.CreateRole(RoleName="machine", AssumeRolePolicyDocument=trust)
    aws.iam.CreateInstanceProfile(InstanceProfileName="machine")
    aws.iam.AddRoleToInstanceProfile(InstanceProfileName="machine", RoleName="machine")
    own = aws.shared["image"] = image(aws, "own")
    inside, public, private = aws.shared["group"], aws.shared["public"], aws.shared["private"][0]
    opened = {port: group(aws, f"used-{port}", entry(port, IpRanges=WORLD)) for port in (22, 3306, 6379, 9092, 445)}
    everything = group(aws, "used-everything", entry(None, protocol="-1", IpRanges=WORLD))
    required = {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1}
    profile = {"IamInstanceProfile": {"Name": "machine"}}

    def run(name, groups=None, subnet=private, days=10, **more):
        with aws.ago(days):
            return ec2.RunInstances(
                ImageId=own,
                MinCount=1,
                MaxCount=1,
                InstanceType="t3.micro",
                SubnetId=subnet,
                SecurityGroupIds=groups or [inside],
                TagSpecifications=named("instance", name),
                **more,
            )["Instances"][0]["InstanceId"]

    run("plain")
    run("imdsv2", MetadataOptions=required, **profile)
    run("imdsv1", MetadataOptions={"HttpTokens": "optional", "HttpEndpoint": "enabled"})
    run("imds-off", MetadataOptions={"HttpTokens": "optional", "HttpEndpoint": "disabled"})
    run("watched", Monitoring={"Enabled": True})
    run("old", days=400)
    run("in-public", subnet=public)
    run("in-public-profile", subnet=public, **profile)
    run("open-everything", [everything], public)
    run("open-everything-profile", [everything], public, **profile)
    run("open-everything-private", [everything])
    run("open-two-groups", [inside, opened[22]], public)
    for port, each in opened.items():
        run(f"open-{port}", [each], public)
        run(f"open-{port}-private", [each])
    ec2.StopInstances(InstanceIds=[run("stopped-open", [opened[22]], public)])
    with aws.ago(120):
        ec2.StopInstances(InstanceIds=[run("stopped-long", days=150)])
    ec2.TerminateInstances(InstanceIds=[run("gone", [opened[22]], public)])
    interface = ec2.CreateNetworkInterface(SubnetId=private, Groups=[inside])["NetworkInterface"]["NetworkInterfaceId"]
    ec2.AttachNetworkInterface(NetworkInterfaceId=interface, InstanceId=run("two-interfaces"), DeviceIndex=1)
    ec2.AllocateAddress(Domain="vpc", TagSpecifications=named("elastic-ip", "unused"))
    address = ec2.AllocateAddress(Domain="vpc", TagSpecifications=named("elastic-ip", "used"))["AllocationId"]
    ec2.AssociateAddress(AllocationId=address, InstanceId=run("with-address", subnet=public))


@state
def storage(aws):
    """Volumes, snapshots and images: encrypted, plain, shared with everybody, with one account."""
    if aws.kept:
        aws.ec2.EnableEbsEncryptionByDefault()
        return
    ec2 = aws.ec2
    zone = "ap-northeast-1a"
    with aws.ago(40):
        plain = ec2.CreateVolume(AvailabilityZone=zone, Size=8, TagSpecifications=named("volume", "plain"))["VolumeId"]
        kept = ec2.CreateVolume(AvailabilityZone=zone, Size=8, Encrypted=True, TagSpecifications=named("volume", "encrypted"))["VolumeId"]
        for name, volume in (("plain", plain), ("encrypted", kept), ("public", plain), ("shared", plain)):
            made = ec2.CreateSnapshot(VolumeId=volume, TagSpecifications=named("snapshot", name))["SnapshotId"]
            add = {"public": {"GroupNames": ["all"]}, "shared": {"UserIds": [OUTSIDER]}}.get(name)
            if add:
                ec2.ModifySnapshotAttribute(SnapshotId=made, Attribute="createVolumePermission", OperationType="add", **add)
    ec2.CreateVolume(AvailabilityZone=zone, Size=8, Encrypted=True, KmsKeyId=aws.shared["key"], TagSpecifications=named("volume", "own-key"))
    for name, add in (("image-public", {"Group": "all"}), ("image-shared", {"UserId": OUTSIDER}), ("image-private", None)):
        made = image(aws, name)
        if add:
            ec2.ModifyImageAttribute(ImageId=made, LaunchPermission={"Add": [add]})
    ec2.CreateLaunchTemplate(LaunchTemplateName="nothing", LaunchTemplateData={"ImageId": aws.shared["image"]})


@state
def launch_templates(aws):
    """Launch templates: metadata and addresses, versions that differ; groups that use them."""
    if aws.kept:
        return
    ec2, scaling, own = aws.ec2, aws.autoscaling, aws.shared["image"]
    v2, v1 = {"HttpTokens": "required", "HttpEndpoint": "enabled"}, {"HttpTokens": "optional", "HttpEndpoint": "enabled"}
    public = {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": True}]}
    for name, data in (
        ("v2", {"MetadataOptions": v2}),
        ("v2-no-endpoint-told", {"MetadataOptions": {"HttpTokens": "required"}}),
        ("v1", {"MetadataOptions": v1}),
        ("off", {"MetadataOptions": {"HttpEndpoint": "disabled"}}),
        ("public-address", public),
        ("private-address", {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}]}),
    ):
        ec2.CreateLaunchTemplate(LaunchTemplateName=f"template-{name}", LaunchTemplateData={"ImageId": own} | data)
    ec2.CreateLaunchTemplate(LaunchTemplateName="template-v2-then-v1", LaunchTemplateData={"ImageId": own, "MetadataOptions": v2})
    ec2.CreateLaunchTemplateVersion(LaunchTemplateName="template-v2-then-v1", LaunchTemplateData={"ImageId": own, "MetadataOptions": v1})
    ec2.ModifyLaunchTemplate(LaunchTemplateName="template-v2-then-v1", DefaultVersion="2")
    for name, more in (
        ("v2", {"MetadataOptions": v2}),
        ("v1", {"MetadataOptions": v1}),
        ("silent", {}),
        ("public", {"AssociatePublicIpAddress": True}),
        ("private", {"AssociatePublicIpAddress": False, "MetadataOptions": v2}),
    ):
        data = base64.b64encode(b"#!/bin/sh\nyum update").decode()
        scaling.CreateLaunchConfiguration(LaunchConfigurationName=f"configuration-{name}", ImageId=own, InstanceType="t3.micro", UserData=data, **more)
    subnets = {"one": aws.shared["private"][0], "two": ",".join(str(each) for each in aws.shared["private"])}
    size = {"MinSize": 0, "MaxSize": 4, "DesiredCapacity": 0}
    template = {"LaunchTemplate": {"LaunchTemplateName": "template-v2", "Version": "$Default"}}
    for name, zones, more in (
        ("template", "two", template),
        ("template-one-zone", "one", template),
        ("configuration", "two", {"LaunchConfigurationName": "configuration-v2"}),
        ("rebalance", "two", template | {"CapacityRebalance": True}),
        (
            "mixed",
            "two",
            {
                "MixedInstancesPolicy": {
                    "LaunchTemplate": {
                        "LaunchTemplateSpecification": {"LaunchTemplateName": "template-v2", "Version": "$Latest"},
                        "Overrides": [{"InstanceType": "t3.micro"}, {"InstanceType": "t3a.micro"}],
                    },
                    "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 0},
                }
            },
        ),
        ("elb-check", "two", template | {"HealthCheckType": "ELB", "HealthCheckGracePeriod": 60}),
    ):
        scaling.CreateAutoScalingGroup(AutoScalingGroupName=f"group-{name}", VPCZoneIdentifier=subnets[zones], **size, **more)


@state
def edges(aws):
    """Flow logs, endpoints, peerings, gateways, VPNs."""
    ec2, vpc = aws.ec2, aws.shared["vpc"]
    ec2.CreateFlowLogs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="REJECT", LogDestinationType="s3", LogDestination="arn:aws:s3:::states-logs"
    )
    if aws.kept:
        return
    for name, more in (
        ("s3", {"VpcEndpointType": "Gateway", "RouteTableIds": [aws.shared["table"]]}),
        ("ec2", {"VpcEndpointType": "Interface", "SubnetIds": aws.shared["private"]}),
        ("ssm", {"VpcEndpointType": "Interface", "SubnetIds": aws.shared["private"][:1]}),
        ("kms", {"VpcEndpointType": "Interface", "SubnetIds": aws.shared["private"]}),
    ):
        opened = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
        mine = opened | {"Condition": {"StringEquals": {"aws:PrincipalAccount": aws.account}}}
        statement = mine if name == "kms" else opened
        ec2.CreateVpcEndpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{aws.region}.{name}", PolicyDocument=document(statement), **more)
    peer = ec2.CreateVpc(CidrBlock="10.90.0.0/16", TagSpecifications=named("vpc", "peer"))["Vpc"]["VpcId"]
    ec2.CreateSubnet(VpcId=peer, CidrBlock="10.90.0.0/24", AvailabilityZone="ap-northeast-1a")
    ec2.CreateVpc(CidrBlock="10.91.0.0/16", TagSpecifications=named("vpc", "empty"))
    for name, wide in (("wide", True), ("narrow", False)):
        made = ec2.CreateVpcPeeringConnection(VpcId=vpc, PeerVpcId=peer, TagSpecifications=named("vpc-peering-connection", name))
        made = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        ec2.AcceptVpcPeeringConnection(VpcPeeringConnectionId=made)
        table = ec2.CreateRouteTable(VpcId=vpc)["RouteTable"]["RouteTableId"]
        block = "10.90.0.0/16" if wide else "10.90.0.0/28"
        ec2.CreateRoute(RouteTableId=table, DestinationCidrBlock=block, VpcPeeringConnectionId=made)
    for name, accept in (("gateway-auto", "enable"), ("gateway-manual", "disable")):
        ec2.CreateTransitGateway(
            Description=name, Options={"AutoAcceptSharedAttachments": accept}, TagSpecifications=named("transit-gateway", name)
        )
    customer = ec2.CreateCustomerGateway(BgpAsn=65000, PublicIp="203.0.113.10", Type="ipsec.1")["CustomerGateway"]
    virtual = ec2.CreateVpnGateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.CreateVpnConnection(Type="ipsec.1", VpnGatewayId=virtual, CustomerGatewayId=customer["CustomerGatewayId"])
