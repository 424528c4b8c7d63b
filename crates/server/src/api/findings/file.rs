//! Findings as a file: everything that a filter lets through, sent while it is read.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures::{TryStreamExt as _, stream};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema};
use yagura_model::{Account, FindingKind, Lang, Organization, Partition, requirements_by_rule};
use yagura_report::{ExportFormat, ExportHead, FindingExport, ReportError};
use yagura_store::{FindingFilter, ReadError};

use super::filter::{FilterParams, read, split};
use crate::app::App;
use crate::problem::{Problem, chain};
use crate::sign_in::Caller;
use crate::world::World;

/// So much is sent at a time.
const PIECE: usize = 64 * 1024;

/// Nobody takes longer: as long as a file is read, the store cannot tidy up what is written meanwhile.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// What findings can be had as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum FileFormat {
    /// One row a finding, for Excel and its like.
    #[default]
    Csv,
    /// One finding a line, as this API tells it.
    Ndjson,
    /// The Open Cybersecurity Schema Framework.
    Ocsf,
    /// The AWS Security Finding Format.
    Asff,
}

impl From<FileFormat> for ExportFormat {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Csv => Self::Csv,
            FileFormat::Ndjson => Self::Ndjson,
            FileFormat::Ocsf => Self::Ocsf,
            FileFormat::Asff => Self::Asff,
        }
    }
}

/// As what findings are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct FileParams {
    /// As what.
    #[param(inline, required = false)]
    format: FileFormat,
    /// In which language; English where it is left out.
    lang: Option<Lang>,
    /// In which time zone people read times: `Asia/Tokyo`; UTC where it is left out.
    zone: Option<String>,
}

/// The query of a file: which findings, as what.
#[derive(Debug)]
pub(in crate::api) struct FileQuery {
    filter: FilterParams,
    file: FileParams,
}

impl<S: Sync> FromRequestParts<S> for FileQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let (file, filter) = split(parts, &["format", "lang", "zone"]);
        Ok(Self { filter: read(&filter)?, file: read(&file)? })
    }
}

/// Every finding that a filter lets through, as a file: by account, region, type, id and rule. Two are read at a time, others wait. A connection that ends
/// before the file does is a file that is not whole.
#[utoipa::path(get, path = "/api/findings/file", tag = "findings", params(FilterParams, FileParams),
    responses((status = 200, description = "the file", content(("text/csv"), ("application/x-ndjson"), (Value = "application/json"))), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(in crate::api) async fn file(
    State(app): State<Arc<App>>,
    caller: Caller,
    asked: FileQuery,
) -> Result<Response, Problem> {
    let zone = match asked.file.zone.as_deref() {
        None => TimeZone::UTC,
        Some(name) => TimeZone::get(name)
            .map_err(|_| Problem::bad_request("`zone` is the name of no time zone: `Asia/Tokyo` is one"))?,
    };
    let format = ExportFormat::from(asked.file.format);
    let filter = asked.filter.filter(&app, &caller).await?;
    let wanted = Wanted { filter, format, lang: asked.file.lang.unwrap_or(Lang::En), zone };
    let organization = organization(&app, &caller).await?;
    let day = app.now().to_zoned(wanted.zone.clone()).strftime("%Y-%m-%d").to_string();
    let turn = Arc::clone(&app.reporting).acquire_owned().await;
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        let _turn = turn;
        let written = tokio::time::timeout(LONGEST, write(&app, &organization, wanted, &sender)).await;
        let failed = match written {
            Ok(Ok(())) => return,
            Ok(Err(Unwritten::Gone)) => return,
            Ok(Err(Unwritten::Read(error))) => chain(&error),
            Ok(Err(Unwritten::Write(error))) => chain(&error),
            Err(_) => "it took more than an hour".to_owned(),
        };
        tracing::error!(problem = failed, "a file of findings did not come to its end");
        // Whoever reads it sees that it broke off.
        let _ = sender.send(Err(io::Error::other("it broke off"))).await;
    });
    let pieces = stream::unfold(receiver, async |mut it| it.recv().await.map(|piece| (piece, it)));
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = format!("attachment; filename=\"yagura-findings-{day}.{}\"", format.extension());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// What is written.
struct Wanted {
    /// `None`: nothing that the caller may see.
    filter: Option<FindingFilter>,
    format: ExportFormat,
    lang: Lang,
    zone: TimeZone,
}

/// Why a file is not whole.
enum Unwritten {
    /// Nobody reads any more.
    Gone,
    Read(ReadError),
    Write(ReportError),
}

impl From<ReadError> for Unwritten {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<ReportError> for Unwritten {
    fn from(error: ReportError) -> Self {
        Self::Write(error)
    }
}

/// The accounts that the caller sees, and around them what the last scan saw.
async fn organization(app: &App, caller: &Caller) -> Result<Organization, Problem> {
    let mut organization = match app.store.latest_whole_scan().await? {
        Some(scan) => app.store.organization(scan.id).await?,
        None => {
            let World { accounts, .. } = &*app.world();
            let (id, management_account, partition) = (None, None, Partition::Aws);
            Organization { id, management_account, partition, accounts: accounts.clone() }
        }
    };
    organization.accounts.retain(|id, _: &mut Account| caller.sees(id));
    Ok(organization)
}

type Pieces = mpsc::Sender<io::Result<Bytes>>;

async fn write(
    app: &App,
    organization: &Organization,
    wanted: Wanted,
    pieces: &Pieces,
) -> Result<(), Unwritten> {
    let Wanted { filter, format, lang, zone } = wanted;
    let world = app.world();
    let requirements = requirements_by_rule(world.frameworks.iter());
    let head = ExportHead {
        version: env!("CARGO_PKG_VERSION"),
        now: app.now(),
        lang,
        organization,
        rules: &world.rules,
        requirements: &requirements,
        due: world.due,
        time_zone: zone,
    };
    let waiting = Waiting::default();
    let mut export = FindingExport::begin(format, &head, Box::new(waiting.clone()))?;
    if let Some(filter) = &filter {
        let mut findings = app.store.findings(filter).await?;
        while let Some(finding) = findings.try_next().await? {
            let threat = match finding.kind {
                FindingKind::Threat => {
                    app.store.threat_finding(&finding.id).await.map_err(ReadError::from)?
                }
                _ => None,
            };
            export.finding(&finding, threat.as_ref())?;
            send(pieces, waiting.take(PIECE)).await?;
        }
    }
    export.end()?;
    send(pieces, waiting.take(1)).await
}

async fn send(pieces: &Pieces, piece: Option<Bytes>) -> Result<(), Unwritten> {
    let Some(piece) = piece else { return Ok(()) };
    pieces.send(Ok(piece)).await.map_err(|_| Unwritten::Gone)
}

/// What is written and not sent yet.
#[derive(Debug, Clone, Default)]
struct Waiting(Arc<Mutex<Vec<u8>>>);

impl Waiting {
    /// What there is, once it is so much.
    fn take(&self, least: usize) -> Option<Bytes> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (bytes.len() >= least).then(|| Bytes::from(std::mem::take(&mut *bytes)))
    }
}

impl Write for Waiting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
