//! What messages tell about rules, detections and accounts, read once for each configuration and scan: reading it takes longer than telling.

use std::sync::Arc;

use tokio::sync::Mutex;
use yagura_model::ScanId;
use yagura_store::Store;

use super::setup::Setup;
use crate::commands::notify::Known;
use crate::failure::{Failure, Told};

/// What is known now.
#[derive(Default)]
pub struct KnownNow(Mutex<Option<Remembered>>);

struct Remembered {
    setup: Arc<Setup>,
    scan: Option<ScanId>,
    known: Arc<Known>,
}

impl KnownNow {
    /// As this configuration and the last scan say. One reads it, and the others wait for that.
    ///
    /// # Errors
    ///
    /// The packs or the store cannot be read.
    pub async fn of(&self, store: &Store, setup: &Arc<Setup>) -> Result<Arc<Known>, Failure> {
        let mut remembered = self.0.lock().await;
        let scan = store.latest_scan().await.map_err(|error| {
            Told::new("the findings cannot be read from the store").because(error).other()
        })?;
        let scan = scan.map(|it| it.id);
        let is_fresh = |it: &&Remembered| Arc::ptr_eq(&it.setup, setup) && it.scan == scan;
        if let Some(it) = remembered.as_ref().filter(is_fresh) {
            return Ok(Arc::clone(&it.known));
        }
        let known = Arc::new(Known::load(&setup.packs, &setup.config, Some(store)).await?);
        *remembered = Some(Remembered { setup: Arc::clone(setup), scan, known: Arc::clone(&known) });
        Ok(known)
    }
}
