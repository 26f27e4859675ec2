//! The stages in order, for one file: from the bytes of a source to the marshalled code object of each output asked for.

use crate::ast::Module;
use crate::codegen;
use crate::diagnostics::{CompileError, ErrorKind, Result, Warning};
use crate::ir::{CodeUnit, CompileContext, Room};
use crate::lexer::{self, TokenKind, TokenStream, Undecodable};
use crate::marshal::{self, Stream};
use crate::object::{CodeObject, ConstCache, PyStr};
use crate::parser::invalid_syntax::{Check, correct_keyword, diagnose, refusal};
use crate::parser::{self, ParseError};
use crate::parser::{GatedSyntax, SyntaxUses};
use crate::source::{self, Interner, Location, SourceBytes, SourceText};
use crate::target::Target;
use crate::{assemble, flowgraph, preprocess, pyc, symtable};
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

/// What compiling one source to one output gave: a file, in which the header is still to be filled in.
pub type Outcome<'o> = std::result::Result<&'o mut [u8], Failure>;

/// Compiles sources one after the other; the memory of one is used again for the next.
#[derive(Default)]
pub struct Compiler {
    arena: Bump,
    /// Where the bytecode of a file goes.
    code: Vec<u8>,
    stream: Stream,
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
        source: SourceBytes<'_>,
        filename: &PyStr,
        outputs: &[Output],
        mut sink: impl FnMut(usize, Outcome<'_>),
    ) -> Vec<Warning> {
        self.arena.reset();
        if self.code.is_empty() {
            self.code = vec![0; Room::USUAL];
        }
        let Compiler { arena, code, stream } = self;
        let mut room = Room::new(code, arena);
        let mut warnings = Vec::new();
        let Some(first) = outputs.first() else { return warnings };
        let mut file = File::decode(source, filename, arena, first.target);
        let is_same_for_all = matches!(&file, Ok(file) if !file.source.is_lossy());
        for (i, &output) in outputs.iter().enumerate() {
            if !is_same_for_all {
                file = File::decode(source, filename, arena, output.target);
            }
            let file = match &mut file {
                Ok(file) => file,
                Err(failure) => {
                    sink(i, Err(failure.clone()));
                    continue;
                }
            };
            stream.restart(pyc::Header::LEN);
            let mut found = Vec::new();
            match file.compile(output, &mut room, stream, &mut found) {
                Ok(()) => sink(i, Ok(stream.written())),
                Err(error) => sink(i, Err(file.failure(error, output.target))),
            }
            for warning in found {
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
        }
        warnings
    }
}

/// The marshalled code object of a source, for one target and level: what follows the header of a .pyc file.
pub fn compile(bytes: &[u8], filename: &str, target: &'static Target, optimize: u8) -> Result<Vec<u8>, Failure> {
    let mut result = Ok(Vec::new());
    Compiler::new().compile(bytes.into(), PyStr::new(filename), &[Output { target, optimize }], |_, outcome| {
        result = outcome.map(|file| file[pyc::Header::LEN..].to_vec());
    });
    result
}

/// A decoded source and what the outputs that are done have left for the next.
struct File<'a> {
    arena: &'a Bump,
    source: SourceText<'a>,
    filename: &'a PyStr,
    names: Interner<'a>,
    parsed: Option<Parsed<'a>>,
}

/// A tree and the target it was parsed for.
struct Parsed<'a> {
    target: &'static Target,
    module: Result<&'a Module<'a>>,
    /// The newer syntax in it; absent where other targets need a parse of their own.
    uses: Option<SyntaxUses>,
    warnings: Vec<Warning>,
}

impl Parsed<'_> {
    /// Whether a parse for this target would give the same tree.
    fn serves(&self, target: &'static Target) -> bool {
        if self.target.version == target.version {
            return true;
        }
        let Some(uses) = self.uses else { return false };
        let (own, other) = (&self.target.features, &target.features);
        let reads_fstrings_alike = own.fstring_tokens == other.fstring_tokens
            && own.single_line_format_specs == other.single_line_format_specs
            && own.debug_text_knows_strings == other.debug_text_knows_strings;
        let has_what_matters = uses.contains(GatedSyntax::FStrings) || !self.warnings.is_empty();
        uses.all_in(other) && (reads_fstrings_alike || !has_what_matters)
    }
}

impl<'a> File<'a> {
    fn decode(
        bytes: SourceBytes<'a>,
        filename: &'a PyStr,
        arena: &'a Bump,
        target: &'static Target,
    ) -> Result<File<'a>, Failure> {
        let source = source::decode(bytes, arena, &target.features).map_err(|mut error| {
            mark_carets(&mut error, target);
            let line = error.location.map(|location| source::lossy_line(bytes.bytes, location.line as u32));
            Failure { error, line }
        })?;
        Ok(File { arena, source, filename, names: Interner::new(arena), parsed: None })
    }

    /// Appends the marshalled code object for one output.
    fn compile(
        &mut self,
        output: Output,
        room: &mut Room<'a>,
        out: &mut Stream,
        warnings: &mut Vec<Warning>,
    ) -> Result<()> {
        let module = self.parse(output.target, warnings)?;
        let mut consts = ConstCache::new(self.arena);
        let mut cx = CompileContext {
            arena: self.arena,
            target: output.target,
            optimize: output.optimize,
            filename: self.filename,
            names: &mut self.names,
            consts: &mut consts,
            warnings,
            room,
        };
        let future = symtable::future_features(module, cx.names, cx.target)?;
        let module = preprocess::preprocess(module, &mut cx, future.flags)?;
        let table = symtable::build(module, &mut cx)?;
        let code = codegen::generate(module, table, &mut cx, finish_unit)?;
        marshal::write_code(code, &self.names, &consts, output.target, out)
    }

    /// The tree, made once for all outputs whose grammars agree on the file.
    fn parse(&mut self, target: &'static Target, warnings: &mut Vec<Warning>) -> Result<&'a Module<'a>> {
        if self.parsed.as_ref().is_none_or(|parsed| !parsed.serves(target)) {
            let mut found = Vec::new();
            let mut uses = None;
            let module = self.parse_anew(target, &mut found, &mut uses);
            self.parsed = Some(Parsed { target, module, uses, warnings: found });
        }
        match &self.parsed {
            Some(parsed) => {
                warnings.extend_from_slice(&parsed.warnings);
                parsed.module.clone()
            }
            None => Err(CompileError::new(ErrorKind::SystemError, None, "a tree was lost")),
        }
    }

    /// Parses for one target. `uses` is set where other targets may take the tree.
    fn parse_anew(
        &mut self,
        target: &'static Target,
        warnings: &mut Vec<Warning>,
        uses: &mut Option<SyntaxUses>,
    ) -> Result<&'a Module<'a>> {
        let tokens = lexer::tokenize_for(&self.source, &mut self.names, target.version);
        let undecodable = lexer::find_undecodable(&self.source, &tokens, &target.features);
        let parsed = parser::parse(&self.source, &tokens, &mut self.names, self.arena, target, warnings);
        let parsed = match (parsed, undecodable) {
            (Ok(parsed), None) => parsed,
            (Err(refused), None) => return Err(self.explain(refused, &tokens, target)),
            (parsed, Some(found)) => return Err(self.undecodable_or_earlier(found, parsed.err(), &tokens, target)),
        };
        if parsed.is_deep
            && let Some(error) = refusal(&self.source, &tokens, &self.names, self.arena, target)
        {
            return Err(error);
        }
        // Which other characters make a name depends on the release, as do the limits of nesting.
        *uses = (!parsed.is_deep && self.source.text.is_ascii()).then_some(parsed.uses);
        warnings.extend(tokens.warnings);
        Ok(parsed.module)
    }

    /// What CPython says of a file that the fast parser refused.
    ///
    /// That one knows that it failed, but neither what CPython calls it nor whether something else comes first. This is found by a
    /// second parser, which is slow.
    fn explain(&self, refused: ParseError, tokens: &TokenStream, target: &'static Target) -> Box<CompileError> {
        let found = refusal(&self.source, tokens, &self.names, self.arena, target);
        match (found, refused) {
            // What is wrong in a string is found when the string is, before anything is said of what is around it.
            (_, ParseError::Raised(error))
                if !target.features.fstring_tokens && error.message.starts_with("f-string") =>
            {
                error
            }
            (Some(error), _) | (None, ParseError::Raised(error)) => error,
            (None, ParseError::Generic { .. }) => diagnose(&self.source, tokens, &self.names, self.arena, target),
        }
    }

    /// Which error of a file comes first: that something cannot be decoded, or another.
    fn undecodable_or_earlier(
        &self,
        found: Undecodable,
        refused: Option<ParseError>,
        tokens: &TokenStream,
        target: &'static Target,
    ) -> Box<CompileError> {
        let start = tokens.tokens[found.token].location();
        let is_behind = |place: Location| (place.line, place.column) < (start.line, start.column);
        let ended_at = match &refused {
            Some(ParseError::Generic { token }) if *token < found.token => tokens.tokens[*token].kind,
            Some(ParseError::Raised(error)) if error.location.is_some_and(is_behind) => TokenKind::Name,
            _ => return found.error,
        };
        // The rest of the file is read to see what else is wrong, but not where the indentation is (CPython 3.13:
        // `_PyPegen_set_syntax_error`).
        let reads_rest = !matches!(ended_at, TokenKind::Indent | TokenKind::Dedent);
        match (found.error_in_rest.filter(|_| reads_rest), refused) {
            (Some(error), _) => error,
            (None, Some(refused)) => self.explain(refused, tokens, target),
            (None, None) => found.error,
        }
    }

    fn failure(&self, mut error: Box<CompileError>, target: &'static Target) -> Failure {
        mark_carets(&mut error, target);
        correct_keyword(&mut error, &self.source, target, |text| check(text, target));
        let line = error.location.filter(|location| location.line > 0);
        Failure { line: line.map(|location| self.source.shown_line(location.line as u32)), error }
    }
}

/// Notes in an error how the release draws its carets.
fn mark_carets(error: &mut CompileError, target: &Target) {
    error.wide_carets = target.features.wide_carets;
    error.carets_stay_in_line = target.features.carets_stay_in_line;
}

/// What compiling a text that the grammar takes comes to.
fn check(text: &str, target: &'static Target) -> Check {
    let arena = Bump::new();
    let source = SourceText::new(arena.alloc_str(text));
    let mut file =
        File { arena: &arena, source, filename: PyStr::new("<input>"), names: Interner::new(&arena), parsed: None };
    let mut room = Room::new(&mut [], &arena);
    match file.compile(Output { target, optimize: 0 }, &mut room, &mut Stream::default(), &mut Vec::new()) {
        Ok(()) => Check::Compiles,
        Err(error) if error.kind.is_syntax_error() => Check::SyntaxError,
        Err(_) => Check::OtherError,
    }
}

/// What happens to each unit once its instructions are written.
fn finish_unit<'a>(unit: &mut CodeUnit, cx: &mut CompileContext<'_, 'a>) -> Result<&'a CodeObject<'a>> {
    let code = flowgraph::optimize(unit, cx)?;
    assemble::assemble(unit, code, cx)
}
