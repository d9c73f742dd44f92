# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy on our translation units, and skips those that passed before with the same content.

usage: tidy.py REPOSITORY_ROOT BUILD_DIRECTORY TOOLS [--jobs N] [PATH_PREFIX…]    exit 1 if a unit has a finding

BUILD_DIRECTORY holds compile_commands.json, TOOLS is the virtual environment with what scripts/check_tools.txt names.
Most of clang-tidy's time goes into the headers of others, which it reads for every unit anew. So units with the same
options are checked several at once, as one file that includes them; the static analyzer knows this way of compiling and
treats them as sources. Units that do not compile together, as when two have a local function of the same name, go into
another batch or are checked alone. Those of cmake/compiled_alone.txt are not put with the others to begin with.

The key of a unit is a digest of the tool, the rules, the command and every file of the repository that it includes.
Keys that passed are empty files in $XDG_CACHE_HOME/repomap-check: an optimisation only; delete them freely.
"""
import argparse
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys

ROOMS = ("core/", "parsers/", "ranking/", "watcher/", "service/", "cli/")
OURS = "/(" + "|".join(room.rstrip("/") for room in ROOMS) + r")/.*\.[ch]pp$"
BATCH = 16
DOES_NOT_COMPILE = "[clang-diagnostic-error"
ERROR = re.compile(r"^(/[^:\n]+):\d+:\d+: (?:fatal )?error: ", re.MULTILINE)


@dataclasses.dataclass
class Unit:
    path: str  # from the root of the repository
    file: str  # absolute
    directory: str  # where the compiler runs
    words: list  # compiler and options, without input and output
    mark: str = ""  # file that is there if the unit has passed; "" if it does not compile


def run(command, directory):
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, errors="replace", check=False)


def compiler_words(entry, file):
    """Compiler and options of a compile command, without a launcher, the input and the output."""
    words = shlex.split(entry["command"])
    if os.path.basename(words[0]) == "ccache":
        words = words[1:]
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word == "-o":
            skip = True
        elif word != "-c" and os.path.join(entry["directory"], word) != file:
            kept.append(word)
    return kept


def our_units(root, build, prefixes):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as stream:
        entries = json.load(stream)
    for entry in entries:
        file = os.path.join(entry["directory"], entry["file"])
        path = os.path.relpath(file, root)
        if path.startswith(tuple(prefixes)) and path.endswith(".cpp"):
            yield Unit(path, file, entry["directory"], compiler_words(entry, file))


def dependencies(unit):
    """The files that a unit includes, without the system's; None if the compiler does not get through."""
    listed = run([*unit.words, "-MM", "-MT", "unit", unit.file], unit.directory)
    if listed.returncode != 0:
        return None
    return sorted(set(listed.stdout.replace("\\\n", " ").split()[1:]))


def mark_of(unit, rules, cache):
    files = dependencies(unit)
    if files is None:
        return ""
    digest = hashlib.sha256(rules)
    digest.update("\0".join(unit.words).encode())
    for name in files:
        with open(os.path.join(unit.directory, name), "rb") as stream:
            digest.update(hashlib.sha256(stream.read()).digest())
    return os.path.join(cache, digest.hexdigest())


def rules_of(root, tool):
    """The tool's version and its configuration."""
    rules = subprocess.run([tool, "--version"], capture_output=True, check=True).stdout
    with open(os.path.join(root, ".clang-tidy"), "rb") as stream:
        return rules + stream.read()


def compiled_alone(root):
    with open(os.path.join(root, "cmake/compiled_alone.txt"), encoding="utf-8") as stream:
        return set(stream.read().splitlines())


def batches_of(units, alone):
    """Lists of at most BATCH units with the same options."""
    by_options = {}
    for unit in units:
        by_options.setdefault((unit.path in alone, unit.directory, *unit.words), []).append(unit)
    for group in by_options.values():
        count = -(-len(group) // BATCH)
        for first in range(count):
            yield group[first::count]


def write_batch(units, place):
    with open(place, "w", encoding="utf-8") as stream:
        stream.writelines(f'#include "{unit.file}"  // NOLINT(bugprone-suspicious-include)\n' for unit in units)
    return place


def split(units, place):
    """Parts of the batch that compile as one file each; what compiles with no other is alone in its part."""
    while len(units) > 1:
        compiled = run([*units[0].words, "-fsyntax-only", "-w", "-ferror-limit=0", write_batch(units, place)],
                       units[0].directory)
        if compiled.returncode == 0:
            break
        blamed = set(ERROR.findall(compiled.stdout + compiled.stderr))
        kept = [unit for unit in units if unit.file not in blamed]
        if not kept or len(kept) == len(units):
            yield from ([unit] for unit in units)
            return
        yield from split(kept, place)
        units = [unit for unit in units if unit.file in blamed]
    yield units


def tidy(root, tool, units, place):
    """The findings in the units."""
    file = units[0].file if len(units) == 1 else write_batch(units, place)
    result = run([tool, "--quiet", f"--config-file={root}/.clang-tidy", f"--header-filter={OURS}", file, "--",
                  *units[0].words[1:]], units[0].directory)
    return "" if result.returncode == 0 else result.stdout + result.stderr


def check(root, tool, units, place):
    """Checks a batch and marks the units that passed. The findings."""
    findings = tidy(root, tool, units, place)
    if len(units) > 1 and DOES_NOT_COMPILE in findings:
        parts = list(split(units, place))
        if len(parts) > 1:
            return "".join(check(root, tool, part, place) for part in parts)
    for unit in units:
        if unit.mark and not findings:
            with open(unit.mark, "w", encoding="utf-8"):
                pass
    return findings


def main():
    parser = argparse.ArgumentParser(description="clang-tidy on our translation units")
    parser.add_argument("root")
    parser.add_argument("build")
    parser.add_argument("tools")
    parser.add_argument("prefixes", nargs="*", default=list(ROOMS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    root, build = os.path.abspath(arguments.root), os.path.abspath(arguments.build)
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "repomap-check")
    places = os.path.join(build, "tidy")
    os.makedirs(cache, exist_ok=True)
    os.makedirs(places, exist_ok=True)
    tool = os.path.join(os.path.abspath(arguments.tools), "bin/clang-tidy")
    units, rules = list(our_units(root, build, arguments.prefixes)), rules_of(root, tool)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for unit, mark in zip(units, pool.map(lambda unit: mark_of(unit, rules, cache), units)):
            unit.mark = mark
        changed = [unit for unit in units if not unit.mark or not os.path.exists(unit.mark)]
        batches = list(batches_of(changed, compiled_alone(root)))
        named = [os.path.join(places, f"batch_{number}.cpp") for number in range(len(batches))]
        for findings in pool.map(lambda batch, place: check(root, tool, batch, place), batches, named):
            if findings:
                failed = True
                print(findings, flush=True)
    print(f"clang-tidy: {len(units)} units, {len(units) - len(changed)} unchanged since they passed,"
          f" {len(changed)} checked in {len(batches)} batches: {'FINDINGS' if failed else 'no findings'}")
    return 1 if failed or not units else 0


if __name__ == "__main__":
    sys.exit(main())
