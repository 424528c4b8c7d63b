"""What faces the internet: load balancers, CloudFront, API Gateway, AppSync, WAF, Route 53, ACM, firewalls, Transfer."""

from . import state
from .groups import WORLD, entry, group

PROOF = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"


@state
def balancers(aws):
    """Load balancers of each kind, their listeners and attributes."""
    if aws.kept:
        return
    elb = aws.elbv2
    group(aws, "web", entry(443, IpRanges=WORLD))
    certificate = aws.acm.RequestCertificate(DomainName="www.domain.example")["CertificateArn"]
    aws.shared["certificate"] = certificate
    target = elb.CreateTargetGroup(Name="targets", Protocol="HTTP", Port=80, VpcId=aws.shared["vpc"])["TargetGroups"][0]["TargetGroupArn"]
    through = elb.CreateTargetGroup(Name="through", Protocol="TCP", Port=443, VpcId=aws.shared["vpc"])["TargetGroups"][0]["TargetGroupArn"]

    def balancer(name, attributes=None, kind="application", scheme="internet-facing", subnets=None):
        made = elb.CreateLoadBalancer(Name=name, Type=kind, Scheme=scheme, Subnets=subnets or aws.shared["publics"])
        arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        if attributes:
            elb.ModifyLoadBalancerAttributes(LoadBalancerArn=arn, Attributes=[{"Key": key, "Value": value} for key, value in attributes.items()])
        return arn

    def listen(arn, protocol, port, actions=None, **more):
        actions = actions or [{"Type": "forward", "TargetGroupArn": target if protocol.startswith("HTTP") else through}]
        certificates = {"Certificates": [{"CertificateArn": certificate}]} if protocol in ("HTTPS", "TLS") else {}
        return elb.CreateListener(LoadBalancerArn=arn, Protocol=protocol, Port=port, DefaultActions=actions, **certificates, **more)

    redirect = [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]
    loop = [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTP", "Port": "8080", "StatusCode": "HTTP_301"}}]
    fixed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    good = {
        "deletion_protection.enabled": "true",
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": "states-logs",
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "routing.http.desync_mitigation_mode": "strictest",
    }
    best, old = "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08"
    listen(balancer("alb-good", good), "HTTPS", 443, SslPolicy=best)
    bad = balancer("alb-bad", {"routing.http.desync_mitigation_mode": "monitor", "routing.http.drop_invalid_header_fields.enabled": "false"})
    listen(bad, "HTTP", 80)
    listen(balancer("alb-redirect", good), "HTTP", 80, redirect)
    listen(balancer("alb-loop", good), "HTTP", 80, loop)
    listen(balancer("alb-fixed", good), "HTTP", 80, fixed)
    listen(balancer("alb-old-tls", good), "HTTPS", 443, SslPolicy=old)
    both = balancer("alb-both", good)
    listen(both, "HTTPS", 443, SslPolicy=best)
    listen(both, "HTTP", 80)
    balancer("alb-no-listener", good)
    listen(balancer("alb-internal", good, scheme="internal", subnets=aws.shared["private"]), "HTTP", 80)
    balancer("alb-one-subnet", subnets=aws.shared["publics"][:1])
    cross = {"load_balancing.cross_zone.enabled": "true", "deletion_protection.enabled": "true"}
    listen(balancer("nlb-tls", cross, "network"), "TLS", 443, SslPolicy=best)
    listen(balancer("nlb-tcp", None, "network"), "TCP", 443)
    listen(balancer("nlb-tcp-80", None, "network"), "TCP", 80)
    listen(balancer("nlb-udp", None, "network"), "UDP", 53)
    acl = aws.wafv2.CreateWebACL(
        Name="attached",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        Rules=[],
        VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"},
    )["Summary"]["ARN"]
    aws.shared["acl"] = acl
    aws.wafv2.AssociateWebACL(WebACLArn=acl, ResourceArn=both)


@state
def classic_balancers(aws):
    """Classic load balancers."""
    if aws.kept:
        return
    elb = aws.elb
    acm = [aws.shared["certificate"], f"arn:aws:iam::{aws.account}:server-certificate/old"]
    for name, protocol, certificate, good in (
        ("clb-good", "HTTPS", acm[0], True),
        ("clb-iam", "HTTPS", acm[1], False),
        ("clb-http", "HTTP", None, False),
        ("clb-tcp", "TCP", None, True),
        ("clb-ssl", "SSL", acm[0], True),
    ):
        port = 443 if certificate else 80
        listener = {"Protocol": protocol, "LoadBalancerPort": port, "InstanceProtocol": "HTTP", "InstancePort": 80}
        zones = [f"{aws.region}a", f"{aws.region}c"][: 2 if good else 1]
        elb.CreateLoadBalancer(
            LoadBalancerName=name, Listeners=[listener | ({"SSLCertificateId": certificate} if certificate else {})], AvailabilityZones=zones
        )
        attributes = {
            "CrossZoneLoadBalancing": {"Enabled": good},
            "AccessLog": {"Enabled": good, **({"S3BucketName": "states-logs", "EmitInterval": 5} if good else {})},
            "ConnectionDraining": {"Enabled": good, "Timeout": 300},
        }
        elb.ModifyLoadBalancerAttributes(LoadBalancerName=name, LoadBalancerAttributes=attributes)


@state
def distributions(aws):
    """CloudFront distributions."""
    if aws.kept:
        return

    def origin(identity, domain, **more):
        return {"Id": identity, "DomainName": domain} | more

    def custom(policy, protocols=("TLSv1.2",)):
        return {"CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": policy, "OriginSslProtocols": {"Quantity": len(protocols), "Items": list(protocols)}}}

    bucket = origin("o", "states-plain.s3.amazonaws.com", S3OriginConfig={"OriginAccessIdentity": ""})
    gone = origin("o", "states-gone.s3.amazonaws.com", S3OriginConfig={"OriginAccessIdentity": ""})
    identity = origin("o", "states-plain.s3.amazonaws.com", S3OriginConfig={"OriginAccessIdentity": "origin-access-identity/cloudfront/E1"})
    control = bucket | {"OriginAccessControlId": "E2"}
    host = origin("o", "www.domain.example")
    logs = {"Logging": {"Enabled": True, "IncludeCookies": False, "Bucket": "states-logs.s3.amazonaws.com", "Prefix": "c/"}}
    default = {"ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"}}
    own = {"ViewerCertificate": {"ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1", "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021", "CloudFrontDefaultCertificate": False}}
    address = {"ViewerCertificate": own["ViewerCertificate"] | {"SSLSupportMethod": "vip", "MinimumProtocolVersion": "TLSv1"}}
    firewall = {"WebACLId": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/x/1"}
    for name, origins, policy, more in (
        ("good", [control], "redirect-to-https", {"DefaultRootObject": "index.html"} | logs | own | firewall),
        ("bad", [bucket], "allow-all", {"DefaultRootObject": ""} | default),
        ("off", [bucket], "allow-all", {"Enabled": False} | default),
        ("https-only", [identity], "https-only", default),
        ("dedicated-address", [control], "https-only", address),
        ("bucket-gone", [gone], "https-only", own),
        ("custom-https", [host | custom("https-only")], "https-only", own),
        ("custom-http", [host | custom("http-only")], "https-only", own),
        ("custom-match", [host | custom("match-viewer")], "https-only", own),
        ("custom-match-open", [host | custom("match-viewer")], "allow-all", own),
        ("custom-sslv3", [host | custom("https-only", ("SSLv3", "TLSv1"))], "https-only", own),
        ("custom-tls1", [host | custom("https-only", ("TLSv1", "TLSv1.2"))], "https-only", own),
        ("two-origins", [control, (host | custom("https-only")) | {"Id": "p"}], "https-only", own),
    ):
        behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": policy, "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}, "MinTTL": 0}
        aws.cloudfront.CreateDistributionWithTags(
            DistributionConfigWithTags={
                "DistributionConfig": {
                    "CallerReference": name,
                    "Comment": name,
                    "Enabled": True,
                    "Origins": {"Quantity": len(origins), "Items": origins},
                    "DefaultCacheBehavior": behaviour,
                }
                | more,
                "Tags": {"Items": [{"Key": "Name", "Value": f"distribution-{name}"}]},
            }
        )


@state
def gateways(aws):
    """REST and HTTP APIs, AppSync."""
    if aws.kept:
        return
    rest = aws.apigateway
    for name, kind, authorization, authorizer, stage in (
        ("api-good", "PRIVATE", "AWS_IAM", False, {"tracing": True, "logged": True}),
        ("api-bad", "EDGE", "NONE", False, {}),
        ("api-regional-iam", "REGIONAL", "AWS_IAM", False, {"logged": True}),
        ("api-authorizer-unused", "REGIONAL", "NONE", True, {}),
        ("api-authorizer", "REGIONAL", "CUSTOM", True, {"logged": True}),
        ("api-secret", "REGIONAL", "AWS_IAM", False, {"variables": {"db_password": "Tr0ub4dor-and-3-more"}}),
        ("api-cache", "REGIONAL", "AWS_IAM", False, {"cache": True}),
        ("api-cache-encrypted", "REGIONAL", "AWS_IAM", False, {"cache": True, "encrypted": True}),
        ("api-certificate", "REGIONAL", "AWS_IAM", False, {"certificate": True}),
    ):
        api = rest.CreateRestApi(name=name, endpointConfiguration={"types": [kind]})["id"]
        root = rest.GetResources(restApiId=api)["items"][0]["id"]
        more = {}
        if authorizer:
            made = rest.CreateAuthorizer(restApiId=api, name="a", type="TOKEN", authorizerUri="arn:aws:apigateway:x", identitySource="method.request.header.A")["id"]
            more = {"authorizerId": made} if authorization == "CUSTOM" else {}
        rest.PutMethod(restApiId=api, resourceId=root, httpMethod="GET", authorizationType=authorization, **more)
        rest.PutIntegration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK" if name == "api-good" else "HTTP", integrationHttpMethod="GET", uri="http://backend.example/")
        rest.PutIntegrationResponse(restApiId=api, resourceId=root, httpMethod="GET", statusCode="200")
        deployment = rest.CreateDeployment(restApiId=api)["id"]
        cache = {"cacheClusterEnabled": True, "cacheClusterSize": "0.5"} if stage.get("cache") else {}
        rest.CreateStage(restApiId=api, stageName="live", deploymentId=deployment, tracingEnabled=bool(stage.get("tracing")), variables=stage.get("variables", {}), **cache)
        patches = []
        if stage.get("logged"):
            patches.append({"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"})
        if stage.get("cache"):
            patches.append({"op": "replace", "path": "/*/*/caching/enabled", "value": "true"})
        if stage.get("encrypted"):
            patches.append({"op": "replace", "path": "/*/*/caching/dataEncrypted", "value": "true"})
        if stage.get("certificate"):
            patches.append({"op": "replace", "path": "/clientCertificateId", "value": "abcdef"})
        if patches:
            rest.UpdateStage(restApiId=api, stageName="live", patchOperations=patches)
        if name == "api-regional-iam":
            aws.wafv2.AssociateWebACL(WebACLArn=aws.shared["acl"], ResourceArn=f"arn:aws:apigateway:{aws.region}::/restapis/{api}/stages/live")
    for name, kind, authorization, logged in (
        ("http-good", "HTTP", "AWS_IAM", True),
        ("http-bad", "HTTP", "NONE", False),
        ("http-unused-authorizer", "HTTP", "NONE", True),
        ("socket-bad", "WEBSOCKET", "NONE", False),
    ):
        more = {"RouteSelectionExpression": "$request.body.action"} if kind == "WEBSOCKET" else {}
        api = aws.apigatewayv2.CreateApi(Name=name, ProtocolType=kind, **more)["ApiId"]
        aws.apigatewayv2.CreateRoute(ApiId=api, RouteKey="GET /" if kind == "HTTP" else "$connect", AuthorizationType=authorization)
        if "authorizer" in name:
            aws.apigatewayv2.CreateAuthorizer(ApiId=api, AuthorizerType="JWT", Name="j", IdentitySource=["$request.header.Authorization"], JwtConfiguration={"Audience": ["a"], "Issuer": "https://i.example"})
        log = {"AccessLogSettings": {"DestinationArn": aws.arn("logs", "log-group:kept"), "Format": "$context.requestId"}} if logged else {}
        aws.apigatewayv2.CreateStage(ApiId=api, StageName="live", **log)
    for name, kind, log in (("graph-good", "AWS_IAM", "ALL"), ("graph-bad", "API_KEY", None), ("graph-error", "AMAZON_COGNITO_USER_POOLS", "ERROR"), ("graph-none", "AWS_IAM", "NONE")):
        more = {"logConfig": {"fieldLogLevel": log, "cloudWatchLogsRoleArn": aws.shared["role"]}} if log else {}
        aws.appsync.CreateGraphqlApi(name=name, authenticationType=kind, **more)


@state
def firewalls(aws):
    """WAF web ACLs, Network Firewall, Shield, DNS zones, certificates, Transfer servers."""
    if aws.kept:
        return
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    unseen = seen | {"CloudWatchMetricsEnabled": False, "SampledRequestsEnabled": False}

    def rule(view):
        return {"Name": "r", "Priority": 1, "Action": {"Block": {}}, "Statement": {"GeoMatchStatement": {"CountryCodes": ["AQ"]}}, "VisibilityConfig": view}

    for name, rules in (("acl-empty", []), ("acl-good", [rule(seen)]), ("acl-unseen-rule", [rule(unseen)])):
        made = aws.wafv2.CreateWebACL(Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}}, Rules=rules, VisibilityConfig=seen)["Summary"]["ARN"]
        if name == "acl-good":
            aws.wafv2.PutLoggingConfiguration(LoggingConfiguration={"ResourceArn": made, "LogDestinationConfigs": [aws.arn("logs", "log-group:aws-waf-logs-a")]})
    aws.shield.CreateSubscription()
    for found in aws.elbv2.DescribeLoadBalancers(Names=["alb-good"])["LoadBalancers"] or ():
        aws.shield.CreateProtection(Name="p", ResourceArn=found["LoadBalancerArn"])
    network = aws.network_firewall
    for name, protect in (("good", True), ("bad", False)):
        subnets = [{"SubnetId": each} for each in (aws.shared["private"] if protect else aws.shared["private"][:1])]
        network.CreateFirewall(
            FirewallName=f"firewall-{name}",
            FirewallPolicyArn=aws.arn("network-firewall", f"firewall-policy/policy-{name}"),
            VpcId=aws.shared["vpc"],
            SubnetMappings=subnets,
            DeleteProtection=protect,
        )
    for name, private in (("public.example", False), ("private.example", True)):
        more = {"HostedZoneConfig": {"PrivateZone": True, "Comment": ""}, "VPC": {"VPCRegion": aws.region, "VPCId": aws.shared["vpc"]}} if private else {}
        zone = aws.route53.CreateHostedZone(Name=name, CallerReference=name, **more)["HostedZone"]["Id"]
        zone = zone and zone.rpartition("/")[2]
        for host, kind, values in (("gone", "A", ["52.1.2.3"]), ("site", "CNAME", ["states-gone.s3-website-ap-northeast-1.amazonaws.com"]), ("fine", "A", ["203.0.113.9"])):
            record = {"Name": f"{host}.{name}", "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": each} for each in values]}
            aws.route53.ChangeResourceRecordSets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]})
    aws.acm.RequestCertificate(DomainName="logged.domain.example", KeyAlgorithm="EC_prime256v1")
    aws.acm.RequestCertificate(DomainName="unlogged.domain.example", Options={"CertificateTransparencyLoggingPreference": "DISABLED"})
    for protocols in (["SFTP"], ["FTPS"], ["SFTP", "FTP"]):
        aws.transfer.CreateServer(Protocols=protocols, Tags=[{"Key": "Name", "Value": "-".join(protocols)}])
