//! Where an address is: in the internet, in private networks, on the machine itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    Public,
    /// RFC 1918, shared address space (RFC 6598, which EKS uses for pods), unique local addresses.
    Private,
    Loopback,
    LinkLocal,
    /// The metadata service of EC2.
    Metadata,
    /// Multicast, reserved, no address at all.
    Other,
}

impl Scope {
    pub(super) fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        match address.octets() {
            [169, 254, 169, 254] => Self::Metadata,
            [10, ..] | [192, 168, ..] | [172, 16..=31, ..] | [100, 64..=127, ..] => Self::Private,
            [127, ..] => Self::Loopback,
            [169, 254, ..] => Self::LinkLocal,
            // Addresses for documentation count as public: examples are written with them.
            [0 | 224..=255, ..] | [198, 18..=19, ..] | [192, 0, 0, _] => Self::Other,
            _ => Self::Public,
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        if let Some(address) = address.to_ipv4_mapped() {
            return Self::of_v4(address);
        }
        match address.segments() {
            [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] => Self::Metadata,
            [0, 0, 0, 0, 0, 0, 0, 1] => Self::Loopback,
            // NAT64: the address of version 4 is inside.
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                Self::of_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
            }
            [0xfc00..=0xfdff, ..] => Self::Private,
            [0xfe80..=0xfebf, ..] => Self::LinkLocal,
            [0x2000..=0x3fff, ..] => Self::Public,
            _ => Self::Other,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Loopback => "loopback",
            Self::LinkLocal => "link_local",
            Self::Metadata => "metadata",
            Self::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart() {
        for (address, scope) in [
            ("8.8.8.8", "public"),
            ("203.0.113.9", "public"),
            ("172.15.0.1", "public"),
            ("172.31.255.255", "private"),
            ("100.64.0.1", "private"),
            ("127.0.0.53", "loopback"),
            ("169.254.170.2", "link_local"),
            ("169.254.169.254", "metadata"),
            ("255.255.255.255", "other"),
            ("2001:db8::1", "public"),
            ("fd00:ec2::254", "metadata"),
            ("fd00::1", "private"),
            ("fe80::1", "link_local"),
            ("::ffff:10.0.0.1", "private"),
            ("64:ff9b::808:808", "public"),
            ("::", "other"),
        ] {
            assert_eq!(Scope::of(address.parse().unwrap()).as_str(), scope, "{address}");
        }
    }
}
