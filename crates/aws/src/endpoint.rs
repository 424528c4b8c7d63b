//! Where a service is, in a region: AWS's own hosts by the tables, or the one that the user configured.

use std::collections::BTreeMap;

use serde::Deserialize;
use yagura_model::{Partition, Region};
use yagura_packs::Packs;

use crate::TableError;
use crate::tables::Service;

/// Which kind of endpoint is asked, and what stands in for AWS's own.
#[derive(Debug, Clone, Default)]
pub struct EndpointConfig {
    /// Endpoints with FIPS-validated cryptography.
    pub fips: bool,
    /// Endpoints that answer over IPv6 too.
    pub dual_stack: bool,
    /// Instead of every service's own: `AWS_ENDPOINT_URL`. Nothing is ever put before its host.
    pub url: Option<String>,
    /// Instead of one service's own, by its name in `AWS_ENDPOINT_URL_<NAME>`: `S3`, `ELASTIC_LOAD_BALANCING_V2`.
    pub service_urls: BTreeMap<String, String>,
}

/// Where one service is, in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) scheme: Box<str>,
    /// Host and port.
    pub(crate) authority: Box<str>,
    /// The path of a configured URL, without a slash at its end.
    pub(crate) base_path: Box<str>,
    pub(crate) signing_name: Box<str>,
    pub(crate) signing_region: Box<str>,
    /// Whether the user configured it.
    pub(crate) configured: bool,
    /// Whether AWS lists the service in this region, if it lists the service at all.
    pub(crate) offered: Option<bool>,
}

#[derive(Deserialize)]
struct Table {
    partitions: BTreeMap<String, PartitionLine>,
    services: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
}

#[derive(Deserialize)]
struct PartitionLine {
    suffix: String,
    dual: String,
    home: String,
    regions: Vec<String>,
}

type Lookup = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// All endpoints.
pub(crate) struct Endpoints {
    table: Table,
    config: EndpointConfig,
    lookup: Option<Lookup>,
}

impl Endpoints {
    pub(crate) fn read(packs: &Packs, config: EndpointConfig) -> Result<Self, TableError> {
        let path = "aws-api/endpoints.json";
        let file = packs
            .file(path)
            .ok_or_else(|| TableError::Broken { file: path.to_owned(), why: "it is missing".to_owned() })?;
        let broken = |why: String| TableError::Broken { file: file.shown.clone(), why };
        let bytes = file.bytes().map_err(|error| broken(error.to_string()))?;
        let table = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
        Ok(Self { table, config, lookup: None })
    }

    /// Asks also here for the URL of one service, by its id.
    pub(crate) fn with_lookup(
        mut self,
        lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.lookup = Some(Box::new(lookup));
        self
    }

    /// The region where a partition's services without regions are asked.
    pub(crate) fn home(&self, partition: Partition) -> Region {
        let line = self.table.partitions.get(partition.as_str());
        Region::new(line.map_or("us-east-1", |line| &*line.home))
    }

    /// The regions that the tables know, of one partition.
    pub(crate) fn regions(&self, partition: Partition) -> impl Iterator<Item = &str> {
        let line = self.table.partitions.get(partition.as_str());
        line.into_iter().flat_map(|line| &line.regions).map(String::as_str)
    }

    /// The name under which a service is signed for, which is also how most of its IAM actions begin.
    pub(crate) fn signing_name<'a>(&'a self, service: &'a str) -> &'a str {
        let line = self.table.services.get(service);
        line.and_then(|line| line.get("sign")).and_then(|value| value.as_str()).unwrap_or(service)
    }

    /// Where a service is. `None` when there is no endpoint of the configured kind there.
    pub(crate) fn resolve(&self, service: &Service, region: &str) -> Option<Endpoint> {
        let partition = Region::new(region).partition();
        let line = self.table.services.get(&*service.name);
        let text = |key: &str| line.and_then(|line| line.get(key)).and_then(|value| value.as_str());
        let pattern = |kind: &str| {
            text(&format!("{kind}@{region}"))
                .or_else(|| text(&format!("{kind}@{partition}")))
                .or_else(|| text(kind))
        };
        let kind = match (self.config.fips, self.config.dual_stack) {
            (false, false) => "plain",
            (true, false) => "fips",
            (false, true) => "dual",
            (true, true) => "fips+dual",
        };
        let known = pattern(kind).filter(|pattern| !pattern.is_empty());
        let url = self.configured(service);
        let (host, signing_region) =
            match known.map(|pattern| pattern.split_once(' ').unwrap_or((pattern, region))) {
                Some((host, signing_region)) => (host, signing_region),
                None if url.is_some() => ("", region),
                None => return None,
            };
        let (scheme, authority, base_path) = match &url {
            Some(url) => split_url(url),
            None => ("https", self.fill(host, region, partition), ""),
        };
        Some(Endpoint {
            scheme: scheme.into(),
            authority: authority.into(),
            base_path: base_path.into(),
            signing_name: self.signing_name(&service.name).into(),
            signing_region: signing_region.into(),
            configured: url.is_some(),
            offered: line
                .and_then(|line| line.get(&format!("not@{partition}")))
                .and_then(serde_json::Value::as_array)
                .map(|regions| !regions.iter().any(|it| it == region)),
        })
    }

    fn configured(&self, service: &Service) -> Option<String> {
        let key = service.id.replace([' ', '-'], "_").to_uppercase();
        let looked_up = || self.lookup.as_ref().and_then(|lookup| lookup(&service.id));
        self.config.service_urls.get(&key).cloned().or_else(looked_up).or_else(|| self.config.url.clone())
    }

    fn fill(&self, host: &str, region: &str, partition: Partition) -> String {
        let line = self.table.partitions.get(partition.as_str());
        let (suffix, dual) =
            line.map_or(("amazonaws.com", "api.aws"), |line| (line.suffix.as_str(), line.dual.as_str()));
        host.replace("{region}", region).replace("{suffix}", suffix).replace("{dual}", dual)
    }
}

impl std::fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Endpoints(..)")
    }
}

/// Scheme, host with port, and path of a URL.
fn split_url(url: &str) -> (&str, String, &str) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let end = rest.find('/').unwrap_or(rest.len());
    (scheme, rest[..end].to_owned(), rest[end..].trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tables;
    use std::sync::Arc;

    fn host(config: &EndpointConfig, service: &str, region: &str) -> String {
        let packs = Arc::new(Packs::embedded());
        let operation = match service {
            "iam" => "iam.ListUsers",
            "ec2" => "ec2.DescribeVpcs",
            "s3" => "s3.ListBuckets",
            "sts" => "sts.GetCallerIdentity",
            "organizations" => "organizations.ListRoots",
            "elbv2" => "elbv2.DescribeLoadBalancers",
            other => panic!("{other}"),
        };
        let operation = Tables::new(packs.clone()).operation(operation).unwrap();
        let endpoints = Endpoints::read(&packs, config.clone()).unwrap();
        match endpoints.resolve(operation.service(), region) {
            Some(it) => format!("{}://{}{} {}", it.scheme, it.authority, it.base_path, it.signing_region),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn services_are_where_aws_says_they_are() {
        let plain = EndpointConfig::default();
        for (service, region, expected) in [
            ("ec2", "ap-northeast-1", "https://ec2.ap-northeast-1.amazonaws.com ap-northeast-1"),
            ("ec2", "cn-north-1", "https://ec2.cn-north-1.amazonaws.com.cn cn-north-1"),
            ("iam", "ap-northeast-1", "https://iam.amazonaws.com us-east-1"),
            ("iam", "us-gov-east-1", "https://iam.us-gov.amazonaws.com us-gov-west-1"),
            ("iam", "cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn cn-north-1"),
            ("s3", "us-east-1", "https://s3.us-east-1.amazonaws.com us-east-1"),
            ("sts", "eu-west-1", "https://sts.eu-west-1.amazonaws.com eu-west-1"),
            ("organizations", "eu-west-1", "https://organizations.us-east-1.amazonaws.com us-east-1"),
        ] {
            assert_eq!(host(&plain, service, region), expected);
        }
    }

    #[test]
    fn fips_and_dual_stack_endpoints_are_chosen_where_they_exist() {
        let fips = EndpointConfig { fips: true, ..EndpointConfig::default() };
        let dual = EndpointConfig { dual_stack: true, ..EndpointConfig::default() };
        assert_eq!(host(&fips, "ec2", "us-east-1"), "https://ec2-fips.us-east-1.amazonaws.com us-east-1");
        assert_eq!(host(&fips, "s3", "cn-north-1"), "none");
        assert_eq!(host(&dual, "s3", "us-east-1"), "https://s3.dualstack.us-east-1.amazonaws.com us-east-1");
        assert_eq!(host(&dual, "ec2", "us-east-1"), "https://ec2.us-east-1.api.aws us-east-1");
    }

    #[test]
    fn a_configured_url_stands_in_for_all_services_or_for_one() {
        let config = EndpointConfig {
            url: Some("http://127.0.0.1:5000/".to_owned()),
            service_urls: BTreeMap::from([(
                "ELASTIC_LOAD_BALANCING_V2".to_owned(),
                "https://vpce-1.example:8443/elb/".to_owned(),
            )]),
            ..EndpointConfig::default()
        };
        assert_eq!(host(&config, "iam", "ap-northeast-1"), "http://127.0.0.1:5000 us-east-1");
        assert_eq!(host(&config, "elbv2", "eu-west-1"), "https://vpce-1.example:8443/elb eu-west-1");
    }
}
