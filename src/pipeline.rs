//! The stages in order, for one file: from the bytes of a source to the marshalled code object of each output asked for.

use crate::ast::Module;
use crate::codegen;
use crate::diagnostics::{CompileError, Result, Warning};
use crate::ir::{CodeUnit, CompileContext};
use crate::lexer::{self, TokenStream};
use crate::object::{CodeObject, ConstCache, PyStr};
use crate::source::{self, Interner, SourceText};
use crate::target::Target;
use crate::{assemble, flowgraph, marshal, parser, preprocess, symtable};
use bumpalo::Bump;

/// One of the files that a source is compiled to.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub target: &'static Target,
    /// 0, 1 or 2, as `-O` counts.
    pub optimize: u8,
}

/// Why a source was refused, with the line to show.
#[derive(Clone, Debug)]
pub struct Failure {
    pub error: Box<CompileError>,
    /// The text of the line that the error is in, where it has one.
    pub line: Option<String>,
}

/// What compiling one source to one output gave.
pub type Outcome<'o> = std::result::Result<&'o [u8], Failure>;

/// Compiles sources one after the other; the memory of one is used again for the next.
#[derive(Default)]
pub struct Compiler {
    arena: Bump,
    buffer: Vec<u8>,
}

impl Compiler {
    /// A compiler without memory yet.
    pub fn new() -> Compiler {
        Compiler::default()
    }

    /// Compiles a source to all outputs and gives each result to `sink`, in the order of the outputs.
    ///
    /// `filename` becomes `co_filename`. Returns what CPython would warn of, each warning once.
    pub fn compile(
        &mut self,
        bytes: &[u8],
        filename: &PyStr,
        outputs: &[Output],
        mut sink: impl FnMut(usize, Outcome<'_>),
    ) -> Vec<Warning> {
        self.arena.reset();
        let arena = &self.arena;
        let mut warnings = Vec::new();
        match source::decode(bytes, arena) {
            Err(error) => {
                let failure = Failure { error, line: None };
                outputs.iter().enumerate().for_each(|(i, _)| sink(i, Err(failure.clone())));
            }
            Ok(text) => {
                let mut file = File { arena, text, names: Interner::new(arena), filename, parsed: None };
                for (i, output) in outputs.iter().enumerate() {
                    self.buffer.clear();
                    let mut found = Vec::new();
                    match file.compile(*output, &mut self.buffer, &mut found) {
                        Ok(()) => sink(i, Ok(&self.buffer)),
                        Err(error) => sink(i, Err(file.failure(error))),
                    }
                    for warning in found {
                        if !warnings.contains(&warning) {
                            warnings.push(warning);
                        }
                    }
                }
            }
        }
        warnings
    }
}

/// The marshalled code object of a source, for one target and level: what follows the header of a .pyc file.
pub fn compile(bytes: &[u8], filename: &str, target: &'static Target, optimize: u8) -> Result<Vec<u8>, Failure> {
    let mut result = Ok(Vec::new());
    Compiler::new().compile(bytes, PyStr::new(filename), &[Output { target, optimize }], |_, outcome| {
        result = outcome.map(<[u8]>::to_vec);
    });
    result
}

/// A decoded source and what the outputs that are done have left for the next.
struct File<'f, 'a> {
    arena: &'a Bump,
    text: SourceText<'a>,
    names: Interner<'a>,
    filename: &'f PyStr,
    parsed: Option<Parsed<'a>>,
}

/// A tree and the target it was parsed for.
struct Parsed<'a> {
    target: &'static Target,
    module: Result<&'a Module<'a>>,
    warnings: Vec<Warning>,
}
