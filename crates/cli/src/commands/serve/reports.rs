//! Reports that people ask the server for: those of `yagura report`, made aside and handed over.

use std::sync::Arc;

use tokio::sync::watch;
use yagura_model::Timestamp;
use yagura_posture::Project;
use yagura_report::ProjectFormat;
use yagura_server::{MadeReport, Making, ReportError, ReportFormat, ReportSchedule, ReportWish, Reports};
use yagura_store::Store;

use super::setup::Setup;
use crate::arguments::ReportFormat as Format;
use crate::commands::report::{self, Known, Wish};
use crate::commands::store::unread;
use crate::commands::{configured_packs, language};
use crate::failure::{Failure, Told};
use crate::terminal;

/// Makes reports out of the served store, as the configuration says now.
#[derive(Debug)]
pub struct Maker {
    store: Store,
    setup: watch::Receiver<Arc<Setup>>,
}

impl Maker {
    pub fn new(store: Store, setup: watch::Receiver<Arc<Setup>>) -> Self {
        Self { store, setup }
    }

    fn setup(&self) -> Arc<Setup> {
        Arc::clone(&self.setup.borrow())
    }
}

impl Reports for Maker {
    fn make(&self, wish: ReportWish) -> Making {
        let (store, setup) = (self.store.clone(), self.setup());
        Box::pin(async move {
            let scan = store.latest_whole_scan().await.map_err(|error| told(&unread(error.into())))?;
            if scan.is_none() {
                return Err(ReportError::Refused(
                    "there is no scan yet that a report could be made from".to_owned(),
                ));
            }
            if wish.format == ReportFormat::Pdf && !report::can_print() {
                return Err(ReportError::Refused(
                    "a PDF needs Chromium or Chrome at the server, and there is none: the page (html) can be printed by any browser".to_owned(),
                ));
            }
            let project = match &wish.project {
                Some(name) => Some(setup.config.project(name).map_err(|failure| told(&failure))?.clone()),
                None => None,
            };
            make(store, &setup, wish, project).await.map_err(|failure| told(&failure))
        })
    }

    fn scheduled(&self, now: Timestamp) -> Result<Vec<ReportSchedule>, ReportError> {
        let setup = self.setup();
        if !setup.store_stays {
            return Ok(Vec::new());
        }
        report::scheduled(&setup.common, &setup.config, now).map_err(|failure| told(&failure))
    }
}

async fn make(
    store: Store,
    setup: &Setup,
    asked: ReportWish,
    project: Option<Project>,
) -> Result<MadeReport, Failure> {
    let config = &setup.config;
    let packs = configured_packs(&setup.common.packs, config)?;
    let scan = store.latest_whole_scan().await.map_err(|error| unread(error.into()))?;
    let scan = scan.ok_or_else(|| Told::new("the scan is gone").other())?;
    let lang = language(asked.lang.or(config.lang()));
    let mut known = Known::read(packs, store, scan, config, &[], lang).await?;
    let format = format(asked.format);
    let wish = Wish {
        projects: Vec::new(),
        without_project: false,
        formats: vec![format],
        with_ended: asked.with_ended,
        weeks: asked.weeks,
        now: asked.now,
        lang: asked.lang,
        lang_else: config.lang(),
        zone: None,
        due: config.due_days(),
    };
    let unmade = || Told::new("no temporary directory can be used");
    let aside = tempfile::tempdir().map_err(|error| unmade().because(error).other())?;
    let made = report::one(&mut known, config, &wish, project.as_ref(), aside.path()).await?;
    let made = made.into_iter().next().ok_or_else(|| unmade().other())?;
    // It stays readable when its name is gone with the directory.
    let file = std::fs::File::open(&made.path).map_err(|error| unmade().because(error).other())?;
    let name = made.path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(MadeReport { name, media_type: format.media_type(), file })
}

fn format(asked: ReportFormat) -> Format {
    match asked {
        ReportFormat::Xlsx => Format::Made(ProjectFormat::Xlsx),
        ReportFormat::Csv => Format::Made(ProjectFormat::Csv),
        ReportFormat::Html => Format::Made(ProjectFormat::Html),
        ReportFormat::Json => Format::Made(ProjectFormat::Json),
        ReportFormat::Pdf => Format::Pdf,
    }
}

/// What went wrong goes to the log. What the asker can do something about, they are told.
fn told(failure: &Failure) -> ReportError {
    terminal::fail(failure);
    ReportError::Failed
}
