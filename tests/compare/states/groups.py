"""EC2 security groups and network ACLs."""

from . import state
from .aaa_base import named

WORLD, WORLD6 = [{"CidrIp": "0.0.0.0/0"}], [{"CidrIpv6": "::/0"}]
PORTS = (
    *(20, 21, 22, 23, 25, 53, 80, 88, 110, 135, 389, 443, 445, 1433, 1434, 1521, 2483, 3000, 3306, 3389, 5432, 5601, 6379),
    *(7000, 7199, 8080, 8086, 8088, 8888, 9042, 9092, 9160, 9200, 9300, 11211, 27017, 27018),
)


def group(aws, name, *permissions, egress=None, used=True, public=False, **more):
    """Makes a security group with these ingress permissions; `used`: on a network interface, `public`: with an address (that IPv6 address, if it is one)."""
    identity = aws.ec2.CreateSecurityGroup(
        GroupName=name, Description=name, VpcId=aws.shared["vpc"], TagSpecifications=named("security-group", name), **more
    )["GroupId"]
    if permissions:
        aws.ec2.AuthorizeSecurityGroupIngress(GroupId=identity, IpPermissions=list(permissions))
    if egress:
        aws.ec2.AuthorizeSecurityGroupEgress(GroupId=identity, IpPermissions=egress)
    if used:
        # Prowler passes over groups, and most things, that nothing uses.
        subnet = aws.shared["public"] if public else aws.shared["private"][0]
        addresses = {"Ipv6Addresses": [{"Ipv6Address": public}]} if isinstance(public, str) else {}
        interface = aws.ec2.CreateNetworkInterface(SubnetId=subnet, Groups=[identity], **addresses)
        interface = interface["NetworkInterface"]["NetworkInterfaceId"]
        if public is True:
            address = aws.ec2.AllocateAddress(Domain="vpc")["AllocationId"]
            aws.ec2.AssociateAddress(AllocationId=address, NetworkInterfaceId=interface)
    return identity


def entry(first, last=None, protocol="tcp", **sources):
    """One entry of `IpPermissions`."""
    ports = {} if first is None else {"FromPort": first, "ToPort": first if last is None else last}
    return {"IpProtocol": protocol} | ports | sources


@state
def security_groups(aws):
    """Each known port open to the world, over IPv4 and IPv6, and the odd ways of being open or shut."""
    if aws.kept:
        return
    for port in PORTS:
        group(aws, f"port-{port}", entry(port, IpRanges=WORLD), public=True)
        group(aws, f"port-{port}-v6", entry(port, Ipv6Ranges=WORLD6), public=f"2600:1f14::{port:x}")
    ec2 = aws.ec2
    lists = [
        ec2.CreateManagedPrefixList(PrefixListName=name, MaxEntries=5, AddressFamily="IPv4", Entries=[{"Cidr": cidr}])
        for name, cidr in (("inside", "10.0.0.0/8"), ("world", "0.0.0.0/0"))
    ]
    inside, world = ({"PrefixListIds": [{"PrefixListId": each["PrefixList"]["PrefixListId"]}]} for each in lists)
    group(aws, "empty")
    group(aws, "unused-empty", used=False)
    group(aws, "unused-22", entry(22, IpRanges=WORLD), used=False)
    group(aws, "everything", entry(None, protocol="-1", IpRanges=WORLD))
    group(aws, "everything-v6", entry(None, protocol="-1", Ipv6Ranges=WORLD6))
    group(aws, "everything-inside", entry(None, protocol="-1", IpRanges=[{"CidrIp": "10.0.0.0/8"}]))
    group(aws, "all-tcp", entry(0, 65535, IpRanges=WORLD))
    group(aws, "all-udp", entry(0, 65535, protocol="udp", IpRanges=WORLD))
    group(aws, "range-20-25", entry(20, 25, IpRanges=WORLD))
    group(aws, "range-1024-65535", entry(1024, 65535, IpRanges=WORLD))
    group(aws, "icmp", entry(-1, -1, protocol="icmp", IpRanges=WORLD))
    group(aws, "udp-3389", entry(3389, protocol="udp", IpRanges=WORLD))
    group(aws, "udp-53", entry(53, protocol="udp", IpRanges=WORLD))
    group(aws, "office-22", entry(22, IpRanges=[{"CidrIp": "203.0.113.0/24"}]))
    group(aws, "public-24-22", entry(22, IpRanges=[{"CidrIp": "8.8.8.0/24"}]))
    group(aws, "public-8-22", entry(22, IpRanges=[{"CidrIp": "52.0.0.0/8"}]))
    group(aws, "halves-22", entry(22, IpRanges=[{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}]))
    group(aws, "public-8-v6", entry(22, Ipv6Ranges=[{"CidrIpv6": "2600::/12"}]))
    group(aws, "private-22", entry(22, IpRanges=[{"CidrIp": "192.168.0.0/16"}]))
    group(aws, "list-inside-22", entry(22, **inside))
    group(aws, "list-world-22", entry(22, **world))
    group(aws, "mixed-22", entry(22, IpRanges=[{"CidrIp": "10.0.0.0/8"}, *WORLD]))
    group(aws, "wide-egress", egress=[entry(443, IpRanges=[{"CidrIp": "52.0.0.0/8"}])])
    itself = group(aws, "self")
    pair = {"UserIdGroupPairs": [{"GroupId": itself, "UserId": aws.account}]}
    ec2.AuthorizeSecurityGroupIngress(GroupId=itself, IpPermissions=[entry(22, **pair)])
    group(aws, "from-group", entry(None, protocol="-1", **pair))
    group(aws, "launch-wizard-1", entry(22, IpRanges=WORLD))
    many = [{"CidrIp": f"10.{number}.0.0/24"} for number in range(60)]
    group(aws, "many-rules", *(entry(1000 + number, IpRanges=[one]) for number, one in enumerate(many)))
    group(aws, "many-egress", egress=[entry(1000 + number, IpRanges=[one]) for number, one in enumerate(many[:55])])


@state
def default_groups(aws):
    """The default group of a VPC, emptied in one region and as AWS makes it in the other."""
    for world in (aws,):
        vpc = world.shared["vpc"]
        inside = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
        for found in world.ec2.DescribeSecurityGroups(Filters=inside)["SecurityGroups"] or ():
            if found["IpPermissions"]:
                world.ec2.RevokeSecurityGroupIngress(GroupId=found["GroupId"], IpPermissions=found["IpPermissions"])
            world.ec2.RevokeSecurityGroupEgress(GroupId=found["GroupId"], IpPermissions=found["IpPermissionsEgress"])


@state
def network_acls(aws):
    """Network ACLs: open ports, denied before allowed, ranges, used and unused."""
    if aws.kept:
        return
    for place, (name, rules) in enumerate((
        ("acl-empty", []),
        ("acl-ssh", [(100, "6", 22, 22, "allow", "0.0.0.0/0")]),
        ("acl-rdp", [(100, "6", 3389, 3389, "allow", "0.0.0.0/0")]),
        ("acl-ssh-v6", [(100, "6", 22, 22, "allow", "::/0")]),
        ("acl-ssh-office", [(100, "6", 22, 22, "allow", "203.0.113.0/24")]),
        ("acl-range", [(100, "6", 20, 4000, "allow", "0.0.0.0/0")]),
        ("acl-all", [(100, "-1", None, None, "allow", "0.0.0.0/0")]),
        ("acl-denied-first", [(90, "6", 22, 22, "deny", "0.0.0.0/0"), (100, "-1", None, None, "allow", "0.0.0.0/0")]),
        ("acl-denied-late", [(90, "6", 22, 22, "allow", "0.0.0.0/0"), (100, "6", 22, 22, "deny", "0.0.0.0/0")]),
        ("acl-udp", [(100, "17", 22, 22, "allow", "0.0.0.0/0")]),
        ("acl-https", [(100, "6", 443, 443, "allow", "0.0.0.0/0")]),
        ("acl-unused", [(100, "6", 20, 4000, "allow", "0.0.0.0/0")]),
    )):
        acl = aws.ec2.CreateNetworkAcl(VpcId=aws.shared["vpc"], TagSpecifications=named("network-acl", name))
        if name != "acl-unused":
            use(aws, acl["NetworkAcl"]["NetworkAclId"], place)
        for number, protocol, first, last, action, cidr in rules:
            where = {"Ipv6CidrBlock": cidr} if ":" in cidr else {"CidrBlock": cidr}
            ports = {"PortRange": {"From": first, "To": last}} if first is not None else {}
            aws.ec2.CreateNetworkAclEntry(
                NetworkAclId=acl["NetworkAcl"]["NetworkAclId"],
                RuleNumber=number,
                Protocol=protocol,
                Egress=False,
                RuleAction=action,
                **where,
                **ports,
            )


def use(aws, acl, place):
    """A subnet with a network interface for a network ACL."""
    subnet = aws.ec2.CreateSubnet(VpcId=aws.shared["vpc"], CidrBlock=f"10.70.{20 + place}.0/24", AvailabilityZone=f"{aws.region}a")["Subnet"]["SubnetId"]
    aws.ec2.CreateNetworkInterface(SubnetId=subnet, Groups=[aws.shared["group"]])
    acls = aws.ec2.DescribeNetworkAcls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["NetworkAcls"]
    for each in acls[0]["Associations"] or ():
        if each["SubnetId"] == subnet:
            aws.ec2.ReplaceNetworkAclAssociation(AssociationId=each["NetworkAclAssociationId"], NetworkAclId=acl)
