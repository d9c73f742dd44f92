#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times `repomap map` in new processes with a filled cache, against lstat of every file and against aider.

    python3 bench/warm_map.py --build build                     the Go standard library, without aider
    python3 bench/warm_map.py --build build go --with-aider     also a new aider process with its own filled cache

Four cases, each the median of several whole processes: the same request again with nothing changed; a new query each
time; a new query after three files were changed (each gets another function, and calls that of the one before); and
the same request after three files got another comment, which changes no symbol. aider's time is that inside its
process, as in vs_aider.py.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from corpora_files import default_directory  # noqa: E402
from measured_trees import TREES, RunFailed, drop_skipped, measured, tree  # noqa: E402
from vs_aider import SCRIPT, aider_python  # noqa: E402

WORDS = ("reader", "buffer", "parse", "token", "socket", "header", "cipher", "goroutine", "print", "sort", "index",
         "stream", "encode", "decode", "channel", "timer", "flush", "handler", "path", "lock")
EXTRA = {"go": "\nfunc bench{n}x{i}() int {{ return bench{m}x{i}() }}\n", "java": "\n// bench{n}x{i}\n",
         "python": "\n\ndef bench{n}x{i}():\n    return bench{m}x{i}()\n", "c": "\nint bench{n}x{i}(void) {{ return bench{m}x{i}(); }}\n"}
COMMENT = {"go": "\n// {i}\n", "java": "\n// {i}\n", "python": "\n# {i}\n", "c": "\n/* {i} */\n"}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", help=f"which of {', '.join(TREES)}")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build directory")
    parser.add_argument("--repomap", type=pathlib.Path, help="the binary (default: below the build directory)")
    parser.add_argument("--corpora", type=pathlib.Path, default=default_directory())
    parser.add_argument("--with-aider", action="store_true", help="time aider too, which takes minutes")
    parser.add_argument("--aider", type=pathlib.Path, help="virtual environment with aider")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file")
    return parser.parse_args()


class WarmTree:
    """A tree with a filled cache of its own."""

    def __init__(self, binary, directory, language, paths, cache):
        self.binary, self.directory, self.language, self.paths = binary, directory, language, paths
        self.environment = dict(os.environ, REPO_MAP_CACHE_DIR=cache, REPO_MAP_DAEMON="off")
        self.changes = 0

    def map(self, query=""):
        arguments = [str(self.binary), "map", str(self.directory), "--tokens", "1024", "--no-daemon"]
        return measured(arguments + (["--query", query] if query else []), environment=self.environment)

    def change(self, text):
        """Appends to three files, each replaced by a new one, as editors do; the corpora are hard links."""
        self.changes += 1
        step = len(self.paths) // 4
        for n in range(3):
            path = os.path.join(self.directory, self.paths[step * (n + 1)])
            with open(path, "rb") as file:
                content = file.read()
            with open(path + ".new", "wb") as file:
                file.write(content + text.format(n=n, m=(n + 1) % 3, i=self.changes).encode())
            os.rename(path + ".new", path)

    def stat_floor(self, program):
        listing = "".join(f"{os.path.join(self.directory, path)}\n" for path in self.paths)
        run = subprocess.run([str(program), "21"], input=listing, capture_output=True, text=True, check=True)
        return float(run.stdout) / 1000


def median_of(runs):
    return statistics.median(run.seconds for run in runs)


def time_cases(warm, rounds, floor):
    warm.map()
    warm.map()
    floors = [warm.stat_floor(floor)]
    same = median_of([warm.map() for _ in range(rounds)])
    floors.append(warm.stat_floor(floor))
    new = median_of([warm.map(WORDS[i % len(WORDS)] + f" {i}") for i in range(rounds)])
    touched, commented = [], []
    for i in range(rounds):
        warm.change(EXTRA[warm.language])
        touched.append(warm.map(WORDS[i % len(WORDS)] + f" touched {i}"))
        warm.map()
        warm.change(COMMENT[warm.language])
        commented.append(warm.map())
    floors.append(warm.stat_floor(floor))
    peak = max(run.peak_mb for run in touched)
    return {"stat_floor": statistics.median(floors), "repeated": same, "new_query": new, "touched": median_of(touched),
            "commented": median_of(commented), "peak_mb": peak}


def warm_aider(python, directory, paths):
    """A new aider process with a cache that the run before it has filled."""
    listing = "".join(f"{path}\n" for path in paths)
    for _ in range(2):
        run = measured([str(python), str(SCRIPT), str(directory), "1024"], listing)
    return json.loads(run.output.splitlines()[-1])["seconds"]


def report(name, row):
    print(f"\n{name}: {row['files']:,} files")
    print(f"  lstat of every file        {row['stat_floor'] * 1000:8.1f} ms")
    print(f"  the same request again     {row['repeated'] * 1000:8.1f} ms   {row['repeated'] / row['stat_floor']:.2f} x lstat of every file")
    print(f"  a new query                {row['new_query'] * 1000:8.1f} ms")
    print(f"  after 3 changed files      {row['touched'] * 1000:8.1f} ms   {(row['touched'] - row['new_query']) * 1000:+.1f} ms against a new query")
    print(f"  after 3 changed comments   {row['commented'] * 1000:8.1f} ms")
    print(f"  peak memory                {row['peak_mb']:8.0f} MB")
    if "aider" in row:
        print(f"  aider, new process         {row['aider'] * 1000:8.0f} ms   {row['aider'] / row['new_query']:.0f} x a new query, "
              f"{row['aider'] / row['repeated']:.0f} x a repeated request")


def main():
    arguments = parse_arguments()
    binary = arguments.repomap or arguments.build / "bin/repomap"
    results = {}
    for name in arguments.trees or ["go"]:
        with tree(name, arguments.corpora.resolve()) as found, tempfile.TemporaryDirectory() as cache:
            if found is None:
                print(f"{name}: skipped, its sources were not fetched", file=sys.stderr)
                continue
            directory, language, listed = found
            try:
                paths = drop_skipped(binary, directory, listed)
                warm = WarmTree(binary, directory, language, paths, cache)
                results[name] = {"files": len(paths), **time_cases(warm, arguments.rounds, arguments.build / "bin/repomap_stat_floor")}
                if arguments.with_aider:
                    results[name]["aider"] = warm_aider(aider_python(arguments), directory, paths)
            except RunFailed as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 1
        report(name, results[name])
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
