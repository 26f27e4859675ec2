//! Runs of `SWAP`s made as short as they can be, or done at compile time.

use super::block::Instr;
use super::locations::Locations;
use crate::target::Op;

const VISITED: u32 = u32::MAX;

/// Makes the best of all `SWAP`s of a block.
pub(super) fn optimize(instrs: &mut [Instr], locations: &Locations, scratch: &mut Vec<u32>) {
    let mut i = 0;
    while i < instrs.len() {
        if instrs[i].op == Op::Swap {
            i = optimize_run(instrs, i, locations, scratch);
        }
        i += 1;
    }
}

/// Makes the best of the run of `SWAP`s that starts at `i`; gives its last index.
pub(super) fn optimize_run(instrs: &mut [Instr], i: usize, locations: &Locations, scratch: &mut Vec<u32>) -> usize {
    let last = swaptimize(instrs, i, scratch);
    apply_static_swaps(instrs, last, locations);
    last
}

/// Replaces a run of `SWAP`s and `NOP`s by the shortest one of the same effect, and gives the run's last index.
///
/// Mirrors CPython 3.14: `swaptimize`: the permutation's cycles are undone from the end of the run.
fn swaptimize(instrs: &mut [Instr], start: usize, stack: &mut Vec<u32>) -> usize {
    let run = &mut instrs[start..];
    let mut depth = run[0].arg;
    let mut len = 1;
    let mut more = false;
    while let Some(instr) = run.get(len) {
        if instr.op == Op::Swap {
            depth = depth.max(instr.arg);
            more = true;
        } else if instr.op != Op::Nop {
            break;
        }
        len += 1;
    }
    if !more {
        return start;
    }
    stack.clear();
    stack.extend(0..depth);
    for instr in &run[..len] {
        if instr.op == Op::Swap && instr.arg > 0 {
            stack.swap(0, instr.arg as usize - 1);
        }
    }
    let mut current = len;
    for i in 0..depth {
        if stack[i as usize] == VISITED || stack[i as usize] == i {
            continue;
        }
        let mut j = i;
        loop {
            if j != 0 && current > 0 {
                current -= 1;
                run[current].set(Op::Swap, j + 1);
            }
            let next = stack[j as usize];
            if next == VISITED {
                break;
            }
            stack[j as usize] = VISITED;
            j = next;
        }
    }
    for instr in &mut run[..current] {
        instr.set_nop();
    }
    start + len - 1
}

fn is_swappable(op: Op) -> bool {
    matches!(op, Op::StoreFast | Op::StoreFastMaybeNull | Op::PopTop)
}

fn stores_to(instr: &Instr) -> Option<u32> {
    matches!(instr.op, Op::StoreFast | Op::StoreFastMaybeNull).then_some(instr.arg)
}

/// The next instruction after `at` that only pops the top of the stack, on the given line if there is one.
fn next_swappable(instrs: &[Instr], at: usize, line: i32, locations: &Locations) -> Option<usize> {
    for (i, instr) in instrs.iter().enumerate().skip(at + 1) {
        if line >= 0 && locations.line(instr.location) != line {
            return None;
        }
        if instr.op == Op::Nop {
            continue;
        }
        return is_swappable(instr.op).then_some(i);
    }
    None
}

/// Swaps the instructions that take two values rather than the values, from `last` backwards.
///
/// Mirrors CPython 3.14: `apply_static_swaps`.
fn apply_static_swaps(instrs: &mut [Instr], last: usize, locations: &Locations) {
    for i in (0..=last).rev() {
        let swap = instrs[i];
        if swap.op != Op::Swap {
            if swap.op == Op::Nop || is_swappable(swap.op) {
                continue;
            }
            return;
        }
        let Some(j) = next_swappable(instrs, i, -1, locations) else { return };
        let line = locations.line(instrs[j].location);
        let mut k = j;
        for _ in 1..swap.arg {
            let Some(next) = next_swappable(instrs, k, line, locations) else { return };
            k = next;
        }
        let (store_j, store_k) = (stores_to(&instrs[j]), stores_to(&instrs[k]));
        if store_j.is_some() || store_k.is_some() {
            if store_j == store_k {
                return;
            }
            let clash = |instr: &Instr| {
                let store = stores_to(instr);
                store.is_some() && (store == store_j || store == store_k)
            };
            if instrs[(j + 1).min(k)..k].iter().any(clash) {
                return;
            }
        }
        instrs[i].set_nop();
        instrs.swap(j, k);
    }
}
