//! Findings as a file: everything that a filter lets through.

use std::fs::File;
use std::io::{self, Seek as _};
use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use futures::TryStreamExt as _;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_model::{Account, FindingKind, Lang, Organization, Partition, requirements_by_rule};
use yagura_report::{ExportFormat, ExportHead, FindingExport, ReportError};
use yagura_store::FindingFilter;

use super::filter::{FilterParams, read, split};
use crate::api::download::{sent, under_way};
use crate::app::App;
use crate::problem::Problem;
use crate::reports::MadeReport;
use crate::sign_in::Caller;
use crate::world::World;

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

/// Every finding that a filter lets through, as a file: by account, region, type, id and rule. It is made while it is waited for, which takes half a minute where
/// there are a million.
#[utoipa::path(get, path = "/api/findings/file", tag = "findings", params(FilterParams, FileParams),
    responses((status = 200, description = "the file", content(("text/csv"), ("application/x-ndjson"), (Value = "application/json"))), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 429, body = Problem), (status = 500, body = Problem), (status = 503, body = Problem)))]
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
    let share = under_way(&app, &caller)?;
    let format = ExportFormat::from(asked.file.format);
    let filter = asked.filter.filter(&app, &caller).await?;
    let wanted = Wanted { filter, format, lang: asked.file.lang.unwrap_or(Lang::En), zone };
    let organization = organization(&app, &caller).await?;
    let day = app.now().to_zoned(wanted.zone.clone()).strftime("%Y-%m-%d").to_string();
    let turn = Arc::clone(&app.reporting).acquire_owned().await;
    // Whoever hangs up does not make room before the work is done.
    let making = tokio::spawn(async move {
        let _turn = turn;
        write(&app, &organization, wanted).await
    });
    let file = making.await.map_err(|error| Problem::internal(&error))??;
    let name = format!("yagura-findings-{day}.{}", format.extension());
    Ok(sent(MadeReport { name, media_type: format.media_type(), file }, share))
}

/// What is written.
struct Wanted {
    /// `None`: nothing that the caller may see.
    filter: Option<FindingFilter>,
    format: ExportFormat,
    lang: Lang,
    zone: TimeZone,
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

async fn write(app: &App, organization: &Organization, wanted: Wanted) -> Result<File, Problem> {
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
    // A full disk, or none to write on: the log tells which.
    let unkept = |error: io::Error| Problem::internal(&error);
    let unwritten = |error: ReportError| Problem::internal(&error);
    let mut file = tempfile::tempfile().map_err(unkept)?;
    let out = file.try_clone().map_err(unkept)?;
    let mut export = FindingExport::begin(format, &head, Box::new(out)).map_err(unwritten)?;
    if let Some(filter) = &filter {
        let mut findings = app.store.findings(filter).await?;
        while let Some(finding) = findings.try_next().await? {
            let threat = match finding.kind {
                FindingKind::Threat if format.tells_threats() => {
                    app.store.threat_finding(&finding.id).await?
                }
                _ => None,
            };
            export.finding(&finding, threat.as_ref()).map_err(unwritten)?;
        }
    }
    export.end().map_err(unwritten)?;
    file.rewind().map_err(unkept)?;
    Ok(file)
}
