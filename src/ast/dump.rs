//! The tree as text: what Python's `ast.dump(tree, include_attributes=True)` shows, but with strings as `ascii()` writes them.

use super::*;
use crate::object::{Constant, Escaping, PyStr, write_repr, write_str_repr};
use crate::source::{Interner, Location, NameId};
use std::fmt::Write;

/// Writes the tree of a file.
pub fn dump(module: &Module<'_>, names: &Interner<'_>) -> String {
    let mut dumper = Dumper { out: String::new(), names, is_first: true };
    dumper.out.push_str("Module(");
    dumper.list("body", module.body, |d, stmt| d.stmt(stmt));
    dumper.out.push(')');
    dumper.out
}

struct Dumper<'n, 'a> {
    out: String,
    names: &'n Interner<'a>,
    /// Whether the node at hand has no field written yet.
    is_first: bool,
}

impl Dumper<'_, '_> {
    fn open(&mut self, name: &str) {
        self.out.push_str(name);
        self.out.push('(');
        self.is_first = true;
    }

    fn close(&mut self, location: Option<Location>) {
        if let Some(l) = location {
            self.raw("lineno", l.line);
            self.raw("col_offset", l.column);
            self.raw("end_lineno", l.end_line);
            self.raw("end_col_offset", l.end_column);
        }
        self.out.push(')');
        self.is_first = false;
    }

    fn field(&mut self, name: &str) {
        if !self.is_first {
            self.out.push_str(", ");
        }
        self.is_first = false;
        self.out.push_str(name);
        self.out.push('=');
    }

    fn raw(&mut self, name: &str, value: impl std::fmt::Display) {
        self.field(name);
        let _ = write!(self.out, "{value}");
    }

    fn name(&mut self, field: &str, name: NameId) {
        self.field(field);
        self.quoted(name);
    }

    fn quoted(&mut self, name: NameId) {
        let text = PyStr::new(self.names.text(name));
        write_str(&mut self.out, text);
    }

    fn optional_name(&mut self, field: &str, name: Option<NameId>) {
        if let Some(name) = name {
            self.name(field, name);
        }
    }

    fn list<T>(&mut self, field: &str, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        self.field(field);
        self.out.push('[');
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            write(self, item);
        }
        self.out.push(']');
        self.is_first = false;
    }

    fn exprs(&mut self, field: &str, exprs: Exprs<'_>) {
        self.list(field, exprs, |d, expr| d.expr(expr));
    }

    fn stmts(&mut self, field: &str, stmts: Stmts<'_>) {
        self.list(field, stmts, |d, stmt| d.stmt(stmt));
    }

    fn patterns(&mut self, field: &str, patterns: Patterns<'_>) {
        self.list(field, patterns, |d, pattern| d.pattern(pattern));
    }

    fn name_list(&mut self, field: &str, names: &[NameId]) {
        self.list(field, names, |d, name| d.quoted(*name));
    }

    fn expr_field(&mut self, field: &str, expr: &Expr<'_>) {
        self.field(field);
        self.expr(expr);
    }

    fn optional(&mut self, field: &str, expr: Option<&Expr<'_>>) {
        if let Some(expr) = expr {
            self.expr_field(field, expr);
        }
    }

    fn ctx(&mut self, ctx: ExprContext) {
        self.raw("ctx", format_args!("{ctx:?}()"));
    }

    fn keywords(&mut self, keywords: &[Keyword<'_>]) {
        self.list("keywords", keywords, |d, keyword| {
            d.open("keyword");
            d.optional_name("arg", keyword.arg);
            d.expr_field("value", keyword.value);
            d.close(Some(keyword.location));
        });
    }

    fn arguments(&mut self, arguments: &Arguments<'_>) {
        self.field("args");
        self.open("arguments");
        self.list("posonlyargs", arguments.posonlyargs, |d, arg| d.arg(arg));
        self.list("args", arguments.args, |d, arg| d.arg(arg));
        if let Some(vararg) = arguments.vararg {
            self.field("vararg");
            self.arg(vararg);
        }
        self.list("kwonlyargs", arguments.kwonlyargs, |d, arg| d.arg(arg));
        self.list("kw_defaults", arguments.kw_defaults, |d, default| match default {
            Some(default) => d.expr(default),
            None => d.out.push_str("None"),
        });
        if let Some(kwarg) = arguments.kwarg {
            self.field("kwarg");
            self.arg(kwarg);
        }
        self.exprs("defaults", arguments.defaults);
        self.close(None);
    }

    fn arg(&mut self, arg: &Arg<'_>) {
        self.open("arg");
        self.name("arg", arg.arg);
        self.optional("annotation", arg.annotation);
        self.close(Some(arg.location));
    }

    fn type_params(&mut self, type_params: &[TypeParam<'_>]) {
        self.list("type_params", type_params, |d, param| {
            let (kind, bound) = match param.kind {
                TypeParamKind::TypeVar { bound } => ("TypeVar", bound),
                TypeParamKind::ParamSpec => ("ParamSpec", None),
                TypeParamKind::TypeVarTuple => ("TypeVarTuple", None),
            };
            d.open(kind);
            d.name("name", param.name);
            d.optional("bound", bound);
            d.optional("default_value", param.default_value);
            d.close(Some(param.location));
        });
    }

    fn aliases(&mut self, aliases: &[Alias]) {
        self.list("names", aliases, |d, alias| {
            d.open("alias");
            d.name("name", alias.name);
            d.optional_name("asname", alias.asname);
            d.close(Some(alias.location));
        });
    }

    fn handlers(&mut self, handlers: &[ExceptHandler<'_>]) {
        self.list("handlers", handlers, |d, handler| {
            d.open("ExceptHandler");
            d.optional("type", handler.type_);
            d.optional_name("name", handler.name);
            d.stmts("body", handler.body);
            d.close(Some(handler.location));
        });
    }

    fn is_lazy(&mut self, is_lazy: bool) {
        if is_lazy {
            self.raw("is_lazy", 1);
        }
    }

    fn stmt(&mut self, stmt: &Stmt<'_>) {
        match stmt.kind {
            StmtKind::FunctionDef(def) => {
                self.open(if def.is_async { "AsyncFunctionDef" } else { "FunctionDef" });
                self.name("name", def.name);
                self.arguments(def.args);
                self.stmts("body", def.body);
                self.exprs("decorator_list", def.decorator_list);
                self.optional("returns", def.returns);
                self.type_params(def.type_params);
            }
            StmtKind::ClassDef(def) => {
                self.open("ClassDef");
                self.name("name", def.name);
                self.exprs("bases", def.bases);
                self.keywords(def.keywords);
                self.stmts("body", def.body);
                self.exprs("decorator_list", def.decorator_list);
                self.type_params(def.type_params);
            }
            StmtKind::Return { value } => {
                self.open("Return");
                self.optional("value", value);
            }
            StmtKind::Delete { targets } => {
                self.open("Delete");
                self.exprs("targets", targets);
            }
            StmtKind::Assign { targets, value } => {
                self.open("Assign");
                self.exprs("targets", targets);
                self.expr_field("value", value);
            }
            StmtKind::TypeAlias { name, type_params, value } => {
                self.open("TypeAlias");
                self.expr_field("name", name);
                self.type_params(type_params);
                self.expr_field("value", value);
            }
            StmtKind::AugAssign { target, op, value } => {
                self.open("AugAssign");
                self.expr_field("target", target);
                self.raw("op", format_args!("{op:?}()"));
                self.expr_field("value", value);
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.open("AnnAssign");
                self.expr_field("target", target);
                self.expr_field("annotation", annotation);
                self.optional("value", value);
                self.raw("simple", simple as u8);
            }
            StmtKind::Import { names, is_lazy } => {
                self.open("Import");
                self.aliases(names);
                self.is_lazy(is_lazy);
            }
            StmtKind::ImportFrom { module, names, level, is_lazy } => {
                self.open("ImportFrom");
                self.optional_name("module", module);
                self.aliases(names);
                self.raw("level", level);
                self.is_lazy(is_lazy);
            }
            StmtKind::Raise { exc, cause } => {
                self.open("Raise");
                self.optional("exc", exc);
                self.optional("cause", cause);
            }
            StmtKind::Assert { test, msg } => {
                self.open("Assert");
                self.expr_field("test", test);
                self.optional("msg", msg);
            }
            StmtKind::Global { names } => {
                self.open("Global");
                self.name_list("names", names);
            }
            StmtKind::Nonlocal { names } => {
                self.open("Nonlocal");
                self.name_list("names", names);
            }
            StmtKind::Expr { value } => {
                self.open("Expr");
                self.expr_field("value", value);
            }
            StmtKind::Pass => self.open("Pass"),
            StmtKind::Break => self.open("Break"),
            StmtKind::Continue => self.open("Continue"),
            _ => self.compound(stmt),
        }
        self.close(Some(stmt.location));
    }

    fn compound(&mut self, stmt: &Stmt<'_>) {
        match stmt.kind {
            StmtKind::For { is_async, target, iter, body, orelse } => {
                self.open(if is_async { "AsyncFor" } else { "For" });
                self.expr_field("target", target);
                self.expr_field("iter", iter);
                self.stmts("body", body);
                self.stmts("orelse", orelse);
            }
            StmtKind::While { test, body, orelse } => {
                self.open("While");
                self.expr_field("test", test);
                self.stmts("body", body);
                self.stmts("orelse", orelse);
            }
            StmtKind::If { test, body, orelse } => {
                self.open("If");
                self.expr_field("test", test);
                self.stmts("body", body);
                self.stmts("orelse", orelse);
            }
            StmtKind::With { is_async, items, body } => {
                self.open(if is_async { "AsyncWith" } else { "With" });
                self.list("items", items, |d, item| {
                    d.open("withitem");
                    d.expr_field("context_expr", item.context_expr);
                    d.optional("optional_vars", item.optional_vars);
                    d.close(None);
                });
                self.stmts("body", body);
            }
            StmtKind::Match { subject, cases } => {
                self.open("Match");
                self.expr_field("subject", subject);
                self.list("cases", cases, |d, case| {
                    d.open("match_case");
                    d.field("pattern");
                    d.pattern(case.pattern);
                    d.optional("guard", case.guard);
                    d.stmts("body", case.body);
                    d.close(None);
                });
            }
            StmtKind::Try(node) => {
                self.open(if node.is_star { "TryStar" } else { "Try" });
                self.stmts("body", node.body);
                self.handlers(node.handlers);
                self.stmts("orelse", node.orelse);
                self.stmts("finalbody", node.finalbody);
            }
            _ => {}
        }
    }

    fn expr(&mut self, expr: &Expr<'_>) {
        match expr.kind {
            ExprKind::BoolOp { op, values } => {
                self.open("BoolOp");
                self.raw("op", format_args!("{op:?}()"));
                self.exprs("values", values);
            }
            ExprKind::NamedExpr { target, value } => {
                self.open("NamedExpr");
                self.expr_field("target", target);
                self.expr_field("value", value);
            }
            ExprKind::BinOp { left, op, right } => {
                self.open("BinOp");
                self.expr_field("left", left);
                self.raw("op", format_args!("{op:?}()"));
                self.expr_field("right", right);
            }
            ExprKind::UnaryOp { op, operand } => {
                self.open("UnaryOp");
                self.raw("op", format_args!("{op:?}()"));
                self.expr_field("operand", operand);
            }
            ExprKind::Lambda { args, body } => {
                self.open("Lambda");
                self.arguments(args);
                self.expr_field("body", body);
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.open("IfExp");
                self.expr_field("test", test);
                self.expr_field("body", body);
                self.expr_field("orelse", orelse);
            }
            ExprKind::Compare { left, ops, comparators } => {
                self.open("Compare");
                self.expr_field("left", left);
                self.list("ops", ops, |d, op| {
                    let _ = write!(d.out, "{op:?}()");
                });
                self.exprs("comparators", comparators);
            }
            ExprKind::Call { func, args, keywords } => {
                self.open("Call");
                self.expr_field("func", func);
                self.exprs("args", args);
                self.keywords(keywords);
            }
            ExprKind::Await { value } => {
                self.open("Await");
                self.expr_field("value", value);
            }
            ExprKind::Yield { value } => {
                self.open("Yield");
                self.optional("value", value);
            }
            ExprKind::YieldFrom { value } => {
                self.open("YieldFrom");
                self.expr_field("value", value);
            }
            ExprKind::Attribute { value, attr, ctx } => {
                self.open("Attribute");
                self.expr_field("value", value);
                self.name("attr", attr);
                self.ctx(ctx);
            }
            ExprKind::Subscript { value, slice, ctx } => {
                self.open("Subscript");
                self.expr_field("value", value);
                self.expr_field("slice", slice);
                self.ctx(ctx);
            }
            ExprKind::Starred { value, ctx } => {
                self.open("Starred");
                self.expr_field("value", value);
                self.ctx(ctx);
            }
            ExprKind::Name { id, ctx } => {
                self.open("Name");
                self.name("id", id);
                self.ctx(ctx);
            }
            ExprKind::Slice { lower, upper, step } => {
                self.open("Slice");
                self.optional("lower", lower);
                self.optional("upper", upper);
                self.optional("step", step);
            }
            _ => self.display(expr),
        }
        self.close(Some(expr.location));
    }

    /// Displays, comprehensions and literals.
    fn display(&mut self, expr: &Expr<'_>) {
        match expr.kind {
            ExprKind::Dict { keys, values } => {
                self.open("Dict");
                self.list("keys", keys, |d, key| match key {
                    Some(key) => d.expr(key),
                    None => d.out.push_str("None"),
                });
                self.exprs("values", values);
            }
            ExprKind::Set { elts } => {
                self.open("Set");
                self.exprs("elts", elts);
            }
            ExprKind::List { elts, ctx } => {
                self.open("List");
                self.exprs("elts", elts);
                self.ctx(ctx);
            }
            ExprKind::Tuple { elts, ctx } => {
                self.open("Tuple");
                self.exprs("elts", elts);
                self.ctx(ctx);
            }
            ExprKind::ListComp { elt, generators } => self.comprehension("ListComp", elt, generators),
            ExprKind::SetComp { elt, generators } => self.comprehension("SetComp", elt, generators),
            ExprKind::GeneratorExp { elt, generators } => self.comprehension("GeneratorExp", elt, generators),
            ExprKind::DictComp { key, value, generators } => {
                self.open("DictComp");
                self.expr_field("key", key);
                self.optional("value", value);
                self.generators(generators);
            }
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                self.open("FormattedValue");
                self.expr_field("value", value);
                self.conversion(conversion, format_spec);
            }
            ExprKind::Interpolation { value, str, conversion, format_spec } => {
                self.open("Interpolation");
                self.expr_field("value", value);
                self.field("str");
                write_str(&mut self.out, str);
                self.conversion(conversion, format_spec);
            }
            ExprKind::JoinedStr { values } => {
                self.open("JoinedStr");
                self.exprs("values", values);
            }
            ExprKind::TemplateStr { values } => {
                self.open("TemplateStr");
                self.exprs("values", values);
            }
            ExprKind::Constant { value, is_u } => {
                self.open("Constant");
                self.field("value");
                write_constant(&mut self.out, &value);
                if is_u {
                    self.raw("kind", "'u'");
                }
            }
            _ => {}
        }
    }

    fn conversion(&mut self, conversion: Conversion, format_spec: Option<&Expr<'_>>) {
        let number = match conversion {
            Conversion::None => -1,
            Conversion::Str => i32::from(b's'),
            Conversion::Repr => i32::from(b'r'),
            Conversion::Ascii => i32::from(b'a'),
        };
        self.raw("conversion", number);
        self.optional("format_spec", format_spec);
    }

    fn comprehension(&mut self, name: &str, elt: &Expr<'_>, generators: &[Comprehension<'_>]) {
        self.open(name);
        self.expr_field("elt", elt);
        self.generators(generators);
    }

    fn generators(&mut self, generators: &[Comprehension<'_>]) {
        self.list("generators", generators, |d, generator| {
            d.open("comprehension");
            d.expr_field("target", generator.target);
            d.expr_field("iter", generator.iter);
            d.exprs("ifs", generator.ifs);
            d.raw("is_async", generator.is_async as u8);
            d.close(None);
        });
    }

    fn pattern(&mut self, pattern: &Pattern<'_>) {
        match pattern.kind {
            PatternKind::MatchValue { value } => {
                self.open("MatchValue");
                self.expr_field("value", value);
            }
            PatternKind::MatchSingleton { value } => {
                self.open("MatchSingleton");
                self.field("value");
                write_constant(&mut self.out, &value);
            }
            PatternKind::MatchSequence { patterns } => {
                self.open("MatchSequence");
                self.patterns("patterns", patterns);
            }
            PatternKind::MatchMapping { keys, patterns, rest } => {
                self.open("MatchMapping");
                self.exprs("keys", keys);
                self.patterns("patterns", patterns);
                self.optional_name("rest", rest);
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.open("MatchClass");
                self.expr_field("cls", cls);
                self.patterns("patterns", patterns);
                self.name_list("kwd_attrs", kwd_attrs);
                self.patterns("kwd_patterns", kwd_patterns);
            }
            PatternKind::MatchStar { name } => {
                self.open("MatchStar");
                self.optional_name("name", name);
            }
            PatternKind::MatchAs { pattern, name } => {
                self.open("MatchAs");
                if let Some(pattern) = pattern {
                    self.field("pattern");
                    self.pattern(pattern);
                }
                self.optional_name("name", name);
            }
            PatternKind::MatchOr { patterns } => {
                self.open("MatchOr");
                self.patterns("patterns", patterns);
            }
        }
        self.close(Some(pattern.location));
    }
}

/// Writes a constant as Python's `ascii()` shows it.
pub fn write_constant(out: &mut String, value: &Constant<'_>) {
    let start = out.len();
    if write_repr(out, value, Escaping::NonAscii).is_err() {
        // Only an integer of the tree is that large, and this text is not bound to Python's limit.
        out.truncate(start);
        if let Constant::Int(int) = value {
            let _ = write!(out, "{:#x}", int.to_big());
        }
    }
}

fn write_str(out: &mut String, text: &PyStr) {
    write_str_repr(out, text, Escaping::NonAscii);
}
