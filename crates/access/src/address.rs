//! Address ranges in conditions.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// How a set of ranges relates to "anywhere on the internet".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Breadth {
    /// So many addresses that the ranges bound nobody.
    pub(crate) broad: bool,
    /// Every address there is.
    pub(crate) everything: bool,
}

/// Reads an address or range; host bits are ignored.
pub(crate) fn parse(text: &str) -> Option<IpNet> {
    if let Ok(net) = text.parse::<IpNet>() {
        return Some(net.trunc());
    }
    text.parse::<IpAddr>().ok().map(IpNet::from)
}

/// Whether ranges bound callers.
///
/// S3 evaluates a policy as public when a range is broader than /8 for IPv4 or /32 for IPv6, private ranges aside.
/// Neighbouring ranges count as one, so that splitting the internet in two does not help.
///
/// Source: S3 User Guide, "The meaning of public".
pub(crate) fn breadth(nets: &[IpNet]) -> Breadth {
    let public: Vec<IpNet> = nets.iter().copied().filter(|net| !private(net)).collect();
    let merged = IpNet::aggregate(&public);
    let broad = merged.iter().any(|net| match net {
        IpNet::V4(net) => net.prefix_len() < 8,
        IpNet::V6(net) => net.prefix_len() < 32,
    });
    let all = |v4: bool| merged.iter().any(|net| net.prefix_len() == 0 && matches!(net, IpNet::V4(_)) == v4);
    Breadth { broad, everything: all(true) && all(false) }
}

/// RFC 1918 and unique local addresses: no call from the internet has one.
pub(crate) fn private(net: &IpNet) -> bool {
    match net {
        IpNet::V4(net) => PRIVATE_V4.iter().any(|private| private.contains(net)),
        IpNet::V6(net) => PRIVATE_V6.contains(net),
    }
}

const PRIVATE_V4: [Ipv4Net; 3] = [
    Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8),
    Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 0, 0), 12),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 168, 0, 0), 16),
];

const PRIVATE_V6: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7);

#[cfg(test)]
mod tests {
    use super::*;

    fn broad(ranges: &[&str]) -> bool {
        breadth(&ranges.iter().map(|range| parse(range).unwrap()).collect::<Vec<_>>()).broad
    }

    #[test]
    fn ranges_broader_than_a_slash_8_bound_nobody() {
        for (ranges, expected) in [
            (&["0.0.0.0/0"][..], true),
            (&["0.0.0.0/1", "128.0.0.0/1"], true),
            (&["12.0.0.0/8", "13.0.0.0/8"], true),
            (&["12.0.0.0/8"], false),
            (&["203.0.113.0/24", "198.51.100.7"], false),
            (&["10.0.0.0/8", "172.16.0.0/12"], false),
            (&["::/0"], true),
            (&["2001:db8::/31"], true),
            (&["2001:db8::/32"], false),
            (&["fc00::/7"], false),
        ] {
            assert_eq!(broad(ranges), expected, "{ranges:?}");
        }
    }

    #[test]
    fn everything_needs_both_families() {
        let nets = |ranges: &[&str]| ranges.iter().filter_map(|it| parse(it)).collect::<Vec<_>>();
        assert!(!breadth(&nets(&["0.0.0.0/0"])).everything);
        assert!(breadth(&nets(&["0.0.0.0/0", "::/0"])).everything);
    }

    #[test]
    fn host_bits_are_ignored_and_nonsense_is_refused() {
        assert_eq!(parse("203.0.113.5/24"), parse("203.0.113.0/24"));
        assert_eq!(parse("office"), None);
    }
}
