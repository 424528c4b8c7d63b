//! The grammar of conditions.

use super::cursor::Cursor;
use super::{ConditionError, Expression, Literal, Operand, Operator, Transformer};

/// How deep Falco lets conditions of rules nest, counted as its own parser counts: five for each pair of parentheses.
const DEPTH: u32 = 1000;

type Parsed<T> = Result<T, ConditionError>;

/// Parses a condition.
///
/// # Errors
///
/// It is not one, or nests too deep.
pub fn parse(text: &str) -> Parsed<Expression> {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0 };
    if text.is_empty() {
        return Err(parser.cursor.error("the condition is empty"));
    }
    let parsed = parser.alternatives()?;
    if parser.cursor.is_at_end() {
        return Ok(parsed);
    }
    let last = parser.cursor.last().trim();
    Err(parser.cursor.error(format!("unexpected token after `{last}`: `or` or `and` is expected")))
}

/// Parses a field or a transformer at the beginning of a text, as outputs hold them; and how many bytes it takes.
///
/// # Errors
///
/// There is none.
pub fn parse_operand(text: &str) -> Parsed<(Operand, usize)> {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0 };
    let operand = parser.field_or_transformed()?;
    let operand = operand.ok_or_else(|| parser.cursor.error("a field or a transformer is expected"))?;
    Ok((operand, parser.cursor.position().offset))
}

fn bare(text: &str) -> Literal {
    Literal { text: text.to_owned(), quoted: false }
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    depth: u32,
}

impl Parser<'_> {
    /// Runs a rule of the grammar one level deeper.
    fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth >= DEPTH {
            return Err(self.cursor.error("the condition nests too deep"));
        }
        let parsed = rule(self);
        self.depth -= 1;
        parsed
    }

    /// `a or b or c`
    fn alternatives(&mut self) -> Parsed<Expression> {
        self.deeper(|it| {
            it.cursor.blank();
            let mut children = it.joined("or", Self::conjunction)?;
            Ok(if children.len() > 1 { Expression::Or { children } } else { children.remove(0) })
        })
    }

    /// `a and b and c`
    fn conjunction(&mut self) -> Parsed<Expression> {
        self.deeper(|it| {
            it.cursor.blank();
            let mut children = it.joined("and", Self::negation)?;
            Ok(if children.len() > 1 { Expression::And { children } } else { children.remove(0) })
        })
    }

    /// Parts with a word between them, at least one. Behind the word is a blank or a parenthesis.
    fn joined(
        &mut self,
        word: &str,
        part: impl Fn(&mut Self) -> Parsed<Expression>,
    ) -> Parsed<Vec<Expression>> {
        let mut children = vec![part(self)?];
        self.cursor.blank();
        while self.cursor.literal(word) {
            children.push(if self.cursor.blank() {
                part(self)?
            } else if self.cursor.literal("(") {
                self.in_parentheses()?
            } else {
                return Err(self.cursor.error(format!("a blank or `(` is expected after `{word}`")));
            });
            self.cursor.blank();
        }
        Ok(children)
    }

    /// `not a`, any number of times
    fn negation(&mut self) -> Parsed<Expression> {
        self.deeper(|it| {
            it.cursor.blank();
            let mut denied = false;
            while it.cursor.not() {
                denied = !denied;
            }
            let child = if it.cursor.literal("not(") {
                denied = !denied;
                it.in_parentheses()?
            } else {
                it.check()?
            };
            Ok(if denied { Expression::Not { child: Box::new(child) } } else { child })
        })
    }

    /// What follows an opening parenthesis, with the closing one.
    fn in_parentheses(&mut self) -> Parsed<Expression> {
        self.deeper(|it| {
            it.cursor.blank();
            let inner = it.alternatives()?;
            it.cursor.blank();
            it.expect(")")?;
            Ok(inner)
        })
    }

    fn expect(&mut self, token: &str) -> Parsed<()> {
        if self.cursor.literal(token) {
            return Ok(());
        }
        Err(self.cursor.error(format!("`{token}` is expected")))
    }

    /// A comparison, the name of a macro, or anything in parentheses
    fn check(&mut self) -> Parsed<Expression> {
        self.deeper(|it| {
            let at = it.cursor.position();
            it.cursor.blank();
            if it.cursor.literal("(") {
                return it.in_parentheses();
            }
            if let Some(left) = it.field_or_transformed()? {
                return it.condition(left, at);
            }
            if let Some(name) = it.cursor.identifier() {
                return Ok(Expression::Macro { name: name.to_owned(), at });
            }
            Err(it.cursor.error("`(`, a field, or the name of a macro is expected"))
        })
    }

    fn field_or_transformed(&mut self) -> Parsed<Option<Operand>> {
        if let Some(name) = self.cursor.field_name() {
            return self.field(name).map(Some);
        }
        match self.cursor.transformer(false) {
            Some(transformer) => self.transformed(transformer).map(Some),
            None => Ok(None),
        }
    }

    fn field(&mut self, name: &str) -> Parsed<Operand> {
        self.deeper(|it| Ok(Operand::Field { name: name.to_owned(), argument: it.argument()? }))
    }

    /// What stands in brackets, if anything does.
    fn argument(&mut self) -> Parsed<Option<String>> {
        if !self.cursor.literal("[") {
            return Ok(None);
        }
        let argument = match self.cursor.quoted()? {
            Some(quoted) => quoted,
            None => match self.cursor.bare_argument() {
                Some(bare) => bare.to_owned(),
                None => {
                    return Err(self.cursor.error("an argument is expected: a word, or a text in quotes"));
                }
            },
        };
        self.expect("]")?;
        Ok(Some(argument))
    }

    /// What follows a transformer's opening parenthesis.
    fn transformed(&mut self, transformer: Transformer) -> Parsed<Operand> {
        self.deeper(|it| {
            it.cursor.blank();
            let mut arguments = Vec::new();
            loop {
                arguments.push(it.deeper(Self::transformer_argument)?);
                it.cursor.blank();
                if !it.cursor.literal(",") {
                    break;
                }
            }
            it.expect(")")?;
            Ok(Operand::Transformed { transformer, arguments, argument: it.argument()? })
        })
    }

    /// A number, a text, a field, a transformer or a list of those
    fn transformer_argument(&mut self) -> Parsed<Operand> {
        self.cursor.blank();
        if self.cursor.literal("(") {
            return self.transformer_list();
        }
        self.transformer_item()?.ok_or_else(|| {
            self.cursor.error("a field, a transformer, a text in quotes, a number or a list is expected")
        })
    }

    fn transformer_item(&mut self) -> Parsed<Option<Operand>> {
        if let Some(number) = self.cursor.number() {
            return Ok(Some(Operand::Value { value: bare(number) }));
        }
        if let Some(text) = self.cursor.quoted()? {
            return Ok(Some(Operand::Value { value: Literal { text, quoted: true } }));
        }
        self.field_or_transformed()
    }

    fn transformer_list(&mut self) -> Parsed<Operand> {
        let mut items = Vec::new();
        self.cursor.blank();
        if self.cursor.literal(")") {
            return Ok(Operand::List { items });
        }
        loop {
            let item = self.transformer_item()?;
            items.push(item.ok_or_else(|| {
                self.cursor.error("a field, a transformer, a text in quotes or a number is expected")
            })?);
            self.cursor.blank();
            if !self.cursor.literal(",") {
                break;
            }
            self.cursor.blank();
        }
        self.expect(")")?;
        Ok(Operand::List { items })
    }

    /// What follows the left side of a comparison.
    fn condition(&mut self, left: Operand, at: super::Position) -> Parsed<Expression> {
        self.deeper(|it| {
            it.cursor.blank();
            if it.cursor.literal("exists") {
                return Ok(Expression::Exists { left, at });
            }
            if let Some(operator) = it.cursor.operator_for_numbers() {
                let right = it.deeper(Self::number_or_transformed)?;
                return Ok(Expression::Check { left, operator, modifier: None, right, at });
            }
            if let Some((operator, blank)) = it.cursor.operator_for_texts() {
                let modifier = if blank { it.cursor.modifier() } else { None };
                let right = match modifier {
                    Some(_) => it.deeper(|it| it.values(false))?,
                    None => it.deeper(|it| it.text(true))?,
                };
                return Ok(Expression::Check { left, operator, modifier, right, at });
            }
            if let Some(operator) = it.cursor.operator_for_lists() {
                let right = it.deeper(|it| it.values(true))?;
                return Ok(Expression::Check { left, operator, modifier: None, right, at });
            }
            let known: Vec<_> = Operator::ALL.iter().map(|it| it.as_str()).collect();
            Err(it.cursor.error(format!("an operator is expected: exists, {}", known.join(", "))))
        })
    }

    fn number_or_transformed(&mut self) -> Parsed<Operand> {
        self.cursor.blank();
        if let Some(transformed) = self.transformed_value()? {
            return Ok(transformed);
        }
        match self.cursor.number() {
            Some(number) => Ok(Operand::Value { value: bare(number) }),
            None => Err(self.cursor.error("a number or a field in a transformer is expected")),
        }
    }

    fn text(&mut self, or_transformed: bool) -> Parsed<Operand> {
        self.cursor.blank();
        if or_transformed && let Some(transformed) = self.transformed_value()? {
            return Ok(transformed);
        }
        if let Some(value) = self.value()? {
            return Ok(Operand::Value { value });
        }
        let or = if or_transformed { " or a field in a transformer" } else { "" };
        Err(self.cursor.error(format!("a text{or} is expected")))
    }

    fn value(&mut self) -> Parsed<Option<Literal>> {
        match self.cursor.quoted()? {
            Some(text) => Ok(Some(Literal { text, quoted: true })),
            None => Ok(self.cursor.bare().map(bare)),
        }
    }

    /// Values in parentheses, the name of a list, or a transformed field
    fn values(&mut self, or_transformed: bool) -> Parsed<Operand> {
        self.cursor.blank();
        if self.cursor.literal("(") {
            return self.list();
        }
        if or_transformed && let Some(transformed) = self.transformed_value()? {
            return Ok(transformed);
        }
        match self.cursor.identifier() {
            Some(name) => Ok(Operand::Value { value: bare(name) }),
            None => Err(self.cursor.error("a list or the name of one is expected")),
        }
    }

    fn list(&mut self) -> Parsed<Operand> {
        let mut values = Vec::new();
        self.cursor.blank();
        if let Some(first) = self.value()? {
            values.push(first);
            self.cursor.blank();
            while self.cursor.literal(",") {
                self.cursor.blank();
                let value = self.value()?;
                values.push(value.ok_or_else(|| self.cursor.error("a text is expected"))?);
                self.cursor.blank();
            }
        }
        self.expect(")")?;
        Ok(Operand::Values { values })
    }

    /// `val(field)` or a transformer, where a value may stand
    fn transformed_value(&mut self) -> Parsed<Option<Operand>> {
        self.deeper(|it| {
            it.cursor.blank();
            let Some(transformer) = it.cursor.transformer(true) else { return Ok(None) };
            if transformer != Transformer::Value {
                return it.transformed(transformer).map(Some);
            }
            it.cursor.blank();
            let Some(name) = it.cursor.field_name() else {
                return Err(it.cursor.error("a field is expected in `val`"));
            };
            let arguments = vec![it.field(name)?];
            it.cursor.blank();
            it.expect(")")?;
            Ok(Some(Operand::Transformed { transformer, arguments, argument: it.argument()? }))
        })
    }
}
