//! A list of addresses and networks: one a line, the first word of it. The Tor project's `ExitAddress` lines are understood.

use std::io::{self, Read};
use std::net::IpAddr;

use ipnet::IpNet;

use crate::text::{self, Mistakes};

/// So many entries are read.
const MOST: usize = 4_000_000;

/// A list of addresses and networks.
#[derive(Debug, Default)]
pub struct List {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

/// Ranges that touch nowhere, in order.
fn merge<A: Ord + Copy>(mut ranges: Vec<(A, A)>) -> Vec<(A, A)> {
    ranges.sort_unstable();
    let mut merged: Vec<(A, A)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged.shrink_to_fit();
    merged
}

fn holds<A: Ord + Copy>(ranges: &[(A, A)], address: A) -> bool {
    let after = ranges.partition_point(|it| it.0 <= address);
    ranges[..after].last().is_some_and(|it| address <= it.1)
}

impl List {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// It cannot be read to its end. Lines with mistakes are left out and told.
    pub fn read(input: impl Read) -> io::Result<(Self, Vec<String>)> {
        Self::with_mistakes(input).map(|(list, mistakes)| (list, mistakes.shown("")))
    }

    pub(crate) fn with_mistakes(input: impl Read) -> io::Result<(Self, Mistakes)> {
        let mut list = Self::default();
        let mistakes = text::lines(input, |line| list.line(line))?;
        Ok((Self { v4: merge(list.v4), v6: merge(list.v6) }, mistakes))
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split([' ', '\t', ',', ';', '#']).filter(|it| !it.is_empty());
        let mut word = words.next().unwrap_or_default();
        match word {
            "ExitNode" | "Published" | "LastStatus" => return Ok(()),
            "ExitAddress" => word = words.next().unwrap_or_default(),
            _ => {}
        }
        let network = word.parse::<IpAddr>().map(IpNet::from).or_else(|_| word.parse::<IpNet>());
        let network = network.map_err(|_| format!("`{word}` is neither an address nor a network"))?;
        if network.prefix_len() == 0 {
            return Err(format!("`{word}` is the whole internet"));
        }
        if self.v4.len() + self.v6.len() >= MOST {
            return Err(format!("more than {MOST} entries are not read"));
        }
        match network.trunc() {
            IpNet::V4(it) => self.v4.push((it.network().to_bits(), it.broadcast().to_bits())),
            IpNet::V6(it) => self.v6.push((it.network().to_bits(), it.broadcast().to_bits())),
        }
        Ok(())
    }

    /// Whether an address is on it.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(it) => holds(&self.v4, it.to_bits()),
            IpAddr::V6(it) => holds(&self.v6, it.to_bits()),
        }
    }

    /// How many ranges of addresses there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_of_usual_lists_are_understood() {
        let text = "# exits\n203.0.113.7\n198.51.100.0/24 ; somebody's\n203.0.113.9\t8\n2001:db8::/32,x\n\
            ExitNode 0011\nPublished 2026-01-01 00:00:00\nExitAddress 192.0.2.1 2026-01-01 00:00:00\n198.51.100.7\n";
        let (list, mistakes) = List::read(text.as_bytes()).unwrap();
        assert_eq!(mistakes, Vec::<String>::new());
        let on = |address: &str| list.holds(address.parse().unwrap());
        for address in
            ["203.0.113.7", "198.51.100.0", "198.51.100.255", "203.0.113.9", "2001:db8::1", "192.0.2.1"]
        {
            assert!(on(address), "{address}");
        }
        for address in ["203.0.113.8", "198.51.101.0", "2001:db9::1", "0.0.0.0"] {
            assert!(!on(address), "{address}");
        }
        assert_eq!(list.len(), 5);
    }

    #[test]
    fn what_is_no_address_is_told_with_its_place() {
        let (list, mistakes) = List::read(&b"203.0.113.7\nexample.com\n0.0.0.0/0\n"[..]).unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(
            mistakes,
            [
                ": line 2: `example.com` is neither an address nor a network",
                ": line 3: `0.0.0.0/0` is the whole internet"
            ]
        );
    }
}
