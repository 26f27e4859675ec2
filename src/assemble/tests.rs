//! Tables written and read back, and the widths of jumps.

use super::*;
use crate::ir::{ExceptHandlerInfo, FinalInstruction, HandlerChange, Jump};
use crate::source::Location;
use crate::target::{Op, PythonVersion, Target};
use bumpalo::Bump;

fn target() -> &'static Target {
    Target::of(PythonVersion::Py314)
}

fn instruction(op: Op, arg: u32, location: Location) -> FinalInstruction {
    FinalInstruction { op, arg, location }
}

fn code(instructions: Vec<FinalInstruction>) -> FinalCode {
    FinalCode { instructions, ..FinalCode::default() }
}

fn written_code<'a>(code: &mut FinalCode, arena: &'a Bump) -> (Bytecode, &'a [u8]) {
    let mut bytecode = Bytecode::new();
    let args = code.instructions.iter().fold(0, |all, instruction| all | instruction.arg);
    let bytes = bytecode.write(code, args, target(), &mut Room::new(&mut [], arena)).unwrap();
    (bytecode, bytes)
}

fn location_table(instructions: &[FinalInstruction]) -> Vec<u8> {
    let arena = Bump::new();
    let mut code = code(instructions.to_vec());
    let (bytecode, _) = written_code(&mut code, &arena);
    let room = &mut Room::new(&mut [], &arena);
    let scratch = &mut location_table::Scratch::new();
    scratch.runs.find(instructions, target());
    location_table::write(&mut code.instructions, bytecode.offsets(), 1, target(), scratch, room).to_vec()
}

fn written(location: Location, count: usize) -> Vec<u8> {
    location_table(&vec![instruction(Op::Nop, 0, location); count])
}

#[test]
fn locations_take_the_shortest_form() {
    // The bytes are what CPython 3.14's `location_table` notes prescribe for each form.
    assert_eq!(written(Location::new(1, 1, 4, 9), 1), [0x80, 0x45]);
    assert_eq!(written(Location::new(1, 1, 79, 94), 1), [0xc8, 0x7f]);
    assert_eq!(written(Location::new(2, 2, 100, 101), 1), [0xd8, 100, 101]);
    assert_eq!(written(Location::NONE, 3), [0xfa]);
    assert_eq!(written(Location::new(5, 5, -1, -1), 1), [0xe8, 8]);
    assert_eq!(written(Location::new(1, 3, 0, 2), 1), [0xf0, 0, 2, 1, 3]);
    assert_eq!(written(Location::new(1, 1, 4, 9), 20), [0x87, 0x45, 0x87, 0x45, 0x83, 0x45]);
}

#[test]
fn locations_survive_the_way_there_and_back() {
    let all = [
        Location::new(1, 1, 4, 9),
        Location::new(900, 910, 0, 300),
        Location::new(3, 3, 10, 200),
        Location::NONE,
        Location::new(4, 4, -1, -1),
        Location::new(4, 4, 5, 120),
    ];
    let code: Vec<_> = all.iter().map(|&location| instruction(Op::Nop, 0, location)).collect();
    let table = location_table(&code);
    let read: Vec<Location> = read_location_table(&table, 1).into_iter().map(|entry| entry.location).collect();
    assert_eq!(read, all);
}

#[test]
fn locations_of_all_forms_and_lengths_mix() {
    let mut state = 1u32;
    let mut random = |below: i32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as i32 % below
    };
    let mut code = Vec::new();
    let mut line = 1000;
    while code.len() < 5000 {
        line += [0, 0, 1, 2, 3, -7, 3000][random(7) as usize];
        let (most, widest) = ([60, 100, 300][random(3) as usize], [20, 200][random(2) as usize]);
        let (column, width) = (random(most), random(widest));
        let location = match random(12) {
            0 => Location::NONE,
            1 => Location::new(line, line, -1, -1),
            2 => Location::new(line, line + random(90), column, width),
            _ => Location::new(line, line, column, column + width),
        };
        let op = [Op::Nop, Op::LoadAttr, Op::Call, Op::LoadGlobal][random(4) as usize];
        code.extend(vec![instruction(op, 0, location); 1 + random(2) as usize * random(9) as usize]);
    }
    let units = |op| 1 + target().op(op).caches as usize;
    let wanted = code.iter().flat_map(|at| std::iter::repeat_n(at.location, units(at.op)));
    let read = read_location_table(&location_table(&code), 1);
    let read = read.iter().flat_map(|entry| std::iter::repeat_n(entry.location, entry.units as usize));
    assert!(wanted.eq(read));
}

#[test]
fn an_instruction_takes_the_place_of_the_next() {
    let place = Location::new(1, 1, 4, 9);
    let code = [
        instruction(Op::Nop, 0, Location::NEXT),
        instruction(Op::Nop, 0, place),
        instruction(Op::ReturnValue, 0, Location::NEXT),
    ];
    assert_eq!(location_table(&code), [0x81, 0x45, 0xf8]);
}

#[test]
fn far_jumps_are_wide() {
    for (between, size) in [(255, 2), (256, 3), (70_000, 4)] {
        for guess in [0, between + 1] {
            let mut instructions = vec![instruction(Op::PopJumpIfTrue, guess, Location::NONE)];
            instructions.extend(vec![instruction(Op::Nop, 0, Location::NONE); between as usize]);
            instructions.push(instruction(Op::JumpBackward, 0, Location::NONE));
            let end = instructions.len() as u32 - 1;
            let mut code = code(instructions);
            code.jumps = vec![Jump { at: 0, target: end }, Jump { at: end, target: 0 }];
            let arena = Bump::new();
            let (bytecode, bytes) = written_code(&mut code, &arena);
            assert_eq!(bytecode.offsets()[1], size);
            assert_eq!(bytes[bytes.len() - 4], target().op(Op::JumpBackward).number as u8);
            assert_eq!(&bytes[bytes.len() - 2..], [0, 0], "its inline cache is empty");
            assert_eq!(bytes[size as usize * 2 - 3], between as u8, "the lowest byte of the way");
        }
    }
}

#[test]
fn handlers_make_ranges() {
    let handler = |target| Some(ExceptHandlerInfo { target, depth: 3, preserve_lasti: true });
    let mut code = code(vec![instruction(Op::Nop, 0, Location::NONE); 200]);
    let changes = [(10, handler(190)), (80, handler(191)), (90, handler(191)), (100, None)];
    code.handlers = changes.map(|(at, handler)| HandlerChange { at, handler }).to_vec();
    let arena = Bump::new();
    let (bytecode, _) = written_code(&mut code, &arena);
    let table = exception_table::write(&code.handlers, bytecode.offsets(), &mut Room::new(&mut [], &arena));
    assert_eq!(table[..2], [0x80 | 10, 0x41]);
    let entry = |start, end, target| ExceptionTableEntry { start, end, target, depth: 3, preserve_lasti: true };
    assert_eq!(read_exception_table(table), [entry(10, 80, 190), entry(80, 100, 191)]);
}
