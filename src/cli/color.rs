//! Whether to colour, and with what.

use super::args::ColorArg;
use super::environment::Environment;
use anstyle::{AnsiColor, Style};
use clap::ColorChoice;
use std::io::IsTerminal;

/// What is wrong.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// What may be wrong.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// What went well.
pub const SUCCESS: Style = AnsiColor::Green.on_default().bold();

/// For a stream of this process. The option beats the variables; `NO_COLOR` beats `FORCE_COLOR`, as in CPython 3.14.
pub fn wanted(argument: ColorArg, environment: &Environment, stream: &impl IsTerminal) -> bool {
    match choice(argument, environment) {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => stream.is_terminal() && !environment.dumb_terminal,
    }
}

/// For whatever stream is written to.
pub fn choice(argument: ColorArg, environment: &Environment) -> ColorChoice {
    match argument {
        ColorArg::Always => ColorChoice::Always,
        ColorArg::Never => ColorChoice::Never,
        ColorArg::Auto if environment.no_color => ColorChoice::Never,
        ColorArg::Auto if environment.force_color => ColorChoice::Always,
        ColorArg::Auto => ColorChoice::Auto,
    }
}

/// A text in a style, or as it is.
pub fn paint(text: &str, style: Style, is_wanted: bool) -> String {
    if is_wanted { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
