//! From where people signed in before.

use yagura_model::Timestamp;

use crate::error::DatabaseError;
use crate::store::Store;

/// So many places are kept of one person.
const MOST: i64 = 50;

/// A place is forgotten after so many milliseconds without a sign-in: 90 days.
const KEPT: i64 = 90 * 24 * 60 * 60 * 1_000;

impl Store {
    /// Somebody signed in from this place.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn note_place(&self, name: &str, place: &str, at: Timestamp) -> Result<(), DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        sqlx::query(
            "INSERT INTO sign_in_places (user_id, place, seen_at) SELECT id, $2, $3 FROM users WHERE name = $1
             ON CONFLICT (user_id, place) DO UPDATE SET seen_at = excluded.seen_at",
        )
        .bind(name)
        .bind(place)
        .bind(at.as_millisecond())
        .execute(&mut writer.connection)
        .await
        .map_err(failed)?;
        sqlx::query(
            "DELETE FROM sign_in_places WHERE user_id = (SELECT id FROM users WHERE name = $1) AND place NOT IN
             (SELECT p.place FROM sign_in_places p JOIN users u ON u.id = p.user_id
              WHERE u.name = $1 AND p.seen_at > $2 ORDER BY p.seen_at DESC, p.place LIMIT $3)",
        )
        .bind(name)
        .bind(at.as_millisecond() - KEPT)
        .bind(MOST)
        .execute(&mut writer.connection)
        .await
        .map(|_| ())
        .map_err(failed)
    }

    /// Whether somebody of this name signed in from this place before.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn knows_place(&self, name: &str, place: &str, at: Timestamp) -> Result<bool, DatabaseError> {
        sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM sign_in_places p JOIN users u ON u.id = p.user_id
             WHERE u.name = $1 AND p.place = $2 AND p.seen_at > $3)",
        )
        .bind(name)
        .bind(place)
        .bind(at.as_millisecond() - KEPT)
        .fetch_one(&self.inner.readers)
        .await
        .map_err(|error| self.inner.failed(error))
    }
}
