//! Which passes run over the graph, and in which order, for each release.

use super::{
    State, code_blocks, cold_blocks, empty_blocks, exception_targets, exits, finish, jumps, line_numbers,
    load_fast_borrow, locals, localsplus, nops, peephole, peephole_before_to_bool, reachability, redundancy,
    stack_depth, superinstructions, unused_consts,
};
use crate::diagnostics::Result;
use crate::object::flags;
use crate::target::Target;

/// One step over the whole graph.
pub(super) struct Pass {
    pub name: &'static str,
    pub run: fn(&mut State<'_, '_>) -> Result<()>,
}

macro_rules! passes {
    ($($name:ident => $run:expr,)*) => {
        &[$(Pass { name: stringify!($name), run: $run },)*]
    };
}

/// The passes of a release, in the order in which they run.
pub(super) struct Schedule {
    pub optimize: &'static [Pass],
    /// What may come before or after the next ones where all instructions have lines.
    pub join: &'static [Pass],
    pub rearrange: &'static [Pass],
    /// With [`Schedule::join`], the passes that [`super::writer`] does the work of.
    pub finish: &'static [Pass],
}

impl Schedule {
    /// Whether [`super::writer`] does the work of some.
    pub fn has_writer(&self) -> bool {
        !self.join.is_empty()
    }
}

/// The passes of a release.
pub(super) fn of(target: &Target) -> &'static Schedule {
    if !target.features.blocks_come_of_instructions {
        &CODE_BLOCKS
    } else if target.features.fold_in_flowgraph {
        &FOLDING_GRAPH
    } else if target.features.lines_are_resolved_first {
        &FOLDED_TREE
    } else {
        &LINES_AT_END
    }
}

/// From CPython 3.13 on: `_PyCfg_OptimizeCodeUnit`, in three parts.
static OPTIMIZE: &[Pass] = passes! {
    label_exception_targets => |s| exception_targets::run(&mut s.graph),
    check_cfg => |s| reachability::check_cfg(&s.graph),
    inline_small_or_no_lineno_blocks => |s| jumps::inline_small_or_no_lineno_blocks(&mut s.graph),
    remove_unreachable => |s| { reachability::remove_unreachable(&mut s.graph); Ok(()) },
    resolve_line_numbers => |s| { line_numbers::resolve(&mut s.graph); Ok(()) },
    optimize_load_const => peephole::optimize_load_const,
    optimize_basic_blocks => peephole::optimize_basic_blocks,
    remove_redundant_nops_and_pairs => |s| { nops::remove_redundant_nops_and_pairs(&mut s.graph); Ok(()) },
    remove_unreachable_again => |s| { reachability::remove_unreachable(&mut s.graph); Ok(()) },
    remove_redundant_nops_and_jumps => |s| nops::remove_redundant_nops_and_jumps(&mut s.graph),
    remove_unused_consts => unused_consts::remove_unused_consts,
    add_checks_for_loads_of_uninitialized_variables => |s| {
        locals::add_checks(&mut s.graph, s.metadata.varnames.len(), s.parameter_count as usize);
        Ok(())
    },
};
static JOIN: &[Pass] = passes! {
    insert_superinstructions => |s| { superinstructions::insert(&mut s.graph); Ok(()) },
};
static REARRANGE: &[Pass] = passes! {
    push_cold_blocks_to_end => |s| cold_blocks::push_to_end(&mut s.graph),
    resolve_line_numbers_again => |s| { line_numbers::resolve(&mut s.graph); Ok(()) },
};

/// CPython 3.14: `_PyCfg_OptimizeCodeUnit`, then `_PyCfg_OptimizedCfgToInstructionSequence`.
static FOLDING_GRAPH: Schedule = Schedule {
    optimize: OPTIMIZE,
    join: JOIN,
    rearrange: REARRANGE,
    finish: passes! {
        convert_pseudo_conditional_jumps => |s| { jumps::convert_pseudo_conditional_jumps(&mut s.graph); Ok(()) },
        calculate_stackdepth => |s| { s.stack_depth = stack_depth::calculate(&mut s.graph, 0)?; Ok(()) },
        prepare_localsplus => localsplus::prepare,
        convert_pseudo_ops => |s| finish::convert_pseudo_ops(&mut s.graph),
        normalize_jumps => |s| { jumps::normalize_jumps(&mut s.graph); Ok(()) },
        optimize_load_fast => |s| { load_fast_borrow::optimize(&mut s.graph); Ok(()) },
    },
};

/// CPython 3.13: `_PyCfg_OptimizeCodeUnit`, then `_PyCfg_OptimizedCfgToInstructionSequence`.
static FOLDED_TREE: Schedule = Schedule {
    optimize: OPTIMIZE,
    join: JOIN,
    rearrange: REARRANGE,
    finish: passes! {
        calculate_stackdepth => |s| { s.stack_depth = stack_depth::calculate(&mut s.graph, 0)?; Ok(()) },
        prepare_localsplus => localsplus::prepare,
        convert_pseudo_ops => |s| finish::convert_pseudo_ops(&mut s.graph),
        normalize_jumps => |s| { jumps::normalize_jumps(&mut s.graph); Ok(()) },
    },
};

/// CPython 3.12: `_PyCfg_OptimizeCodeUnit`, then what `optimize_and_assemble_code_unit` does to the graph.
static LINES_AT_END: Schedule = Schedule {
    optimize: passes! {
    label_exception_targets => |s| exception_targets::run(&mut s.graph),
    check_cfg => |s| reachability::check_cfg(&s.graph),
    eliminate_empty_basic_blocks => |s| { empty_blocks::eliminate(&mut s.graph); Ok(()) },
    inline_small_exit_blocks => |s| { jumps::inline_small_exits(&mut s.graph); Ok(()) },
    optimize_basic_blocks => peephole_before_to_bool::optimize_by_line,
    remove_redundant_nops_and_pairs => |s| { nops::remove_redundant_nops_and_pairs(&mut s.graph); Ok(()) },
    inline_small_exit_blocks_again => |s| { jumps::inline_small_exits(&mut s.graph); Ok(()) },
    remove_unreachable => |s| { reachability::remove_unreachable(&mut s.graph); Ok(()) },
    remove_redundant_nops => |s| { nops::remove_redundant_nops(&mut s.graph); Ok(()) },
    eliminate_empty_basic_blocks_again => |s| { empty_blocks::eliminate(&mut s.graph); Ok(()) },
    remove_redundant_jumps => |s| { jumps::remove_redundant_jumps(&mut s.graph)?; Ok(()) },
    remove_unused_consts => unused_consts::remove_unused_consts,
    add_checks_for_loads_of_uninitialized_variables => |s| {
        locals::add_checks(&mut s.graph, s.metadata.varnames.len(), s.parameter_count as usize);
        Ok(())
    },
    push_cold_blocks_to_end => |s| cold_blocks::push_to_end(&mut s.graph),
    resolve_line_numbers => |s| { line_numbers::resolve(&mut s.graph); Ok(()) },
    guarantee_lineno_for_exits => |s| {
        line_numbers::guarantee_for_exits(&mut s.graph, s.metadata.firstlineno);
        Ok(())
    },
    prepare_localsplus => localsplus::prepare,
    calculate_stackdepth => |s| {
        // The value that is sent to a new generator is on the stack before its first instruction.
        let is_generator = s.flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR) != 0;
        s.stack_depth = stack_depth::calculate(&mut s.graph, is_generator as i32)?;
        Ok(())
    },
    convert_pseudo_ops => |s| finish::convert_pseudo_ops(&mut s.graph),
    normalize_jumps => |s| { jumps::normalize_jumps(&mut s.graph); Ok(()) },
    },
    join: &[],
    rearrange: &[],
    finish: &[],
};

/// CPython 3.11: `assemble`, `optimize_cfg`.
static CODE_BLOCKS: Schedule = Schedule {
    optimize: passes! {
    normalize_basic_block => |s| code_blocks::normalize(&mut s.graph),
    extend_block => |s| { exits::extend_blocks(&mut s.graph); Ok(()) },
    prepare_localsplus => localsplus::prepare,
    optimize_basic_block => peephole_before_to_bool::optimize,
    extend_block_again => |s| { exits::extend_blocks(&mut s.graph); Ok(()) },
    remove_unreachable_and_redundant => |s| { redundancy::remove_unreachable_and_redundant(&mut s.graph); Ok(()) },
    duplicate_exits_without_lineno => |s| { exits::duplicate_without_line(&mut s.graph); Ok(()) },
    trim_unused_consts => |s| { unused_consts::trim(s); Ok(()) },
    propagate_line_numbers => |s| { exits::propagate_lines(&mut s.graph); Ok(()) },
    guarantee_lineno_for_exits => |s| {
        line_numbers::guarantee_for_exits(&mut s.graph, s.metadata.firstlineno);
        Ok(())
    },
    stackdepth => |s| { s.stack_depth = stack_depth::calculate_greatest(&mut s.graph, s.flags); Ok(()) },
    label_exception_targets => |s| exception_targets::run(&mut s.graph),
    convert_exception_handlers_to_nops => |s| { redundancy::forget_handlers(&mut s.graph); Ok(()) },
    normalize_jumps => |s| code_blocks::direct_jumps(&mut s.graph),
    },
    join: &[],
    rearrange: &[],
    finish: &[],
};
