//! JSON into Parquet's columns: each value with how deep it is defined and at which list it repeats.
//!
//! Source: Apache Parquet, "Nested Encoding" and "Logical Types: LIST".

use std::fmt::Write as _;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use super::shape::Shape;

const PAGE_BYTES: usize = 1024 * 1024;

/// The values of one column.
enum Values {
    Text(Vec<ByteArray>),
    Flag(Vec<bool>),
    Int(Vec<i32>),
    Long(Vec<i64>),
}

struct Column {
    values: Values,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

/// Where in a row a value is: how deep it is defined, at which list it repeats, in how many lists it is.
#[derive(Clone, Copy)]
struct Depth {
    defined: i16,
    repeats: i16,
    lists: i16,
}

/// A file with these rows, in one row group.
pub(super) fn parquet(name: &str, shape: &[(&str, Shape)], rows: &[Value]) -> Result<Vec<u8>, ParquetError> {
    let mut columns = Vec::new();
    for (_, shape) in shape {
        prepare(shape, &mut columns);
    }
    for row in rows {
        let mut next = 0;
        for (name, shape) in shape {
            let depth = Depth { defined: 0, repeats: 0, lists: 0 };
            shred(shape, row.get(name), depth, &mut columns, &mut next);
        }
    }
    let schema = Arc::new(parse_message_type(&message(name, shape))?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_data_page_size_limit(PAGE_BYTES)
        .set_created_by("yagura".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for column in &columns {
        let Some(mut writer) = group.next_column()? else { break };
        let (definitions, repetitions) = (Some(&column.definitions[..]), Some(&column.repetitions[..]));
        match &column.values {
            Values::Text(values) => {
                writer.typed::<ByteArrayType>().write_batch(values, definitions, repetitions)?;
            }
            Values::Flag(values) => {
                writer.typed::<BoolType>().write_batch(values, definitions, repetitions)?;
            }
            Values::Int(values) => {
                writer.typed::<Int32Type>().write_batch(values, definitions, repetitions)?;
            }
            Values::Long(values) => {
                writer.typed::<Int64Type>().write_batch(values, definitions, repetitions)?;
            }
        }
        writer.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

/// The schema in Parquet's own language.
fn message(name: &str, shape: &[(&str, Shape)]) -> String {
    let mut text = format!("message {name} {{\n");
    for (name, shape) in shape {
        declare(name, shape, &mut text);
    }
    text.push('}');
    text
}

fn declare(name: &str, shape: &Shape, text: &mut String) {
    let _ = match shape {
        Shape::Text | Shape::Json => writeln!(text, "optional binary {name} (STRING);"),
        Shape::Flag => writeln!(text, "optional boolean {name};"),
        Shape::Int => writeln!(text, "optional int32 {name};"),
        Shape::Long => writeln!(text, "optional int64 {name};"),
        Shape::List(element) => {
            let _ = writeln!(text, "optional group {name} (LIST) {{ repeated group list {{");
            declare("element", element, text);
            writeln!(text, "}} }}")
        }
        Shape::Record(members) => {
            let _ = writeln!(text, "optional group {name} {{");
            for (name, shape) in *members {
                declare(name, shape, text);
            }
            writeln!(text, "}}")
        }
    };
}

/// An empty column for every leaf, in the schema's order.
fn prepare(shape: &Shape, columns: &mut Vec<Column>) {
    let values = match shape {
        Shape::Text | Shape::Json => Values::Text(Vec::new()),
        Shape::Flag => Values::Flag(Vec::new()),
        Shape::Int => Values::Int(Vec::new()),
        Shape::Long => Values::Long(Vec::new()),
        Shape::List(element) => return prepare(element, columns),
        Shape::Record(members) => {
            for (_, shape) in *members {
                prepare(shape, columns);
            }
            return;
        }
    };
    columns.push(Column { values, definitions: Vec::new(), repetitions: Vec::new() });
}

/// Puts a value into the columns below it; `next` is the first of them, and behind them when it is done.
fn shred(shape: &Shape, value: Option<&Value>, at: Depth, columns: &mut [Column], next: &mut usize) {
    let value = value.filter(|it| !it.is_null());
    let deeper = Depth { defined: at.defined + 1, ..at };
    match (shape, value) {
        (Shape::Record(members), Some(Value::Object(record))) => {
            for (name, shape) in *members {
                shred(shape, record.get(*name), deeper, columns, next);
            }
        }
        (Shape::Record(members), _) => {
            for (_, shape) in *members {
                shred(shape, None, at, columns, next);
            }
        }
        (Shape::List(element), Some(Value::Array(list))) if !list.is_empty() => {
            let (first, lists) = (*next, at.lists + 1);
            for (number, value) in list.iter().enumerate() {
                *next = first;
                let repeats = if number == 0 { at.repeats } else { lists };
                let inside = Depth { defined: at.defined + 2, repeats, lists };
                shred(element, Some(value), inside, columns, next);
            }
        }
        // An empty list is there, and has nothing in it.
        (Shape::List(element), Some(Value::Array(_))) => shred(element, None, deeper, columns, next),
        (Shape::List(element), _) => shred(element, None, at, columns, next),
        (leaf, value) => {
            leaf_value(leaf, value, at, &mut columns[*next]);
            *next += 1;
        }
    }
}

fn leaf_value(shape: &Shape, value: Option<&Value>, at: Depth, column: &mut Column) {
    let taken = match (&mut column.values, value) {
        (Values::Text(texts), Some(Value::String(text))) if !matches!(shape, Shape::Json) => {
            texts.push(ByteArray::from(text.as_str()));
            true
        }
        (Values::Text(texts), Some(value)) => {
            texts.push(ByteArray::from(value.to_string().as_str()));
            true
        }
        (Values::Flag(flags), Some(value)) => {
            flags.extend(value.as_bool());
            value.is_boolean()
        }
        (Values::Int(numbers), Some(value)) => {
            let number = value.as_i64().and_then(|it| i32::try_from(it).ok());
            numbers.extend(number);
            number.is_some()
        }
        (Values::Long(numbers), Some(value)) => {
            numbers.extend(value.as_i64());
            value.is_i64() || value.as_i64().is_some()
        }
        (_, None) => false,
    };
    column.definitions.push(at.defined + i16::from(taken));
    column.repetitions.push(at.repeats);
}
