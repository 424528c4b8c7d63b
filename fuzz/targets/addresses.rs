//! Files about addresses, whatever is in them: databases, tables of ranges, lists.

#![no_main]

use std::net::IpAddr;

use libfuzzer_sys::fuzz_target;
use yagura_geo::{Database, List, Ranges};

fuzz_target!(|data: &[u8]| {
    let addresses: [IpAddr; 3] =
        [[203, 0, 113, 7].into(), [0, 0, 0, 0].into(), [0x2001, 0xdb8, 0, 0, 0, 0, 0, 7].into()];
    if let Ok((list, _)) = List::read(data) {
        addresses.iter().for_each(|it| _ = list.holds(*it));
    }
    if let Ok((ranges, _)) = Ranges::read(data) {
        addresses.iter().for_each(|it| drop(ranges.origin(*it)));
    }
    if let Ok(database) = Database::new(data.to_vec()) {
        addresses.iter().for_each(|it| drop(database.origin(*it)));
    }
});
