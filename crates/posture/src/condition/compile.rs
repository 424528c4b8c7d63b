//! The library's syntax tree into ours: names are looked up, literals are prepared, mistakes are gathered.

use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr, ListExpr, LiteralValue, MapExpr, SourceInfo, operators};
use serde_json::{Map, Value as Json};

use super::call;
use super::parse::{Mistake, parse};
use super::tree::{Item, Kind, Node, Operator, Variable};
use super::value::META;
use crate::nearest::did_you_mean;
use crate::surroundings::ORG;

/// Deeper conditions are refused, so that judging one never exhausts the stack.
const DEEPEST: usize = 100;

/// Compiles a condition of a rule with these parameters.
///
/// # Errors
///
/// Every mistake that was found, in the order of the text.
pub(crate) fn compile(text: &str, params: &Map<String, Json>) -> Result<Node, Vec<Mistake>> {
    let (tree, source) = parse(text).map_err(|mistake| vec![mistake])?;
    let mut compiler = Compiler { text, params, source, names: Vec::new(), depth: 0, mistakes: Vec::new() };
    let node = compiler.node(&tree);
    if compiler.mistakes.is_empty() {
        return Ok(node);
    }
    compiler.mistakes.sort_by_key(|mistake| mistake.offset);
    Err(compiler.mistakes)
}

pub(super) struct Compiler<'c> {
    text: &'c str,
    params: &'c Map<String, Json>,
    source: SourceInfo,
    /// The variables of the macros around, outermost first.
    names: Vec<String>,
    depth: usize,
    mistakes: Vec<Mistake>,
}

impl Compiler<'_> {
    pub(super) fn node(&mut self, expression: &IdedExpr) -> Node {
        let offset = self.offset(expression);
        if self.depth == DEEPEST {
            return self.refuse(offset, "rule/condition-syntax", "the condition is nested too deeply", None);
        }
        self.depth += 1;
        let node = match &expression.expr {
            Expr::Literal(literal) => self.literal(literal, offset),
            Expr::Ident(name) => self.name(name, offset),
            Expr::Select(select) => {
                let of = self.node(&select.operand);
                self.known_field(&of, &select.field, offset);
                let field = select.field.as_str().into();
                Node { kind: Kind::Select { of: Box::new(of), field }, offset }
            }
            Expr::Call(it) => match operator(&it.func_name) {
                Some(operator) => self.operator(operator, &it.args, offset),
                None => call::compile(self, it, offset),
            },
            Expr::List(list) => self.list(list, offset),
            Expr::Map(map) => self.map(map, offset),
            Expr::Struct(it) => {
                let message = format!("there is no type `{}` to make", it.type_name);
                self.refuse(offset, "rule/condition-syntax", message, None)
            }
            Expr::Comprehension(_) | Expr::Unspecified => {
                self.refuse(offset, "rule/condition-syntax", "the expression is not understood", None)
            }
        };
        self.depth -= 1;
        node
    }

    /// Where an expression begins, as far as the library tells: for operators, where the operator stands.
    fn offset(&self, expression: &IdedExpr) -> usize {
        let at = self.source.offset_for(expression.id).map_or(0, |(start, _)| start as usize);
        match &expression.expr {
            // The library means the parenthesis.
            Expr::Call(call) if operator(&call.func_name).is_none() => {
                self.text.get(..at).and_then(|before| before.rfind(&call.func_name)).unwrap_or(at)
            }
            // The library means the dot.
            Expr::Select(select) => {
                let found = self.text.get(at..).and_then(|rest| rest.find(&select.field));
                at + found.unwrap_or_default()
            }
            _ => at,
        }
    }

    /// Notes a mistake; the node that stands in for the expression is never evaluated.
    pub(super) fn refuse(
        &mut self,
        offset: usize,
        code: &'static str,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Node {
        self.mistakes.push(Mistake::new(offset, code, message).help(help));
        Node { kind: Kind::Constant(Json::Null), offset }
    }

    /// Compiles what a macro says of an element, which it calls `name`.
    pub(super) fn with_name<T>(&mut self, name: &str, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.names.push(name.to_owned());
        let result = inside(self);
        self.names.pop();
        result
    }

    /// The place that the next macro's variable takes.
    pub(super) fn next_slot(&self) -> usize {
        self.names.len()
    }

    fn literal(&mut self, literal: &LiteralValue, offset: usize) -> Node {
        let json = match literal {
            LiteralValue::Null => Json::Null,
            LiteralValue::Boolean(it) => Json::from(*it.inner()),
            LiteralValue::Int(it) => Json::from(*it.inner()),
            LiteralValue::Double(it) => Json::from(*it.inner()),
            LiteralValue::String(it) => Json::from(it.inner()),
            LiteralValue::UInt(it) => {
                let help = format!("write `{}`: numbers are `int`", it.inner());
                return self.refuse(
                    offset,
                    "rule/condition-type",
                    "unsigned integers are not supported",
                    Some(help),
                );
            }
            LiteralValue::Bytes(_) => {
                return self.refuse(offset, "rule/condition-type", "bytes are not supported", None);
            }
        };
        Node { kind: Kind::Constant(json), offset }
    }

    fn name(&mut self, name: &str, offset: usize) -> Node {
        if let Some(slot) = self.names.iter().rposition(|known| known == name) {
            return Node { kind: Kind::Local { slot, name: name.into() }, offset };
        }
        if let Some(variable) = Variable::ALL.into_iter().find(|variable| variable.name() == name) {
            return Node { kind: Kind::Variable(variable), offset };
        }
        let known: Vec<&str> =
            Variable::ALL.iter().map(|it| it.name()).chain(self.names.iter().map(String::as_str)).collect();
        let help = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| {
            format!("there are {}; a field of the resource is `resource.{name}`", known.join(", "))
        });
        self.refuse(offset, "rule/unknown-variable", format!("there is no variable `{name}`"), Some(help))
    }

    /// The fields of `params`, `meta` and `org` are known beforehand.
    fn known_field(&mut self, of: &Node, field: &str, offset: usize) {
        let (message, code, known): (_, _, Vec<&str>) = match of.kind {
            Kind::Variable(Variable::Params) => (
                format!("there is no parameter `{field}`"),
                "rule/unknown-param",
                self.params.keys().map(String::as_str).collect(),
            ),
            Kind::Variable(Variable::Meta) => {
                (format!("`meta` has no field `{field}`"), "rule/unknown-field", META.to_vec())
            }
            Kind::Variable(Variable::Org) => {
                (format!("`org` has no field `{field}`"), "rule/unknown-field", ORG.to_vec())
            }
            _ => return,
        };
        if known.contains(&field) {
            return;
        }
        let help = did_you_mean(field, known.iter().copied()).or_else(|| match known.is_empty() {
            true => Some("declare it under `params`, with its default".to_owned()),
            false => Some(format!("there are {}", known.join(", "))),
        });
        self.refuse(offset, code, message, help);
    }

    fn operator(&mut self, name: Operation, arguments: &[IdedExpr], offset: usize) -> Node {
        let kind = match (name, arguments) {
            (Operation::Binary(operator), [a, b]) => Kind::Binary(operator, self.two(a, b)),
            (Operation::And, [a, b]) => Kind::And(self.two(a, b)),
            (Operation::Or, [a, b]) => Kind::Or(self.two(a, b)),
            (Operation::Not, [a]) => Kind::Not(Box::new(self.node(a))),
            (Operation::Negate, [a]) => negated(self.node(a)),
            (Operation::If, [a, b, c]) => Kind::If(Box::new([self.node(a), self.node(b), self.node(c)])),
            (Operation::Index { optional }, [of, index]) => {
                let (of, index) = (self.node(of), self.node(index));
                if let Kind::Constant(Json::String(field)) = &index.kind {
                    self.known_field(&of, field, index.offset);
                }
                Kind::Index { of: Box::new(of), index: Box::new(index), optional }
            }
            (Operation::OptionalSelect, [of, field]) => {
                let Expr::Literal(LiteralValue::String(field)) = &field.expr else {
                    return self.refuse(offset, "rule/condition-syntax", "a field name is expected", None);
                };
                let of = self.node(of);
                self.known_field(&of, field.inner(), offset);
                Kind::OptionalSelect { of: Box::new(of), field: field.inner().into() }
            }
            _ => {
                return self.refuse(
                    offset,
                    "rule/condition-syntax",
                    "the expression is not understood",
                    None,
                );
            }
        };
        Node { kind, offset }
    }

    fn two(&mut self, a: &IdedExpr, b: &IdedExpr) -> Box<[Node; 2]> {
        Box::new([self.node(a), self.node(b)])
    }

    fn list(&mut self, list: &ListExpr, offset: usize) -> Node {
        let items: Vec<Item> = list
            .elements
            .iter()
            .enumerate()
            .map(|(n, element)| Item {
                node: self.node(element),
                optional: list.optional_indices.contains(&n),
            })
            .collect();
        let constants: Option<Vec<Json>> = items.iter().map(constant).collect();
        let kind = constants.map_or(Kind::List(items), |items| Kind::Constant(Json::Array(items)));
        Node { kind, offset }
    }

    fn map(&mut self, map: &MapExpr, offset: usize) -> Node {
        let mut entries = Vec::new();
        for entry in &map.entries {
            let EntryExpr::MapEntry(entry) = &entry.expr else { continue };
            let key = self.node(&entry.key);
            if let Kind::Constant(json) = &key.kind
                && !json.is_string()
            {
                return self.refuse(key.offset, "rule/condition-type", "the keys of maps are texts", None);
            }
            entries.push((key, Item { node: self.node(&entry.value), optional: entry.optional }));
        }
        let constants: Option<Map<String, Json>> = entries
            .iter()
            .map(|(key, item)| match &key.kind {
                Kind::Constant(Json::String(key)) => Some((key.clone(), constant(item)?)),
                _ => None,
            })
            .collect();
        let kind = match constants {
            // A key that is repeated is an error when the map is made.
            Some(constants) if constants.len() == entries.len() => Kind::Constant(Json::Object(constants)),
            _ => Kind::Map(entries),
        };
        Node { kind, offset }
    }
}

fn constant(item: &Item) -> Option<Json> {
    match &item.node.kind {
        Kind::Constant(json) if !item.optional => Some(json.clone()),
        _ => None,
    }
}

fn negated(node: Node) -> Kind {
    match &node.kind {
        Kind::Constant(Json::Number(number)) => {
            let literal = match number.as_i64() {
                Some(int) => int.checked_neg().map(Json::from),
                None => number.as_f64().map(|double| Json::from(-double)),
            };
            literal.map_or(Kind::Negate(Box::new(node)), Kind::Constant)
        }
        _ => Kind::Negate(Box::new(node)),
    }
}

/// What the library writes as a call of a function with a symbol for a name.
#[derive(Clone, Copy)]
enum Operation {
    Binary(Operator),
    And,
    Or,
    Not,
    Negate,
    If,
    Index { optional: bool },
    OptionalSelect,
}

fn operator(name: &str) -> Option<Operation> {
    Some(match name {
        operators::LOGICAL_AND => Operation::And,
        operators::LOGICAL_OR => Operation::Or,
        operators::LOGICAL_NOT => Operation::Not,
        operators::NEGATE => Operation::Negate,
        operators::CONDITIONAL => Operation::If,
        operators::INDEX => Operation::Index { optional: false },
        operators::OPT_INDEX => Operation::Index { optional: true },
        operators::OPT_SELECT => Operation::OptionalSelect,
        operators::EQUALS => Operation::Binary(Operator::Equal),
        operators::NOT_EQUALS => Operation::Binary(Operator::NotEqual),
        operators::LESS => Operation::Binary(Operator::Less),
        operators::LESS_EQUALS => Operation::Binary(Operator::LessEqual),
        operators::GREATER => Operation::Binary(Operator::Greater),
        operators::GREATER_EQUALS => Operation::Binary(Operator::GreaterEqual),
        operators::IN => Operation::Binary(Operator::In),
        operators::ADD => Operation::Binary(Operator::Add),
        operators::SUBSTRACT => Operation::Binary(Operator::Subtract),
        operators::MULTIPLY => Operation::Binary(Operator::Multiply),
        operators::DIVIDE => Operation::Binary(Operator::Divide),
        operators::MODULO => Operation::Binary(Operator::Modulo),
        _ => return None,
    })
}
