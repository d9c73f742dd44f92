#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares a cold `repomap map` with the floor: reading, parsing and querying the same files and nothing else.

The floor (bench/floor.cpp) uses the stock tree-sitter library, the same grammars and queries, and as many threads.
The two run in turn, in pairs; the ratio is the median of the pairs' ratios.

    python3 bench/cold_map.py --build build            Go, Java, Python and the kernel's kernel/ mm/ fs/
    python3 bench/cold_map.py --build build go --pairs 5
"""

import argparse
import json
import os
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from corpora_files import default_directory  # noqa: E402
from measured_trees import TREES, RunFailed, cold_map, drop_skipped, measured, tree  # noqa: E402

DEFAULT_TREES = ("go", "java.base", "python", "kernel-mm-fs")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", help=f"which of {', '.join(TREES)}")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build directory")
    parser.add_argument("--repomap", type=pathlib.Path, help="the binary (default: below the build directory)")
    parser.add_argument("--floor", type=pathlib.Path, help="the floor program (default: below the build directory)")
    parser.add_argument("--queries", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent / "parsers/queries")
    parser.add_argument("--corpora", type=pathlib.Path, default=default_directory())
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=pathlib.Path, help="write every run to this file")
    arguments = parser.parse_args()
    unknown = set(arguments.trees) - set(TREES)
    if unknown:
        parser.error(f"no tree named {', '.join(sorted(unknown))}")
    return arguments


def floor_run(arguments, directory, language, paths):
    binary = arguments.floor or arguments.build / "bin/repomap_floor"
    listing = "".join(f"{language}\t{os.path.join(directory, path)}\n" for path in paths)
    return measured([str(binary), str(arguments.build / "grammars"), str(arguments.queries), str(arguments.threads)], listing)


def compare(arguments, name, found):
    """Runs the pairs for one tree, after one unmeasured run of each that brings the files into the page cache."""
    directory, language, listed = found
    binary = arguments.repomap or arguments.build / "bin/repomap"
    paths = drop_skipped(binary, directory, listed)
    size_bytes = sum(os.path.getsize(os.path.join(directory, path)) for path in paths)
    floor_run(arguments, directory, language, paths)
    pairs = []
    for _ in range(arguments.pairs):
        floor = floor_run(arguments, directory, language, paths)
        ours = cold_map(binary, directory)
        pairs.append((floor, ours))
    return {
        "tree": name, "files": len(paths), "mb": size_bytes / 1e6,
        "floor_seconds": statistics.median(f.seconds for f, _ in pairs),
        "map_seconds": statistics.median(m.seconds for _, m in pairs),
        "ratio": statistics.median(m.seconds / f.seconds for f, m in pairs),
        "cpu_ratio": statistics.median(m.cpu_seconds / f.cpu_seconds for f, m in pairs),
        "floor_mb": max(f.peak_mb for f, _ in pairs), "map_mb": max(m.peak_mb for _, m in pairs),
        "pairs": [{"floor": [f.seconds, f.cpu_seconds], "map": [m.seconds, m.cpu_seconds]} for f, m in pairs],
    }


def main():
    arguments = parse_arguments()
    results = []
    print(f"{arguments.threads} threads, median of {arguments.pairs} pairs\n")
    print("| tree | files | MB | floor s | cold map s | ratio | ratio of CPU time | floor peak MB | map peak MB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name in arguments.trees or DEFAULT_TREES:
        with tree(name, arguments.corpora.resolve()) as found:
            if found is None:
                print(f"{name}: skipped, its sources were not fetched", file=sys.stderr)
                continue
            try:
                row = compare(arguments, name, found)
            except RunFailed as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 1
        results.append(row)
        print(f"| {name} | {row['files']:,} | {row['mb']:.1f} | {row['floor_seconds']:.2f} | {row['map_seconds']:.2f} | "
              f"{row['ratio']:.2f} | {row['cpu_ratio']:.2f} | {row['floor_mb']:.0f} | {row['map_mb']:.0f} |", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
