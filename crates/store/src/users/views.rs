//! What people saved to come back to: a page of the console, and what it was narrowed to.

use sqlx::Row as _;
use yagura_model::SavedView;

use super::UserError;
use crate::database::Row;
use crate::error::DatabaseError;
use crate::store::Store;

/// So many views has one person at most.
const MOST: i64 = 200;

/// What came of saving a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewSaved {
    /// It has this number.
    Saved(i64),
    /// The person has as many as one may have.
    TooMany,
}

impl Store {
    /// The views that somebody made, and those that others share, by name.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn views(&self, user: &str) -> Result<Vec<SavedView>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let rows = sqlx::query(
            "SELECT v.id, u.name, v.name, v.page, v.query, v.shared FROM saved_views v
             JOIN users u ON u.id = v.user_id WHERE u.name = $1 OR v.shared = 1 ORDER BY v.name, v.id",
        )
        .bind(user)
        .fetch_all(&self.inner.readers)
        .await
        .map_err(failed)?;
        let read = |row: &Row| -> sqlx::Result<SavedView> {
            Ok(SavedView {
                id: row.try_get(0)?,
                owner: row.try_get(1)?,
                name: row.try_get(2)?,
                page: row.try_get(3)?,
                query: row.try_get(4)?,
                shared: row.try_get(5)?,
            })
        };
        rows.iter().map(read).collect::<sqlx::Result<_>>().map_err(failed)
    }

    /// Saves a view, in place of its owner's one of the same name. Its number is given here.
    ///
    /// # Errors
    ///
    /// [`UserError::Unknown`] when there is nobody of the owner's name.
    pub async fn save_view(&self, view: &SavedView) -> Result<ViewSaved, UserError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let owner: Option<i64> = sqlx::query_scalar("SELECT id FROM users WHERE name = $1")
            .bind(&view.owner)
            .fetch_optional(&mut writer.connection)
            .await
            .map_err(failed)?;
        let owner = owner.ok_or_else(|| UserError::Unknown(view.owner.clone()))?;
        let others: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM saved_views WHERE user_id = $1 AND name <> $2")
                .bind(owner)
                .bind(&view.name)
                .fetch_one(&mut writer.connection)
                .await
                .map_err(failed)?;
        if others >= MOST {
            return Ok(ViewSaved::TooMany);
        }
        sqlx::query_scalar(
            "INSERT INTO saved_views (user_id, name, page, query, shared) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, name) DO UPDATE SET page = excluded.page, query = excluded.query, shared = excluded.shared
             RETURNING id",
        )
        .bind(owner)
        .bind(&view.name)
        .bind(&view.page)
        .bind(&view.query)
        .bind(view.shared)
        .fetch_one(&mut writer.connection)
        .await
        .map(ViewSaved::Saved)
        .map_err(|error| failed(error).into())
    }

    /// Takes a view away; `false` when there is none of this number, or, with `owner`, it is somebody else's.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remove_view(&self, id: i64, owner: Option<&str>) -> Result<bool, DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        let done = sqlx::query(
            "DELETE FROM saved_views
             WHERE id = $1 AND ($2 IS NULL OR user_id = (SELECT id FROM users WHERE name = $2))",
        )
        .bind(id)
        .bind(owner)
        .execute(&mut writer.connection)
        .await
        .map_err(|error| self.inner.failed(error))?;
        Ok(done.rows_affected() == 1)
    }
}
