//! What one version of CPython says of one instruction: its number, inline cache, operand kind and stack effect.

/// How many stack entries an instruction adds, as a formula of its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Always the same.
    Fixed(i8),
    /// `base + k * arg`.
    PerArg(i8, i8),
    /// `base + k * (arg & 1)`.
    LowBit(i8, i8),
    /// `base - (arg >> 1)`.
    HalfArg(i8),
    /// `base - (arg >> 1 & 1)`.
    SecondBit(i8),
    /// `base - (arg >> 2 & 1)`.
    ThirdBit(i8),
    /// `base` less the number of bits set among the lowest four (`MAKE_FUNCTION` before 3.13).
    FourBits(i8),
    /// `base + (arg & 0xff) + (arg >> 8)` (`UNPACK_EX`).
    UnpackEx(i8),
    /// `base`, less one where the argument is 3 (`BUILD_SLICE` before 3.14).
    BuildSlice(i8),
}

impl Effect {
    /// The effect for this argument.
    #[inline]
    pub const fn of(self, arg: u32) -> i32 {
        // Nearly all that depend on the argument depend on it like this.
        match self {
            Effect::Fixed(base) => base as i32,
            Effect::PerArg(base, k) => base as i32 + k as i32 * arg as i32,
            Effect::LowBit(base, k) => base as i32 + k as i32 * (arg & 1) as i32,
            _ => self.of_arg(arg),
        }
    }

    const fn of_arg(self, arg: u32) -> i32 {
        let arg = arg as i32;
        match self {
            Effect::Fixed(base) => base as i32,
            Effect::PerArg(base, k) => base as i32 + k as i32 * arg,
            Effect::LowBit(base, k) => base as i32 + k as i32 * (arg & 1),
            Effect::HalfArg(base) => base as i32 - (arg >> 1),
            Effect::SecondBit(base) => base as i32 - (arg >> 1 & 1),
            Effect::ThirdBit(base) => base as i32 - (arg >> 2 & 1),
            Effect::FourBits(base) => base as i32 - (arg & 15).count_ones() as i32,
            Effect::UnpackEx(base) => base as i32 + (arg & 0xff) + (arg >> 8),
            Effect::BuildSlice(base) => base as i32 - (arg == 3) as i32,
        }
    }
}

/// One row of a version's instruction table.
#[derive(Clone, Copy, Debug)]
pub struct OpInfo {
    /// The opcode; above 255 for pseudo-instructions, `u16::MAX` where the version lacks the instruction.
    pub number: u16,
    /// Inline cache entries (16-bit code units) that follow it.
    pub caches: u8,
    flags: u8,
    effect: Effect,
    jump_effect: Effect,
}

impl OpInfo {
    /// The instruction uses its argument.
    pub const ARG: u8 = 1;
    /// The argument is an index of `co_consts`.
    pub const CONST: u8 = 2;
    /// The argument is (or holds) an index of `co_names`.
    pub const NAME: u8 = 4;
    /// The argument is a jump offset.
    pub const JUMP: u8 = 8;
    /// The argument is an index of the cells and free variables.
    pub const FREE: u8 = 16;
    /// The argument is an index of the local variables.
    pub const LOCAL: u8 = 32;
    /// The pseudo-instruction pushes an exception handler.
    pub const EXC: u8 = 64;

    /// A row for an instruction that a version lacks.
    pub const ABSENT: OpInfo = OpInfo::new(u16::MAX, 0, 0, Effect::Fixed(0), Effect::Fixed(0));

    /// A row; the generated tables call this.
    pub const fn new(number: u16, caches: u8, flags: u8, effect: Effect, jump_effect: Effect) -> OpInfo {
        OpInfo { number, caches, flags, effect, jump_effect }
    }

    /// Whether the instruction has all of these flags.
    #[inline]
    pub const fn has(&self, flags: u8) -> bool {
        self.flags & flags == flags
    }

    /// Whether the instruction has any of these flags.
    #[inline]
    pub const fn has_any(&self, flags: u8) -> bool {
        self.flags & flags != 0
    }

    /// Whether it is a pseudo-instruction of the compiler.
    #[inline]
    pub const fn is_pseudo(&self) -> bool {
        self.number > 255
    }

    /// Whether the version has it.
    pub const fn exists(&self) -> bool {
        self.number != u16::MAX
    }

    /// The change in stack depth, when jumping or not. Mirrors CPython 3.14's `PyCompile_OpcodeStackEffectWithJump`.
    #[inline]
    pub const fn stack_effect(&self, arg: u32, jumps: bool) -> i32 {
        if jumps { self.jump_effect.of(arg) } else { self.effect.of(arg) }
    }
}
