//! Every rule over a large account: a thousand instances, security groups, buckets and roles, on one core.
//!
//! `cargo bench -p yagura-scan --bench whole_pack` takes what the demonstration's accounts hold, multiplies it, and
//! judges all of it at once. Where Linux tells the time that the thread was on a core, that is what counts.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when its data is wrong"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use yagura_inventory::SnapshotReader;
use yagura_model::{Inventory, Organization, Outcome, Partition, Resource};
use yagura_packs::Packs;
use yagura_posture::{Rules, Settings};

/// How many resources of each of the four types there are.
const EACH: usize = 1_000;

const MULTIPLIED: [&str; 4] =
    ["AWS::EC2::Instance", "AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::S3::Bucket"];

fn main() {
    let snapshot =
        SnapshotReader::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/organization"));
    let snapshot = snapshot.unwrap();
    let inventories: Vec<Inventory> = snapshot.inventories().collect::<Result<_, _>>().unwrap();
    let inventory = large(inventories);
    let organization = Organization::of_one(inventory.account.clone(), Partition::Aws);
    let (rules, problems) = Rules::load(&Packs::embedded(), &Settings::default());
    assert!(problems.is_empty(), "{problems:?}");
    let now = snapshot.manifest().created;
    // Compiles the conditions, which a scan does once however many accounts there are.
    let _ = rules.needs();

    let start = on_core();
    let wall = Instant::now();
    let answers = rules.evaluate(&inventory, &organization, now);
    let took = match (start, on_core()) {
        (Some(start), Some(end)) => end - start,
        _ => wall.elapsed(),
    };
    let unknown = answers.iter().filter(|it| it.outcome == Outcome::InsufficientData).count();
    println!(
        "{} rules over {EACH} each of {} types: {} answers ({unknown} not known) in {:.2} s",
        rules.len(),
        MULTIPLIED.len(),
        answers.len(),
        took.as_secs_f64()
    );
}

fn on_core() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// The account that holds most, and what the others hold of the four types, again and again under new names.
fn large(mut inventories: Vec<Inventory>) -> Inventory {
    inventories.sort_by_key(|it| it.resources.len());
    let mut large = inventories.last().unwrap().clone();
    large.resources.retain(|it| !MULTIPLIED.contains(&it.key.resource_type.as_str()));
    for kind in MULTIPLIED {
        let models: Vec<&Resource> = inventories
            .iter()
            .flat_map(|it| &it.resources)
            .filter(|it| it.key.resource_type.as_str() == kind)
            .collect();
        assert!(!models.is_empty(), "the demonstration holds no {kind}");
        let many = models.iter().cycle().take(EACH).enumerate();
        large.resources.extend(many.map(|(n, model)| {
            let mut one = renamed(model, n);
            one.key.account = large.account.id.clone();
            one
        }));
    }
    large.resources.sort_by(|a, b| a.key.cmp(&b.key));
    large
}

/// The resource under another id, in its configuration and ARN too.
fn renamed(model: &Resource, n: usize) -> Resource {
    let mut one = model.clone();
    one.key.id = format!("{}-{n:04}", model.key.id);
    one.arn = model.arn.replace(&model.key.id, &one.key.id);
    let text = serde_json::to_string(&model.configuration).unwrap();
    one.configuration = serde_json::from_str(&text.replace(&model.key.id, &one.key.id)).unwrap();
    one
}
