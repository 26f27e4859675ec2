//! What the graph makes of instruction sequences, held against what CPython 3.14's `optimize_cfg` makes of them.

use super::block::BlockId;
use super::constants::Consts;
use super::passes::{self, Pass};
use super::{State, build, verify};
use crate::ir::{CodeUnit, CodeUnitMetadata, CompileContext, ExceptHandlerInfo, InstructionSequence, LabelId, Room};
use crate::object::{Const, ConstCache, ConstId, Int, PyStr};
use crate::source::{Interner, Location, NameId, known};
use crate::target::{Op, OpInfo, PythonVersion, Target};
use bumpalo::Bump;
use std::fmt::Write;
use std::path::Path;

/// Passes of the real list that CPython's test function leaves out.
const LEFT_OUT: [&str; 4] =
    ["convert_pseudo_conditional_jumps", "prepare_localsplus", "convert_pseudo_ops", "normalize_jumps"];

struct Reader<'t> {
    words: std::iter::Peekable<std::str::SplitWhitespace<'t>>,
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

/// Reads a constant as `generate.py` writes it; `text` has blanks around its parentheses.
fn read_const<'a>(reader: &mut Reader<'_>, cache: &mut ConstCache<'a>) -> ConstId {
    let arena = cache.arena();
    let word = reader.words.next().unwrap();
    if word == "(" {
        let kind = reader.words.next().unwrap();
        let mut items = Vec::new();
        while reader.words.peek() != Some(&")") {
            items.push(read_const(reader, cache));
        }
        reader.words.next();
        let part = |i: usize| match cache.get(items[i]) {
            Const::Float(f) => f,
            _ => f64::NAN,
        };
        return match kind {
            "t" => cache.add_tuple(&items),
            "fs" => cache.add_frozen_set(items),
            "j" => {
                let value = Const::Complex { real: part(0), imag: part(1) };
                cache.add(value)
            }
            _ => cache.add(Const::Slice([items[0], items[1], items[2]])),
        };
    }
    let value = match word {
        "none" => Const::None,
        "true" => Const::True,
        "false" => Const::False,
        "ellipsis" => Const::Ellipsis,
        _ => match word.split_at(1) {
            ("i", digits) => Const::Int(Int::from_big(arena, &digits.parse().unwrap())),
            ("f", number) => Const::Float(number.parse().unwrap()),
            ("n", bits) => Const::Float(f64::from_bits(u64::from_str_radix(bits, 16).unwrap())),
            ("s", hex) => Const::Str(PyStr::from_bytes(arena.alloc_slice_copy(&unhex(hex)))),
            ("c", _) => Const::Str(PyStr::from_bytes(arena.alloc_slice_copy(format!("code {word}").as_bytes()))),
            ("b", hex) => Const::Bytes(arena.alloc_slice_copy(&unhex(hex))),
            _ => panic!("constant {word}"),
        },
    };
    cache.add(value)
}

fn parse_const(text: &str, cache: &mut ConstCache<'_>) -> ConstId {
    let text = text.replace('(', "( ").replace(')', " )");
    read_const(&mut Reader { words: text.split_whitespace().peekable() }, cache)
}

fn op_named(name: &str) -> Op {
    Op::ALL.into_iter().find(|op| Op::NAMES[*op as usize] == name).unwrap()
}

/// Whether two constants have the same value, NaNs compared by their bits.
fn same_value(cache: &ConstCache<'_>, a: ConstId, b: ConstId) -> bool {
    a == b
        || match (cache.get(a), cache.get(b)) {
            (Const::Float(x), Const::Float(y)) => x.to_bits() == y.to_bits(),
            (Const::Complex { real: a, imag: b }, Const::Complex { real: c, imag: d }) => {
                a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits()
            }
            _ => false,
        }
}

fn location(words: &[&str]) -> Location {
    let n: Vec<i32> = words[..4].iter().map(|word| word.parse().unwrap()).collect();
    Location::new(n[0], n[1], n[2], n[3])
}

fn test_passes(target: &Target) -> impl Iterator<Item = &'static Pass> {
    let passes::Schedule { optimize, join, rearrange, finish } = passes::of(target);
    [*optimize, *join, *rearrange, *finish].into_iter().flatten().filter(|pass| !LEFT_OUT.contains(&pass.name))
}

/// A unit of a file: what goes in and what CPython makes of it.
struct Case {
    unit: CodeUnit,
    /// What `optimize_cfg` gives.
    optimized: Vec<(Op, u32, Location)>,
    /// What the finished code object has.
    finished: Vec<(Op, u32, Location, Option<ExceptHandlerInfo>)>,
    consts: Vec<ConstId>,
    stack_depth: u32,
}

fn read_case(text: &str, target: &Target, cache: &mut ConstCache<'_>) -> Case {
    let metadata = CodeUnitMetadata {
        name: known::MODULE,
        qualname: known::MODULE,
        consts: Default::default(),
        names: Default::default(),
        varnames: Default::default(),
        cellvars: Default::default(),
        freevars: Default::default(),
        fasthidden: Default::default(),
        argcount: 0,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        firstlineno: 1,
    };
    let unit = CodeUnit { metadata, instructions: InstructionSequence::default(), flags: 0, parameter_count: 0 };
    let (optimized, finished, consts) = (Vec::new(), Vec::new(), Vec::new());
    let mut case = Case { unit, optimized, finished, consts, stack_depth: 0 };
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let metadata = &mut case.unit.metadata;
        match words[0] {
            "locals" => metadata.varnames.extend((0..words[1].parse().unwrap()).map(NameId)),
            "cells" => metadata.cellvars.extend(words[1..].iter().map(|n| NameId(n.parse().unwrap()))),
            "stacksize" => case.stack_depth = words[1].parse().unwrap(),
            "const" => {
                metadata.consts.insert(parse_const(&line[6..], cache));
            }
            "endconst" => case.consts.push(parse_const(&line[9..], cache)),
            "in" => {
                let sequence = &mut case.unit.instructions;
                sequence.push(op_named(words[1]), words[2].parse().unwrap(), location(&words[3..]));
            }
            "out" => {
                let op = op_named(words[1]);
                let constant = target.op(op).has(OpInfo::CONST);
                let arg =
                    if constant { parse_const(&words[6..].join(" "), cache).0 } else { words[6].parse().unwrap() };
                case.optimized.push((op, arg, location(&words[2..])));
            }
            "fin" => {
                let handler = words[7].split_once(',').map(|(at, rest)| {
                    let (depth, lasti) = rest.split_once(',').unwrap();
                    let preserve_lasti = lasti == "1";
                    // CPython's pass gives the depth within the handler, where what it takes is pushed already.
                    let depth = depth.parse::<u32>().unwrap() - 1 - preserve_lasti as u32;
                    ExceptHandlerInfo { target: at.parse().unwrap(), depth, preserve_lasti }
                });
                let (op, arg) = (op_named(words[1]), words[2].parse().unwrap());
                case.finished.push((op, arg, location(&words[3..]), handler));
            }
            _ => {}
        }
    }
    let sequence = &mut case.unit.instructions;
    for (at, instruction) in sequence.instructions.iter().enumerate() {
        let info = target.op(instruction.op);
        if info.has_any(OpInfo::JUMP | OpInfo::EXC) {
            sequence.jumps.push(at as u32);
        }
    }
    // Units without jumps have no labels, as from code generation.
    if !sequence.jumps.is_empty() {
        sequence.labels = (0..sequence.instructions.len() as u32).collect();
        sequence.placed = sequence.labels.iter().map(|&label| LabelId(label)).collect();
    }
    case
}

/// Runs one unit of a file and says how the result differs from what is expected.
fn difference(text: &str) -> Option<String> {
    let target = Target::of(PythonVersion::Py314);
    let arena = Bump::new();
    let mut cache = ConstCache::new(&arena);
    let mut case = read_case(text, target, &mut cache);
    let differs = if case.finished.is_empty() {
        optimized_difference(&mut case, target, &mut cache)
    } else {
        finished_difference(&mut case, target, &mut cache, &arena)
    };
    differs.map(|differs| {
        let input: Vec<&str> =
            text.lines().take_while(|line| !line.starts_with("out") && !line.starts_with("fin")).collect();
        format!("{}{differs}", input.join("; ").chars().take(600).collect::<String>())
    })
}

fn compare<T: PartialEq + std::fmt::Debug>(got: &[T], expected: &[T]) -> Option<String> {
    if got == expected {
        return None;
    }
    let mut report = String::new();
    for i in 0..got.len().max(expected.len()) {
        if got.get(i) != expected.get(i) {
            let _ = write!(report, "\n  {i}: got {:?}\n      not {:?}", got.get(i), expected.get(i));
            if report.len() > 1500 {
                break;
            }
        }
    }
    Some(report)
}

/// Holds the whole of [`super::optimize`] against a code object.
fn finished_difference<'a>(
    case: &mut Case,
    target: &'static Target,
    cache: &mut ConstCache<'a>,
    arena: &'a Bump,
) -> Option<String> {
    let mut names = Interner::new(arena);
    let mut warnings = Vec::new();
    let filename = PyStr::new("");
    let mut cx = CompileContext {
        arena,
        target,
        optimize: 0,
        filename,
        names: &mut names,
        consts: cache,
        warnings: &mut warnings,
        room: &mut Room::new(&mut [], arena),
    };
    let mut code = match super::optimize(&mut case.unit, &mut cx) {
        Ok(code) => code,
        Err(error) => return Some(format!("{error:?}")),
    };
    for i in (0..code.instructions.len()).rev() {
        if code.instructions[i].location == Location::NEXT {
            code.instructions[i].location = code.instructions.get(i + 1).map_or(Location::NONE, |next| next.location);
        }
        if code.instructions[i].location.line < 0 {
            code.instructions[i].location = Location::NONE;
        }
    }
    for i in 0..code.jumps.len() {
        let jump = code.jumps[i];
        code.instructions[jump.at as usize].arg = jump.target;
    }
    let mut changes = code.handlers.iter().peekable();
    let mut handler = None;
    let mut got = Vec::new();
    for (i, instruction) in code.instructions.iter().enumerate() {
        handler = changes.next_if(|change| change.at as usize == i).map_or(handler, |change| change.handler);
        got.push((instruction.op, instruction.arg, instruction.location, handler));
    }
    if code.stack_depth.max(1) != case.stack_depth {
        return Some(format!("\n  stack depth {} not {}", code.stack_depth, case.stack_depth));
    }
    compare(&got, &case.finished).or_else(|| compare(case.unit.metadata.consts.as_slice(), &case.consts))
}

/// Holds the passes that CPython's test function runs against what it gives.
fn optimized_difference(case: &mut Case, target: &'static Target, cache: &mut ConstCache<'_>) -> Option<String> {
    let consts = Consts::new(&mut case.unit.metadata.consts, cache, target);
    let graph = build::from_instruction_sequence(&mut case.unit.instructions, &consts, target).unwrap();
    let mut state = State {
        graph,
        metadata: &mut case.unit.metadata,
        cache,
        flags: 0,
        parameter_count: 0,
        stack_depth: 0,
        locals_plus_count: 0,
    };
    for pass in test_passes(target) {
        (pass.run)(&mut state).unwrap();
        verify::verify(&state.graph, if pass.name == "optimize_load_fast" { "" } else { pass.name });
    }
    let mut starts = vec![0; state.graph.blocks.len()];
    let mut blocks = Vec::new();
    let (mut at, mut count) = (BlockId::ENTRY, 0);
    while at.is_some() {
        starts[at.0 as usize] = count as u32;
        blocks.push(at);
        count += state.graph[at].len();
        at = state.graph[at].next;
    }
    let mut got = Vec::new();
    for instr in blocks.into_iter().flat_map(|id| state.graph.instrs(id)) {
        let mut arg = instr.arg;
        if state.graph.has_target(instr.op) {
            arg = starts[instr.target().0 as usize];
        } else if instr.op == Op::LoadConst {
            // Computed NaNs are never equal; those that are the same to look at count as the same here.
            let id = state.metadata.consts[instr.arg as usize];
            let expected = case.optimized.get(got.len()).filter(|expected| expected.0 == Op::LoadConst);
            arg = match expected {
                Some(&(_, expected, _)) if same_value(state.cache, id, ConstId(expected)) => expected,
                _ => id.0,
            };
        }
        got.push((instr.op, arg, state.graph.locations.get(instr.location)));
    }
    compare(&got, &case.optimized)
}

fn check_file(path: &Path) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    let units: Vec<&str> = text.split("unit ").skip(1).collect();
    (units.len(), units.iter().filter_map(|unit| difference(unit)).collect())
}

/// The files in tests/flowgraph, or those that `PYCC_FLOWGRAPH_TESTS` names.
#[test]
fn as_cpython_does() {
    let mut paths: Vec<_> = match std::env::var("PYCC_FLOWGRAPH_TESTS") {
        Ok(list) => list.split(':').map(Into::into).collect(),
        Err(_) => {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flowgraph");
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
        }
    };
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "txt"));
    paths.sort();
    let (mut count, mut differences) = (0, Vec::new());
    for path in &paths {
        let (units, mut found) = check_file(path);
        count += units;
        differences.append(&mut found);
    }
    assert!(count > 0, "no units");
    let shown: Vec<_> = differences.iter().take(8).cloned().collect();
    assert!(differences.is_empty(), "{} of {count} units differ\n{}", differences.len(), shown.join("\n"));
}
