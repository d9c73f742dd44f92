# SPDX-License-Identifier: Apache-2.0
"""Checks what can be seen of a source file without compiling it.

usage: shape.py REPOSITORY_ROOT    exit 1 and one line for each breach

Every C++, CMake, Python and shell file starts with the SPDX line (behind a #! line); a C++ file has at most 600 lines;
a header has #pragma once; names do not contain the words that say nothing.
"""
import os
import re
import subprocess
import sys

LINE_LIMIT = 600
SPDX = "SPDX-License-Identifier: Apache-2.0"
CPP = (".hpp", ".cpp")
# Tables that a tool wrote: their length is that of the data.
GENERATED = re.compile(r"_ranges\.hpp$|_table\.inc$")
EMPTY_WORDS = re.compile(r"(^|_)(util|utils|helper|helpers|common|impl)(_|\.|$)", re.IGNORECASE)
FOREIGN = ("fixtures/",)


def tracked_files(root):
    """The files git knows of and the new ones; every file outside of a repository."""
    command = ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.decode("utf-8", "surrogateescape").split("\0")
        return sorted({name for name in names if name and os.path.isfile(os.path.join(root, name))})
    found = []
    for directory, directories, names in os.walk(root):
        directories[:] = [d for d in directories if d not in ("build", "node_modules", ".crates")]
        found += [os.path.relpath(os.path.join(directory, name), root) for name in names]
    return sorted(found)


def is_ours(path):
    base = os.path.basename(path)
    known = path.endswith(CPP + (".py", ".sh", ".cmake", ".mjs")) or base == "CMakeLists.txt"
    return (known or path in ("repomap", "test", ".ci/run")) and not path.startswith(FOREIGN)


def breaches_of(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")
    if not any(SPDX in line for line in lines[:2]):
        yield "has no SPDX line on top"
    if path.endswith(CPP) and len(lines) > LINE_LIMIT + 1 and not GENERATED.search(path):
        yield f"has {len(lines) - 1} lines, more than {LINE_LIMIT}"
    if path.endswith(".hpp") and "#pragma once" not in lines:
        yield "is a header without #pragma once"
    if EMPTY_WORDS.search(os.path.basename(path)):
        yield "has a name that does not say its role"


def main(root):
    paths = [path for path in tracked_files(root) if is_ours(path)]
    breaches = [f"{path}: {breach}" for path in paths for breach in breaches_of(root, path)]
    print("\n".join([f"{len(paths)} files", *breaches]))
    return 1 if breaches or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
