//! The language by examples.

use serde_json::{Map, json};
use yagura_model::Reason;

use super::super::compile;
use super::value;

#[test]
fn standard_cel() {
    let thing = json!({ "A": { "B": 1 }, "L": [3, 1, 2], "S": "text", "D": 1.5, "N": null, "Items": [{ "K": "a", "V": 1 }, { "K": "b" }] });
    for (text, expected) in [
        ("1 + 2 * 3 - 4 / 2 % 2", json!(7)),
        ("-resource.A.B", json!(-1)),
        ("1 == 1.0 && 2 > 1.5 && 'a' < 'b'", json!(true)),
        ("'1' == 1", json!(false)),
        ("resource.A.B == 1 ? 'one' : 'other'", json!("one")),
        ("resource.?A.?C.orValue('none')", json!("none")),
        ("resource.?A.B.orValue(0)", json!(1)),
        ("resource.?X.B", json!({ "optional": [] })),
        ("resource.L[?9].hasValue()", json!(false)),
        ("resource.?A.?B.value()", json!(1)),
        ("optional.none().or(optional.of(4)).orValue(5)", json!(4)),
        ("has(resource.A.B) && !has(resource.A.C)", json!(true)),
        ("resource.L.exists(x, x == 2) && resource.L.all(x, x < 4)", json!(true)),
        ("resource.L.exists_one(x, x > 2)", json!(true)),
        ("resource.L.filter(x, x > 1).map(x, x * 2)", json!([6, 4])),
        ("resource.L.map(x, x > 1, x * 2)", json!([6, 4])),
        ("resource.Items.map(i, i.K + ':' + string(i.?V.orValue(0)))", json!(["a:1", "b:0"])),
        ("resource.Items.exists(i, i.V == 1)", json!(true)),
        ("resource.A.map(key, key)", json!(["B"])),
        ("'B' in resource.A && 2 in resource.L && !('C' in resource)", json!(true)),
        ("size(resource.S) + resource.L.size() + size(resource.A)", json!(8)),
        (
            "resource.S.startsWith('te') && resource.S.endsWith('xt') && resource.S.contains('ex')",
            json!(true),
        ),
        ("resource.S.matches('^t.*t$') && matches(resource.S, 'e')", json!(true)),
        ("resource['A']['B'] + resource.L[0]", json!(4)),
        ("{'k': resource.A.B, ?'m': resource.?M}", json!({ "k": 1 })),
        ("[1, ?resource.?M, ?resource.?A.B]", json!([1, 1])),
        ("int('12') + int(2.9) + int(timestamp('1970-01-01T00:00:05Z'))", json!(19)),
        ("double('1.5') == resource.D && string(2) == '2'", json!(true)),
        ("timestamp('2026-01-01T00:00:00Z') == now && now - duration('24h') < now", json!(true)),
        ("string(duration('1h30m'))", json!("5400s")),
        ("now - timestamp('2025-12-31T00:00:00Z') == duration('24h')", json!(true)),
        ("false && resource.X.Y", json!(false)),
        ("resource.X.Y || true", json!(true)),
        ("[1, 'a', true].all(x, x == 2)", json!(false)),
        ("r'\\d' + \"\\n\" + '''it's'''", json!("\\d\nit's")),
        ("resource.Items.all(i, resource.Items.exists(j, i.K == j.K))", json!(true)),
        ("resource.N == null", json!(true)),
    ] {
        assert_eq!(value(text, thing.clone()), Ok(expected), "{text}");
    }
}

#[test]
fn our_functions() {
    let thing = json!({
        "P": { "IpProtocol": "tcp", "FromPort": 20, "ToPort": 30, "IpRanges": [{ "CidrIp": "0.0.0.0/0" }],
               "Ipv6Ranges": [{ "CidrIpv6": "::/0" }], "UserIdGroupPairs": [{ "GroupId": "sg-2" }] },
        "All": { "IpProtocol": "-1" }, "Udp": { "IpProtocol": "17", "FromPort": 53, "ToPort": 53 },
    });
    for (text, expected) in [
        ("opens(resource.P, 22) && !opens(resource.P, 31) && opens(resource.All, 1)", json!(true)),
        ("opens(resource.Udp, 53, 'udp') && !opens(resource.Udp, 53)", json!(true)),
        ("sources(resource.P)", json!(["0.0.0.0/0", "::/0", "sg-2"])),
        ("sources(resource.P).filter(s, internet(s))", json!(["0.0.0.0/0", "::/0"])),
        ("internet('0.0.0.0/1') || internet('sg-1')", json!(false)),
        ("public_range('8.8.8.8/32') && !public_range('10.0.0.0/8') && !public_range('pl-1')", json!(true)),
        (
            "cidr_within('10.1.0.0/16', '10.0.0.0/8') && !cidr_within('10.0.0.0/8', '10.1.0.0/16')",
            json!(true),
        ),
        ("age_days('2025-12-31T12:00:00+00:00')", json!(0)),
        ("age_days('2025-12-31T00:00:00Z')", json!(1)),
        ("age_days(timestamp('2026-01-01T00:00:01Z'))", json!(-1)),
        ("glob('prod-web', 'prod-*') && !glob('prod', 'pro')", json!(true)),
        ("lower('ÀB')", json!("àb")),
        ("words(' t3.micro, t3.small\\nm5.large ')", json!(["t3.micro", "t3.small", "m5.large"])),
        ("flatten([[1, 2], [], [3], 4])", json!([1, 2, 3, 4])),
        ("distinct([1, 1.0, 'a', 'a'])", json!([1, "a"])),
        ("meta.id + meta.type", json!("judgedAWS::Test::Thing")),
        (
            "public({'Statement': {'Effect': 'Allow', 'Principal': '*', 'Action': 's3:*', 'Resource': '*'}})",
            json!(true),
        ),
        (
            "admin('{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}')",
            json!(true),
        ),
        ("org.accounts == ['111122223333'] && org.id == null", json!(true)),
    ] {
        assert_eq!(value(text, thing.clone()), Ok(expected), "{text}");
    }
}

#[test]
fn what_aws_left_out_is_named_as_the_rule_names_it() {
    let missing = |text| match value(text, json!({ "A": {}, "N": null, "L": [{}] })) {
        Err(Reason::MissingField { field }) => field,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(missing("resource.A.B == 1"), "resource.A.B");
    assert_eq!(missing("resource.X.Y == 1"), "resource.X");
    assert_eq!(missing("resource['A']['B'] == 1"), "resource[\"A\"][\"B\"]");
    assert_eq!(missing("resource.L.all(it, it.Name == 'x')"), "it.Name");
    assert_eq!(missing("resource.N.B == 1"), "resource.N.B");
    assert_eq!(missing("opens(resource.A, 22)"), "IpProtocol");
}

#[test]
fn what_goes_wrong_is_told_to_the_author() {
    let told = |text| match value(text, json!({ "A": { "B": "text" } })) {
        Err(Reason::RuleFailed { error }) => error,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(told("resource.A.B > 1"), "`>` cannot take a string and a int");
    assert_eq!(told("resource.A.B && true"), "`a condition` cannot take a string");
    assert_eq!(told("1 / 0"), "a division by zero");
    assert_eq!(told("[1][3]"), "the list has no element 3");
    assert_eq!(told("9223372036854775807 + 1"), "a number is too large");
    assert_eq!(told("resource.A.B.all(x, x)"), "`all` cannot take a string");
    assert_eq!(told("int(resource.A.B)"), "`text` is not an int");
    assert_eq!(told("age_days('yesterday')"), "`yesterday` is not a time such as 2026-01-31T00:00:00Z");
}

#[test]
fn mistakes_are_told_before_anything_is_judged() {
    let params = json!({ "allowed": [] }).as_object().cloned().unwrap();
    let told = |text: &str| {
        let mistakes = compile(text, &params).unwrap_err();
        let lines: Vec<String> = mistakes
            .iter()
            .map(|it| {
                format!(
                    "{}: {}{}",
                    it.offset,
                    it.message,
                    it.help.iter().map(|it| format!(" ({it})")).collect::<String>()
                )
            })
            .collect();
        lines.join("\n")
    };
    insta::assert_snapshot!(
        [
            "resorce.A",
            "resource.A && opnes(p, 22)",
            "params.alowed",
            "params.?nothing",
            "meta.owner == org.name",
            "resource.A.startWith('x')",
            "size(1, 2)",
            "'x'.glob('y')",
            "opens.x",
            "resource.L.all(x.y, true)",
            "resource.L.exists(x)",
            "has(resource)",
            "resource.A = 1",
            "resource.A and true",
            "resource.A ==",
            "(resource.A",
            "'open",
            "a.all(p,\n  p.x >> 1)",
            "",
            "1u + b'x'",
            "Thing{a: 1}",
            "{1: 2}",
            "timestamp('soon') > now && now > now - duration('1d')",
            "resource.A.matches('(')",
            "resource.A == 語",
        ]
        .map(|text| format!("{text:?}\n{}\n", told(text)))
        .join("\n")
    );
}

#[test]
fn a_condition_that_is_too_long_or_too_deep_is_refused() {
    let long = format!("'{}' == ''", "x".repeat(10_000));
    let deep = format!("{}1", "1 + ".repeat(1000));
    let nested = format!("{}1{}", "(".repeat(500), ")".repeat(500));
    for text in [long, deep, nested] {
        assert!(compile(&text, &Map::new()).is_err(), "{}", &text[..20]);
    }
}

/// A scan evaluates millions of conditions: what they hand around stays small.
#[test]
fn values_and_faults_are_small() {
    assert!(size_of::<super::Value<'_>>() <= 24);
    assert!(size_of::<Result<super::Value<'_>, super::super::Fault<'_>>>() <= 32);
}
