//! Bodies of a queue's messages: whatever they are, what is shown of them is fit to be shown.
#![no_main]

use yagura_logs::s3::{S3Address, log_place};
use yagura_logs::sqs::{Announcement, QueueAddress, announcement};

libfuzzer_sys::fuzz_target!(|text: &str| {
    match announcement(text) {
        Announcement::Unknown { excerpt } => {
            assert!(!excerpt.chars().any(char::is_control));
            assert!(excerpt.chars().count() < 1_000);
        }
        Announcement::Objects(objects) => {
            assert!(!objects.is_empty());
            for object in objects {
                let _ = log_place(&object.key);
            }
        }
        Announcement::Event(json) | Announcement::GuardDutyFinding(json) => {
            assert!(json.starts_with('{'));
        }
        Announcement::Nothing(_) => {}
    }
    let _ = (QueueAddress::parse(text), S3Address::parse(text), log_place(text));
});
