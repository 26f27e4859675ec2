//! The numbers that some instructions take as their argument: intrinsic functions, common constants, places of `RESUME`.

/// `CALL_INTRINSIC_1` (CPython's `INTRINSIC_*`, pycore_intrinsics.h).
pub(crate) mod unary {
    pub(crate) const STOPITERATION_ERROR: u32 = 3;
    pub(crate) const ASYNC_GEN_WRAP: u32 = 4;
    pub(crate) const UNARY_POSITIVE: u32 = 5;
    pub(crate) const LIST_TO_TUPLE: u32 = 6;
    pub(crate) const TYPEVAR: u32 = 7;
    pub(crate) const PARAMSPEC: u32 = 8;
    pub(crate) const TYPEVARTUPLE: u32 = 9;
    pub(crate) const SUBSCRIPT_GENERIC: u32 = 10;
    pub(crate) const TYPEALIAS: u32 = 11;
}

/// `CALL_INTRINSIC_2`.
pub(crate) mod binary {
    pub(crate) const TYPEVAR_WITH_BOUND: u32 = 2;
    pub(crate) const TYPEVAR_WITH_CONSTRAINTS: u32 = 3;
    pub(crate) const SET_FUNCTION_TYPE_PARAMS: u32 = 4;
    pub(crate) const SET_TYPEPARAM_DEFAULT: u32 = 5;
}

/// `LOAD_COMMON_CONSTANT` (CPython's `CONSTANT_*`, pycore_opcode_utils.h).
pub(crate) mod common_constant {
    pub(crate) const NOT_IMPLEMENTED_ERROR: u32 = 1;
    pub(crate) const BUILTIN_TUPLE: u32 = 2;
    pub(crate) const BUILTIN_ALL: u32 = 3;
    pub(crate) const BUILTIN_ANY: u32 = 4;
    pub(crate) const BUILTIN_LIST: u32 = 5;
    pub(crate) const BUILTIN_SET: u32 = 6;
}

/// What a `RESUME` continues after.
pub(crate) mod resume {
    pub(crate) const AFTER_YIELD: u32 = 1;
    /// The start of a generator expression, before its generator is made.
    pub(crate) const AT_GEN_EXPR_START: u32 = 4;
}

/// `GET_ITER` for `yield from`, which refuses coroutines here.
///
/// CPython's code generation writes 1 and the making of the code object turns that to 2 in coroutines, which have no `yield from`,
/// and to 3 elsewhere (CPython 3.15: `fixup_getiter`).
pub(crate) const GET_ITER_YIELD_FROM: u32 = 3;

/// How many values an expression may hold on the stack before a form is chosen that needs fewer (CPython's
/// `_PY_STACK_USE_GUIDELINE`).
pub(crate) const STACK_USE_GUIDELINE: usize = 30;
