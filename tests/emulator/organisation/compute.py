"""EC2's machines, load balancers and what starts them: old and new metadata services, open and shut snapshots."""

import base64

from clock import CALENDAR

from . import network


def fill(place, account, organization):
    """Fills one region's machines."""
    home = place.region == account.regions[0]
    vpc, subnets, groups = network.find(place, account)
    _settings(place, account)
    image = _image(place, account, home)
    _instances(place, account, subnets, groups, image, home)
    _volumes(place, account, home)
    if "web" in account.themes and home:
        _web(place, account, vpc, subnets, groups, image)
    if "desktop" in account.themes and home:
        _desktops(place, account, subnets)


def _settings(place, account):
    if account.tidy:
        place.call("ec2", "EnableEbsEncryptionByDefault")


def _image(place, account, home):
    image = place.call(
        "ec2",
        "RegisterImage",
        Name=f"{account.short}-base",
        Architecture="x86_64",
        RootDeviceName="/dev/xvda",
        VirtualizationType="hvm",
    )["ImageId"]
    if home and not account.tidy:
        shared = place.call(
            "ec2",
            "RegisterImage",
            Name=f"{account.short}-golden",
            Architecture="x86_64",
            RootDeviceName="/dev/xvda",
            VirtualizationType="hvm",
        )["ImageId"]
        place.call("ec2", "ModifyImageAttribute", ImageId=shared, LaunchPermission={"Add": [{"Group": "all"}]})
    return image


def _instances(place, account, subnets, groups, image, home):
    kinds = [("app", "m6i.large", "required", "internal", 40)]
    if not account.tidy:
        kinds.append(("old", "t2.micro", "optional", "ssh-open", 800))
        if home:
            kinds += [
                ("batch", "p3.2xlarge", "optional", "everything-open", 20),
                ("stopped", "t3.small", "required", "internal", 600),
            ]
    for name, kind, token, group, days in kinds:
        with CALENDAR.days_ago(min(days, account.age - 8)):
            instance = place.call(
                "ec2",
                "RunInstances",
                ImageId=image,
                InstanceType=kind,
                MinCount=1,
                MaxCount=1,
                SubnetId=subnets[0],
                SecurityGroupIds=[groups[group]],
                MetadataOptions={"HttpTokens": token, "HttpEndpoint": "enabled"},
                IamInstanceProfile={"Name": "Server"},
                EbsOptimized=account.tidy,
                Monitoring={"Enabled": account.tidy},
                TagSpecifications=network.specification("instance", account, name),
            )["Instances"][0]["InstanceId"]
        if name == "stopped":
            place.call("ec2", "StopInstances", InstanceIds=[instance])
        if name == "old":
            secret = base64.b64encode(b"#!/bin/sh\nexport DB_PASSWORD=example-only\n").decode()
            place.call("ec2", "ModifyInstanceAttribute", InstanceId=instance, UserData={"Value": secret.encode()})


def _volumes(place, account, home):
    zone = place.call("ec2", "DescribeAvailabilityZones")["AvailabilityZones"][0]["ZoneName"]
    sizes = ((20, True), (100, account.tidy)) if home else ((20, account.tidy),)
    for size, encrypted in sizes:
        volume = place.call(
            "ec2",
            "CreateVolume",
            AvailabilityZone=zone,
            Size=size,
            Encrypted=encrypted,
            VolumeType="gp3",
            TagSpecifications=network.specification("volume", account, f"data-{size}"),
        )["VolumeId"]
    with CALENDAR.days_ago(min(400, account.age - 6)):
        snapshot = place.call(
            "ec2",
            "CreateSnapshot",
            VolumeId=volume,
            Description="before the migration",
            TagSpecifications=network.specification("snapshot", account, "migration"),
        )["SnapshotId"]
    if home and not account.tidy:
        place.call(
            "ec2",
            "ModifySnapshotAttribute",
            SnapshotId=snapshot,
            Attribute="createVolumePermission",
            OperationType="add",
            GroupNames=["all"],
        )


def _web(place, account, vpc, subnets, groups, image):
    data = {
        "ImageId": image,
        "InstanceType": "t3.small",
        "SecurityGroupIds": [groups["internal"]],
        "MetadataOptions": {"HttpTokens": "required" if account.tidy else "optional"},
    }
    template = place.call(
        "ec2", "CreateLaunchTemplate", LaunchTemplateName=f"{account.short}-web", LaunchTemplateData=data
    )
    target = place.call("elbv2", "CreateTargetGroup", Name=f"{account.short}-web", Protocol="HTTP", Port=80, VpcId=vpc)
    target = target["TargetGroups"][0]["TargetGroupArn"]
    place.call(
        "autoscaling",
        "CreateAutoScalingGroup",
        AutoScalingGroupName=f"{account.short}-web",
        MinSize=0,
        MaxSize=4,
        DesiredCapacity=0,
        VPCZoneIdentifier=",".join(subnets),
        TargetGroupARNs=[target],
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplate"]["LaunchTemplateId"], "Version": "$Latest"},
    )
    place.call(
        "autoscaling",
        "CreateLaunchConfiguration",
        LaunchConfigurationName=f"{account.short}-ancient",
        ImageId=image,
        InstanceType="t2.micro",
        AssociatePublicIpAddress=True,
    )
    _balancers(place, account, subnets, groups, target)


def _balancers(place, account, subnets, groups, target):
    certificate = place.call(
        "acm", "RequestCertificate", DomainName=f"{account.short}.hinode.example", ValidationMethod="DNS"
    )
    certificate = certificate["CertificateArn"]
    for name, scheme, kind in (("web", "internet-facing", "application"), ("inner", "internal", "network")):
        balancer = place.call(
            "elbv2",
            "CreateLoadBalancer",
            Name=f"{account.short}-{name}",
            Subnets=subnets,
            Scheme=scheme,
            Type=kind,
            **({"SecurityGroups": [groups["https"]]} if kind == "application" else {}),
        )
        balancer = balancer["LoadBalancers"][0]["LoadBalancerArn"]
        forward = [{"Type": "forward", "TargetGroupArn": target}]
        if kind == "network":
            place.call(
                "elbv2", "CreateListener", LoadBalancerArn=balancer, Protocol="TCP", Port=80, DefaultActions=forward
            )
            continue
        place.call(
            "elbv2", "CreateListener", LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward
        )
        place.call(
            "elbv2",
            "CreateListener",
            LoadBalancerArn=balancer,
            Protocol="HTTPS",
            Port=443,
            DefaultActions=forward,
            SslPolicy="ELBSecurityPolicy-2016-08",
            Certificates=[{"CertificateArn": certificate}],
        )
    place.call(
        "elb",
        "CreateLoadBalancer",
        LoadBalancerName=f"{account.short}-classic",
        Subnets=subnets[:1],
        SecurityGroups=[groups["https"]],
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 8080}],
    )
    place.call("elasticbeanstalk", "CreateApplication", ApplicationName=f"{account.short}-shop")
    place.call(
        "elasticbeanstalk",
        "CreateEnvironment",
        ApplicationName=f"{account.short}-shop",
        EnvironmentName=f"{account.short}-env",
        SolutionStackName="64bit Amazon Linux 2023 v4.3.0 running Python 3.11",
    )


def _desktops(place, account, subnets):
    directory = place.call(
        "ds",
        "CreateDirectory",
        Name="corp.hinode.example",
        Password="Correct-Horse-9",
        Size="Small",
        VpcSettings={"VpcId": network.find(place, account)[0], "SubnetIds": subnets},
    )["DirectoryId"]
    place.call("workspaces", "RegisterWorkspaceDirectory", DirectoryId=directory, SubnetIds=subnets)
    place.call(
        "workspaces",
        "CreateWorkspaces",
        Workspaces=[
            {
                "DirectoryId": directory,
                "UserName": "sato.daisuke",
                "BundleId": "wsb-0a1b2c3d4",
                "UserVolumeEncryptionEnabled": False,
            }
        ],
    )
