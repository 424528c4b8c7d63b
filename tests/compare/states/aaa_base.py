"""What other states build on: keys, networks, roles, log groups. The file's name makes it come first."""

from . import OUTSIDER, allow, document, policies, state


@state
def keys(aws):
    """KMS keys: rotation on and off, disabled, leaving, of other kinds, multi-region, with each policy."""
    for world in (aws, aws.there):
        own = world.kms.CreateKey(Description="own")["KeyMetadata"]["KeyId"]
        world.kms.EnableKeyRotation(KeyId=own)
        world.kms.CreateAlias(AliasName="alias/states-own", TargetKeyId=own)
        world.shared["key"] = f"arn:aws:kms:{world.region}:{world.account}:key/{own}" if own else own
    if aws.kept:
        return

    def key(name, **more):
        made = aws.kms.CreateKey(Description=name, Tags=[{"TagKey": "Name", "TagValue": name}], **more)
        identity = made["KeyMetadata"]["KeyId"]
        aws.kms.CreateAlias(AliasName=f"alias/{name}", TargetKeyId=identity)
        return identity

    key("unrotated")
    aws.kms.DisableKey(KeyId=key("disabled"))
    aws.kms.ScheduleKeyDeletion(KeyId=key("leaving"), PendingWindowInDays=7)
    key("rsa", KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    key("hmac", KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    key("everywhere", MultiRegion=True)
    key("external", Origin="EXTERNAL")
    own = allow("kms:*", "*", {"AWS": f"arn:aws:iam::{aws.account}:root"})
    via = {"StringEquals": {"kms:CallerAccount": aws.account, "kms:ViaService": f"s3.{aws.region}.amazonaws.com"}}
    made = policies(aws, "kms:Decrypt", "*") | {"caller-account": [allow("kms:*", "*", {"AWS": "*"}, condition=via)]}
    for name, statements in made.items():
        if statements:
            identity = key(f"policy-{name}", Policy=document(own, *statements))
            aws.kms.EnableKeyRotation(KeyId=identity)
    attested = {"StringEqualsIgnoreCase": {"kms:RecipientAttestation:ImageSha384": "ab" * 48}}
    outsider = {"AWS": f"arn:aws:iam::{OUTSIDER}:role/x"}
    key("enclave", Policy=document(own, allow("kms:Decrypt", "*", outsider, condition=attested)))


@state
def networks(aws):
    """One VPC with a public and two private subnets in each region."""
    for number, world in enumerate((aws, aws.there)):
        block = 70 + number
        vpc = world.ec2.CreateVpc(CidrBlock=f"10.{block}.0.0/16", TagSpecifications=named("vpc", "main"))["Vpc"]["VpcId"]
        zones = [f"{world.region}{letter}" for letter in ("ac" if world.region == "ap-northeast-1" else "ab")]
        subnets = [
            world.ec2.CreateSubnet(
                VpcId=vpc,
                CidrBlock=f"10.{block}.{index}.0/24",
                AvailabilityZone=zones[index % 2],
                TagSpecifications=named("subnet", name),
            )["Subnet"]["SubnetId"]
            for index, name in enumerate(("public", "private-a", "private-b", "public-b"))
        ]
        gateway = world.ec2.CreateInternetGateway()["InternetGateway"]["InternetGatewayId"]
        world.ec2.AttachInternetGateway(InternetGatewayId=gateway, VpcId=vpc)
        table = world.ec2.CreateRouteTable(VpcId=vpc)["RouteTable"]["RouteTableId"]
        world.ec2.CreateRoute(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        for subnet in (subnets[0], subnets[3]):
            world.ec2.AssociateRouteTable(RouteTableId=table, SubnetId=subnet)
            world.ec2.ModifySubnetAttribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
        private = world.ec2.CreateRouteTable(VpcId=vpc)["RouteTable"]["RouteTableId"]
        for subnet in subnets[1:3]:
            world.ec2.AssociateRouteTable(RouteTableId=private, SubnetId=subnet)
        group = world.ec2.CreateSecurityGroup(
            GroupName="inside", Description="inside", VpcId=vpc, TagSpecifications=named("security-group", "inside")
        )["GroupId"]
        source = [{"CidrIp": "10.0.0.0/8"}]
        permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": source}
        world.ec2.AuthorizeSecurityGroupIngress(GroupId=group, IpPermissions=[permission])
        world.shared |= {
            "vpc": vpc,
            "public": subnets[0],
            "private": subnets[1:3],
            "publics": [subnets[0], subnets[3]],
            "group": group,
            "table": table,
            "gateway": gateway,
            "private-table": private,
        }


@state
def roles(aws):
    """The role that services of other states run as, and a log group for them."""
    trust = document(allow_assume({"Service": ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]}, aws.account))
    aws.iam.CreateRole(RoleName="plain", AssumeRolePolicyDocument=trust)
    aws.shared["role"] = f"arn:aws:iam::{aws.account}:role/plain"
    for world in (aws, aws.there):
        world.logs.CreateLogGroup(logGroupName="kept", kmsKeyId=world.shared["key"])
        world.logs.PutRetentionPolicy(logGroupName="kept", retentionInDays=400)


def allow_assume(principal, account):
    """The statement of a trust policy bound to one's own account."""
    condition = {"StringEquals": {"aws:SourceAccount": account}}
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}


def named(kind, name):
    """The tag `Name` as EC2's create operations take it."""
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]
