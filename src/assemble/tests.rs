//! Tables written and read back, and the widths of jumps.

use super::bytecode::Layout;
use super::*;
use crate::ir::{ExceptHandlerInfo, FinalInstruction};
use crate::source::Location;
use crate::target::{Op, PythonVersion, Target};

fn target() -> &'static Target {
    Target::of(PythonVersion::Py314)
}

fn instruction(op: Op, arg: u32, location: Location) -> FinalInstruction {
    FinalInstruction { op, arg, location, handler: None, guess: arg }
}

fn written(location: Location, count: usize) -> Vec<u8> {
    let code = vec![instruction(Op::Nop, 0, location); count];
    let layout = Layout::new(&code, target()).unwrap();
    location_table::write(&code, &layout, 1, target())
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
    let layout = Layout::new(&code, target()).unwrap();
    let table = location_table::write(&code, &layout, 1, target());
    let read: Vec<Location> = read_location_table(&table, 1).into_iter().map(|entry| entry.location).collect();
    assert_eq!(read, all);
}

#[test]
fn an_instruction_takes_the_place_of_the_next() {
    let place = Location::new(1, 1, 4, 9);
    let code = [
        instruction(Op::Nop, 0, Location::NEXT),
        instruction(Op::Nop, 0, place),
        instruction(Op::ReturnValue, 0, Location::NEXT),
    ];
    let layout = Layout::new(&code, target()).unwrap();
    assert_eq!(location_table::write(&code, &layout, 1, target()), [0x81, 0x45, 0xf8]);
}

#[test]
fn far_jumps_are_wide() {
    for (between, size) in [(255, 2), (256, 3), (70_000, 4)] {
        let mut code = vec![instruction(Op::PopJumpIfTrue, between + 1, Location::NONE)];
        code.extend(vec![instruction(Op::Nop, 0, Location::NONE); between as usize]);
        code.push(instruction(Op::Jump, 0, Location::NONE));
        let layout = Layout::new(&code, target()).unwrap();
        assert_eq!(layout.sizes[0], size);
        let bytes = layout.bytecode(&code, target());
        assert_eq!(bytes.len(), layout.total as usize * 2);
        let back = target().op(Op::JumpBackward);
        assert_eq!(bytes[bytes.len() - 4], back.number as u8, "an open jump to the start goes backward");
        assert_eq!(&bytes[bytes.len() - 2..], [0, 0], "its inline cache is empty");
    }
}

#[test]
fn handlers_make_ranges() {
    let handler = |target| Some(ExceptHandlerInfo { target, depth: 3, preserve_lasti: true });
    let mut code = vec![instruction(Op::Nop, 0, Location::NONE); 200];
    code[10..80].iter_mut().for_each(|instruction| instruction.handler = handler(190));
    code[80..100].iter_mut().for_each(|instruction| instruction.handler = handler(191));
    let layout = Layout::new(&code, target()).unwrap();
    let table = exception_table::write(&code, &layout);
    assert_eq!(table[..2], [0x80 | 10, 0x41]);
    let entry = |start, end, target| ExceptionTableEntry { start, end, target, depth: 3, preserve_lasti: true };
    assert_eq!(read_exception_table(&table), [entry(10, 80, 190), entry(80, 100, 191)]);
}
