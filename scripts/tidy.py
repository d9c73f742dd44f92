# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy on our translation units, and skips those that passed before with the same content.

usage: tidy.py REPOSITORY_ROOT BUILD_DIRECTORY [--jobs N] [PATH_PREFIX…]    exit 1 if a unit has a finding

BUILD_DIRECTORY holds compile_commands.json. The key of a unit is a digest of the tool, the rules, the command and every
file of the repository that it includes. Keys that passed are empty files in $XDG_CACHE_HOME/repomap-check: an
optimisation only; delete them freely.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import shlex
import subprocess
import sys

TIDY = "clang-tidy-19"
ROOMS = ("core/", "parsers/", "ranking/", "watcher/", "service/", "cli/")


def run(command, directory):
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, errors="replace", check=False)


def our_units(root, build, prefixes):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    for entry in entries:
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
        if path.startswith(tuple(prefixes)) and path.endswith(".cpp"):
            yield path, entry


def compiler_of(words):
    return words[1:] if os.path.basename(words[0]) == "ccache" else words


def dependencies(entry):
    """The files that a unit includes, without the system's; None if the compiler does not get through."""
    words = compiler_of(shlex.split(entry["command"]))
    if "-o" in words:
        place = words.index("-o")
        words = words[:place] + words[place + 2:]
    listed = run([*words, "-MM", "-MT", "unit"], entry["directory"])
    if listed.returncode != 0:
        return None
    return sorted(set(listed.stdout.replace("\\\n", " ").split()[1:]))


def key_of(entry, rules):
    files = dependencies(entry)
    if files is None:
        return None
    digest = hashlib.sha256(rules)
    digest.update(entry["command"].encode())
    for name in files:
        with open(os.path.join(entry["directory"], name), "rb") as file:
            digest.update(hashlib.sha256(file.read()).digest())
    return digest.hexdigest()


def rules_of(root):
    """The tool's version and every .clang-tidy file."""
    rules = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout
    for place in (".clang-tidy", "tests/.clang-tidy"):
        path = os.path.join(root, place)
        if os.path.exists(path):
            with open(path, "rb") as file:
                rules += file.read()
    return rules


def tidy(root, build, unit, rules, cache):
    """Returns (path, was it skipped, findings)."""
    path, entry = unit
    key = key_of(entry, rules)
    mark = os.path.join(cache, key) if key else None
    if mark and os.path.exists(mark):
        return path, True, ""
    result = run([TIDY, "-p", build, "--quiet", os.path.join(root, path)], root)
    if result.returncode == 0:
        if mark:
            with open(mark, "w", encoding="utf-8"):
                pass
        return path, False, ""
    return path, False, result.stdout + result.stderr


def main():
    parser = argparse.ArgumentParser(description="clang-tidy on our translation units")
    parser.add_argument("root")
    parser.add_argument("build")
    parser.add_argument("prefixes", nargs="*", default=list(ROOMS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    root, build = os.path.abspath(arguments.root), os.path.abspath(arguments.build)
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "repomap-check")
    os.makedirs(cache, exist_ok=True)
    units, rules = list(our_units(root, build, arguments.prefixes)), rules_of(root)
    failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for path, was_skipped, findings in pool.map(lambda unit: tidy(root, build, unit, rules, cache), units):
            skipped += was_skipped
            if findings:
                failed += 1
                print(f"{path}:\n{findings}", flush=True)
    print(f"clang-tidy: {len(units)} units, {skipped} unchanged since they passed, {failed} with findings")
    return 1 if failed or not units else 0


if __name__ == "__main__":
    sys.exit(main())
