//! Who is in, looked at once for all streams of events: they outlive what those who follow them were when they began.
//!
//! The store is asked, and not what this process knows: people are changed at the machine, too, by another process.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;
use yagura_model::Permission;
use yagura_store::{DatabaseError, SecretDigest, Standing};

use super::Caller;
use crate::app::App;

/// What was looked at longer ago is looked at again.
const FRESH: Duration = Duration::from_secs(3);

/// Everybody who is in.
#[derive(Debug, Default)]
pub(crate) struct Register(Mutex<Option<Look>>);

#[derive(Debug, Clone)]
struct Look {
    at: Instant,
    all: Arc<HashMap<SecretDigest, Standing>>,
}

impl Register {
    /// Whether somebody is still what they were at `since`: their session or token is there, and they may what they might.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub(crate) async fn holds(
        &self,
        app: &App,
        caller: &Caller,
        since: Instant,
    ) -> Result<bool, DatabaseError> {
        let look = self.look(app).await?;
        // Who came in after that look is not in it.
        Ok(look.at < since || look.all.get(&caller.digest).is_some_and(|it| is_same(it, caller)))
    }

    /// What was seen a moment ago. One asks the store, and the others wait for that.
    async fn look(&self, app: &App) -> Result<Look, DatabaseError> {
        let mut last = self.0.lock().await;
        if let Some(look) = last.as_ref().filter(|it| it.at.elapsed() < FRESH) {
            return Ok(look.clone());
        }
        let (at, now) = (Instant::now(), app.now());
        let all = Arc::new(app.store.who_is_in(now, now - app.settings.idle).await?);
        Ok(last.insert(Look { at, all }).clone())
    }
}

fn is_same(Standing { user, permission }: &Standing, caller: &Caller) -> bool {
    let permission = permission.unwrap_or(Permission::Administer).min(user.role.permission());
    *user == caller.user && permission == caller.permission
}
