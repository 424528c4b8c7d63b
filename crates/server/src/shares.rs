//! Things of which everybody has so many at a time and no more: streams of a person, connections of an address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many everybody has.
#[derive(Debug, Clone)]
pub(crate) struct Shares {
    most: usize,
    all: Arc<Mutex<HashMap<String, usize>>>,
}

/// One of somebody's; it counts until it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    of: Shares,
    whose: String,
}

impl Shares {
    /// At most so many for each.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, all: Arc::default() }
    }

    /// One more of somebody; `None` when they have as many as one may.
    pub(crate) fn take(&self, whose: &str) -> Option<Share> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(whose.to_owned()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share { of: self.clone(), whose: whose.to_owned() })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut all = self.of.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.whose) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.whose);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_than_one_may_waits_for_another_to_end() {
        let shares = Shares::new(3);
        let mut taken: Vec<_> = (0..3).map(|_| shares.take("hanako").unwrap()).collect();
        assert!(shares.take("hanako").is_none());
        assert!(shares.take("taro").is_some());
        taken.pop();
        assert!(shares.take("hanako").is_some());
        taken.clear();
        assert!(shares.all.lock().unwrap().is_empty());
    }
}
