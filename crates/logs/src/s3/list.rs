//! The one thing that a walk needs of S3: listings, page by page.

use futures::future::BoxFuture;
use yagura_aws::{CallError, Client, ObjectPage, ObjectPages, Target};

/// Begins listings of one bucket.
pub(super) trait List: Send + Sync + 'static {
    /// What begins with `prefix` and comes after `start_after`; with `folders`, up to the next slash alone.
    fn pages(&self, prefix: &str, start_after: Option<&str>, folders: bool) -> Box<dyn Pages>;

    /// The bucket's name.
    fn bucket(&self) -> &str;
}

/// A listing.
pub(super) trait Pages: Send {
    /// The next page, or `None` behind the last.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<ObjectPage>, CallError>>;
}

/// A bucket of S3.
pub(super) struct InS3 {
    pub(super) client: Client,
    pub(super) target: Target,
    pub(super) bucket: String,
}

impl List for InS3 {
    fn pages(&self, prefix: &str, start_after: Option<&str>, folders: bool) -> Box<dyn Pages> {
        let delimiter = folders.then_some("/");
        Box::new(self.client.objects(&self.target, &self.bucket, prefix, start_after, delimiter))
    }

    fn bucket(&self) -> &str {
        &self.bucket
    }
}

impl Pages for ObjectPages {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<ObjectPage>, CallError>> {
        Box::pin(ObjectPages::next(self))
    }
}
