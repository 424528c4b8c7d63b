//! Traces in OpenTelemetry's protocol, for whoever sets its standard variables: `OTEL_EXPORTER_OTLP_ENDPOINT` and the others.
//!
//! Spans are sent over HTTP (protobuf), in the background and in batches: a collector that is slow or gone holds up nobody.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Handle;
use tokio_rustls::rustls::crypto::ring;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use yagura_server::OnRequest;

use crate::terminal;

/// A collector has so long for a batch.
const DEADLINE: Duration = Duration::from_secs(10);

/// The program waits so long for its last spans to be taken.
const LAST: Duration = Duration::from_secs(3);

/// Who sends spans, once somebody does.
static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// HTTP of this program's own runtime: spans are sent from a thread that has none.
#[derive(Clone)]
struct OnRuntime {
    client: Arc<HyperClient<HttpsConnector<HttpConnector>>>,
    runtime: Handle,
}

impl fmt::Debug for OnRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRuntime")
    }
}

impl HttpClient for OnRuntime {
    fn send_bytes<'this, 'sent>(
        &'this self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sent>>
    where
        'this: 'sent,
        Self: 'sent,
    {
        let client = Arc::clone(&self.client);
        let sent = self.runtime.spawn(async move { client.send_bytes(request).await });
        Box::pin(async move { sent.await? })
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|it| !it.is_empty())
}

/// Who makes spans, when the variables say where they go. To be called within the runtime.
pub fn tracer() -> Option<SdkTracer> {
    let is_wanted = is_set("OTEL_EXPORTER_OTLP_ENDPOINT") || is_set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    let is_off = |name: &str, value: &str| std::env::var(name).is_ok_and(|it| it.eq_ignore_ascii_case(value));
    if !is_wanted || is_off("OTEL_SDK_DISABLED", "true") || is_off("OTEL_TRACES_EXPORTER", "none") {
        return None;
    }
    match provider() {
        Ok(provider) => {
            let tracer = provider.tracer("yagura");
            PROVIDER.get_or_init(|| provider);
            Some(tracer)
        }
        Err(error) => {
            terminal::say(&format!("no traces are sent: {error}"));
            None
        }
    }
}

fn provider() -> Result<SdkTracerProvider, Box<dyn std::error::Error>> {
    let connector = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(ring::default_provider())?
        .https_or_http()
        .enable_http1()
        .build();
    let client = Arc::new(HyperClient::new(connector, DEADLINE, None));
    let client = OnRuntime { client, runtime: Handle::try_current()? };
    let exporter = SpanExporter::builder().with_http().with_http_client(client).build()?;
    // Its own variables win.
    let mut resource = Resource::builder();
    if !is_set("OTEL_SERVICE_NAME") && !is_set("OTEL_RESOURCE_ATTRIBUTES") {
        resource = resource.with_service_name("yagura");
    }
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build())
}

/// Makes a request's span part of the trace that its `traceparent` names.
pub fn on_request() -> Option<OnRequest> {
    PROVIDER.get()?;
    let propagator = TraceContextPropagator::new();
    Some(Arc::new(move |span, headers| {
        let parent = propagator.extract(&HeaderExtractor(headers));
        // Without it the span begins a trace of its own.
        let _ = span.set_parent(parent);
    }))
}

/// Sends what is not sent yet.
pub fn end() {
    if let Some(provider) = PROVIDER.get() {
        // A collector that is gone does not matter any more.
        let _ = provider.shutdown_with_timeout(LAST);
    }
}
