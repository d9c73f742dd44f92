# SPDX-License-Identifier: Apache-2.0
"""Why a definition of ctags is missing on our side: rules, tried in order, the first that holds names the class.

A class is `ctags` when ctags is wrong or counts something that is not a definition, `convention` when
both are right and differ in form, `ours` when we miss a definition.
"""

import re
from dataclasses import dataclass

from sources import COMMENT, STRING

FUNCTIONS = {"function", "func", "method", "singletonMethod", "member", "generator", "getter", "setter"}
TYPES = {"class", "struct", "union", "enum", "interface", "trait", "namespace", "module"}
NEAR = 12
C_FAMILY = ("c", "cpp")
SCRIPT = ("javascript", "typescript")
MARKS = "~#@$=?!\"'`[]"
LINE_COMMENTS = {"python": r"#", "ruby": r"#", "bash": r"(?:^|\s)#", "lua": r"--", "php": r"//|#(?!\[)"}


@dataclass(frozen=True)
class Case:
    """A missing definition with what a rule may look at."""

    tag: object
    source: object
    ours: object  # our definitions of the same file
    loose: object  # those of them that ctags does not have
    in_gap: bool = False  # the definition before or after it in the file is missing too

    @property
    def line(self):
        return self.source.line(self.tag.line)


@dataclass(frozen=True)
class Rule:
    """One class of differences. `languages` is None where the rule holds for all."""

    title: str
    blame: str
    holds: object
    languages: tuple = None

    def applies(self, case):
        return (self.languages is None or case.source.language in self.languages) and self.holds(case)


def holds_name(text, name):
    """Whether a name, whose blanks were taken out, stands in a text."""
    return re.sub(r"\s+", "", name) in re.sub(r"\s+", "", text)


def without_comments(case):
    """The line without what of it is a comment, as far as the line itself and its start's region tell."""
    line = case.line
    if case.source.regions[case.tag.line] == COMMENT:
        line = line.split("*/", 1)[1] if "*/" in line else ""
    line = re.sub(r"/\*.*?(\*/|$)", " ", line)
    return re.split(LINE_COMMENTS.get(case.source.language, r"//"), line)[0]


def in_comment(case):
    return holds_name(case.line, case.tag.name) and not holds_name(without_comments(case), case.tag.name)


def in_string(case):
    """Not so when we have a definition in the same lines: then they are code after all."""
    if case.source.regions[case.tag.line] != STRING:
        return False
    near = range(case.tag.line - 3, case.tag.line + 4)
    return not any(d.line in near and case.source.regions[d.line] == STRING for d in case.ours)


def not_on_line(case):
    return not holds_name(case.line, case.tag.name)


def other_line(case):
    return any(d.name == case.tag.name and 0 < abs(d.line - case.tag.line) <= NEAR for d in case.loose)


def other_spelling(case):
    """Ours on that line has the same name with or without a mark."""
    bare = case.tag.name.strip(MARKS)
    return any(d.line == case.tag.line and d.name.strip(MARKS) == bare for d in case.loose)


def disabled(case):
    return any(c.startswith(("if 0", "else  of if 1", "if false")) for c in case.source.conditions_at(case.tag.line))


def split_by_condition(case):
    """A preprocessor condition inside the definition or directly above it."""
    if case.tag.kind == "namespace":
        return False
    last = max(case.tag.end_line, case.tag.line + 3)
    around = range(max(1, case.tag.line - 3), min(last, case.tag.line + 400) + 1)
    return any(re.match(r"\s*#\s*(if|else|elif|endif)", case.source.line(n)) for n in around)


def in_macro_definition(case):
    number = case.tag.line
    if re.match(r"\s*#\s*define\b", case.line):
        return True
    while number > 1 and case.source.line(number - 1).rstrip().endswith("\\"):
        number -= 1
    return number != case.tag.line and re.match(r"\s*#\s*define\b", case.source.line(number)) is not None


def constructs(case):
    """Whether the name is that of the type around it, which makes a bare `Name(` a constructor."""
    scope = [part for part in re.split(r"::|\.", case.tag.scope) if part]
    return case.tag.name.startswith("~") or scope[-1:] == [case.tag.name]


def bare_call(case):
    return re.match(rf"\s*(static\s+|const\s+|inline\s+)*{re.escape(case.tag.name)}\s*\(", case.line) is not None


def macro_invocation(case):
    """A call in the place of a declaration: no type before the name, neither on the line nor on the one above."""
    if case.tag.kind not in FUNCTIONS or constructs(case) or case.line[:1].isspace() or not bare_call(case):
        return False
    before = case.source.line(case.tag.line - 1).strip()
    return before == "" or before.endswith((";", "}", "*/")) or before.startswith(("#", "//"))


def upper_macro(case):
    """The same inside other text, told by its capitals."""
    if case.tag.kind not in FUNCTIONS or constructs(case) or not bare_call(case):
        return False
    return re.fullmatch(r"[A-Z][A-Z0-9_]{2,}", case.tag.name) is not None


def attribute_macro(case):
    """A type whose name, as ctags reports it, is a macro between the keyword and the real name."""
    found = re.search(rf"\b(class|struct|union|enum)\b.*\b{re.escape(case.tag.name)}\b\s*\(?[^;{{:]*\b(\w+)\s*[;{{:]", case.line)
    return found is not None and found.group(2) != "final" and re.fullmatch(r"[A-Z_0-9]{3,}", case.tag.name) is not None


def macro_in_signature(case):
    return re.search(r"\b[A-Z_][A-Z0-9_]{3,}\b|\b__\w+", without_comments(case)) is not None


def type_reference(case):
    """`struct name` used as a type with no body, which ctags took for its definition."""
    found = re.search(rf"\b(struct|union|enum|class)\s+{re.escape(case.tag.name)}\s*[*;,)&>]", case.line)
    return found is not None and case.tag.kind in TYPES


def bound_value(case):
    """What the line binds to the name with `=` or `:`; None where the name is bound to nothing on it."""
    found = re.search(rf"{re.escape(case.tag.name)}[\"'`\]]*\s*[=:](?![=>])\s*(.*)", case.line)
    return found.group(1) if found else None


def object_class(case):
    """A class that ctags infers from an object literal or an assignment to a prototype."""
    if case.tag.kind != "class" or re.search(r"\b(class|function)\b|=>", case.line):
        return False
    return "prototype" in case.line or re.search(r"[=:].*[{\[]", case.line) is not None


def value_method(case):
    """A member that is bound to something else than a function literal, or only mentioned."""
    if case.tag.kind not in FUNCTIONS or re.search(r"\b(class|function)\b|=>", case.line):
        return False
    value = bound_value(case)
    if value is None:
        return ".prototype." in case.line
    return value != "" and not value.startswith(("async", "(", "{"))


def called_in_place(case):
    """The result of a function that is called where it stands."""
    return (bound_value(case) or "").startswith("(function")


def subscripted(case):
    """An element of the named object is assigned, not the name."""
    return re.search(rf"{re.escape(case.tag.name)}\s*\[.*\]\s*=", case.line) is not None


def exported_function(case):
    return re.search(r"\bmodule\.exports\s*=\s*(async\s+)?(function|\()", case.line) is not None and case.tag.name == "exports"


def named_class_expression(case):
    return re.search(rf"{re.escape(case.tag.name)}\s*[=:]\s*class\s+\w+", case.line) is not None


def computed_name(case):
    return re.search(rf"\[[^\]]*{re.escape(case.tag.name)}|[\"'`]{re.escape(case.tag.name)}[\"'`]", case.line) is not None


def lambda_value(case):
    return re.search(rf"\b{re.escape(case.tag.name)}\s*=\s*\(?\s*lambda\b", case.line) is not None


KEYWORDS = {"if", "for", "while", "switch", "return", "catch", "else", "do", "case", "default"}
SCRIPT_KEYWORDS = {"super", "this", "extends", "as", "typeof", "new", "await"}


def keyword_name(case):
    if case.source.language in SCRIPT and case.tag.name in SCRIPT_KEYWORDS:
        return True
    if case.source.language in SCRIPT and case.tag.name in ("get", "set"):
        return re.search(rf"\b{case.tag.name}\s*\[", case.line) is not None
    return case.tag.name in KEYWORDS


def construct_signature(case):
    return case.tag.name == "new" and re.match(r"\s*(export\s+|abstract\s+)*new\s*[(<]", case.line) is not None


def imported_type(case):
    """`import type`, `export type { … }`, `type A as B`: names brought in or handed on, not made."""
    return case.tag.kind == "alias" and not re.search(rf"\btype\s+{re.escape(case.tag.name)}\s*([<=]|$)", case.line)


def call_statement(case):
    """A call that stands as a statement: no type and no modifier before the name."""
    before = r"\s*(if\s*\(.*\)\s*)?((throw|return)\s+new\s+)?[\w.\[\]()]*?(?<!\w)"
    return re.match(rf"{before}{re.escape(case.tag.name)}\s*(<[^>]*>)?\(.*\)\s*;", case.line) is not None


def type_constraint(case):
    return case.tag.kind == "class" and re.search(r"\bwhere\s+\w+\s*:", case.line) is not None


def conversion_operator(case):
    return case.tag.name.startswith("operator") and re.search(r"\boperator\b", case.line) is not None


def no_name(case):
    """A computed index or another piece of an expression."""
    return re.fullmatch(r"[\w.:]+", case.tag.name) is None


def lua_value(case):
    """The line binds something else to the name, and the word `function` stands further on."""
    value = bound_value(case)
    return value is not None and not re.match(r"function\b", value) and not fallback(case)


def fallback(case):
    return re.search(r"=\s*[^=]*\bor\s+function\b", case.line) is not None


def mentioned(case):
    return re.search(rf"\bfunction\s+[\w.:]*{re.escape(case.tag.name)}|{re.escape(case.tag.name)}\s*\]?\s*=", case.line) is None


def array_assignment(case):
    return case.tag.name.endswith("=")


def in_gap(case):
    return case.in_gap


def receiver(case):
    return re.search(rf"\bdef\s+{re.escape(case.tag.name)}\s*\.", case.line) is not None


def in_rust_macro(case):
    """Inside the braces of a macro call, whose content is tokens, not syntax."""
    depth = 0
    for number in range(case.tag.line - 1, max(0, case.tag.line - 400), -1):
        text = case.source.line(number)
        depth += text.count("}") - text.count("{")
        if depth < 0:
            if re.search(r"\b\w+!\s*[\w]*\s*[({\[]|=>\s*[({]", text):
                return True
            depth = 0
    return False


def declaration_only(case):
    return case.line.rstrip().endswith(";") and case.tag.kind in FUNCTIONS | TYPES


def no_tags_in_file(case):
    return not case.ours


RULES = (
    Rule("inside a comment", "ctags", in_comment),
    Rule("inside a string, a here-document or a template", "ctags", in_string),
    Rule("the same name, spelled with or without a mark (`=`, `?`, `~`, `#`, quotes)", "convention", other_spelling),
    Rule("the name does not stand on the line that ctags gives", "ctags", not_on_line),
    Rule("an object literal or prototype assignment that ctags calls a class", "ctags", object_class, SCRIPT),
    Rule("a member bound to something that is no function literal", "ctags", value_method, SCRIPT),
    Rule("the result of a function called in place, taken for a function", "ctags", called_in_place, SCRIPT),
    Rule("an element assigned through a subscript, reported under the object's name", "ctags", subscripted, SCRIPT),
    Rule("a function without a name assigned to `module.exports`, which ctags calls `exports`", "convention", exported_function, SCRIPT),
    Rule("a class expression: ctags takes the name it is bound to, we take its own", "convention", named_class_expression, SCRIPT),
    Rule("a keyword taken for a name", "ctags", keyword_name),
    Rule("a construct signature, which has no name", "ctags", construct_signature, ("typescript",)),
    Rule("an imported or re-exported type taken for an alias", "ctags", imported_type, ("typescript",)),
    Rule("a call taken for a method", "ctags", call_statement, ("csharp", "java")),
    Rule("a computed index or other text that is no name", "ctags", no_name, ("lua",)),
    Rule("a value that is no function, on a line that mentions the word", "ctags", lua_value, ("lua",)),
    Rule("a line that only mentions the word `function`", "ctags", mentioned, ("lua",)),
    Rule("an array assignment taken for a function", "ctags", array_assignment, ("bash",)),
    Rule("a type constraint taken for a class", "ctags", type_constraint, ("csharp",)),
    Rule("the receiver taken for the method's name", "ctags", receiver, ("ruby",)),
    Rule("inside the body of a macro definition", "ctags", in_macro_definition, C_FAMILY),
    Rule("a macro invocation taken for a function", "ctags", macro_invocation, C_FAMILY),
    Rule("an upper-case macro taken for a function", "ctags", upper_macro, C_FAMILY),
    Rule("a macro between keyword and name taken for the type's name", "ctags", attribute_macro, C_FAMILY),
    Rule("a type reference taken for its definition", "ctags", type_reference, C_FAMILY),
    Rule("ours points at another line of the same definition", "convention", other_line),
    Rule("the file gave us no definition at all (skipped, or its language was judged differently)", "ours", no_tags_in_file),
    Rule("inside `#if 0`", "ours", disabled, (*C_FAMILY, "csharp")),
    Rule("a quoted or computed member name", "ours", computed_name, (*SCRIPT, "lua")),
    Rule("a function that is only the fallback of `or`", "ours", fallback, ("lua",)),
    Rule("a name bound to a lambda", "ours", lambda_value, ("python",)),
    Rule("inside a macro call's token tree", "ours", in_rust_macro, ("rust",)),
    Rule("a preprocessor condition splits the definition", "ours", split_by_condition, (*C_FAMILY, "csharp")),
    Rule("a macro in the declaration that the grammar cannot expand", "ours", macro_in_signature, C_FAMILY),
    Rule("an operator", "ours", conversion_operator, ("cpp", "csharp")),
    Rule("its neighbour in the file is missing too: the grammar gave up on that part", "ours", in_gap),
    Rule("a declaration without a body", "ours", declaration_only),
)
UNEXPLAINED = Rule("other", "ours", lambda case: True)


def classify(case):
    """The rule that names this case's class."""
    return next((rule for rule in RULES if rule.applies(case)), UNEXPLAINED)
