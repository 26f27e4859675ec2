//! Named differences between the releases, each with the PEP or issue that brought it.

use super::PythonVersion;

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident: $since:ident;)*) => {
        /// What a release's compiler does that an older one does not.
        #[derive(Clone, Copy, Debug)]
        pub struct Features {
            $($(#[$doc])* pub $name: bool,)*
        }

        impl Features {
            /// The features of a release.
            pub const fn of(version: PythonVersion) -> Features {
                Features { $($name: version as u8 >= PythonVersion::$since as u8,)* }
            }
        }
    };
}

features! {
    /// F-strings are tokens of the grammar, so that quotes, backslashes and comments may occur in them (PEP 701).
    fstring_tokens: Py312;
    /// Comprehensions run in the enclosing frame (PEP 709).
    inline_comprehensions: Py312;
    /// Strings of one Latin-1 character and the interpreter's other static strings are interned.
    interned_static_strings: Py312;
    /// A code object interns its file name and its qualified name.
    interned_code_strings: Py313;
    /// The elements of a frozenset are held while marshal puts them in order, so that all count as shared.
    marshal_holds_set_elements: Py313;
    /// Functions, classes and aliases take type parameters (PEP 695).
    type_parameters: Py312;
    /// Type parameters take defaults (PEP 696).
    type_parameter_defaults: Py313;
    /// Code generation gives each instruction its location; before, instructions got that of what was visited last.
    instructions_are_placed: Py312;
    /// Blocks are what code generation says they are, and are known by when it made them.
    blocks_come_of_instructions: Py312;
    /// `LOAD_ATTR` says by a flag that it loads a method, which had an instruction of its own.
    load_attr_loads_methods: Py312;
    /// Generators and coroutines catch the `StopIteration` that leaves them (gh-99553).
    stop_iteration_is_caught_by_code: Py312;
    /// A `StopIteration` that is thrown into what is awaited is caught by code (gh-100762).
    throws_are_caught_by_code: Py312;
    /// Instructions with the same location share an entry of the location table.
    location_entries_are_shared: Py312;
    /// The target of an assignment expression in a comprehension is mangled before it is looked up (gh-96497).
    named_expression_targets_are_mangled: Py312;
    /// What only occurs in the target of a comprehension, such as the `a` of `for a[0] in b`, may be bound by its elements.
    iteration_targets_hold_other_names: Py312;
    /// What a failed assertion raises is placed at its test, rather than at the statement (gh-116034).
    failed_assertions_have_their_place: Py312;
    /// A line's end is a token of one column.
    line_ends_have_width: Py312;
    /// Escapes that cannot be decoded are an error of the literal, rather than of the token behind it.
    literal_errors_have_their_place: Py312;
    /// The warning of `is` with a literal says of which type that is.
    identity_warning_names_type: Py312;
    /// Errors of future imports are at the name of the feature, rather than at the statement.
    future_errors_at_name: Py312;
    /// Docstrings are stored without their indentation (gh-81283).
    clean_docstrings: Py313;
    /// A comprehension that saves names of the enclosing scope counts among the nested blocks.
    inlined_comprehensions_are_blocks: Py313;
    /// The NULL that a call without `self` needs comes after the callable, not before it.
    null_follows_callable: Py313;
    /// A class says on which line it starts and which attributes its methods set (gh-118465, gh-115775).
    classes_tell_of_source: Py313;
    /// Jumps that only lead out of a statement's parts need not look for signals.
    inner_jumps_ignore_signals: Py313;
    /// A docstring that is not stored leaves no instruction.
    dropped_docstrings_leave_nothing: Py313;
    /// `END_FOR` leaves the iterator to a `POP_TOP`.
    end_for_leaves_iterator: Py313;
    /// An f-string without parts is an empty constant, rather than built of nothing.
    empty_fstrings_are_constant: Py313;
    /// The function of a type variable's bound is on the line of the bound, not of the variable.
    bounds_have_their_place: Py313;
    /// A relative import of a module called `__future__` is an import like others.
    relative_future_imports: Py313;
    /// Names of `else` after `try` are entered in the symbol table after those of the handlers.
    else_names_follow_handlers: Py313;
    /// Lambdas and comprehensions may stand in annotation scopes within classes (gh-109118).
    functions_in_class_annotation_scopes: Py313;
    /// Messages tell constraints of a type variable from its bound.
    constraints_are_no_bound: Py313;
    /// Only labels that something jumps to start a block.
    unused_labels_start_no_block: Py313;
    /// `RESUME` says whether handlers are around it, where `YIELD_VALUE` said how many.
    resume_tells_of_handlers: Py313;
    /// The greatest stack depth is that before an instruction, as the last one of a block only pops.
    stack_depth_counts_before: Py313;
    /// A frame has room for one value at least.
    stack_has_room: Py313;
    /// In the text of `{x=}`, a `#` within a string does not start a comment.
    debug_text_knows_strings: Py313;
    /// The first guess at the argument of a jump is the number of the instruction that it goes to, rather than of its label.
    jump_guess_is_index: Py313;
    /// A block that a conditional jump reaches both ways is walked through once, so that the predecessors of those behind it are
    /// not counted twice.
    predecessors_count_once: Py313;
    /// `POP_BLOCK` is gone before the graph is optimised, rather than at its end.
    pop_block_goes_first: Py313;
    /// Lines are given to instructions without one before the graph is optimised, and once more after it.
    lines_are_resolved_first: Py313;
    /// What drops the value sent to a new generator is on the line of the definition.
    generator_start_has_line: Py313;
    /// `await` and its like in the wrong place are refused by the symbol table; before, code generation did, so that what is not
    /// compiled (an `assert` at level 1) may hold them (gh-121637).
    symtable_refuses_async: Py314;
    /// `del x.__debug__` is refused.
    attributes_named_debug_stay: Py314;
    /// Backslashes that escape nothing are warned of by a category that is shown.
    invalid_escapes_are_syntax_warnings: Py312;
    /// The warning of these says what to do (gh-128016).
    invalid_escapes_are_explained: Py314;
    /// Annotations are evaluated when asked for (PEP 649, PEP 749).
    deferred_annotations: Py314;
    /// Template strings (PEP 750).
    template_strings: Py314;
    /// `except A, B:` without parentheses (PEP 758).
    unparenthesized_except: Py314;
    /// Constants are folded in the control-flow graph rather than in the tree (gh-126835).
    fold_in_flowgraph: Py314;
    /// Complex numbers are added to, and multiplied with, real numbers that stay real (gh-69639).
    mixed_complex_arithmetic: Py314;
    /// The tree pass takes docstrings out where they are not stored (gh-126072).
    docstrings_leave_tree: Py314;
    /// `return`, `break` and `continue` that leave a `finally` block are warned of (PEP 765).
    warn_of_finally_exits: Py314;
    /// `co_localspluskinds` says which locals are parameters, and of which kind.
    argument_kinds: Py314;
    /// `co_flags` says whether the first constant of a function is its docstring; where they do not, the first constant of a
    /// function without one is `None` (gh-126072).
    docstring_flag: Py314;
    /// `co_flags` says whether a function is defined in a class.
    method_flag: Py314;
    /// Slices of constants are constants (gh-125420).
    constant_slices: Py314;
    /// `while` loops jump back to their one test; before, the test was repeated at the end of the loop (gh-112720).
    loops_test_once: Py314;
    /// `any`, `all` and `tuple` of a generator expression are loops where these names are the builtins (gh-131738).
    builtins_of_generators_inlined: Py314;
    /// The subject of a `match` that is dropped before a case's body is dropped on the line of what follows.
    subject_dropped_on_next_line: Py314;
    /// An inlined comprehension in a class body only puts the names aside that it binds.
    class_names_stay_in_comprehensions: Py314;
    /// `__classdict__` and `__conditional_annotations__` are never free in a comprehension through its class, as `__class__` is not.
    all_class_cells_stay_in_comprehensions: Py313;
    /// Whether names like `__class__` are free in functions of an inlined comprehension is found by looking at these.
    class_cells_reach_through_comprehensions: Py314;
    /// The generic base that a class with type parameters gets does not count as an argument where these are many.
    generic_base_is_injected: Py314;
    /// The grammar's rules for errors as of the release of this name; `parser::invalid_syntax` says what they are.
    error_rules_3_12: Py312;
    /// The same for a later release.
    error_rules_3_13: Py313;
    /// The same for a later release.
    error_rules_3_14: Py314;
    /// The same for a later release.
    error_rules_3_15: Py315;
    /// `<>` is two tokens, for which `!=` is suggested, and the future import of `barry_as_FLUFL` counts in the file that it is in.
    angles_are_two_tokens: Py313;
    /// A source must be UTF-8 throughout where it names no other coding, comments included.
    sources_are_utf8: Py314;
    /// Letters that do not go together before a quote are an error; they were a name before.
    string_prefix_errors: Py314;
    /// An unterminated string with an escaped quote is said to have one.
    escaped_quote_hint: Py313;
    /// A format specification in a string of one line must not go over several lines.
    single_line_format_specs: Py313;
    /// Carets are counted by the width of the characters above them.
    wide_carets: Py315;
    /// Carets end with the line at the latest.
    carets_stay_in_line: Py313;
    /// A coding cookie that contradicts the byte order mark is shown with its line.
    contradicting_cookies_have_their_place: Py314;
    /// A `yield from` outside of a function is called by its name.
    yield_from_is_named: Py312;
    /// A misspelt keyword is suggested where invalid syntax is shown (gh-132449).
    suggests_keywords: Py314;
    /// Keywords are suggested only where the text is wrong without them.
    suggests_keywords_for_errors: Py315;
    /// `lazy import` (PEP 810).
    lazy_imports: Py315;
    /// `*` and `**` in comprehensions (PEP 798).
    unpacking_in_comprehensions: Py315;
    /// `+` before a number in a pattern.
    signed_plus_in_patterns: Py315;
    /// Characters have the names of Unicode 17.
    unicode_17: Py315;
    /// An iterator on the stack has a second entry above it: an index, or NULL.
    iterator_pairs: Py315;
    /// The iterator over a comprehension's outermost iterable is made by the comprehension, not by its caller.
    comprehension_makes_iterator: Py315;
    /// Code generation writes `RETURN_GENERATOR`, rather than the graph.
    generators_start_in_codegen: Py315;
    /// `LOAD_COMMON_CONSTANT` serves `None`, `True`, `False`, `''` and -1 too.
    common_values: Py315;
    /// `list` and `set` of a generator expression are loops, as `tuple`, `any` and `all` are.
    list_and_set_of_generator_are_loops: Py315;
    /// The annotations of positional-only parameters come first.
    positional_only_annotations_first: Py315;
    /// The qualified name of a function's `__annotate__` starts with the function's.
    annotate_is_named_after_function: Py315;
    /// What is left of a removed instruction is wiped, so that one that takes its place inherits no handler.
    removed_instructions_are_wiped: Py315;
    /// A jump that is threaded, and what is written behind a conditional jump, has the handler of the jump that was there.
    added_jumps_keep_handler: Py315;
    /// A jump's line reaches the first instruction behind empty blocks.
    lines_pass_empty_blocks: Py315;
    /// The pass over loads that may borrow goes on behind empty blocks, and knows what pushed each value.
    borrow_pass_is_mended: Py315;
    /// A definition has parameters, in messages too, where older releases spoke of its arguments.
    says_duplicate_parameter: Py315;
}
