//! What the measurements of this crate share: a made-up account, and what the process used.

use yagura_model::{
    Account, AccountId, Aliases, Coverage, Fix, Function, Inventory, ReadStatus, Region, Resource,
    ResourceType, RuleId, RuleInfo, RuleText, Severity, Text,
};

const REGIONS: usize = 17;

/// A region of an account.
pub fn region(number: usize) -> Region {
    Region::new(format!("region-{:02}", number % REGIONS))
}

/// A rule.
pub fn rule(number: usize, severity: Severity) -> RuleInfo {
    let text = RuleText { title: "a title".to_owned(), ..RuleText::default() };
    RuleInfo {
        id: RuleId::new(format!("rule-{number:03}")),
        aliases: Aliases::default(),
        resource: "AWS::EC2::Instance".into(),
        severity,
        function: Function::Protect,
        text: Text { en: text.clone(), ja: text },
        fix: Fix::default(),
        references: vec![],
    }
}

/// An account with these resources, in which every call was answered.
pub fn inventory(account: &AccountId, types: &[ResourceType], mut resources: Vec<Resource>) -> Inventory {
    resources.sort_by(|a, b| a.key.cmp(&b.key));
    let mut coverage = Coverage::default();
    for n in 0..REGIONS {
        for call in 0..120 {
            coverage.add(&region(n), &format!("service{}.Describe{call}", call % 8), ReadStatus::Read);
        }
    }
    Inventory {
        account: Account::bare(account.clone()),
        regions: (0..REGIONS).map(region).collect(),
        types: types.iter().cloned().collect(),
        resources,
        unlisted: vec![],
        coverage,
        links: None,
    }
}

/// Processor time that this process used so far, in seconds: what counts where others use the machine too.
pub fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most memory that this process ever held, in megabytes; 0 where the system does not tell.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1_000
}
