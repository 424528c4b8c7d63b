"""Fields that the emulator leaves out of its answers and AWS always sends."""

_VERSIONS = {"redis": "7.1", "valkey": "7.2", "memcached": "1.6.22"}


def _instances(found, request):
    for group in found.get("Reservations", []):
        for instance in group["Instances"]:
            instance.setdefault("VirtualizationType", "hvm")


def _tunnels(found, request):
    for number, connection in enumerate(found.get("VpnConnections", [])):
        logs = {"CloudWatchLogOptions": {"LogEnabled": request.account.tidy}}
        addresses = [f"198.51.100.{10 * number + 1}", f"198.51.100.{10 * number + 2}"]
        connection["Options"] = {
            "EnableAcceleration": False,
            "StaticRoutesOnly": False,
            "TunnelInsideIpVersion": "ipv4",
            "TunnelOptions": [{"OutsideIpAddress": address, "LogOptions": logs} for address in addresses],
        }
        connection["VgwTelemetry"] = [
            {
                "AcceptedRouteCount": 3,
                "LastStatusChange": "2026-01-10T03:00:00Z",
                "OutsideIpAddress": address,
                "Status": status,
                "StatusMessage": "",
            }
            # The second tunnel of the untidy has been down since somebody changed the router.
            for address, status in zip(addresses, ("UP", "UP" if request.account.tidy else "DOWN"), strict=True)
        ]


def _pool(found, request):
    pool = found["UserPool"]
    pool.setdefault("DeletionProtection", "ACTIVE" if request.account.tidy else "INACTIVE")
    pool.setdefault("UserPoolTier", "ESSENTIALS")
    policy = pool.setdefault("Policies", {}).setdefault("PasswordPolicy", {})
    for name in ("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols"):
        policy.setdefault(name, request.account.tidy)
    policy.setdefault("MinimumLength", 8)
    policy.setdefault("TemporaryPasswordValidityDays", 7)


def _caches(found, request):
    for cluster in found.get("CacheClusters", []):
        cluster.setdefault("CacheSubnetGroupName", "ours" if request.account.tidy else "default")
        cluster.setdefault("AutoMinorVersionUpgrade", True)
        cluster["EngineVersion"] = cluster.get("EngineVersion") or _VERSIONS[cluster["Engine"]]
    _members(found, request)


def _members(found, request):
    """AWS lists the nodes of replication groups beside the clusters that stand alone."""
    if "CacheClusterId" in request.sent:
        return
    known = {cluster["CacheClusterId"] for cluster in found.setdefault("CacheClusters", [])}
    for group in request.ask("elasticache", "DescribeReplicationGroups")["ReplicationGroups"]:
        for node in group.get("MemberClusters", []):
            if node not in known:
                found["CacheClusters"].append(_node(node, group, request))


def _node(name, group, request):
    return {
        "CacheClusterId": name,
        "ReplicationGroupId": group["ReplicationGroupId"],
        "ARN": request.arn("elasticache", f"cluster:{name}"),
        "Engine": "redis",
        "EngineVersion": _VERSIONS["redis"],
        "CacheClusterStatus": "available",
        "CacheNodeType": group.get("CacheNodeType", "cache.t4g.small"),
        "NumCacheNodes": 1,
        "CacheClusterCreateTime": "2024-04-01T00:00:00Z",
        "CacheSubnetGroupName": "ours",
        "AutoMinorVersionUpgrade": group.get("AutoMinorVersionUpgrade", True),
        "SnapshotRetentionLimit": group.get("SnapshotRetentionLimit", 0),
        "AuthTokenEnabled": group.get("AuthTokenEnabled", False),
        "TransitEncryptionEnabled": group.get("TransitEncryptionEnabled", False),
        "AtRestEncryptionEnabled": group.get("AtRestEncryptionEnabled", False),
    }


def _add_groups(found, request, kind, names):
    """Adds the parameter groups that AWS makes for each family with the first database of it."""
    key = f"{kind}ParameterGroupName"
    listed = found.setdefault(f"{kind}ParameterGroups", [])
    known = {group[key] for group in listed}
    for name in dict.fromkeys(names):
        if name not in known:
            family = name.removeprefix("default.")
            arn = request.arn("rds", f"{'cluster-pg' if kind == 'DBCluster' else 'pg'}:{name}")
            about = {"DBParameterGroupFamily": family, "Description": f"Default parameter group for {family}"}
            listed.append({key: name, f"{kind}ParameterGroupArn": arn} | about)


def _cluster_groups(found, request):
    clusters = request.ask("rds", "DescribeDBClusters")["DBClusters"]
    _add_groups(found, request, "DBCluster", [each["DBClusterParameterGroup"] for each in clusters])


def _groups(found, request):
    servers = request.ask("rds", "DescribeDBInstances")["DBInstances"]
    names = [group["DBParameterGroupName"] for each in servers for group in each["DBParameterGroups"]]
    _add_groups(found, request, "DB", names)


def _each(list_name, **defaults):
    """Adds defaults to everything of a list."""

    def add(found, request):
        for one in found.get(list_name, []):
            for name, value in defaults.items():
                one.setdefault(name, value)

    return add


def _inside(name, **defaults):
    """Adds defaults to the one thing that an answer tells of."""

    def add(found, request):
        for key, value in defaults.items():
            found[name].setdefault(key, value)

    return add


def _servers(found, request):
    """The certificate of a database server: its authority's name, and how long it is valid."""
    for instance in found.get("DBInstances", []):
        if "CertificateDetails" in instance:
            continue
        authority = instance["CACertificateIdentifier"] = "rds-ca-rsa2048-g1"
        details = {"CAIdentifier": authority, "ValidTill": "2026-11-20T00:00:00Z"}
        # Nobody has restarted the server since AWS renewed its certificate.
        if instance.get("PubliclyAccessible"):
            details["ValidTill"] = "2026-01-15T00:00:00Z"
        instance["CertificateDetails"] = details


def _files(found, request):
    for system in found.get("FileSystems", []):
        system.setdefault("CreationTime", "2024-04-01T00:00:00Z")
        system.setdefault("Lifecycle", "AVAILABLE")
        if system["FileSystemType"] == "LUSTRE":
            system.setdefault("LustreConfiguration", {}).setdefault("DeploymentType", "SCRATCH_2")


def _brokers(found, request):
    for cluster in found.get("ClusterInfoList", []):
        provisioned = cluster.get("Provisioned")
        if not provisioned:
            continue
        provisioned.setdefault("EnhancedMonitoring", "PER_BROKER" if request.account.tidy else "DEFAULT")
        encryption = provisioned.setdefault("EncryptionInfo", {})
        key = "alias/aws/kafka" if not request.account.tidy else f"alias/{request.account.short}-data"
        encryption.setdefault("EncryptionAtRest", {"DataVolumeKMSKeyId": request.arn("kms", key)})
        encryption.setdefault("EncryptionInTransit", {"ClientBroker": "TLS", "InCluster": True})


def _software(found, request):
    for domain in found.get("DomainStatusList", []):
        domain.setdefault(
            "ServiceSoftwareOptions",
            {
                "CurrentVersion": "OpenSearch_2_11_R20240502",
                "NewVersion": "OpenSearch_2_11_R20251210",
                "UpdateAvailable": True,
                "Cancellable": False,
                "UpdateStatus": "ELIGIBLE",
                "Description": "There is a software update available.",
                "AutomatedUpdateDate": "2026-02-20T00:00:00Z",
                "OptionalDeployment": True,
            },
        )


def _directories(found, request):
    for directory in found.get("DirectoryDescriptions", []):
        # AWS leaves out settings that nobody has made; the emulator sends an empty form of them.
        if not directory.get("RadiusSettings", {}).get("RadiusServers"):
            directory.pop("RadiusSettings", None)


def _connections(found, request):
    for connection in found.get("ConnectionList", []):
        connection.setdefault("ConnectionType", "JDBC")


def _notebook(found, request):
    found.setdefault("PlatformIdentifier", "notebook-al2-v2")


def _nodes(found, request):
    attributes = found["Cluster"].setdefault("Ec2InstanceAttributes", {})
    groups = [each["GroupId"] for each in request.ask("ec2", "DescribeSecurityGroups")["SecurityGroups"]]
    for name in ("EmrManagedMasterSecurityGroup", "EmrManagedSlaveSecurityGroup"):
        attributes[name] = attributes.get(name) or groups[0]


AMENDMENTS = {
    ("codebuild", "BatchGetProjects"): _each("projects", projectVisibility="PRIVATE"),
    ("cognito-idp", "DescribeUserPool"): _pool,
    ("dms", "DescribeReplicationInstances"): _each("ReplicationInstances", MultiAZ=False),
    ("ds", "DescribeDirectories"): _directories,
    ("ec2", "DescribeInstances"): _instances,
    ("ec2", "DescribeVpnConnections"): _tunnels,
    ("eks", "DescribeCluster"): _inside("cluster", deletionProtection=False),
    ("elasticache", "DescribeCacheClusters"): _caches,
    ("emr", "DescribeCluster"): _nodes,
    ("fsx", "DescribeFileSystems"): _files,
    ("glue", "GetConnections"): _connections,
    ("glue", "GetJobs"): _each("Jobs", GlueVersion="4.0"),
    ("kafka", "ListClustersV2"): _brokers,
    ("opensearch", "DescribeDomains"): _software,
    ("rds", "DescribeDBClusterParameterGroups"): _cluster_groups,
    ("rds", "DescribeDBInstances"): _servers,
    ("rds", "DescribeDBParameterGroups"): _groups,
    ("redshift", "DescribeClusters"): _each("Clusters", MultiAZ="Disabled"),
    ("sagemaker", "DescribeNotebookInstance"): _notebook,
    ("transfer", "DescribeServer"): _inside("Server", SecurityPolicyName="TransferSecurityPolicy-2018-11"),
}
