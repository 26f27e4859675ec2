//! Expressions as text again, which is what annotations become under `from __future__ import annotations`.
//!
//! Mirrors CPython 3.14's `Python/ast_unparse.c`. The releases differ in nothing but the nodes that there are and the
//! characters that are printable.

use super::{
    Arg, Arguments, BoolOp, CmpOp, Comprehension, Conversion, Expr, ExprKind, Exprs, Keyword, Operator, UnaryOp,
};
use crate::diagnostics::{CompileError, ErrorKind, MAX_TREE_DEPTH, Result};
use crate::object::{Constant, Escaping, PyStr, TooManyDigits, write_repr, write_str_repr};
use crate::source::{Interner, NameId};
use crate::target::PythonVersion;

/// The most bytes of an f-string's text. Each level of nesting doubles its backslashes, so a short source may have a text
/// that no memory holds; CPython raises `MemoryError` where memory ends.
const MAX_FSTRING: usize = 1 << 26;

/// How strongly an expression binds, and what its surroundings ask for: where these ask for more, it takes parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Precedence {
    Tuple,
    /// `if` and `else`, `lambda`.
    Test,
    Or,
    And,
    Not,
    Comparison,
    /// `|`.
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    /// `+`, `-`.
    Arithmetic,
    /// `*`, `@`, `/`, `%`, `//`.
    Term,
    /// Unary `+`, `-`, `~`.
    Factor,
    Power,
    Await,
    Atom,
}

impl Precedence {
    /// Where an element after `*` or `**` stands.
    const EXPR: Precedence = Precedence::BitOr;

    /// The next stronger one.
    const fn next(self) -> Precedence {
        match self {
            Precedence::Tuple => Precedence::Test,
            Precedence::Test => Precedence::Or,
            Precedence::Or => Precedence::And,
            Precedence::And => Precedence::Not,
            Precedence::Not => Precedence::Comparison,
            Precedence::Comparison => Precedence::BitOr,
            Precedence::BitOr => Precedence::BitXor,
            Precedence::BitXor => Precedence::BitAnd,
            Precedence::BitAnd => Precedence::Shift,
            Precedence::Shift => Precedence::Arithmetic,
            Precedence::Arithmetic => Precedence::Term,
            Precedence::Term => Precedence::Factor,
            Precedence::Factor => Precedence::Power,
            Precedence::Power => Precedence::Await,
            Precedence::Await | Precedence::Atom => Precedence::Atom,
        }
    }
}

/// The text of an expression, encoded like a [`PyStr`].
///
/// Mirrors CPython 3.14: `_PyAST_ExprAsUnicode`.
pub fn unparse(expr: &Expr<'_>, names: &Interner<'_>, version: PythonVersion) -> Result<Vec<u8>> {
    let mut unparser = Unparser { out: Vec::new(), names, escaping: Escaping::Unprintable(version), depth: 0 };
    unparser.expr(expr, Precedence::Test)?;
    Ok(unparser.out)
}

struct Unparser<'n, 'a> {
    /// Bytes rather than a `String`, as the text of an f-string may hold surrogates until it is quoted.
    out: Vec<u8>,
    names: &'n Interner<'a>,
    escaping: Escaping,
    depth: u32,
}

impl Unparser<'_, '_> {
    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn push_if(&mut self, condition: bool, text: &str) {
        if condition {
            self.push(text);
        }
    }

    fn name(&mut self, name: NameId) {
        let names = self.names;
        self.push(names.text(name));
    }

    /// What each call writes stands between commas.
    fn separate(&mut self, is_first: &mut bool) {
        self.push_if(!*is_first, ", ");
        *is_first = false;
    }

    fn list(&mut self, exprs: Exprs<'_>) -> Result<()> {
        for (i, expr) in exprs.iter().enumerate() {
            self.push_if(i > 0, ", ");
            self.expr(expr, Precedence::Test)?;
        }
        Ok(())
    }

    /// Writes an expression that binds by itself, in parentheses where its surroundings bind more strongly.
    fn grouped(
        &mut self,
        own: Precedence,
        level: Precedence,
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        self.push_if(level > own, "(");
        write(self)?;
        self.push_if(level > own, ")");
        Ok(())
    }

    /// Mirrors CPython 3.14: `append_ast_expr`.
    fn expr(&mut self, expr: &Expr<'_>, level: Precedence) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_TREE_DEPTH {
            return Err(CompileError::too_deep());
        }
        match expr.kind {
            ExprKind::BoolOp { op, values } => self.bool_op(op, values, level)?,
            ExprKind::NamedExpr { target, value } => self.grouped(Precedence::Tuple, level, |u| {
                u.expr(target, Precedence::Atom)?;
                u.push(" := ");
                u.expr(value, Precedence::Atom)
            })?,
            ExprKind::BinOp { left, op, right } => self.bin_op(left, op, right, level)?,
            ExprKind::UnaryOp { op, operand } => self.unary_op(op, operand, level)?,
            ExprKind::Lambda { args, body } => self.grouped(Precedence::Test, level, |u| {
                // No space before parameters none of which is positional.
                let has_positional = !args.args.is_empty() || !args.posonlyargs.is_empty();
                u.push(if has_positional { "lambda " } else { "lambda" });
                u.arguments(args)?;
                u.push(": ");
                u.expr(body, Precedence::Test)
            })?,
            ExprKind::IfExp { test, body, orelse } => self.grouped(Precedence::Test, level, |u| {
                u.expr(body, Precedence::Test.next())?;
                u.push(" if ");
                u.expr(test, Precedence::Test.next())?;
                u.push(" else ");
                u.expr(orelse, Precedence::Test)
            })?,
            ExprKind::Compare { left, ops, comparators } => self.compare(left, ops, comparators, level)?,
            ExprKind::Await { value } => self.grouped(Precedence::Await, level, |u| {
                u.push("await ");
                u.expr(value, Precedence::Atom)
            })?,
            ExprKind::Yield { value: None } => self.push("(yield)"),
            ExprKind::Yield { value: Some(value) } => {
                self.push("(yield ");
                self.expr(value, Precedence::Test)?;
                self.push(")");
            }
            ExprKind::YieldFrom { value } => {
                self.push("(yield from ");
                self.expr(value, Precedence::Test)?;
                self.push(")");
            }
            ExprKind::Call { func, args, keywords } => self.call(func, args, keywords)?,
            ExprKind::Constant { value, is_u } => {
                self.push_if(is_u, "u");
                match value {
                    Constant::Ellipsis => self.push("..."),
                    _ => self.constant(&value)?,
                }
            }
            ExprKind::JoinedStr { .. }
            | ExprKind::TemplateStr { .. }
            | ExprKind::FormattedValue { .. }
            | ExprKind::Interpolation { .. } => self.fstring_element(expr, false)?,
            _ => self.display(expr, level)?,
        }
        self.depth -= 1;
        Ok(())
    }

    /// Displays, comprehensions and what may be a target.
    fn display(&mut self, expr: &Expr<'_>, level: Precedence) -> Result<()> {
        match expr.kind {
            ExprKind::Dict { keys, values } => self.dict(keys, values),
            ExprKind::Set { elts } => {
                self.push("{");
                self.list(elts)?;
                self.push("}");
                Ok(())
            }
            ExprKind::ListComp { elt, generators } => self.comprehension("[", elt, None, generators, "]"),
            ExprKind::SetComp { elt, generators } => self.comprehension("{", elt, None, generators, "}"),
            ExprKind::GeneratorExp { elt, generators } => self.comprehension("(", elt, None, generators, ")"),
            ExprKind::DictComp { key, value: Some(value), generators } => {
                self.comprehension("{", key, Some(value), generators, "}")
            }
            ExprKind::DictComp { key, value: None, generators } => {
                self.comprehension("{**", key, None, generators, "}")
            }
            ExprKind::Attribute { value, attr, .. } => {
                self.expr(value, Precedence::Atom)?;
                // Without the space, `1.real` is a float and a name.
                let is_int = matches!(value.kind, ExprKind::Constant { value: Constant::Int(_), .. });
                self.push(if is_int { " ." } else { "." });
                self.name(attr);
                Ok(())
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value, Precedence::Atom)?;
                self.push("[");
                self.expr(slice, Precedence::Tuple)?;
                self.push("]");
                Ok(())
            }
            ExprKind::Starred { value, .. } => {
                self.push("*");
                self.expr(value, Precedence::EXPR)
            }
            ExprKind::Slice { lower, upper, step } => {
                if let Some(lower) = lower {
                    self.expr(lower, Precedence::Test)?;
                }
                self.push(":");
                if let Some(upper) = upper {
                    self.expr(upper, Precedence::Test)?;
                }
                if let Some(step) = step {
                    self.push(":");
                    self.expr(step, Precedence::Test)?;
                }
                Ok(())
            }
            ExprKind::Name { id, .. } => {
                self.name(id);
                Ok(())
            }
            ExprKind::List { elts, .. } => {
                self.push("[");
                self.list(elts)?;
                self.push("]");
                Ok(())
            }
            ExprKind::Tuple { elts: [], .. } => {
                self.push("()");
                Ok(())
            }
            ExprKind::Tuple { elts, .. } => self.grouped(Precedence::Tuple, level, |u| {
                u.list(elts)?;
                u.push_if(elts.len() == 1, ",");
                Ok(())
            }),
            _ => Err(CompileError::new(ErrorKind::SystemError, None, "unknown expression kind")),
        }
    }

    fn bool_op(&mut self, op: BoolOp, values: Exprs<'_>, level: Precedence) -> Result<()> {
        let (text, own) = match op {
            BoolOp::And => (" and ", Precedence::And),
            BoolOp::Or => (" or ", Precedence::Or),
        };
        self.grouped(own, level, |u| {
            for (i, value) in values.iter().enumerate() {
                u.push_if(i > 0, text);
                u.expr(value, own.next())?;
            }
            Ok(())
        })
    }

    fn bin_op(&mut self, left: &Expr<'_>, op: Operator, right: &Expr<'_>, level: Precedence) -> Result<()> {
        let (text, own) = match op {
            Operator::Add => (" + ", Precedence::Arithmetic),
            Operator::Sub => (" - ", Precedence::Arithmetic),
            Operator::Mult => (" * ", Precedence::Term),
            Operator::MatMult => (" @ ", Precedence::Term),
            Operator::Div => (" / ", Precedence::Term),
            Operator::Mod => (" % ", Precedence::Term),
            Operator::FloorDiv => (" // ", Precedence::Term),
            Operator::LShift => (" << ", Precedence::Shift),
            Operator::RShift => (" >> ", Precedence::Shift),
            Operator::BitOr => (" | ", Precedence::BitOr),
            Operator::BitXor => (" ^ ", Precedence::BitXor),
            Operator::BitAnd => (" & ", Precedence::BitAnd),
            Operator::Pow => (" ** ", Precedence::Power),
        };
        // The operand on the side to which the operator associates may bind as strongly as it does.
        let (of_left, of_right) = if op == Operator::Pow { (own.next(), own) } else { (own, own.next()) };
        self.grouped(own, level, |u| {
            u.expr(left, of_left)?;
            u.push(text);
            u.expr(right, of_right)
        })
    }

    fn unary_op(&mut self, op: UnaryOp, operand: &Expr<'_>, level: Precedence) -> Result<()> {
        let (text, own) = match op {
            UnaryOp::Invert => ("~", Precedence::Factor),
            UnaryOp::UAdd => ("+", Precedence::Factor),
            UnaryOp::USub => ("-", Precedence::Factor),
            UnaryOp::Not => ("not ", Precedence::Not),
        };
        self.grouped(own, level, |u| {
            u.push(text);
            u.expr(operand, own)
        })
    }

    fn compare(&mut self, left: &Expr<'_>, ops: &[CmpOp], comparators: Exprs<'_>, level: Precedence) -> Result<()> {
        self.grouped(Precedence::Comparison, level, |u| {
            u.expr(left, Precedence::Comparison.next())?;
            for (op, comparator) in ops.iter().zip(comparators) {
                u.push(match op {
                    CmpOp::Eq => " == ",
                    CmpOp::NotEq => " != ",
                    CmpOp::Lt => " < ",
                    CmpOp::LtE => " <= ",
                    CmpOp::Gt => " > ",
                    CmpOp::GtE => " >= ",
                    CmpOp::Is => " is ",
                    CmpOp::IsNot => " is not ",
                    CmpOp::In => " in ",
                    CmpOp::NotIn => " not in ",
                });
                u.expr(comparator, Precedence::Comparison.next())?;
            }
            Ok(())
        })
    }

    fn dict(&mut self, keys: &[Option<&Expr<'_>>], values: Exprs<'_>) -> Result<()> {
        self.push("{");
        for (i, (key, value)) in keys.iter().zip(values).enumerate() {
            self.push_if(i > 0, ", ");
            match key {
                Some(key) => {
                    self.expr(key, Precedence::Test)?;
                    self.push(": ");
                    self.expr(value, Precedence::Test)?;
                }
                None => {
                    self.push("**");
                    self.expr(value, Precedence::EXPR)?;
                }
            }
        }
        self.push("}");
        Ok(())
    }

    fn comprehension(
        &mut self,
        open: &str,
        element: &Expr<'_>,
        value: Option<&Expr<'_>>,
        generators: &[Comprehension<'_>],
        close: &str,
    ) -> Result<()> {
        self.push(open);
        self.expr(element, Precedence::Test)?;
        if let Some(value) = value {
            self.push(": ");
            self.expr(value, Precedence::Test)?;
        }
        for generator in generators {
            self.push(if generator.is_async { " async for " } else { " for " });
            self.expr(generator.target, Precedence::Tuple)?;
            self.push(" in ");
            self.expr(generator.iter, Precedence::Test.next())?;
            for condition in generator.ifs {
                self.push(" if ");
                self.expr(condition, Precedence::Test.next())?;
            }
        }
        self.push(close);
        Ok(())
    }

    fn call(&mut self, func: &Expr<'_>, args: Exprs<'_>, keywords: &[Keyword<'_>]) -> Result<()> {
        self.expr(func, Precedence::Atom)?;
        // A generator expression that is the only argument shares the call's parentheses.
        if let ([Expr { kind: ExprKind::GeneratorExp { elt, generators }, .. }], []) = (args, keywords) {
            return self.comprehension("(", elt, None, generators, ")");
        }
        self.push("(");
        self.list(args)?;
        let mut is_first = args.is_empty();
        for keyword in keywords {
            self.separate(&mut is_first);
            match keyword.arg {
                Some(name) => {
                    self.name(name);
                    self.push("=");
                }
                None => self.push("**"),
            }
            self.expr(keyword.value, Precedence::Test)?;
        }
        self.push(")");
        Ok(())
    }

    /// Mirrors CPython 3.14: `append_ast_args`.
    fn arguments(&mut self, arguments: &Arguments<'_>) -> Result<()> {
        let mut is_first = true;
        let positional = arguments.posonlyargs.len() + arguments.args.len();
        let without_default = positional.saturating_sub(arguments.defaults.len());
        for (i, arg) in arguments.posonlyargs.iter().chain(arguments.args).enumerate() {
            self.separate(&mut is_first);
            self.arg(arg)?;
            if i >= without_default {
                self.push("=");
                self.expr(arguments.defaults[i - without_default], Precedence::Test)?;
            }
            self.push_if(i + 1 == arguments.posonlyargs.len(), ", /");
        }
        if arguments.vararg.is_some() || !arguments.kwonlyargs.is_empty() {
            self.separate(&mut is_first);
            self.push("*");
            if let Some(vararg) = arguments.vararg {
                self.arg(vararg)?;
            }
        }
        for (arg, default) in arguments.kwonlyargs.iter().zip(arguments.kw_defaults) {
            self.separate(&mut is_first);
            self.arg(arg)?;
            if let Some(default) = default {
                self.push("=");
                self.expr(default, Precedence::Test)?;
            }
        }
        if let Some(kwarg) = arguments.kwarg {
            self.separate(&mut is_first);
            self.push("**");
            self.arg(kwarg)?;
        }
        Ok(())
    }

    fn arg(&mut self, arg: &Arg<'_>) -> Result<()> {
        self.name(arg.arg);
        if let Some(annotation) = arg.annotation {
            self.push(": ");
            self.expr(annotation, Precedence::Test)?;
        }
        Ok(())
    }

    /// Mirrors CPython 3.14: `append_ast_constant`, `append_repr`.
    fn constant(&mut self, value: &Constant<'_>) -> Result<()> {
        if let Constant::Tuple(items) = value {
            self.push("(");
            for (i, item) in items.iter().enumerate() {
                self.push_if(i > 0, ", ");
                self.constant(item)?;
            }
            self.push(if items.len() == 1 { ",)" } else { ")" });
            return Ok(());
        }
        let mut text = String::new();
        write_repr(&mut text, value, self.escaping)
            .map_err(|_| CompileError::new(ErrorKind::ValueError, None, TooManyDigits::MESSAGE))?;
        if matches!(value, Constant::Float(_) | Constant::Complex { .. }) && text.contains("inf") {
            // There is no literal for infinity but a number that is too large.
            text = text.replace("inf", "1e309");
        }
        self.push(&text);
        Ok(())
    }

    /// Mirrors CPython 3.14: `append_fstring_element`.
    fn fstring_element(&mut self, expr: &Expr<'_>, is_format_spec: bool) -> Result<()> {
        match expr.kind {
            ExprKind::Constant { value: Constant::Str(text), .. } => {
                self.literal_part(text);
                Ok(())
            }
            ExprKind::JoinedStr { values } if is_format_spec => self.fstring_body(values, true),
            ExprKind::JoinedStr { values } => self.fstring("f", values),
            ExprKind::TemplateStr { values } => self.fstring("t", values),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                self.push("{");
                let start = self.out.len();
                // The grammar takes a tuple without parentheses here, but a lambda only in them, because of its colon.
                self.expr(value, Precedence::Test.next())?;
                if self.out.get(start) == Some(&b'{') {
                    self.out.insert(start, b' ');
                }
                self.end_of_interpolation(conversion, format_spec)
            }
            ExprKind::Interpolation { str, conversion, format_spec, .. } => {
                self.push(if str.as_bytes().first() == Some(&b'{') { "{ " } else { "{" });
                self.out.extend_from_slice(str.as_bytes());
                self.end_of_interpolation(conversion, format_spec)
            }
            _ => Err(CompileError::new(
                ErrorKind::SystemError,
                None,
                "unknown expression kind inside f-string or t-string",
            )),
        }
    }

    /// Text between the values of an f-string, with its braces doubled.
    fn literal_part(&mut self, text: &PyStr) {
        for &byte in text.as_bytes() {
            self.out.push(byte);
            if matches!(byte, b'{' | b'}') {
                self.out.push(byte);
            }
        }
    }

    fn end_of_interpolation(&mut self, conversion: Conversion, format_spec: Option<&Expr<'_>>) -> Result<()> {
        self.push(match conversion {
            Conversion::None => "",
            Conversion::Str => "!s",
            Conversion::Repr => "!r",
            Conversion::Ascii => "!a",
        });
        if let Some(format_spec) = format_spec {
            self.push(":");
            self.depth += 1;
            if self.depth > MAX_TREE_DEPTH {
                return Err(CompileError::too_deep());
            }
            self.fstring_element(format_spec, true)?;
            self.depth -= 1;
        }
        self.push("}");
        Ok(())
    }

    fn fstring_body(&mut self, values: Exprs<'_>, is_format_spec: bool) -> Result<()> {
        for value in values {
            self.fstring_element(value, is_format_spec)?;
        }
        Ok(())
    }

    /// Writes an f-string or t-string: its whole text is put in one pair of quotes and escaped as a string's `repr()` is.
    fn fstring(&mut self, prefix: &str, values: Exprs<'_>) -> Result<()> {
        let before = std::mem::take(&mut self.out);
        self.fstring_body(values, false)?;
        let body = std::mem::replace(&mut self.out, before);
        if body.len() > MAX_FSTRING {
            return Err(CompileError::new(ErrorKind::MemoryError, None, ""));
        }
        self.push(prefix);
        let mut quoted = String::new();
        write_str_repr(&mut quoted, PyStr::from_bytes(&body), self.escaping);
        self.push(&quoted);
        Ok(())
    }
}
