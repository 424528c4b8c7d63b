//! Detectors of AWS, into the store as their pages come.

use std::error::Error;
use std::sync::Arc;

use futures::future::BoxFuture;
use yagura_aws::Target;
use yagura_import::aws::{Importer, Places, Receive, Source};
use yagura_model::{AccountId, ImportedFinding, Region, Timestamp};
use yagura_scan::{Live, Source as _};

use super::{Import, unkept};
use crate::failure::Failure;
use crate::terminal;

/// What the command line asks for.
pub(super) struct Asked<'a> {
    pub(super) from: &'a [Source],
    pub(super) aggregation_region: Option<&'a str>,
    pub(super) aggregator: Option<&'a str>,
    pub(super) since: Option<Timestamp>,
}

impl Receive for Import {
    fn page<'a>(
        &'a mut self,
        findings: Vec<ImportedFinding>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Error + Send + Sync>>> {
        Box::pin(async move { Ok(self.keep(&findings).await?) })
    }
}

impl Import {
    /// Reads each detector, and ends what is no longer reported where everything was read.
    pub(super) async fn aws(&mut self, live: &Live, asked: &Asked<'_>) -> Result<(), Failure> {
        let home = match asked.aggregation_region {
            Some(region) => live.caller().in_region(Region::from(region)),
            None => live.caller().clone(),
        };
        // Security Hub and an aggregator see every account from where they are.
        let enters = |source: &Source| match source {
            Source::SecurityHub => false,
            Source::AwsConfig => asked.aggregator.is_none(),
            _ => true,
        };
        let (targets, unreachable) =
            if asked.from.iter().any(enters) { live.targets().await } else { (Vec::new(), Vec::new()) };
        for error in &unreachable {
            self.done.incomplete = true;
            terminal::say(&error.to_string());
        }
        let mut regions: Vec<Region> = targets.iter().map(|it| it.region.clone()).collect();
        if regions.is_empty() {
            regions = yagura_aws::organization::regions(live.client(), live.caller()).await.enabled;
        }
        regions.sort();
        regions.dedup();
        let accounts: Vec<AccountId> = live.selection().scanned.iter().map(|it| it.id.clone()).collect();
        for source in asked.from {
            self.source(*source, &home, &targets, &accounts, &regions, live, asked).await?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the places that a detector is read in")]
    async fn source(
        &mut self,
        source: Source,
        home: &Target,
        targets: &[Target],
        accounts: &[AccountId],
        regions: &[Region],
        live: &Live,
        asked: &Asked<'_>,
    ) -> Result<(), Failure> {
        let vocabulary = Arc::clone(&self.vocabulary);
        let (now, aggregator, since) = (self.now, asked.aggregator, asked.since);
        let mut importer = Importer::new(live.client(), &vocabulary, self);
        let places = Places { home, targets, accounts, regions, aggregator, since, now };
        importer.read(source, &places).await.map_err(unkept)?;
        let outcome = importer.finish();
        for error in &outcome.failures {
            self.done.incomplete = true;
            terminal::say(&format!("{source}: {error}; nothing ends there"));
        }
        for problem in &outcome.problems {
            self.problem(problem);
        }
        self.done.own += outcome.own;
        for complete in outcome.complete {
            let ended =
                self.store.end_unreported(complete.detector, &complete.scope, now).await.map_err(unkept)?;
            self.done.vanished += ended;
        }
        Ok(())
    }
}
