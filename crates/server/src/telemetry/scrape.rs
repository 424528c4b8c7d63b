//! Numbers for Prometheus and whoever reads OpenMetrics: those that were counted, and those that are looked up when somebody asks.

use std::fmt;
use std::sync::PoisonError;

use futures::TryStreamExt as _;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Metric, Registry, Unit};
use yagura_model::{ScanId, Severity};
use yagura_store::{FindingFilter, ReadError};

use super::process::process;
use crate::app::App;

/// What the numbers are written in.
pub(crate) const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfSeverity {
    severity: &'static str,
}

/// All numbers. When the store does not answer, those of the store are missing and `yagura_store_up` is 0.
pub(crate) async fn scraped(app: &App) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("yagura");
    let is_up = match of_store(app, &mut registry).await {
        Ok(()) => 1,
        Err(error) => {
            tracing::error!(
                error = crate::problem::chain(&error),
                "the store did not answer who asked for numbers"
            );
            0
        }
    };
    add(&mut registry, "store_up", "Whether the store answers", is_up);
    if let Some(bytes) = app.store.size() {
        add_bytes(&mut registry, "store_size", "What the store takes of the disk", bytes);
    }
    let mut bare = Registry::default();
    if let Some(process) = process() {
        add_bytes(&mut bare, "process_resident_memory", "Memory of this process", process.memory);
        let processor = ConstCounter::new(process.processor);
        let told = "Time of processors that this process took";
        register(&mut bare, "process_cpu", told, Some(Unit::Seconds), processor);
        add(&mut bare, "process_open_fds", "Files and connections that are open", process.files);
    }
    let mut text = String::new();
    encode_registry(&mut text, &app.metrics.registry)?;
    encode_registry(&mut text, &registry)?;
    encode_registry(&mut text, &bare)?;
    encode_eof(&mut text)?;
    Ok(text)
}

async fn of_store(app: &App, registry: &mut Registry) -> Result<(), ReadError> {
    let counted = app.counted.of(&app.store, &FindingFilter::open()).await?;
    let findings = Family::<OfSeverity, Gauge>::default();
    for severity in Severity::ALL {
        let number = counted.severities.get(&severity).copied().unwrap_or_default();
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        findings.get_or_create(&OfSeverity { severity: severity.as_str() }).set(number);
    }
    registry.register("open_findings", "Findings that are open", findings);
    let outbox = app.store.outbox_counts().await?;
    add(registry, "outbox_waiting", "Messages that are not sent yet", outbox.waiting);
    add(registry, "outbox_failed", "Messages that were refused for good", outbox.dead);
    let last = app.store.latest_whole_scan().await?;
    let ended = last.as_ref().and_then(|it| Some((it, it.finished?)));
    if let Some((scan, finished)) = ended {
        let accounts = u64::try_from(scan.scope.accounts.len()).unwrap_or(u64::MAX);
        add(registry, "last_scan_accounts", "Accounts that the last scan looked at", accounts);
        let gaps = gaps(app, scan.id).await?;
        add(
            registry,
            "last_scan_gaps",
            "Calls by account and region that the last scan did not get an answer to",
            gaps,
        );
        let age = app.now().duration_since(finished).as_secs();
        let told = "Time since the last scan ended";
        register(registry, "last_scan_age", told, Some(Unit::Seconds), ConstGauge::new(age));
    }
    Ok(())
}

/// What this scan could not see.
async fn gaps(app: &App, scan: ScanId) -> Result<u64, ReadError> {
    let known = *app.metrics.gaps.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, gaps)) = known
        && of == scan
    {
        return Ok(gaps);
    }
    let mut rows = app.store.coverage(scan).await?;
    let mut gaps = 0;
    while let Some(row) = rows.try_next().await? {
        if !row.status.is_known() {
            gaps += row.count;
        }
    }
    *app.metrics.gaps.lock().unwrap_or_else(PoisonError::into_inner) = Some((scan, gaps));
    Ok(gaps)
}

fn add(registry: &mut Registry, name: &str, told: &str, number: u64) {
    register(registry, name, told, None, ConstGauge::new(i64::try_from(number).unwrap_or(i64::MAX)));
}

fn add_bytes(registry: &mut Registry, name: &str, told: &str, number: u64) {
    let number = ConstGauge::new(i64::try_from(number).unwrap_or(i64::MAX));
    register(registry, name, told, Some(Unit::Bytes), number);
}

fn register(registry: &mut Registry, name: &str, told: &str, unit: Option<Unit>, metric: impl Metric) {
    match unit {
        Some(unit) => registry.register_with_unit(name, told, unit, metric),
        None => registry.register(name, told, metric),
    }
}
