# SPDX-License-Identifier: Apache-2.0
"""Why a definition of ctags is missing on our side: rules, tried in order, the first that holds names the class.

A class is `ctags` when ctags is wrong or counts something that is not a definition, `convention` when
both are right and differ in form, `ours` when we miss a definition.
"""

import re
from dataclasses import dataclass

from sources import CODE, COMMENT, STRING

FUNCTIONS = {"function", "func", "method", "singletonMethod", "member", "generator", "getter", "setter"}
TYPES = {"class", "struct", "union", "enum", "interface", "trait", "namespace", "module"}
NEAR = 12


@dataclass(frozen=True)
class Case:
    """A missing definition with what a rule may look at."""

    tag: object
    source: object
    ours: object  # our definitions of the same file

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


def word(name):
    return re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")


def in_comment(case):
    return case.source.regions[case.tag.line] == COMMENT or re.match(r"\s*(//|/\*|\*\s|--)", case.line) is not None


def in_string(case):
    return case.source.regions[case.tag.line] == STRING


def not_on_line(case):
    return case.tag.name not in re.sub(r"operator\s+", "operator", case.line)


def other_line(case):
    return any(d.name == case.tag.name and 0 < abs(d.line - case.tag.line) <= NEAR for d in case.ours)


def qualified_elsewhere(case):
    """Ours on that line has a longer or shorter spelling of the same name."""
    bare = case.tag.name.strip("~#@$")
    return any(d.line == case.tag.line and d.name.strip("~#@$=?!") == bare.strip("=?!") for d in case.ours)


def disabled(case):
    return any(c.startswith(("if 0", "else  of if 1", "if false")) for c in case.source.conditions_at(case.tag.line))


def conditional(case):
    return len(case.source.conditions_at(case.tag.line)) > len(case.source.conditions_at(1))


def split_by_condition(case):
    """A preprocessor condition inside the definition or directly above it."""
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


def macro_invocation(case):
    """A call in the place of a declaration: the name opens the line and no type stands before it."""
    if case.tag.kind not in FUNCTIONS:
        return False
    starts = re.match(rf"\s*(static\s+|const\s+|inline\s+)*{re.escape(case.tag.name)}\s*\(", case.line)
    before = case.source.line(case.tag.line - 1).strip()
    return starts is not None and (before == "" or before[-1:] in ";}/)>") and not case.line.startswith(" ")


def upper_macro(case):
    name = case.tag.name
    bare = re.match(rf"\s*(static\s+|const\s+|inline\s+)*{re.escape(name)}\s*\(", case.line)
    return bare is not None and re.fullmatch(r"[A-Z][A-Z0-9_]{2,}", name) is not None and case.tag.kind in FUNCTIONS


def attribute_macro(case):
    """A type whose name, as ctags reports it, is a macro between the keyword and the real name."""
    return re.search(rf"\b(class|struct|union|enum)\b.*\b{re.escape(case.tag.name)}\b\s*\(?[^;{{:]*\b\w+\s*[;{{:]",
                     case.line) is not None and re.fullmatch(r"[A-Z_0-9]+", case.tag.name) is not None


def macro_in_signature(case):
    return re.search(r"\b[A-Z_][A-Z0-9_]{3,}\b|\b__\w+", case.line) is not None


def type_reference(case):
    """`struct name` used as a type with no body, which ctags took for its definition."""
    found = re.search(rf"\b(struct|union|enum|class)\s+{re.escape(case.tag.name)}\s*[*;,)&>]", case.line)
    return found is not None and case.tag.kind in TYPES


def prototype_class(case):
    """A class that ctags infers from an assignment or an object literal."""
    return case.tag.kind == "class" and word("class").search(case.line) is None


def function_value(case):
    """A call's or another expression's result assigned to a name; ctags reads a function."""
    return re.search(r"[=:]\s*(?!async\b|function\b|\()[\w$.]+", case.line) is not None and "function" not in case.line


def computed_name(case):
    return re.search(rf"\[\s*[\"'`]?{re.escape(case.tag.name)}|[\"'`]{re.escape(case.tag.name)}[\"'`]", case.line) is not None


def lambda_value(case):
    return re.search(rf"\b{re.escape(case.tag.name)}\s*=\s*\(?\s*lambda\b", case.line) is not None


def keyword_name(case):
    return case.tag.name in {"if", "for", "while", "switch", "return", "catch", "else", "do", "function", "new", "throw",
                             "in", "end", "begin", "self", "static", "class", "foreach", "using", "lock", "get", "set"}


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


C_FAMILY = ("c", "cpp")
RULES = (
    Rule("the file gave us no definition at all (skipped, or its language was judged differently)", "ours", no_tags_in_file),
    Rule("inside a comment", "ctags", in_comment),
    Rule("inside a string, a here-document or a template", "ctags", in_string),
    Rule("the name does not stand on the line that ctags gives", "ctags", not_on_line),
    Rule("a keyword taken for a name", "ctags", keyword_name),
    Rule("the same name, spelled with or without a mark (`=`, `?`, `~`, `#`)", "convention", qualified_elsewhere),
    Rule("inside `#if 0`", "ours", disabled, (*C_FAMILY, "csharp")),
    Rule("inside the body of a macro definition", "ctags", in_macro_definition, C_FAMILY),
    Rule("a macro invocation taken for a function", "ctags", macro_invocation, C_FAMILY),
    Rule("an upper-case macro taken for a function", "ctags", upper_macro, C_FAMILY),
    Rule("a macro between keyword and name taken for the type's name", "ctags", attribute_macro, C_FAMILY),
    Rule("a type reference taken for its definition", "ctags", type_reference, C_FAMILY),
    Rule("an object literal or prototype assignment that ctags calls a class", "ctags", prototype_class, ("javascript", "typescript")),
    Rule("a quoted or computed member name", "ours", computed_name, ("javascript", "typescript")),
    Rule("a value that is no function literal", "ctags", function_value, ("javascript", "typescript")),
    Rule("a name bound to a lambda", "ours", lambda_value, ("python",)),
    Rule("inside a macro call's token tree", "ours", in_rust_macro, ("rust",)),
    Rule("ours points at another line of the same definition", "convention", other_line),
    Rule("a preprocessor condition splits the definition", "ours", split_by_condition, (*C_FAMILY, "csharp")),
    Rule("a macro in the declaration that the grammar cannot expand", "ours", macro_in_signature, C_FAMILY),
    Rule("a declaration without a body", "ours", declaration_only),
)
UNEXPLAINED = Rule("other", "ours", lambda case: True)


def classify(case):
    """The rule that names this case's class."""
    return next((rule for rule in RULES if rule.applies(case)), UNEXPLAINED)
