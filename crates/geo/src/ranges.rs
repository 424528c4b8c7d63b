//! Ranges of addresses with country and autonomous system, as iptoasn.com gives them: `range_start range_end AS_number country AS_description`,
//! with tabs between.

use std::collections::HashMap;
use std::io::{self, Read};
use std::net::IpAddr;

use yagura_model::Origin;

use crate::text::{self, Mistakes};

/// So many ranges are read; today's internet has a tenth of them.
const MOST: usize = 8_000_000;
/// So long may a name be.
const NAME: usize = 100;

/// Ranges of addresses.
#[derive(Debug, Default)]
pub struct Ranges {
    v4: Vec<Range<u32>>,
    v6: Vec<Range<u128>>,
    names: HashMap<u32, Box<str>>,
}

#[derive(Debug, Clone, Copy)]
struct Range<A> {
    first: A,
    last: A,
    /// 0: nobody's.
    asn: u32,
    /// Two letters, or blanks.
    country: [u8; 2],
}

fn find<A: Ord + Copy>(ranges: &[Range<A>], address: A) -> Option<&Range<A>> {
    let after = ranges.partition_point(|it| it.first <= address);
    ranges[..after].last().filter(|it| address <= it.last)
}

/// Two letters of ISO 3166 in capitals; `ZZ` is nobody's.
pub(crate) fn country(text: &str) -> Option<[u8; 2]> {
    let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
    let letters = letters.map(|it| it.to_ascii_uppercase());
    (letters.iter().all(u8::is_ascii_uppercase) && &letters != b"ZZ").then_some(letters)
}

impl Ranges {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// It cannot be read to its end. Lines with mistakes are left out and told.
    pub fn read(input: impl Read) -> io::Result<(Self, Vec<String>)> {
        Self::with_mistakes(input).map(|(ranges, mistakes)| (ranges, mistakes.shown("")))
    }

    pub(crate) fn with_mistakes(input: impl Read) -> io::Result<(Self, Mistakes)> {
        let mut ranges = Self::default();
        let mistakes = text::lines(input, |line| ranges.line(line))?;
        ranges.v4.sort_by_key(|it| it.first);
        ranges.v6.sort_by_key(|it| it.first);
        Ok((ranges, mistakes))
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let mut columns = line.split('\t').map(str::trim);
        let mut column = || columns.next().ok_or("five columns with tabs between are expected".to_owned());
        let (first, last, asn, place, name) = (column()?, column()?, column()?, column()?, column()?);
        let address = |text: &str| text.parse::<IpAddr>().map_err(|_| format!("`{text}` is no address"));
        let (first, last) = (address(first)?, address(last)?);
        let asn: u32 = asn.parse().map_err(|_| format!("`{asn}` is no number of an autonomous system"))?;
        let country = country(place).unwrap_or(*b"  ");
        if asn == 0 && country == *b"  " {
            // Not routed: the same as not known.
            return Ok(());
        }
        if self.v4.len() + self.v6.len() >= MOST {
            return Err(format!("more than {MOST} ranges are not read"));
        }
        match (first, last) {
            (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
                self.v4.push(Range { first: first.to_bits(), last: last.to_bits(), asn, country });
            }
            (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
                self.v6.push(Range { first: first.to_bits(), last: last.to_bits(), asn, country });
            }
            _ => return Err(format!("`{first}` to `{last}` is no range")),
        }
        if asn != 0 && !name.is_empty() {
            self.names.entry(asn).or_insert_with(|| name.chars().take(NAME).collect::<String>().into());
        }
        Ok(())
    }

    /// How many ranges there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is known of an address.
    #[must_use]
    pub fn origin(&self, address: IpAddr) -> Origin {
        let found = match address {
            IpAddr::V4(it) => find(&self.v4, it.to_bits()).map(|it| (it.asn, it.country)),
            IpAddr::V6(it) => find(&self.v6, it.to_bits()).map(|it| (it.asn, it.country)),
        };
        let Some((asn, country)) = found else { return Origin::default() };
        let letters = std::str::from_utf8(&country).ok().filter(|it| !it.trim().is_empty());
        Origin {
            country: letters.map(str::to_owned),
            asn: (asn != 0).then_some(asn),
            as_name: self.names.get(&asn).map(|it| it.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TABLE: &str = "198.51.100.0\t198.51.100.255\t64500\tNL\tEXAMPLE Net\n203.0.113.0\t203.0.113.127\t64501\tjp\tOTHER\n\
        203.0.113.128\t203.0.113.255\t0\tNone\tNot routed\n2001:db8::\t2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\t64502\tZZ\tSIX\n";

    fn of(ranges: &Ranges, address: &str) -> String {
        ranges.origin(address.parse().unwrap()).to_string()
    }

    #[test]
    fn an_address_is_found_in_its_range() {
        let (ranges, mistakes) = Ranges::read(TABLE.as_bytes()).unwrap();
        assert_eq!((ranges.len(), mistakes), (3, vec![]));
        for (address, expected) in [
            ("198.51.100.0", "NL, AS64500 EXAMPLE Net"),
            ("198.51.100.255", "NL, AS64500 EXAMPLE Net"),
            ("203.0.113.127", "JP, AS64501 OTHER"),
            ("203.0.113.128", ""),
            ("198.51.101.0", ""),
            ("1.1.1.1", ""),
            ("2001:db8::7", "AS64502 SIX"),
        ] {
            assert_eq!(of(&ranges, address), expected, "{address}");
        }
    }

    #[test]
    fn a_line_with_a_mistake_is_told_and_the_others_count() {
        let (ranges, mistakes) = Ranges::read(
            format!("a\tb\t1\tNL\tx\n1.2.3.4 5\n9.9.9.9\t1.1.1.1\t1\tNL\tx\n{TABLE}").as_bytes(),
        )
        .unwrap();
        assert_eq!(ranges.len(), 3);
        assert_eq!(
            mistakes,
            [
                ": line 1: `a` is no address",
                ": line 2: five columns with tabs between are expected",
                ": line 3: `9.9.9.9` to `1.1.1.1` is no range"
            ]
        );
    }

    proptest! {
        /// A range is found as a search through all of them finds it.
        #[test]
        fn ranges_are_found_as_by_looking_at_each(bounds in prop::collection::btree_set(0u32..2000, 2..40), address in 0u32..2000) {
            let bounds: Vec<_> = bounds.into_iter().collect();
            let pairs: Vec<_> = bounds.chunks_exact(2).map(|it| (it[0], it[1])).collect();
            let ip = |bits: u32| std::net::Ipv4Addr::from_bits(bits);
            let mut text = String::new();
            for (n, (first, last)) in pairs.iter().enumerate().rev() {
                text.push_str(&format!("{}\t{}\t{}\tNL\tx\n", ip(*first), ip(*last), n + 1));
            }
            let (ranges, _) = Ranges::read(text.as_bytes()).unwrap();
            let expected = pairs.iter().position(|(first, last)| (first..=last).contains(&&address));
            let found = ranges.origin(ip(address).into()).asn;
            prop_assert_eq!(found, expected.map(|it| it as u32 + 1));
        }
    }
}
