//! The stages of pycc in order, with a clock between each two.

use crate::clock::now;
use bumpalo::Bump;
use pycc::diagnostics::Result;
use pycc::ir::{CodeUnit, CompileContext, Room};
use pycc::object::{CodeObject, ConstCache, PyStr};
use pycc::source::Interner;
use pycc::target::{PythonVersion, Target};
use pycc::{assemble, codegen, flowgraph, lexer, marshal, parser, preprocess, source, symtable};
use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

/// What the stages are called.
pub const STAGES: [&str; 9] =
    ["decode", "lex", "parse", "preprocess", "symtable", "codegen", "flowgraph", "assemble", "marshal"];

const CODEGEN: usize = 5;
const FLOWGRAPH: usize = 6;
const ASSEMBLE: usize = 7;

/// What one round took.
#[derive(Default)]
pub struct Times {
    pub stages: [Duration; STAGES.len()],
    pub refused: usize,
    pub written: usize,
}

impl Times {
    pub fn total(&self) -> Duration {
        self.stages.iter().sum()
    }
}

thread_local! {
    /// Flowgraph and assembler are called from within codegen: their times are taken off its own.
    static WITHIN_CODEGEN: Cell<(Duration, Duration)> = const { Cell::new((Duration::ZERO, Duration::ZERO)) };
}

fn finish_unit<'a>(unit: &mut CodeUnit, cx: &mut CompileContext<'_, 'a>) -> Result<&'a CodeObject<'a>> {
    let start = now();
    let code = flowgraph::optimize(unit, cx)?;
    let middle = now();
    let object = assemble::assemble(unit, code, cx);
    let (graph, assembler) = WITHIN_CODEGEN.get();
    WITHIN_CODEGEN.set((graph + (middle - start), assembler + now().saturating_sub(middle)));
    object
}

/// All stages over all files.
pub fn run(files: &[(PathBuf, Vec<u8>)], minor: u8) -> Times {
    let version = PythonVersion::ALL.into_iter().find(|version| version.minor() == minor);
    let target = Target::of(version.unwrap_or(PythonVersion::Py314));
    let mut times = Times::default();
    let mut arena = Bump::new();
    let mut out = marshal::Stream::default();
    for (_, bytes) in files {
        arena.reset();
        out.restart(0);
        match compile(bytes, target, &arena, &mut out, &mut times.stages) {
            Ok(()) => times.written += out.written().len(),
            Err(_) => times.refused += 1,
        }
    }
    times
}

fn compile(
    bytes: &[u8],
    target: &'static Target,
    arena: &Bump,
    out: &mut marshal::Stream,
    times: &mut [Duration; STAGES.len()],
) -> std::result::Result<(), ()> {
    let mut clock = now();
    let mut stage = 0;
    let mut lap = || {
        let present = now();
        times[stage] += present.saturating_sub(clock);
        (clock, stage) = (present, stage + 1);
    };
    let source = source::decode(bytes.into(), arena, &target.features).map_err(drop)?;
    let mut names = Interner::new(arena);
    lap();
    let tokens = lexer::tokenize_for(&source, &mut names, target.version);
    lap();
    let mut warnings = Vec::new();
    let parsed = parser::parse(&source, &tokens, &mut names, arena, target, &mut warnings).map_err(drop)?;
    drop(tokens);
    lap();
    let mut consts = ConstCache::new(arena);
    let mut cx = CompileContext {
        arena,
        target,
        optimize: 0,
        filename: PyStr::new("file.py"),
        names: &mut names,
        consts: &mut consts,
        warnings: &mut warnings,
        room: &mut Room::new(&mut [], arena),
    };
    let future = symtable::future_features(parsed.module, cx.names, cx.target).map_err(drop)?;
    let module = preprocess::preprocess(parsed.module, &mut cx, future.flags).map_err(drop)?;
    lap();
    let table = symtable::build(module, &mut cx).map_err(drop)?;
    lap();
    WITHIN_CODEGEN.set(Default::default());
    let code = codegen::generate(module, table, &mut cx, finish_unit).map_err(drop)?;
    lap();
    let (graph, assembler) = WITHIN_CODEGEN.get();
    let marshal_start = now();
    let written = marshal::write_code(code, &names, &consts, target, out).map_err(drop);
    times[8] += now().saturating_sub(marshal_start);
    times[CODEGEN] = times[CODEGEN].saturating_sub(graph + assembler);
    times[FLOWGRAPH] += graph;
    times[ASSEMBLE] += assembler;
    written
}
