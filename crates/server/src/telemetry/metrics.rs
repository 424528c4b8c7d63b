//! Numbers that are counted as things happen.

use std::sync::Mutex;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use yagura_model::ScanId;

/// Upper ends of the ranges that durations are counted in, in seconds.
const RANGES: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Way {
    way: &'static str,
}

/// Numbers that are counted as things happen.
#[derive(Debug)]
pub(crate) struct Metrics {
    pub(super) registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Asked, Histogram>,
    sign_ins_failed: Family<Way, Counter>,
    streams: Gauge,
    /// What the scan of this number could not see: counting it anew for each question would be much work.
    pub(super) gaps: Mutex<Option<(ScanId, u64)>>,
}

impl Default for Metrics {
    fn default() -> Self {
        let durations = Family::new_with_constructor((|| Histogram::new(RANGES)) as fn() -> Histogram);
        let mut metrics = Self {
            registry: Registry::with_prefix("yagura"),
            requests: Family::default(),
            durations,
            sign_ins_failed: Family::default(),
            streams: Gauge::default(),
            gaps: Mutex::default(),
        };
        for way in ["password", "openid"] {
            // Those that never happened are told, too.
            drop(metrics.sign_ins_failed.get_or_create(&Way { way }));
        }
        let registry = &mut metrics.registry;
        registry.register("http_requests", "Requests that were answered", metrics.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "How long requests took until their answer began",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        let failed = metrics.sign_ins_failed.clone();
        registry.register("sign_ins_failed", "Sign-ins that were refused", failed);
        registry.register("event_streams", "Streams of events that are open", metrics.streams.clone());
        metrics
    }
}

impl Metrics {
    /// A request was answered.
    pub(super) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.durations.get_or_create(&Asked { method, route: route.clone() }).observe(took.as_secs_f64());
        let way = match (method, &*route, status) {
            ("POST", "/api/session", 401 | 429) => Some("password"),
            (_, crate::openid::CALLBACK, 303) => Some("openid"),
            _ => None,
        };
        if let Some(way) = way {
            self.sign_ins_failed.get_or_create(&Way { way }).inc();
        }
        self.requests.get_or_create(&Answered { method, route, status }).inc();
    }

    /// A stream opened; it is counted as long as what this gives lives.
    pub(crate) fn stream(&self) -> OpenStream {
        self.streams.inc();
        OpenStream(self.streams.clone())
    }
}

/// A stream that is open.
#[derive(Debug)]
pub(crate) struct OpenStream(Gauge);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.dec();
    }
}
