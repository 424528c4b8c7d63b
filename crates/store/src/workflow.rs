//! What people, and deliveries, do about a finding.

use sqlx::Row as _;
use thiserror::Error;
use yagura_model::{Timestamp, Workflow};

use crate::codes::Code;
use crate::database;
use crate::error::{DatabaseError, Place};
use crate::lifecycle::Change;
use crate::store::Store;
use crate::uid::Uid;

/// Why a finding's state of work was not changed.
#[derive(Debug, Error)]
pub enum WorkflowError {
    /// There is no such finding.
    #[error("there is no finding `{id}` in `{place}`")]
    UnknownFinding {
        /// The id that was asked for.
        id: String,
        /// Which store.
        place: Place,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Store {
    /// Sets a finding's state of work and writes down when and why. Setting the state that it has does nothing.
    ///
    /// # Errors
    ///
    /// [`WorkflowError`] when there is no such finding or the database failed.
    pub async fn set_workflow(
        &self,
        id: &str,
        workflow: Workflow,
        at: Timestamp,
        why: &str,
    ) -> Result<(), WorkflowError> {
        let failed = |error| WorkflowError::Database(self.inner.failed(error));
        let unknown = || WorkflowError::UnknownFinding { id: id.to_owned(), place: self.inner.place.clone() };
        let uid: Uid = id.parse().map_err(|_| unknown())?;
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let row = sqlx::query("SELECT id, workflow FROM findings WHERE uid = $1")
            .bind(uid.as_bytes())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(failed)?
            .ok_or_else(unknown)?;
        let number: i64 = row.try_get(0).map_err(failed)?;
        let before = Workflow::decode(row.try_get(1).map_err(failed)?).map_err(failed)?;
        if before == workflow {
            return Ok(());
        }
        let what = format!("{} to {}", before.as_str(), workflow.as_str());
        let why = if why.is_empty() { what } else { format!("{what}: {why}") };
        sqlx::query("UPDATE findings SET workflow = $2 WHERE id = $1")
            .bind(number)
            .bind(workflow.code())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        sqlx::query("INSERT INTO finding_history (finding_id, at, change, why) VALUES ($1, $2, $3, $4)")
            .bind(number)
            .bind(at.to_string())
            .bind(Change::WorkflowChanged.as_str())
            .bind(why)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }
}
