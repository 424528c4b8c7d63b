"""EC2's networks: VPCs with and without flow logs, groups that are open and groups that are not, gateways, endpoints."""

import functools

_ANYWHERE = [{"CidrIp": "0.0.0.0/0"}]
_ANYWHERE6 = [{"CidrIpv6": "::/0"}]


def tags(account, name):
    """The tags of a resource in EC2."""
    return [{"Key": "Name", "Value": name}, {"Key": "Owner", "Value": account.owner}]


def specification(kind, account, name):
    """The same, as EC2's create operations take them."""
    return [{"ResourceType": kind, "Tags": tags(account, name)}]


def fill(place, account, organization):
    """Fills one region's networks."""
    home = place.region == account.regions[0]
    vpc = _vpc(place, account)
    subnets = _subnets(place, account, vpc)
    _flow_logs(place, account, vpc)
    _groups(place, account, vpc, home)
    if home:
        _edges(place, account, vpc, subnets)


def find(place, account):
    """The VPC, its subnets and security groups by name, as `fill` made them."""
    own = [{"Name": "tag:Owner", "Values": [account.owner]}]
    vpc = place.call("ec2", "DescribeVpcs", Filters=own)["Vpcs"][0]["VpcId"]
    inside = [{"Name": "vpc-id", "Values": [vpc]}]
    subnets = [each["SubnetId"] for each in place.call("ec2", "DescribeSubnets", Filters=inside)["Subnets"]]
    groups = place.call("ec2", "DescribeSecurityGroups", Filters=inside)["SecurityGroups"]
    return vpc, subnets, {each["GroupName"]: each["GroupId"] for each in groups}


def _vpc(place, account):
    block = f"10.{int(account.id[-3:]) % 200}.0.0/16"
    vpc = place.call("ec2", "CreateVpc", CidrBlock=block, TagSpecifications=specification("vpc", account, "main"))[
        "Vpc"
    ]["VpcId"]
    return vpc


def _subnets(place, account, vpc):
    second = int(account.id[-3:]) % 200
    zones = place.call("ec2", "DescribeAvailabilityZones")["AvailabilityZones"]
    made = []
    for number in range(2):
        subnet = place.call(
            "ec2",
            "CreateSubnet",
            VpcId=vpc,
            CidrBlock=f"10.{second}.{number}.0/24",
            AvailabilityZone=zones[number % len(zones)]["ZoneName"],
            TagSpecifications=specification("subnet", account, f"main-{number}"),
        )["Subnet"]["SubnetId"]
        made.append(subnet)
    if not account.tidy:
        place.call("ec2", "ModifySubnetAttribute", SubnetId=made[0], MapPublicIpOnLaunch={"Value": True})
    return made


def _flow_logs(place, account, vpc):
    if account.tidy:
        place.call(
            "ec2",
            "CreateFlowLogs",
            ResourceIds=[vpc],
            ResourceType="VPC",
            TrafficType="ALL",
            LogDestinationType="s3",
            LogDestination=f"arn:aws:s3:::{account.name}-logs",
        )


def _groups(place, account, vpc, home):
    group = _Groups(place, account, vpc)
    group.make("internal", [group.entry(443, 443, IpRanges=[{"CidrIp": "10.0.0.0/8"}])])
    group.make("https", [group.entry(443, 443, IpRanges=_ANYWHERE, Ipv6Ranges=_ANYWHERE6)])
    if account.tidy and home:
        group.make("bastion", [group.entry(22, 22, IpRanges=[{"CidrIp": "203.0.113.0/24", "Description": "本社"}])])
    if not account.tidy:
        group.make("ssh-open", [group.entry(22, 22, IpRanges=_ANYWHERE)])
        group.make(
            "database",
            [group.entry(3306, 3306, IpRanges=_ANYWHERE), group.entry(0, 65535, IpRanges=[{"CidrIp": "10.0.0.0/8"}])],
        )
    if not account.tidy and home:
        group.make("rdp-open", [group.entry(3389, 3389, Ipv6Ranges=_ANYWHERE6)])
        group.make("everything-open", [{"IpProtocol": "-1", "IpRanges": _ANYWHERE, "Ipv6Ranges": _ANYWHERE6}])
        group.make(
            "partners",
            [group.entry(8443, 8443, IpRanges=[{"CidrIp": "198.51.100.0/24"}])],
            Exception="partner-approved",
        )


class _Groups:
    """Makes security groups of one VPC."""

    def __init__(self, place, account, vpc):
        self.place, self.account, self.vpc = place, account, vpc

    def entry(self, first, last, **sources):
        """One entry of `IpPermissions` for TCP."""
        return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last} | sources

    def make(self, name, permissions, **more):
        """Creates a group with these ingress rules."""
        specifications = specification("security-group", self.account, name)
        specifications[0]["Tags"] += [{"Key": key, "Value": value} for key, value in more.items()]
        group = self.place.call(
            "ec2",
            "CreateSecurityGroup",
            GroupName=name,
            Description=name,
            VpcId=self.vpc,
            TagSpecifications=specifications,
        )["GroupId"]
        self.place.call("ec2", "AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=permissions)
        return group


def _edges(place, account, vpc, subnets):
    ec2 = functools.partial(place.call, "ec2")
    gateway = ec2("CreateInternetGateway", TagSpecifications=specification("internet-gateway", account, "main"))
    gateway = gateway["InternetGateway"]["InternetGatewayId"]
    ec2("AttachInternetGateway", InternetGatewayId=gateway, VpcId=vpc)
    table = ec2("CreateRouteTable", VpcId=vpc, TagSpecifications=specification("route-table", account, "public"))
    table = table["RouteTable"]["RouteTableId"]
    ec2("CreateRoute", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2("AssociateRouteTable", RouteTableId=table, SubnetId=subnets[0])
    ec2(
        "CreateVpcEndpoint",
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{place.region}.s3",
        RouteTableIds=[table],
        VpcEndpointType="Gateway",
    )
    address = ec2("AllocateAddress", Domain="vpc", TagSpecifications=specification("elastic-ip", account, "nat"))[
        "AllocationId"
    ]
    if account.unit == "Prod":
        ec2("CreateNatGateway", SubnetId=subnets[0], AllocationId=address)
        ec2("CreateTransitGateway", Description="between the shops")
    closed = ec2("CreateNetworkAcl", VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    ports = {"From": 22, "To": 22}
    ec2(
        "CreateNetworkAclEntry",
        NetworkAclId=closed,
        RuleNumber=100,
        Protocol="6",
        Egress=False,
        PortRange=ports,
        RuleAction="deny" if account.tidy else "allow",
        CidrBlock="0.0.0.0/0",
    )
    if account.short == "shop-prod":
        customer = ec2("CreateCustomerGateway", BgpAsn=65000, PublicIp="203.0.113.10", Type="ipsec.1")
        virtual = ec2("CreateVpnGateway", Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
        ec2(
            "CreateVpnConnection",
            Type="ipsec.1",
            VpnGatewayId=virtual,
            CustomerGatewayId=customer["CustomerGateway"]["CustomerGatewayId"],
        )
        ec2("CreateVpcPeeringConnection", VpcId=vpc, PeerVpcId=vpc)
