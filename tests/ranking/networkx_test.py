#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the ranks of the ranking driver with those that NetworkX gives for the same symbols and request.

The rules are written down here a second time, edge by edge, from the description in docs/RANKING.md. Cases are random
graphs, then the modules of the running Python's standard library as its own parser sees them, then, if given, a file of
`repomap tags --format jsonl`. Exit 0: equal to 1e-9; 1: a difference, which is printed; 77: skipped, with the reason.

usage: networkx_test.py DRIVER [--seed N] [--cases N] [--tags FILE.jsonl]
"""

import argparse
import ast
import collections
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import sysconfig
import tempfile

try:
    import networkx
except ImportError as error:
    print(f"skipped: {error}; install python3-networkx to run this test")
    sys.exit(77)

TOLERANCE = 1e-9
IMPORTANT = {"README.md", "go.mod", "Dockerfile"}
STEMS = ["parse", "Parse", "_private", "long_snake_name", "LongCamelName", "kebab-case-name", "größe", "ÄrgerlichLang",
         "数据处理函数名字", "数据_处理函数名", "x", "ALLUPPERCASE", "nolongshape", "_under_score_long", "e\u0301le\u0301mentsLong"]


class Case:
    """files: {path: (definitions, {name: references})}; the rest is the request."""

    def __init__(self, files, chat=(), mention_files=(), mentions=()):
        self.files = dict(sorted(files.items(), key=lambda item: item[0].encode()))
        self.chat = set(chat)
        self.mention_files = set(mention_files)
        self.mentions = set(mentions)

    def text(self):
        lines = ["mode\taider"]
        for path, (definitions, references) in self.files.items():
            lines.append(f"file\t{path}")
            lines += [f"def\t{name}" for name in definitions]
            lines += [f"ref\t{name}\t{count}" for name, count in references.items()]
        lines += [f"chat\t{path}" for path in sorted(self.chat)]
        lines += [f"mention-file\t{path}" for path in sorted(self.mention_files)]
        lines += [f"mention\t{name}" for name in sorted(self.mentions)]
        return "\n".join(lines) + "\n"


def multiplier(name, definers, mentions):
    result = 1.0
    letters = any(c.isalpha() for c in name)
    compound = (any(j in name for j in "_-") and letters) or (
        any(c.isupper() for c in name) and any(c.islower() for c in name))
    result *= 10 if name in mentions else 1
    result *= 10 if compound and len(name) >= 8 else 1
    result *= 0.1 if name.startswith("_") else 1
    result *= 0.1 if len(definers) > 5 else 1
    return result


def build_graph(case):
    definers = collections.defaultdict(set)
    referencers = collections.defaultdict(dict)
    for path, (definitions, references) in case.files.items():
        for name in definitions:
            definers[name].add(path)
        for name, count in references.items():
            referencers[name][path] = count
    if not referencers:
        referencers = {name: {path: 1 for path in paths} for name, paths in definers.items()}
    graph = networkx.MultiDiGraph()
    for name, paths in definers.items():
        weight = multiplier(name, paths, case.mentions)
        for path in paths:
            if name not in referencers:
                graph.add_edge(path, path, weight=0.1, name=name)
                continue
            for source, count in referencers[name].items():
                factor = weight * (50 if source in case.chat else 1)
                graph.add_edge(source, path, weight=factor * math.sqrt(count), name=name)
    return graph


def personalization(case):
    share = 100 / len(case.files)
    result = {}
    for path in case.files:
        base = path.rsplit("/", 1)[-1]
        value = share if path in case.chat or path in case.mention_files else 0
        parts = set(path.split("/")) | {os.path.splitext(base)[0]}
        value += share if parts & case.mentions else 0
        if value:
            result[path] = value
    return result


def networkx_pagerank(graph, restart):
    """networkx.pagerank, or, where SciPy is missing, NetworkX's own loop in Python under the same conditions."""
    arguments = {"personalization": restart, "dangling": restart} if restart else {}
    try:
        return networkx.pagerank(graph, weight="weight", **arguments)
    except ImportError:
        pass
    from networkx.algorithms.link_analysis.pagerank_alg import _pagerank_python
    if restart:
        restart = {node: restart.get(node, 0) for node in graph}
        if not sum(restart.values()):
            raise ZeroDivisionError
        arguments = {"personalization": restart, "dangling": restart}
    return _pagerank_python(graph, weight="weight", **arguments)


def expected(case):
    graph = build_graph(case)
    try:
        ranks = networkx_pagerank(graph, personalization(case))
    except ZeroDivisionError:
        ranks = networkx_pagerank(graph, {})
    definitions = collections.defaultdict(float)
    for source in graph:
        edges = list(graph.out_edges(source, data=True))
        total = sum(data["weight"] for _, _, data in edges)
        for _, target, data in edges:
            definitions[target, data["name"]] += ranks[source] * data["weight"] / total
    return graph, ranks, definitions


def run_driver(driver, case):
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(case.text())
        file.flush()
        output = subprocess.run([driver, file.name], check=True, capture_output=True).stdout.decode()
    ranks, entries = {}, []
    for line in output.split("\n")[:-1]:
        kind, path, *rest = line.split("\t")
        if kind == "file":
            ranks[path] = float(rest[0])
        else:
            entries.append((path, rest[0], float(rest[1])))
    return ranks, entries


def differences(case, driver):
    graph, ranks, definitions = expected(case)
    our_ranks, entries = run_driver(driver, case)
    for path in case.files:
        if abs(our_ranks[path] - ranks.get(path, 0)) > TOLERANCE:
            yield f"file {path}: {our_ranks[path]} instead of {ranks.get(path, 0)}"
    shown = [(path, name) for path, name, _ in entries if name]
    wanted = {key for key in definitions if key[0] not in case.chat}
    if len(shown) != len(set(shown)) or set(shown) != wanted:
        yield f"definitions: {sorted(set(shown) ^ wanted)[:5]}"
    for path, name, rank in entries:
        if name and abs(rank - definitions[path, name]) > TOLERANCE:
            yield f"definition {path} {name}: {rank} instead of {definitions[path, name]}"
    yield from order_differences(case, graph, ranks, definitions, entries)


def order_differences(case, graph, ranks, definitions, entries):
    """Ranks that round differently may change places, so the order is checked on our side of the rounding."""
    important, ranked, names = [], [], []
    for entry in entries:
        (ranked if entry[1] else names if ranked or entry[0] not in IMPORTANT else important).append(entry)
        if entry[1] and names:
            yield f"definition {entry} after the name of a file"
    if ranked != sorted(ranked, key=lambda e: (-e[2], e[0].encode(), e[1].encode())):
        yield "definitions are not in order"
    for (path, name, _), (next_path, next_name, _) in zip(ranked, ranked[1:]):
        if definitions[next_path, next_name] - definitions[path, name] > TOLERANCE:
            yield f"{path} {name} before {next_path} {next_name}"
    defining = {path for path, _ in definitions}
    rest = [path for path in case.files if path not in defining and path not in case.chat]
    by_rank = sorted((p for p in rest if p in graph and p not in IMPORTANT), key=lambda p: -round(ranks[p], 12))
    outside = [p for p in rest if p not in graph and p not in IMPORTANT]
    if [e[0] for e in important] != [p for p in rest if p in IMPORTANT]:
        yield "important files do not come first, by path"
    if [e[0] for e in names[len(by_rank):]] != outside:
        yield "files outside the graph do not come last, by path"
    in_graph = names[:len(by_rank)]
    if {e[0] for e in in_graph} != set(by_rank) or in_graph != sorted(in_graph, key=lambda e: (-e[2], e[0].encode())):
        yield "files of the graph without definitions are not in order"


def random_case(rng):
    file_count = rng.randint(1, 30)
    directories = ["", "src/", "src/parse/", "lib/größe/", ".hidden/"]
    paths = [f"{rng.choice(directories)}{rng.choice(['f', 'parse', '.dot', 'x.y'])}{i}{rng.choice(['.c', '.py', '', '.'])}"
             for i in range(file_count)] + rng.sample(sorted(IMPORTANT), rng.randint(0, 2))
    names = [f"{rng.choice(STEMS)}{rng.choice(['', str(i)])}" for i in range(rng.randint(1, 40))]
    no_references = rng.random() < 0.1
    files = {}
    for path in paths:
        definitions = list(dict.fromkeys(rng.choices(names, k=rng.choice([0, 0, 1, 3, 8]))))
        references = {} if no_references else {
            name: rng.choice([1, 1, 2, 3, 100]) for name in rng.choices(names + ["elsewhere"], k=rng.choice([0, 1, 5, 12]))}
        files[path] = (definitions, references)
    pick = lambda items, odds: rng.sample(items, min(len(items), rng.choice(odds)))
    return Case(files, pick(paths, [0, 0, 1, 2]), pick(paths, [0, 0, 1, 2]),
                pick(names + ["src", "parse", "parse0", "f1.c", "x.y2", "absent"], [0, 0, 1, 4]))


def symbols_of_python(path):
    definitions, references = [], collections.Counter()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            definitions.append(node.name)
        elif isinstance(node, ast.Name):
            references[node.id] += 1
        elif isinstance(node, ast.Attribute):
            references[node.attr] += 1
    return list(dict.fromkeys(definitions)), dict(references)


def library_cases():
    root = pathlib.Path(sysconfig.get_path("stdlib"))
    files = {str(path.relative_to(root)): symbols_of_python(path)
             for directory in ("asyncio", "json", "email", "logging") for path in sorted((root / directory).glob("*.py"))}
    some = sorted(files)
    yield Case(files)
    yield Case(files, chat=some[3:5], mention_files=some[9:10], mentions=["create_task", "JSONDecoder", "queues"])


def tags_case(path):
    files = collections.defaultdict(lambda: ({}, collections.Counter()))
    for line in open(path, encoding="utf-8"):
        tag = json.loads(line)
        definitions, references = files[tag["path"]]
        if tag["role"] == "def":
            definitions[tag["name"]] = None
        else:
            references[tag["name"]] += 1
    return Case({path: (list(d), dict(r)) for path, (d, r) in files.items()}, mentions=["parse"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("driver")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--cases", type=int, default=150)
    parser.add_argument("--tags")
    arguments = parser.parse_args()
    print(f"networkx {networkx.__version__}, seed {arguments.seed}")
    rng = random.Random(arguments.seed)
    cases = [random_case(rng) for _ in range(arguments.cases)] + list(library_cases())
    cases += [tags_case(arguments.tags)] if arguments.tags else []
    for number, case in enumerate(cases):
        found = list(differences(case, arguments.driver))
        if found:
            print(f"case {number}:", *found[:20], sep="\n  ")
            print(case.text() if len(case.files) < 40 else "")
            return 1
    print(f"{len(cases)} cases equal to {TOLERANCE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
