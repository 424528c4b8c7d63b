//! How many streams of events each person follows: every one asks the store again and again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many streams one person follows at most: more windows than anybody looks at.
const AT_ONCE: usize = 30;

/// How many streams each person follows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Following(Arc<Mutex<HashMap<String, usize>>>);

/// A stream that somebody follows; it counts until it is dropped.
#[derive(Debug)]
pub(crate) struct Followed {
    all: Following,
    who: String,
}

impl Following {
    /// One more of this person; `None` when they follow as many as one may.
    pub(crate) fn begin(&self, who: &str) -> Option<Followed> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(who.to_owned()).or_default();
        if *count >= AT_ONCE {
            return None;
        }
        *count += 1;
        Some(Followed { all: self.clone(), who: who.to_owned() })
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        let mut all = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_than_one_may_waits_for_another_to_end() {
        let following = Following::default();
        let mut open: Vec<_> = (0..AT_ONCE).map(|_| following.begin("hanako").unwrap()).collect();
        assert!(following.begin("hanako").is_none());
        assert!(following.begin("taro").is_some());
        open.pop();
        assert!(following.begin("hanako").is_some());
        open.clear();
        assert!(following.0.lock().unwrap().is_empty());
    }
}
