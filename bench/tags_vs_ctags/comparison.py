# SPDX-License-Identifier: Apache-2.0
"""Compares the two tools' definitions for one language; a Comparison is plain, ordered data."""

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from classes import Case, classify
from definitions import ctags_definitions, repomap_definitions
from sources import Source


@dataclass
class Difference:
    """One definition that only one of the tools has, with the source line it stands on."""

    tag: object
    text: str


@dataclass
class Comparison:
    """What was found for one language. Counts are of distinct (path, name, line)."""

    language: str
    files: int = 0
    ctags: Counter = field(default_factory=Counter)  # by ctags kind
    matched: Counter = field(default_factory=Counter)  # by ctags kind
    missing: dict = field(default_factory=dict)  # rule -> [Difference]
    extra: dict = field(default_factory=dict)  # our kind -> [Difference]
    ours: int = 0
    skipped: dict = field(default_factory=dict)  # path -> reason, of files repomap does not read and that are left out

    @property
    def total(self):
        return sum(self.ctags.values())

    @property
    def found(self):
        return sum(self.matched.values())

    @property
    def raw_recall(self):
        """Share of everything ctags reports, its mistakes among it."""
        return self.found / self.total if self.total else 1.0

    @property
    def wrong(self):
        """Missing definitions whose class says that ctags is wrong."""
        return sum(len(cases) for rule, cases in self.missing.items() if rule.blame == "ctags")

    @property
    def recall(self):
        """Share of what is a definition: of all that ctags reports without its mistakes."""
        real = self.total - self.wrong
        return self.found / real if real else 1.0


def distinct(definitions):
    """The first definition for each key, in order."""
    kept = {}
    for definition in definitions:
        kept.setdefault(definition.key, definition)
    return kept


def isolated(theirs, ours):
    """The keys of `theirs` whose neighbours in the file are both found (or not there)."""
    by_line = sorted(theirs, key=lambda key: (key[0], key[2], key[1]))
    found = [key in ours for key in by_line]
    alone = set()
    for at, key in enumerate(by_line):
        around = [other for other in (at - 1, at + 1) if 0 <= other < len(by_line) and by_line[other][0] == key[0]]
        if all(found[other] for other in around):
            alone.add(key)
    return alone


def compare(language, binary, root, paths):
    """Runs both tools over `paths` (absolute) and sorts out the differences."""
    relative = [os.path.relpath(path, root) for path in paths]
    found, skipped = repomap_definitions(binary, root, relative)
    read = [path for path in relative if path not in skipped]
    theirs = distinct(ctags_definitions(language, root, read))
    result = sort_out(language, root, read, theirs, distinct(found))
    result.skipped = dict(sorted(skipped.items()))
    return result


def sort_out(language, root, paths, theirs, ours):
    result = Comparison(language, files=len(paths), ours=len(ours))
    by_path, loose = defaultdict(list), defaultdict(list)
    for key, definition in ours.items():
        by_path[definition.path].append(definition)
        if key not in theirs:
            loose[definition.path].append(definition)
    sources = {}

    def source_of(path):
        if path not in sources:
            sources.clear()  # one file at a time: the keys come sorted by path
            sources[path] = Source(language, os.path.join(root, path))
        return sources[path]

    missing, extra = defaultdict(list), defaultdict(list)
    alone = isolated(theirs, ours)
    for key in sorted(theirs):
        tag = theirs[key]
        result.ctags[tag.kind] += 1
        if key in ours:
            result.matched[tag.kind] += 1
            continue
        case = Case(tag, source_of(tag.path), by_path[tag.path], loose[tag.path], key not in alone)
        missing[classify(case)].append(Difference(tag, case.line.strip()))
    for key in sorted(set(ours) - set(theirs)):
        tag = ours[key]
        extra[tag.kind].append(Difference(tag, source_of(tag.path).line(tag.line).strip()))
    result.missing = dict(sorted(missing.items(), key=lambda item: (-len(item[1]), item[0].title)))
    result.extra = dict(sorted(extra.items(), key=lambda item: (-len(item[1]), item[0])))
    return result
