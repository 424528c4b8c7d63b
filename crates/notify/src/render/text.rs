//! Plain text: the body of mails for those who read no HTML, and what SNS sends.

use std::fmt::Write as _;

use super::view::{Fact, List, View};

/// Lays out a view.
pub(crate) fn text(view: &View, has_greeting: bool) -> String {
    let mut out = String::new();
    if has_greeting {
        let _ = write!(out, "{}\n\n", view.greeting);
    }
    let _ = writeln!(out, "{}", view.intro);
    for part in &view.parts {
        let _ = write!(out, "\n{}\n{}\n", part.heading, "-".repeat(40));
        part.facts.iter().for_each(|it| fact(&mut out, it));
        for Fact { label, value } in &part.texts {
            let _ = write!(out, "\n{label}:\n{value}\n");
        }
        part.lists().into_iter().for_each(|(it, is_numbered)| list(&mut out, it, is_numbered));
    }
    if let Some(more) = &view.more {
        let _ = write!(out, "\n{more}\n");
    }
    let _ = write!(out, "\n-- \n{}\n", view.footer);
    out
}

fn fact(out: &mut String, Fact { label, value }: &Fact) {
    let _ = writeln!(out, "{label}: {value}");
}

fn list(out: &mut String, List { label, items, more }: &List, is_numbered: bool) {
    let _ = write!(out, "\n{label}:\n");
    for (n, item) in items.iter().enumerate() {
        let item = item.replace('\n', "\n   ");
        let _ = if is_numbered { writeln!(out, "{}. {item}", n + 1) } else { writeln!(out, "- {item}") };
    }
    if let Some(more) = more {
        let _ = writeln!(out, "  {more}");
    }
}
