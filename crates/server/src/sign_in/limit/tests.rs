//! What guessing costs, and whom it keeps out.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::counter::{LONGEST, REMEMBERED};
use super::*;

const START: Timestamp = Timestamp::UNIX_EPOCH;

fn at(seconds: i64) -> Timestamp {
    START + SignedDuration::from_hours(1_000) + SignedDuration::from_secs(seconds)
}

/// Tries whenever it may, for so many seconds; how often it could.
fn tries(limiter: &Limiter, seconds: i64, mut attempt: impl FnMut(u32) -> Attempt) -> u32 {
    let (mut now, mut count, mut turn) = (0, 0, 0);
    while now < seconds {
        turn += 1;
        match limiter.begin(&attempt(turn), false, at(now)) {
            Ok(()) => count += 1,
            Err(_) => now += 1,
        }
        // Nobody tries without end in one second.
        if turn % 500 == 0 {
            now += 1;
        }
    }
    count
}

#[test]
fn five_slips_cost_nothing_and_each_further_one_twice_as_much() {
    let limiter = Limiter::default();
    let taro = Attempt::new("Taro", "192.0.2.1");
    let (mut now, mut waits) = (0, Vec::new());
    for _ in 0..16 {
        limiter.begin(&taro, false, at(now)).unwrap();
        let wait = limiter.begin(&Attempt::new("taro", "192.0.2.1"), true, at(now)).map_err(Wait::seconds);
        let wait = wait.err().unwrap_or_else(|| {
            // It was counted: that was one of the free ones.
            limiter.0.lock().unwrap().pairs.take_back(&taro.pair);
            0
        });
        waits.push(wait);
        now += i64::try_from(wait).unwrap();
    }
    assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 0], "the last is forgotten");
}

#[test]
fn an_office_shares_an_address_and_nobody_waits_for_anothers_slips() {
    let limiter = Limiter::default();
    let office = "203.0.113.7";
    for _ in 0..5 {
        limiter.begin(&Attempt::new("taro", office), false, at(0)).unwrap();
    }
    assert_eq!(limiter.begin(&Attempt::new("taro", office), true, at(0)), Err(Wait::Place(1)));
    for name in ["hanako", "jiro", "saburo"] {
        assert_eq!(limiter.begin(&Attempt::new(name, office), false, at(0)), Ok(()));
    }
    assert_eq!(limiter.begin(&Attempt::new("taro", "198.51.100.1"), false, at(0)), Ok(()), "from home");
}

#[test]
fn whoever_guesses_a_name_from_everywhere_does_not_keep_its_owner_out() {
    let limiter = Limiter::default();
    let count = tries(&limiter, 1, |n| Attempt::new("taro", &format!("bot {n}")));
    assert_eq!(count, OF_NAME);
    let home = Attempt::new("taro", "198.51.100.1");
    assert!(matches!(limiter.begin(&home, false, at(0)), Err(Wait::Name(_))));
    assert_eq!(limiter.begin(&home, true, at(0)), Ok(()));
    limiter.succeeded(&home);
    assert!(matches!(limiter.begin(&home, false, at(0)), Err(Wait::Name(_))), "others' tries still count");
}

#[test]
fn who_guesses_gets_nowhere() {
    // In a day: one name from one place, one name from everywhere, many names from one place.
    let day = 24 * 3_600;
    type Trying = fn(u32) -> Attempt;
    let cases: [(&str, Trying, u32); 3] = [
        ("a guess at one", |_| Attempt::new("taro", "192.0.2.1"), 1_000),
        ("a guess from everywhere", |n| Attempt::new("taro", &format!("bot {n}")), 1_600),
        ("a spray", |n| Attempt::new(&format!("user {n}"), "192.0.2.1"), 3_000),
    ];
    for (name, attempt, most) in cases {
        let count = tries(&Limiter::default(), day, attempt);
        assert!(count < most, "{name}: {count}");
    }
}

#[test]
fn memory_is_bounded_and_a_flood_forgets_nobody_who_is_at_it() {
    let limiter = Limiter::default();
    let busy = Attempt::new("taro", "192.0.2.1");
    for n in 0..3 * REMEMBERED {
        let now = i64::try_from(n / 200).unwrap();
        let _ = limiter.begin(&busy, false, at(now));
        limiter.begin(&Attempt::new(&format!("{n}"), &format!("bot {n}")), false, at(now)).unwrap();
    }
    assert!(limiter.begin(&busy, false, at(150)).is_err());
    let all = limiter.0.lock().unwrap();
    assert_eq!([all.pairs.len(), all.names.len(), all.places.len()], [REMEMBERED; 3]);
}

#[test]
fn a_household_of_ipv6_is_one_place() {
    assert_eq!(place("2001:db8:1:2:aaaa::1"), place("2001:db8:1:2:bbbb::2"));
    assert_ne!(place("2001:db8:1:2::1"), place("2001:db8:1:3::1"));
    assert_eq!(place("::ffff:192.0.2.1"), "192.0.2.1");
    assert_eq!(place(""), "");
}

proptest! {
    /// Wherever the clock jumps: nobody waits longer than the longest wait, and who waits for so long on the clock that it is by then comes in.
    #[test]
    fn a_clock_that_jumps_keeps_nobody_out(jumps in proptest::collection::vec((-100_000..100_000_i64, 0..40_u8), 1..30)) {
        let limiter = Limiter::default();
        let taro = Attempt::new("taro", "192.0.2.1");
        let mut now = 0;
        for (jump, tries) in jumps {
            now += jump;
            for _ in 0..tries {
                if let Err(wait) = limiter.begin(&taro, false, at(now)) {
                    prop_assert!(wait.seconds() <= LONGEST);
                    now += i64::try_from(wait.seconds()).unwrap();
                    prop_assert_eq!(limiter.begin(&taro, false, at(now)), Ok(()));
                }
            }
        }
    }

    /// Whatever others do elsewhere, who is known at a place comes in there at once.
    #[test]
    fn nobody_is_kept_out_from_elsewhere(others in proptest::collection::vec((0..4_u8, 0..50_u8, 0..5_i64), 0..400)) {
        let limiter = Limiter::default();
        let mut now = 0;
        for (name, place, passed) in others {
            now += passed;
            let _ = limiter.begin(&Attempt::new(&format!("user {name}"), &format!("bot {place}")), false, at(now));
        }
        for name in 0..4 {
            prop_assert_eq!(limiter.begin(&Attempt::new(&format!("user {name}"), "home"), true, at(now)), Ok(()));
        }
    }

    /// A name and a place that nobody tried are free, whatever else was tried.
    #[test]
    fn strangers_slips_cost_nobody(tried in proptest::collection::vec((0..50_u8, 0..50_u8), 0..300)) {
        let limiter = Limiter::default();
        for (name, place) in tried {
            let _ = limiter.begin(&Attempt::new(&format!("user {name}"), &format!("bot {place}")), false, at(0));
        }
        prop_assert_eq!(limiter.begin(&Attempt::new("hanako", "home"), false, at(0)), Ok(()));
    }
}
