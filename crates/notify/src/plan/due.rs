//! When something is told: at once, with the next summary, or when quiet hours end.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};
use yagura_model::Severity;
use yagura_posture::{Project, Zone};

use crate::settings::{Destination, Digest};

/// Quiet hours end within so many steps: a night and two days of a weekend, with room.
const STEPS: usize = 10;

/// The time at which a finding of this severity is told.
pub(crate) fn due(
    destination: &Destination,
    project: &Project,
    severity: Severity,
    urgent: bool,
    now: Timestamp,
) -> Timestamp {
    let utc = Zone::utc();
    let zone = project.time_zone.as_ref().unwrap_or(&utc).zone();
    let at = if urgent { now } else { next_digest(destination, zone, now) };
    if urgent && severity == Severity::Critical { at } else { after_quiet_hours(project, zone, at) }
}

fn next_digest(destination: &Destination, zone: &TimeZone, now: Timestamp) -> Timestamp {
    let local = now.to_zoned(zone.clone());
    match destination.digest {
        Digest::Immediate => now,
        Digest::Hourly => {
            let hour = local.time().with().minute(0).second(0).subsec_nanosecond(0).build();
            let this = hour.ok().and_then(|it| local.with().time(it).build().ok());
            this.and_then(|it| it.checked_add(1.hour()).ok()).map_or(now, |it| it.timestamp())
        }
        Digest::Daily => next(&local, destination.digest_at).map_or(now, |it| it.timestamp()),
    }
}

fn after_quiet_hours(project: &Project, zone: &TimeZone, at: Timestamp) -> Timestamp {
    let Some(quiet) = &project.quiet_hours else { return at };
    let mut local = at.to_zoned(zone.clone());
    for _ in 0..STEPS {
        if !quiet.holds(&local) {
            break;
        }
        match next(&local, quiet.to) {
            Some(end) => local = end,
            None => break,
        }
    }
    local.timestamp()
}

/// The next time at which clocks show this; where they skip it, the moment after.
fn next(after: &Zoned, time: Time) -> Option<Zoned> {
    let today = after.with().time(time).build().ok()?;
    if today > *after {
        return Some(today);
    }
    after.date().tomorrow().ok()?.to_datetime(time).to_zoned(after.time_zone().clone()).ok()
}
