//! Address ranges and the entries of security groups.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{Function, field, function, text};
use crate::condition::{Fault, List, Scope, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function("opens", 2..=3, "opens(permission, port)", opens),
    function("sources", 1..=1, "sources(permission)", sources),
    function("internet", 1..=1, "internet(cidr)", internet),
    function("public_range", 1..=1, "public_range(cidr)", public_range),
    function("cidr_within", 2..=2, "cidr_within(inner, outer)", cidr_within),
];

type Answer<'a> = Result<Value<'a>, Fault<'a>>;

/// Whether an entry of `IpPermissions` lets a protocol through on a port. An entry without ports is about all of them.
fn opens<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let permission = &arguments[0];
    let Value::Int(port) = arguments[1] else {
        return Err(Fault::wrong_type("opens", arguments[1].type_name()));
    };
    let wanted = arguments.get(2).map_or(Ok("tcp"), |protocol| text("opens", protocol))?;
    let protocol = field("opens", permission, "IpProtocol")?.ok_or(Fault::MissingField("IpProtocol"))?;
    let protocol = match text("opens", &protocol)? {
        "6" => "tcp",
        "17" => "udp",
        other => other,
    };
    if protocol == "-1" {
        return Ok(Value::Bool(true));
    }
    if !protocol.eq_ignore_ascii_case(wanted) {
        return Ok(Value::Bool(false));
    }
    let end = |name, open| match field("opens", permission, name)? {
        None | Some(Value::Null | Value::Int(-1)) => Ok(open),
        Some(Value::Int(port)) => Ok(port),
        Some(other) => Err(Fault::wrong_type("opens", other.type_name())),
    };
    Ok(Value::Bool((end("FromPort", 0)?..=end("ToPort", 65535)?).contains(&port)))
}

/// Where an entry of `IpPermissions` lets traffic come from (or go to).
fn sources<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    const LISTS: [(&str, &str); 4] = [
        ("IpRanges", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId"),
        ("UserIdGroupPairs", "GroupId"),
    ];
    let mut found = Vec::new();
    for (list, name) in LISTS {
        let Some(list) = field("sources", &arguments[0], list)? else { continue };
        let Some(elements) = list.elements() else { continue };
        for element in elements.iter() {
            found.extend(field("sources", &element, name)?);
        }
    }
    Ok(List::of(found))
}

/// A range or a single address; `None` for other texts, such as the id of a security group.
fn range(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)).map(|it| it.trunc())
}

fn internet<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let range = range(text("internet", &arguments[0])?);
    Ok(Value::Bool(range.is_some_and(|range| range.prefix_len() == 0)))
}

fn public_range<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let range = range(text("public_range", &arguments[0])?);
    Ok(Value::Bool(range.is_some_and(is_public)))
}

fn cidr_within<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let (inner, outer) = (text("cidr_within", &arguments[0])?, text("cidr_within", &arguments[1])?);
    let (Some(inner), Some(outer)) = (range(inner), range(outer)) else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(outer.contains(&inner)))
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// IPv4 ranges that are not routed on the internet: IANA's special-purpose registry, multicast and class E.
const NOT_ROUTED_V4: [Ipv4Net; 14] = [
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];

/// IPv6 ranges that are not routed: everything but 2000::/3, and the documentation ranges in it.
const NOT_ROUTED_V6: [Ipv6Net; 8] = [
    v6(0, 0, 4),
    v6(0x1000, 0, 4),
    v6(0x2001, 0xdb8, 32),
    v6(0x3fff, 0, 20),
    v6(0x4000, 0, 3),
    v6(0x6000, 0, 3),
    v6(0x8000, 0, 2),
    v6(0xc000, 0, 2),
];

/// Whether a range holds an address that is routed on the internet.
fn is_public(range: IpNet) -> bool {
    let holds = |outer: IpNet, inner: IpNet| outer.contains(&inner);
    let blocks: Vec<IpNet> = match range {
        IpNet::V4(_) => NOT_ROUTED_V4.into_iter().map(IpNet::from).collect(),
        IpNet::V6(_) => NOT_ROUTED_V6.into_iter().map(IpNet::from).collect(),
    };
    let mut open = vec![range];
    while let Some(range) = open.pop() {
        if blocks.iter().any(|block| holds(*block, range)) {
            continue;
        }
        if !blocks.iter().any(|block| holds(range, *block)) {
            return true;
        }
        // Part of it is not routed: each half is smaller than before, and no block is longer than 32 bits.
        match range.subnets(range.prefix_len() + 1) {
            Ok(halves) => open.extend(halves),
            Err(_) => return true,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(range(text).unwrap())
    }

    #[test]
    fn a_range_is_public_when_one_of_its_addresses_is_routed() {
        for text in ["0.0.0.0/0", "8.8.8.8", "10.0.0.0/7", "192.0.0.0/16", "::/0", "2600::/16", "2001::/16"] {
            assert!(public(text), "{text}");
        }
        for text in [
            "10.1.2.3/32",
            "172.16.0.0/12",
            "100.64.0.0/10",
            "224.0.0.0/3",
            "203.0.113.0/24",
            "fd00::/8",
            "fe80::1",
            "2001:db8::/32",
            "::1",
            "4000::/2",
        ] {
            assert!(!public(text), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_ranges() {
        for text in ["sg-1", "pl-1", "", "10.0.0.0/33", "1.2.3"] {
            assert_eq!(range(text), None, "{text}");
        }
    }
}
