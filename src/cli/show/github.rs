//! GitHub: an annotation of the workflow for each file that fails, and the summary.

use super::{Outcome, json, text as lines};
use crate::cli::text;
use std::io::{self, Write};

/// Writes the annotations.
pub fn write(outcome: &Outcome<'_>, out: &mut impl Write) -> io::Result<()> {
    for file in &outcome.report.files {
        lines::write_warnings(outcome, file)?;
        let Some(failure) = json::first_failure(file).filter(|_| outcome.args.quiet < 2) else { continue };
        write!(out, "::error file={}", property(&text::path(&file.key.path)))?;
        let names = [("line", "line"), ("column", "col"), ("end_line", "endLine"), ("end_column", "endColumn")];
        for (key, name) in names {
            // 0 and -1 stand for places that are not known.
            if let Some(number) = failure[key].as_i64().filter(|&number| number > 0) {
                write!(out, ",{name}={number}")?;
            }
        }
        let word = |key: &str| failure[key].as_str().unwrap_or_default();
        writeln!(out, ",title={}::{}", property(word("type")), message(word("message")))?;
    }
    lines::write_summary(outcome, out)
}

/// Escapes a text for the part of the command behind `::`.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a text for a property of the command.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{message, property};

    #[test]
    fn texts_are_escaped_as_workflow_commands_want_it() {
        assert_eq!(message("50%: a,\nb"), "50%25: a,%0Ab");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
