//! Random conditions, grown from a tape of bytes so that they shrink towards simple ones.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// What a grown condition may talk about besides `resource`.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum World {
    /// Only what the library knows too.
    Standard,
    /// Other resources and tags as well.
    Around,
}

/// A random condition: an expression that is mostly a bool.
pub(super) fn condition(world: World) -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>(), 0..80)
        .prop_map(move |tape| Grower { tape: tape.into_iter(), depth: 0, names: 0, world }.bool())
}

/// A random expression of any type.
pub(super) fn expression(world: World) -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>(), 0..80)
        .prop_map(move |tape| Grower { tape: tape.into_iter(), depth: 0, names: 0, world }.any())
}

/// A random configuration; every field may be left out.
pub(super) fn configuration() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        (-3_i64..4).prop_map(Json::from),
        (-2_i32..3).prop_map(|it| Json::from(f64::from(it) / 2.0)),
        "[ab]{0,2}".prop_map(Json::from),
        any::<bool>().prop_map(Json::from),
        Just(Json::Null),
    ];
    let integers = prop::collection::vec(-3_i64..4, 0..4).prop_map(Json::from);
    let item = (prop::option::of("[ab]"), prop::option::of(-3_i64..4), prop::option::of(any::<bool>()))
        .prop_map(|(k, n, f)| {
            object([("k", k.map(Json::from)), ("n", n.map(Json::from)), ("f", f.map(Json::from))])
        });
    let inner = (prop::option::of(scalar.clone()), prop::option::of(-3_i64..4))
        .prop_map(|(x, y)| object([("x", x), ("y", y.map(Json::from))]));
    (
        prop::option::of(scalar),
        prop::option::of(-3_i64..4),
        prop::option::of("[ab]{0,2}"),
        prop::option::of(any::<bool>()),
        prop::option::of(integers),
        prop::option::of(prop::collection::vec(item, 0..3)),
        prop::option::of(inner),
    )
        .prop_map(|(a, n, s, f, l, items, o)| {
            object([
                ("a", a),
                ("n", n.map(Json::from)),
                ("s", s.map(Json::from)),
                ("f", f.map(Json::from)),
                ("l", l),
                ("items", items.map(Json::from)),
                ("o", o),
            ])
        })
}

/// The fields of a configuration.
pub(super) const FIELDS: [&str; 7] = ["a", "n", "s", "f", "l", "items", "o"];

fn object<const N: usize>(fields: [(&str, Option<Json>); N]) -> Json {
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

#[test]
fn an_object_leaves_out_what_is_not_there() {
    assert_eq!(object([("a", Some(json!(1))), ("b", None)]), json!({ "a": 1 }));
}

struct Grower {
    tape: std::vec::IntoIter<u8>,
    depth: usize,
    /// How many variables of macros are around.
    names: usize,
    world: World,
}

impl Grower {
    /// A number below `count`; 0, the simplest, when the tape is at its end or the expression is deep.
    fn pick(&mut self, count: u8) -> u8 {
        let byte = self.tape.next().unwrap_or_default();
        if self.depth > 5 { 0 } else { byte % count }
    }

    fn deeper(&mut self, grow: impl FnOnce(&mut Self) -> String) -> String {
        self.depth += 1;
        let text = grow(self);
        self.depth -= 1;
        text
    }

    /// Now and then something of another type, which must fail alike.
    fn stray(&mut self) -> bool {
        self.depth < 4 && self.tape.next().is_some_and(|byte| byte > 250)
    }

    fn bool(&mut self) -> String {
        if self.stray() {
            return self.any();
        }
        self.deeper(|it| match it.pick(if it.world == World::Around { 22 } else { 19 }) {
            0 => "resource.f".to_owned(),
            1 => "true".to_owned(),
            2 => "false".to_owned(),
            3 => format!("({} && {})", it.bool(), it.bool()),
            4 => format!("({} || {})", it.bool(), it.bool()),
            5 => format!("!{}", it.bool()),
            6 => format!("({} == {})", it.any(), it.any()),
            7 => format!("({} != {})", it.integer(), it.any()),
            8 => format!("({} < {})", it.integer(), it.integer()),
            9 => format!("({} >= {})", it.number(), it.number()),
            10 => format!("has({}.{})", it.map(), it.field()),
            11 => format!("({} in {})", it.integer(), it.list()),
            12 => format!("({} in {})", it.text(), it.map()),
            13 => it.fold("all"),
            14 => it.fold("exists"),
            15 => it.fold("exists_one"),
            16 => format!("({} ? {} : {})", it.bool(), it.bool(), it.bool()),
            17 => format!(
                "{}.{}({})",
                it.text(),
                ["startsWith", "endsWith", "contains"][usize::from(it.pick(3))],
                it.text()
            ),
            18 => format!("{}.hasValue()", it.optional()),
            19 => format!("({} in tags)", it.text()),
            20 => format!("(tags.?a == optional.of({}))", it.text()),
            _ => format!("has({}.{})", it.map(), it.field()),
        })
    }

    fn any(&mut self) -> String {
        self.deeper(|it| match it.pick(9) {
            0 => "resource.a".to_owned(),
            1 => it.integer(),
            2 => it.text(),
            3 => it.bool(),
            4 => it.list(),
            5 => it.map(),
            6 => it.number(),
            7 => it.optional(),
            _ => "null".to_owned(),
        })
    }

    fn integer(&mut self) -> String {
        if self.stray() {
            return self.any();
        }
        self.deeper(|it| match it.pick(11) {
            0 => "resource.n".to_owned(),
            1 => "1".to_owned(),
            2 => (i64::from(it.pick(7)) - 3).to_string(),
            3 => format!("({} + {})", it.integer(), it.integer()),
            4 => format!("({} - {})", it.integer(), it.integer()),
            5 => format!("({} * {})", it.integer(), it.integer()),
            6 => format!("({} {} {})", it.integer(), ["/", "%"][usize::from(it.pick(2))], it.integer()),
            7 => format!("size({})", it.list()),
            8 => format!("{}.{}", it.map(), it.field()),
            9 => it.name().unwrap_or_else(|| "resource.n".to_owned()),
            _ => format!("{}.orValue({})", it.optional(), ["0", "1", "'a'"][usize::from(it.pick(3))]),
        })
    }

    fn number(&mut self) -> String {
        self.deeper(|it| match it.pick(4) {
            0 => "1.0".to_owned(),
            1 => it.integer(),
            2 => "resource.a".to_owned(),
            _ => "-0.5".to_owned(),
        })
    }

    fn text(&mut self) -> String {
        if self.stray() {
            return self.any();
        }
        self.deeper(|it| match it.pick(6) {
            0 => "resource.s".to_owned(),
            1 => "'a'".to_owned(),
            2 => "\"b\"".to_owned(),
            3 => format!("({} + {})", it.text(), it.text()),
            4 => format!("string({})", it.integer()),
            _ => format!("'{}'", it.field()),
        })
    }

    fn field(&mut self) -> &'static str {
        ["x", "y", "k", "n", "f", "a"][usize::from(self.pick(6))]
    }

    fn map(&mut self) -> String {
        self.deeper(|it| match it.pick(6) {
            0 => "resource".to_owned(),
            1 => "resource.o".to_owned(),
            2 => format!("{{'x': {}, 'y': {}}}", it.any(), it.integer()),
            3 => it.name().unwrap_or_else(|| "resource.o".to_owned()),
            4 => format!("{}[{}]", it.list(), it.pick(3)),
            _ => "resource.items[0]".to_owned(),
        })
    }

    fn list(&mut self) -> String {
        self.deeper(|it| match it.pick(if it.world == World::Around { 11 } else { 8 }) {
            0 => "resource.l".to_owned(),
            1 => "resource.items".to_owned(),
            2 => format!("[{}, {}]", it.any(), it.integer()),
            3 => "[1, 2]".to_owned(),
            4 => it.fold("filter"),
            5 => it.fold("map"),
            6 => format!("[?{}, {}]", it.optional(), it.integer()),
            // The library goes through a map in no order: at most one key may be left.
            7 => format!("{}.filter(key, key == 'x')", ["resource.o", "{'x': 1}"][usize::from(it.pick(2))]),
            8 => "account('AWS::Test::Other')".to_owned(),
            9 => "related('AWS::Test::Other')".to_owned(),
            _ => "region('AWS::Test::Other')".to_owned(),
        })
    }

    fn optional(&mut self) -> String {
        self.deeper(|it| match it.pick(6) {
            0 => "resource.?a".to_owned(),
            1 => format!("{}.?{}", it.map(), it.field()),
            2 => format!("{}[?{}]", it.list(), it.pick(3)),
            3 => "optional.none()".to_owned(),
            4 => format!("optional.of({})", it.any()),
            _ => format!("resource.?o.{}", it.field()),
        })
    }

    fn fold(&mut self, name: &str) -> String {
        let list = self.list();
        let variable = format!("v{}", self.names);
        self.names += 1;
        let body = if name == "map" { self.any() } else { self.bool() };
        self.names -= 1;
        format!("{list}.{name}({variable}, {body})")
    }

    /// A variable of a macro around, or a field of it.
    fn name(&mut self) -> Option<String> {
        let names = u8::try_from(self.names).ok().filter(|it| *it > 0)?;
        let name = format!("v{}", self.pick(names));
        Some(if self.pick(2) == 0 { format!("{name}.{}", self.field()) } else { name })
    }
}
