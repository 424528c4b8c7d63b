//! Events that a queue announces: S3's notifications about new objects, and events and findings from EventBridge.
//!
//! A message is yours for its visibility timeout. [`Queue::delete`] is the only way to be done with it and takes its
//! [`Receipt`]: store first what came out of the message, then delete. A receipt that is dropped deletes nothing; the
//! message comes again, here or to somebody else.

mod address;
mod body;
mod queue;

pub use address::{QueueAddress, QueueAddressError};
pub use body::{Announcement, NewObject, Nothing, announcement};
pub use queue::{Kept, Message, NotDone, Queue, QueueAttributes, QueueError, Receipt};
