//! How many connections each address has: whoever opens as many as they can leaves room for others.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::shares::{Share, Shares};
use crate::sign_in::place;

/// So many connections one address has open: some hundred people of an office whose browsers speak HTTP/1.1, which takes six each.
const OF_ONE: usize = 512;

/// That somebody is refused is told this often at most.
const TOLD: Duration = Duration::from_secs(60);

/// The connections of all addresses.
#[derive(Debug)]
pub(super) struct Crowd {
    shares: Shares,
    /// Whether everybody comes through a proxy, whose address says nothing about them.
    is_behind_proxy: bool,
    told: Mutex<Option<Instant>>,
}

/// A connection that was let in. It counts until it is dropped.
#[derive(Debug)]
pub(super) struct Entered {
    #[expect(dead_code, reason = "it counts as long as it is held")]
    share: Option<Share>,
}

impl Crowd {
    pub(super) fn new(is_behind_proxy: bool) -> Self {
        Self { shares: Shares::new(OF_ONE), is_behind_proxy, told: Mutex::default() }
    }

    /// Lets a connection in; `None` when its address has as many as one may. This machine has as many as it likes: a proxy may be on it.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Entered> {
        if self.is_behind_proxy || address.to_canonical().is_loopback() {
            return Some(Entered { share: None });
        }
        let place = place(&address.to_string());
        let share = self.shares.take(&place);
        if share.is_none() {
            self.tell(&place);
        }
        share.map(|it| Entered { share: Some(it) })
    }

    fn tell(&self, place: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|it| it.elapsed() >= TOLD) {
            *told = Some(Instant::now());
            tracing::warn!(place, "an address has {OF_ONE} connections open, and gets no more of them");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of 600 connections are let in that come from these addresses in turn.
    fn entered(crowd: &Crowd, from: &[&str]) -> usize {
        let addresses = from.iter().cycle().map(|it| it.parse().unwrap());
        addresses.take(600).filter_map(|it| crowd.enter(it)).collect::<Vec<_>>().len()
    }

    #[test]
    fn an_address_leaves_room_for_others() {
        let crowd = Crowd::new(false);
        let all: Vec<_> = (0..OF_ONE).map(|_| crowd.enter("192.0.2.1".parse().unwrap()).unwrap()).collect();
        assert!(crowd.enter("192.0.2.1".parse().unwrap()).is_none());
        assert!(crowd.enter("::ffff:192.0.2.1".parse().unwrap()).is_none(), "the same, as IPv6 writes it");
        assert!(crowd.enter("192.0.2.2".parse().unwrap()).is_some());
        drop(all);
        assert!(crowd.enter("192.0.2.1".parse().unwrap()).is_some(), "they left");
    }

    #[test]
    fn of_ipv6_a_network_is_one_address() {
        let crowd = Crowd::new(false);
        assert_eq!(entered(&crowd, &["2001:db8::1", "2001:db8::2", "2001:db8::ffff:1"]), OF_ONE);
        assert_eq!(entered(&crowd, &["2001:db8::1", "2001:db8:0:1::1"]), 600);
    }

    #[test]
    fn this_machine_and_a_proxy_have_as_many_as_there_is_room_for() {
        for address in ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(entered(&Crowd::new(false), &[address]), 600, "{address}");
        }
        assert_eq!(entered(&Crowd::new(true), &["192.0.2.1"]), 600);
    }
}
