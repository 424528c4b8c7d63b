//! Where every service is: `packs/aws-api/endpoints.json`.
//!
//! botocore's rules are evaluated for every region and kind of endpoint, and what comes out is folded again: the most
//! common pattern of a service, then that of a partition, then the regions that differ.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::ruleset::{Endpoint, Question, evaluate};
use super::source::Botocore;
use super::table::{lines, object};

/// The partitions that Yagura reads, with the region where their services without regions are asked.
const PARTITIONS: &[(&str, &str)] =
    &[("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")];

/// The kinds of endpoint: key, FIPS, dual-stack.
const KINDS: &[(&str, bool, bool)] =
    &[("plain", false, false), ("fips", true, false), ("dual", false, true), ("fips+dual", true, true)];

struct Partition {
    name: &'static str,
    home: &'static str,
    outputs: Value,
    regions: Vec<String>,
    services: Value,
}

/// What a service is called outside its own description.
pub struct Signed {
    /// In `endpoints.json`.
    pub prefix: String,
    /// In signatures, where its rules do not say otherwise.
    pub name: String,
}

/// Writes the endpoints of these services, each with its rules.
pub fn write(botocore: &Botocore, services: &BTreeMap<String, (Value, Signed)>) -> Result<String, String> {
    let partitions = partitions(botocore)?;
    let mut told = BTreeMap::new();
    for partition in &partitions {
        told.insert(
            partition.name.to_owned(),
            json!({
                "suffix": partition.outputs["dnsSuffix"],
                "dual": partition.outputs["dualStackDnsSuffix"],
                "home": partition.home,
                "regions": partition.regions,
            }),
        );
    }
    let mut hosts = BTreeMap::new();
    for (service, (rules, names)) in services {
        let failed = |why| format!("{service}: {why}");
        hosts.insert(service.clone(), service_line(rules, names, &partitions).map_err(failed)?);
    }
    Ok(format!("{{\n\"partitions\":{{\n{}\n}},\n\"services\":{{\n{}\n}}\n}}\n", lines(&told), lines(&hosts)))
}

fn partitions(botocore: &Botocore) -> Result<Vec<Partition>, String> {
    let outputs = botocore.file("partitions")?;
    let endpoints = botocore.file("endpoints")?;
    let mut partitions = Vec::new();
    for (name, home) in PARTITIONS {
        let named = |list: &Value, key: &str| {
            list["partitions"].as_array().into_iter().flatten().find(|one| one[key] == *name).cloned()
        };
        let missing = || format!("botocore does not know the partition `{name}`");
        let told = named(&outputs, "id").ok_or_else(missing)?;
        let offered = named(&endpoints, "partition").ok_or_else(missing)?;
        let mut regions: Vec<String> =
            object(&offered["regions"]).map(|(region, _)| region.clone()).collect();
        regions.sort();
        let mut outputs = told["outputs"].clone();
        outputs["name"] = json!(name);
        partitions.push(Partition { name, home, outputs, regions, services: offered["services"].clone() });
    }
    Ok(partitions)
}

fn service_line(rules: &Value, service: &Signed, partitions: &[Partition]) -> Result<Value, String> {
    let mut line = Map::new();
    let mut names = BTreeSet::new();
    for (key, fips, dual_stack) in KINDS {
        let mut found = Vec::new();
        for partition in partitions {
            for region in &partition.regions {
                let question =
                    Question { region, fips: *fips, dual_stack: *dual_stack, partition: &partition.outputs };
                let endpoint = evaluate(rules, question)?;
                names.extend(endpoint.iter().filter_map(|it| it.signing_name.clone()));
                let patterns = patterns(endpoint, region, &partition.outputs);
                found.push(Place { partition: partition.name, region, patterns });
            }
        }
        fold(key, &found, &mut line);
    }
    if names.len() > 1 {
        return Err("its endpoints are signed for more than one service".to_owned());
    }
    line.insert("sign".into(), json!(names.pop_first().unwrap_or_else(|| service.name.clone())));
    for partition in partitions {
        not_offered(&partition.services[&service.prefix], partition, &mut line);
    }
    Ok(Value::Object(line))
}

struct Place<'a> {
    partition: &'static str,
    region: &'a str,
    patterns: Vec<String>,
}

/// A host with its suffix made general again: as the same for every region, signed for a region that is named, and
/// with the region made general too. Which of them tells more regions in one word is found out by [`fold`].
fn patterns(endpoint: Option<Endpoint>, region: &str, partition: &Value) -> Vec<String> {
    let Some(endpoint) = endpoint else { return vec![String::new()] };
    let suffix = |key: &str| partition[key].as_str().unwrap_or_default().to_owned();
    let dual = suffix("dualStackDnsSuffix");
    let plain = suffix("dnsSuffix");
    let mut host = endpoint.host;
    if let Some(start) = host.strip_suffix(&dual) {
        host = format!("{start}{{dual}}");
    } else if let Some(start) = host.strip_suffix(&plain) {
        host = format!("{start}{{suffix}}");
    }
    let signing = endpoint.signing_region.as_deref().unwrap_or(region);
    let fixed = format!("{host} {signing}");
    if signing == region { vec![host.replace(region, "{region}"), fixed] } else { vec![fixed] }
}

fn fold(key: &str, found: &[Place<'_>], line: &mut Map<String, Value>) {
    let usual = most_common(found.iter());
    let partitions: BTreeSet<&str> = found.iter().map(|place| place.partition).collect();
    for name in partitions {
        let here = || found.iter().filter(|place| place.partition == name);
        let common = if here().all(|place| place.patterns.contains(&usual)) {
            usual.clone()
        } else {
            most_common(here())
        };
        if common != usual {
            line.insert(format!("{key}@{name}"), json!(common));
        }
        for place in here().filter(|place| !place.patterns.contains(&common)) {
            line.insert(format!("{key}@{}", place.region), json!(place.patterns[0]));
        }
    }
    line.insert(key.into(), json!(usual));
}

/// The pattern that fits most places; of several, the one that names no region.
fn most_common<'a>(places: impl Iterator<Item = &'a Place<'a>>) -> String {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for place in places {
        for pattern in &place.patterns {
            *counts.entry(pattern).or_default() += 1;
        }
    }
    let best = counts.into_iter().max_by_key(|(pattern, count)| (*count, !pattern.contains(' ')));
    best.map(|(pattern, _)| pattern.clone()).unwrap_or_default()
}

/// The regions of a partition where `endpoints.json` lists the service elsewhere, but not there.
fn not_offered(service: &Value, partition: &Partition, line: &mut Map<String, Value>) {
    if service["isRegionalized"] == false {
        line.insert("global".into(), json!(true));
        return;
    }
    let Some(offered) = service["endpoints"].as_object() else { return };
    let absent: Vec<&String> =
        partition.regions.iter().filter(|region| !offered.contains_key(*region)).collect();
    if absent.len() < partition.regions.len() {
        line.insert(format!("not@{}", partition.name), json!(absent));
    }
}
