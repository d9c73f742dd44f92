# SPDX-License-Identifier: Apache-2.0
"""Runs the two tools and brings their definitions to one form.

A definition is (path, name, line): path relative to the corpora directory, the bare name without
its qualification, the 1-based line of the name.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass

from skipped_files import skipped_in

# What is compared: ctags' kinds for functions, methods, classes, structs, enums, types and modules,
# with interfaces, traits, unions and namespaces where it has them. Package clauses are left out:
# they say where a file belongs and define nothing.
CTAGS_LANGUAGES = {
    "c": ("C", "function struct enum union typedef"),
    "cpp": ("C++", "function class struct union enum typedef namespace"),
    "python": ("Python", "class function member"),
    "java": ("Java", "class interface enum annotation method"),
    "go": ("Go", "func struct interface type talias methodSpec"),
    "rust": ("Rust", "method function enum interface module struct typedef"),
    "javascript": ("JavaScript", "class function generator method getter setter"),
    "typescript": ("TypeScript", "alias class enum function generator interface method namespace"),
    "ruby": ("Ruby", "class module method singletonMethod"),
    "php": ("PHP", "class function interface trait namespace"),
    "csharp": ("C#", "class enum interface method namespace struct typedef"),
    "lua": ("Lua", "function"),
    "bash": ("Sh", "function"),
}

# Names that ctags makes up for what has none.
ANONYMOUS = re.compile(r"__anon|^[Aa]nonymous(Function|Class)[0-9a-f]*$")
OPERATOR = re.compile(r"(?<!\w)operator(?![\w.:]|$).*")
QUALIFIERS = re.compile(r"::|\\|\.|:")
BATCH = 500


@dataclass(frozen=True)
class Definition:
    """One definition as one tool reports it."""

    path: str
    name: str
    line: int
    kind: str
    scope: str = ""
    scope_kind: str = ""
    end_line: int = 0

    @property
    def key(self):
        return self.path, self.name, self.line


class ToolFailed(Exception):
    """One of the two tools could not be run; the message carries its own words."""


def bare_name(name):
    """The last component of a qualified name; quotes are dropped, operators lose the blanks inside."""
    operator = OPERATOR.search(name)
    if operator:
        return re.sub(r"\s+", "", operator.group())
    name = name.strip("\"'`").removeprefix("#")  # JavaScript's private names: ctags drops the mark
    if len(name) > 3 and name.startswith("[") and name.endswith("]"):
        name = name[1:-1].strip("\"'` ")  # a computed member name
    if not name[:1].isalnum() and name[:1] not in ("_", "$", "~", "#", "@"):
        return name
    parts = [part for part in QUALIFIERS.split(name) if part]
    return re.sub(r"\s+", "", parts[-1]) if parts else name


def run_lines(arguments, where, text=None, accepted=(0,)):
    """Runs a tool in a folder and returns its output's lines, and what it said besides."""
    done = subprocess.run(arguments, cwd=where, input=text, text=True, capture_output=True,
                          encoding="utf-8", errors="surrogateescape")
    if done.returncode not in accepted:
        raise ToolFailed(f"{arguments[0]} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    # Not splitlines(): a name may hold other characters that Unicode counts as line ends.
    return [line for line in done.stdout.split("\n") if line], done.stderr


def ctags_definitions(language, root, paths):
    """Every named definition ctags finds in `paths` (relative to `root`), of the kinds compared."""
    forced, kinds = CTAGS_LANGUAGES[language]
    wanted = set(kinds.split())
    lines, _ = run_lines(["ctags", "--options=NONE", f"--language-force={forced}", "--output-format=json",
                       "--fields=NFnKse", "--pseudo-tags=", "-u", "-L", "-", "-o", "-"],
                      root, "".join(f"{path}\n" for path in paths))
    found = []
    for line in lines:
        entry = json.loads(line)
        if entry.get("_type") != "tag" or entry["kind"] not in wanted or ANONYMOUS.search(entry["name"]):
            continue
        found.append(Definition(entry["path"], bare_name(entry["name"]), entry["line"], entry["kind"],
                                entry.get("scope", ""), entry.get("scopeKind", ""), entry.get("end", 0)))
    return found


def repomap_definitions(binary, root, paths):
    """Every definition `repomap tags` finds in the same files, and path -> reason for the files it skips."""
    found, skipped = [], {}
    for start in range(0, len(paths), BATCH):
        batch = paths[start:start + BATCH]
        lines, messages = run_lines([binary, "tags", "--root", ".", "--defs", "--format", "jsonl", "-v", "--", *batch],
                                    root, accepted=(0, 3))
        wanted = set(batch)
        skipped |= {path: reason for path, reason in skipped_in(messages).items() if path in wanted}
        for line in lines:
            entry = json.loads(line)
            found.append(Definition(os.path.normpath(entry["path"]), bare_name(entry["name"]), entry["line"],
                                    entry["kind"], entry.get("scope") or "", "", entry.get("end_line") or 0))
    return found, skipped
