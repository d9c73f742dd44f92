#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares a cold `repomap map` with a cold map by aider: same files, 1,024 tokens, tokens as characters / 4.

    python3 bench/vs_aider.py --repomap build/bin/repomap
    python3 bench/vs_aider.py --repomap build/bin/repomap python --pairs 1

aider is installed once, by its name and version, into a virtual environment beside the corpora. Its time is that of
building the map inside the running process, so starting Python and importing aider are not held against it; ours is
the whole process. Memory is the peak resident size of each process.
"""

import argparse
import glob
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from corpora_files import default_directory  # noqa: E402
from measured_trees import TREES, RunFailed, cold_map, drop_skipped, measured, tree  # noqa: E402

AIDER = "aider-chat==0.86.2"
DEFAULT_TREES = ("go", "java.base", "python", "kernel")
SCRIPT = pathlib.Path(__file__).resolve().parent / "aider_map.py"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", nargs="*", help=f"which of {', '.join(TREES)}")
    parser.add_argument("--repomap", type=pathlib.Path, default=shutil.which("repomap"), help="the binary")
    parser.add_argument("--corpora", type=pathlib.Path, default=default_directory())
    parser.add_argument("--aider", type=pathlib.Path, help="virtual environment with aider (default: made in the corpora directory)")
    parser.add_argument("--pairs", type=int, default=1, help="runs of each tool")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file")
    arguments = parser.parse_args()
    unknown = set(arguments.trees) - set(TREES)
    if unknown:
        parser.error(f"no tree named {', '.join(sorted(unknown))}")
    if not arguments.repomap or not arguments.repomap.is_file():
        parser.error("no repomap binary: name it with --repomap")
    return arguments


def aider_python(arguments):
    """The interpreter that has aider; installs it on the first call."""
    environment = arguments.aider or arguments.corpora / "aider-venv"
    python = environment.absolute() / "bin/python"
    if not python.exists():
        print(f"installing {AIDER} into {environment}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", AIDER], check=True)
    return python


def cold_aider(python, directory, paths):
    """One aider map without its cache: (seconds inside the process, whole process)."""
    run = measured([str(python), str(SCRIPT), str(directory), "1024"], "".join(f"{p}\n" for p in paths))
    for cache in glob.glob(os.path.join(directory, ".aider*")):
        shutil.rmtree(cache)
    return json.loads(run.output.splitlines()[-1])["seconds"], run


def compare(arguments, python, name, found):
    """The two tools in turn, `pairs` times, after one unmeasured run that brings the files into the page cache."""
    directory, _, listed = found
    paths = drop_skipped(arguments.repomap, directory, listed)
    ours, theirs = [], []
    for _ in range(arguments.pairs):
        ours.append(cold_map(arguments.repomap, directory))
        theirs.append(cold_aider(python, directory, paths))
    seconds = statistics.median(run.seconds for run in ours)
    aider_seconds = statistics.median(inside for inside, _ in theirs)
    peak, aider_peak = max(r.peak_mb for r in ours), max(r.peak_mb for _, r in theirs)
    return {"tree": name, "files": len(paths), "aider_seconds": aider_seconds,
            "aider_process_seconds": statistics.median(r.seconds for _, r in theirs), "seconds": seconds,
            "faster": aider_seconds / seconds, "aider_cpu": statistics.median(r.cpu_seconds for _, r in theirs),
            "cpu": statistics.median(r.cpu_seconds for r in ours), "aider_mb": aider_peak, "mb": peak, "memory": peak / aider_peak}


def main():
    arguments = parse_arguments()
    python = aider_python(arguments)
    results = []
    print("| tree | files | aider s | (whole process) | repomap s | times faster | aider CPU s | repomap CPU s | aider peak MB | repomap peak MB | of aider's |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name in arguments.trees or DEFAULT_TREES:
        with tree(name, arguments.corpora.resolve()) as found:
            if found is None:
                print(f"{name}: skipped, its sources were not fetched", file=sys.stderr)
                continue
            try:
                row = compare(arguments, python, name, found)
            except RunFailed as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 1
        results.append(row)
        print(f"| {name} | {row['files']:,} | {row['aider_seconds']:.1f} | {row['aider_process_seconds']:.1f} | "
              f"{row['seconds']:.2f} | {row['faster']:.1f} | {row['aider_cpu']:.1f} | {row['cpu']:.2f} | {row['aider_mb']:.0f} | {row['mb']:.0f} | "
              f"{row['memory']:.2f} |", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
