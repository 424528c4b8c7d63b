//! Makes the sources that a scan reads: AWS or a snapshot, as the arguments say.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use yagura_aws::organization::caller;
use yagura_aws::{CallErrorKind, Client, RoleConfig, Tables, Target};
use yagura_inventory::{AnyOperation, Collectors};
use yagura_model::{Region, Timestamp};
use yagura_packs::Packs;
use yagura_scan::{AccountFilter, Live, LiveError, LiveSettings, Recorded, RegionFilter};

use crate::arguments::TargetArguments;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;

/// The time by this machine's clock.
pub fn clock() -> Timestamp {
    Timestamp::now()
}

/// Opens a snapshot.
pub fn recorded(directory: &Path, target: &TargetArguments, config: &Config) -> Result<Recorded, Failure> {
    Recorded::open(directory, &account_filter(target, config)?, region_filter(target)).map_err(|error| {
        Told::new(format!("the snapshot `{}` cannot be judged", directory.display())).because(error).usage()
    })
}

/// Reaches AWS and finds the accounts.
pub async fn live(packs: &Packs, target: &TargetArguments, config: &Config) -> Result<Live, Failure> {
    let mut builder = Client::builder().packs(Arc::new(packs.clone()));
    if let Some(calls) = target.calls_at_once {
        builder = builder.in_flight(calls);
    }
    if target.fips {
        builder = builder.fips(true);
    }
    if target.dual_stack {
        builder = builder.dual_stack(true);
    }
    let client =
        builder.load().await.map_err(|error| Told::new("AWS cannot be reached").because(error).other())?;
    let fallback = RoleConfig::default();
    let settings = LiveSettings {
        accounts: account_filter(target, config)?,
        regions: region_filter(target),
        this_account: target.this_account,
        role: RoleConfig {
            name: target.role_name.clone().unwrap_or(fallback.name),
            external_id: target.external_id.clone(),
            session_name: target.session_name.clone().unwrap_or(fallback.session_name),
        },
    };
    let live = Live::begin(client, settings).await.map_err(begin_failed)?;
    for gap in live.gaps() {
        terminal::say(&format!("about the organisation: {gap}"));
    }
    Ok(live)
}

/// Reaches AWS as whoever runs the program.
///
/// # Errors
///
/// AWS cannot be reached, or does not accept the caller.
pub async fn as_caller(packs: &Packs) -> Result<(Client, Target), Failure> {
    let client = Client::builder().packs(Arc::new(packs.clone())).load().await;
    let client = client.map_err(|error| Told::new("AWS cannot be reached").because(error).other())?;
    let caller = caller(&client, client.credentials(), client.region()).await.map_err(|error| {
        Told::new("AWS does not accept the caller")
            .because(error)
            .help(
                "sign in again (`aws sso login`), choose another profile with AWS_PROFILE, or renew the keys",
            )
            .other()
    })?;
    Ok((client, caller.target))
}

fn begin_failed(error: LiveError) -> Failure {
    match &error {
        LiveError::Caller(call) if call.kind == CallErrorKind::Credentials => Told::new(
            "AWS does not accept the caller",
        )
        .because(error)
        .help("sign in again (`aws sso login`), choose another profile with AWS_PROFILE, or renew the keys")
        .other(),
        LiveError::Caller(_) => Told::new("AWS cannot be asked")
            .because(error)
            .help("check the network, the proxy, and AWS_ENDPOINT_URL if it is set")
            .other(),
        LiveError::Filter(_) | LiveError::NoSuchRegion { .. } => Told::new(error.to_string()).usage(),
    }
}

fn account_filter(target: &TargetArguments, config: &Config) -> Result<AccountFilter, Failure> {
    let projects = target.projects.iter().map(|name| config.project(name).cloned());
    Ok(AccountFilter {
        accounts: target.accounts.clone(),
        exclude_accounts: target.exclude_accounts.clone(),
        organizational_units: target.organizational_units.clone(),
        exclude_organizational_units: target.exclude_organizational_units.clone(),
        projects: projects.collect::<Result<_, _>>()?,
    })
}

fn region_filter(target: &TargetArguments) -> RegionFilter {
    let regions = |names: &[String]| -> BTreeSet<Region> {
        names.iter().map(|name| Region::from(name.as_str())).collect()
    };
    RegionFilter { regions: regions(&target.regions), exclude: regions(&target.exclude_regions) }
}

/// The collectors. Those of the user are checked against the operation tables; the built-in ones are by our tests, so that
/// a scan need not read every table.
pub fn collectors(packs: &Packs) -> Result<Collectors, Failure> {
    let own = packs.below("collectors", "yaml").any(yagura_packs::PackFile::is_users);
    let (collectors, mistakes) = if own {
        Collectors::load(packs, &Tables::new(Arc::new(packs.clone())))
    } else {
        Collectors::load(packs, &AnyOperation)
    };
    terminal::diagnostics(&mistakes);
    if terminal::any_error(&mistakes) {
        return Err(Told::new("collectors have mistakes").help("mend or remove them").usage());
    }
    Ok(collectors)
}
