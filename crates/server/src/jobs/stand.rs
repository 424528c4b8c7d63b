//! When a job runs next, and what is remembered of its runs: everything that depends on the clock, and nothing that reads it.
//!
//! # Invariants
//!
//! - **Once for a due time.** Due times up to the last run are done, whatever the clock was in between: several that were missed are one run.
//! - **Never silent.** A clock that was far ahead and is put right holds nothing up.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yagura_posture::Schedule;

/// A job that never ran is due when its time was in so many hours before: what was set up in the morning does not wait for the night.
const FIRST_TIME: SignedDuration = SignedDuration::from_hours(24);

/// A clock that is put back by more had been wrong before: what ran then counts no more.
const PUT_BACK: SignedDuration = SignedDuration::from_hours(25);

/// A job that failed is tried again after so long, then after twice as long each time...
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// ...up to so long.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// When a job runs by itself.
#[derive(Debug, Clone)]
pub enum Timing {
    /// Only when somebody asks for it.
    Asked,
    /// On a schedule.
    On(Schedule, TimeZone),
    /// At a moment that whoever runs it tells anew after each run.
    At(Option<Timestamp>),
}

/// What a scan is narrowed to; nothing means what the configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
pub struct ScanWish {
    /// Only these accounts: ids, or globs over names.
    pub accounts: Vec<String>,
    /// Only these regions.
    pub regions: Vec<String>,
    /// Only these rules: ids, globs or aliases.
    pub rules: Vec<String>,
}

/// A run that is begun, or was stopped with the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Order {
    /// When it began.
    pub began: Timestamp,
    /// Who asked for it; nobody where it was due.
    #[serde(default)]
    pub by: Option<String>,
    /// What it is narrowed to.
    #[serde(default)]
    pub wish: ScanWish,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobEnd {
    /// It did what it was to do.
    Succeeded,
    /// It did not.
    Failed,
    /// The program was stopped; the next start takes it up.
    Stopped,
    /// The program ended without a word.
    Interrupted,
}

/// A run that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct JobRun {
    /// When it began.
    pub began: Timestamp,
    /// When it ended, or when it was found to have ended.
    pub ended: Timestamp,
    /// How.
    pub end: JobEnd,
    /// Who asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What it came to, or what went wrong.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub told: String,
}

/// What is remembered of a job, also over restarts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Stand {
    /// Due times up to here are done.
    accounted: Option<Timestamp>,
    /// How often it failed since it last succeeded.
    failures: u32,
    /// When it is tried again after it failed.
    retry_at: Option<Timestamp>,
    /// The run that is begun.
    open: Option<Order>,
    /// The run that was stopped with the program, and is taken up.
    stopped: Option<Order>,
    /// The last run that is over.
    last: Option<JobRun>,
}

impl Stand {
    /// The last run that is over.
    #[must_use]
    pub fn last(&self) -> Option<&JobRun> {
        self.last.as_ref()
    }

    /// How often it failed since it last succeeded.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Takes up what an earlier process left: a run without an end failed, and is tried again unless somebody had asked for it. What never ran counts
    /// from the day before.
    #[must_use]
    pub fn taken_up(mut self, now: Timestamp) -> Self {
        self.accounted.get_or_insert_with(|| before(now, FIRST_TIME));
        if let Some(open) = self.open.take() {
            if open.by.is_none() {
                self.fail(now);
            }
            let told = "the program ended while it ran".to_owned();
            self.last =
                Some(JobRun { began: open.began, ended: now, end: JobEnd::Interrupted, by: open.by, told });
        }
        self
    }

    /// When it runs next by itself; what is due or over is due now. A clock that was put right is noticed here.
    pub fn next(&mut self, timing: &Timing, now: Timestamp) -> Option<Timestamp> {
        if self.accounted.is_some_and(|it| it > later(now, PUT_BACK)) {
            self.accounted = Some(now);
        }
        if self.retry_at.is_some_and(|it| it > later(now, LONGEST_PAUSE)) {
            self.retry_at = Some(now);
        }
        let stopped = self.stopped.is_some().then_some(now);
        let by_timing = match timing {
            Timing::Asked => None,
            Timing::On(schedule, zone) => {
                let accounted = *self.accounted.get_or_insert_with(|| before(now, FIRST_TIME));
                schedule.next(accounted, zone)
            }
            // It stays due until it succeeds.
            Timing::At(at) => at.filter(|_| self.retry_at.is_none()),
        };
        [stopped, self.retry_at, by_timing].into_iter().flatten().min()
    }

    /// Begins a run: one that somebody asked for, else the one that was stopped or is due.
    pub fn begin(&mut self, asked: Option<Order>, now: Timestamp) -> Order {
        let due = || Order { began: now, by: None, wish: ScanWish::default() };
        let order = Order { began: now, ..asked.or_else(|| self.stopped.take()).unwrap_or_else(due) };
        // Only what looks at everything stands for the run that is due.
        if order.wish == ScanWish::default() {
            self.accounted = Some(self.accounted.map_or(now, |it| it.max(now)));
            self.retry_at = None;
        }
        self.open = Some(order.clone());
        order
    }

    /// Ends the run. What somebody asked for is not tried again: they see that it failed.
    pub fn end(&mut self, end: JobEnd, told: String, now: Timestamp) {
        let Some(order) = self.open.take() else { return };
        match end {
            JobEnd::Succeeded if order.wish == ScanWish::default() => self.failures = 0,
            JobEnd::Failed | JobEnd::Interrupted if order.by.is_none() => self.fail(now),
            JobEnd::Stopped => self.stopped = Some(order.clone()),
            _ => {}
        }
        self.last = Some(JobRun { began: order.began, ended: now, end, by: order.by, told });
    }

    fn fail(&mut self, now: Timestamp) {
        let doubled = 1_i32.checked_shl(self.failures.min(16)).unwrap_or(i32::MAX);
        let pause = FIRST_PAUSE.checked_mul(doubled).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        self.retry_at = Some(later(now, pause));
    }
}

fn before(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_sub(by).unwrap_or(Timestamp::MIN)
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn on(schedule: &str) -> Timing {
        Timing::On(schedule.parse().unwrap(), TimeZone::UTC)
    }

    fn is_due(stand: &mut Stand, timing: &Timing, now: Timestamp) -> bool {
        stand.next(timing, now).is_some_and(|it| it <= now)
    }

    #[test]
    fn what_was_missed_runs_once_and_what_never_ran_does_not_wait_for_the_night() {
        let (nightly, mut stand) = (on("0 2 * * *"), Stand::default());
        let mut now = at("2026-03-02T15:00:00Z");
        assert!(is_due(&mut stand, &nightly, now));
        stand.begin(None, now);
        stand.end(JobEnd::Succeeded, String::new(), now);
        assert_eq!(stand.next(&nightly, now), Some(at("2026-03-03T02:00:00Z")));
        // The machine slept for a week.
        now = at("2026-03-10T08:00:00Z");
        assert!(is_due(&mut stand, &nightly, now));
        stand.begin(None, now);
        stand.end(JobEnd::Succeeded, String::new(), now);
        assert_eq!(stand.next(&nightly, now), Some(at("2026-03-11T02:00:00Z")));
        // What comes once a month and was not due yesterday waits.
        assert!(!is_due(&mut Stand::default(), &on("0 2 20 * *"), now));
    }

    #[test]
    fn what_fails_is_tried_again_ever_later_and_what_somebody_asked_for_is_not() {
        let (nightly, mut stand) = (on("0 2 * * *"), Stand::default());
        let mut now = at("2026-03-02T02:00:00Z");
        let mut pauses = Vec::new();
        for _ in 0..9 {
            stand.begin(None, now);
            stand.end(JobEnd::Failed, "no network".to_owned(), now);
            let next = stand.next(&nightly, now).unwrap();
            pauses.push(next.duration_since(now).as_secs() / 60);
            now = next;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        stand.begin(None, now);
        stand.end(JobEnd::Succeeded, String::new(), now);
        assert_eq!((stand.failures(), stand.next(&nightly, now)), (0, Some(at("2026-03-03T02:00:00Z"))));
        let wish = ScanWish { rules: vec!["nonsense".to_owned()], ..ScanWish::default() };
        stand.begin(Some(Order { began: now, by: Some("hanako".to_owned()), wish }), now);
        stand.end(JobEnd::Failed, "no such rule".to_owned(), now);
        assert_eq!(stand.next(&nightly, now), Some(at("2026-03-03T02:00:00Z")));
        assert_eq!(stand.last().unwrap().by.as_deref(), Some("hanako"));
    }

    #[test]
    fn what_was_stopped_goes_on_at_once_and_what_was_killed_after_a_pause_unless_somebody_asked_for_it() {
        let (nightly, mut stand) = (on("0 2 * * *"), Stand::default());
        let now = at("2026-03-02T02:00:00Z");
        let wish = ScanWish { accounts: vec!["shop-*".to_owned()], ..ScanWish::default() };
        stand.begin(Some(Order { began: now, by: Some("hanako".to_owned()), wish: wish.clone() }), now);
        stand.end(JobEnd::Stopped, String::new(), now);
        let kept = serde_json::to_string(&stand).unwrap();
        let mut again = serde_json::from_str::<Stand>(&kept).unwrap().taken_up(now);
        assert_eq!(again.next(&Timing::Asked, now), Some(now));
        assert_eq!(again.begin(None, now).wish, wish);
        let mut killed = again.taken_up(now);
        assert_eq!(killed.last().unwrap().end, JobEnd::Interrupted);
        assert_eq!(killed.next(&Timing::Asked, now), None, "it would be tried again as a scan of everything");
        assert_eq!(killed.failures(), 0);
        assert!(is_due(&mut killed, &nightly, now), "the narrowed scan does not stand for the nightly one");
        killed.begin(None, now);
        let mut killed = killed.taken_up(now);
        assert_eq!(killed.next(&Timing::Asked, now), Some(at("2026-03-02T02:01:00Z")), "it was due");
    }

    #[test]
    fn what_tells_its_own_time_rests_after_a_failure() {
        let (mut stand, now) = (Stand::default(), at("2026-03-02T02:00:00Z"));
        let timing = Timing::At(Some(now));
        assert!(is_due(&mut stand, &timing, now));
        stand.begin(None, now);
        stand.end(JobEnd::Failed, String::new(), now);
        assert_eq!(stand.next(&timing, now), Some(at("2026-03-02T02:01:00Z")));
    }

    #[test]
    fn a_clock_that_was_years_ahead_holds_nothing_up() {
        let (nightly, mut stand) = (on("0 2 * * *"), Stand::default());
        let wrong = at("2040-01-01T02:00:00Z");
        stand.begin(None, wrong);
        stand.end(JobEnd::Failed, String::new(), wrong);
        assert!(is_due(&mut stand, &nightly, at("2026-03-02T12:00:00Z")), "what failed is tried again");
        stand.begin(None, at("2026-03-02T12:00:00Z"));
        stand.end(JobEnd::Succeeded, String::new(), at("2026-03-02T12:00:00Z"));
        assert_eq!(stand.next(&nightly, at("2026-03-02T12:00:00Z")), Some(at("2026-03-03T02:00:00Z")));
    }

    proptest! {
        /// However the clock goes, by steps, gaps and jumps of up to a day in all backwards, no due time is run for twice, a gap is one run, and what
        /// is due is run when the clock is looked at.
        #[test]
        fn a_due_time_is_run_for_once(
            schedule in prop::sample::select(vec!["*/5 * * * *", "0 * * * *", "0 2 * * *", "30 9 * * mon", "0 0 1 * *"]),
            steps in prop::collection::vec((0_u8..4, 0_i64..90_000), 1..120),
        ) {
            let timing = on(schedule);
            let Timing::On(schedule, zone) = &timing else { unreachable!() };
            let mut stand = Stand::default();
            let mut now = Timestamp::from_second(1_780_000_000).unwrap();
            let mut back = 0;
            let mut runs: BTreeMap<Timestamp, u32> = BTreeMap::new();
            let mut accounted = now - SignedDuration::from_hours(24);
            stand.next(&timing, now);
            for (kind, seconds) in steps {
                match kind {
                    0 if back + seconds <= 86_400 => { back += seconds; now -= SignedDuration::from_secs(seconds); }
                    0 | 1 => now += SignedDuration::from_secs(seconds % 120),
                    2 => now += SignedDuration::from_secs(seconds),
                    _ => now += SignedDuration::from_secs(seconds * 20),
                }
                // Looked at several times, as the runner does.
                let mut begun = 0;
                for _ in 0..3 {
                    if is_due(&mut stand, &timing, now) {
                        let due = schedule.next(accounted, zone).unwrap();
                        prop_assert!(due <= now, "it ran before its time");
                        *runs.entry(due).or_default() += 1;
                        accounted = accounted.max(now);
                        stand.begin(None, now);
                        stand.end(JobEnd::Succeeded, String::new(), now);
                        begun += 1;
                    }
                }
                prop_assert!(begun <= 1, "{begun} runs after one gap");
                prop_assert!(schedule.next(accounted, zone).is_none_or(|it| it > now), "something due was not run");
            }
            prop_assert!(runs.values().all(|it| *it == 1), "{runs:?}");
        }
    }
}
