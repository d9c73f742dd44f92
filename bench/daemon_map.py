#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times maps that the daemon gives over its socket, against commands that answer in their own process.

    python3 bench/daemon_map.py --build build                     the Go standard library
    python3 bench/daemon_map.py --build build java.base --idle 60   also the processor time of an idle daemon

A daemon of its own works on a copy of the tree. Cases over the socket: the same request again; other mentions each
time; the same request after one file was saved, with another body or with another definition (from the end of the
save to the end of the answer). Then the command `repomap map` as a process, with the daemon and without, the same
request again. Percentiles in milliseconds.
"""

import argparse
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from corpora_files import default_directory  # noqa: E402
from measured_trees import TREES, drop_skipped, tree  # noqa: E402

PROBE = {"go": ("bench_probe.go", "package probe\n\nfunc {name}() int {{\n\treturn {body}\n}}\n"),
         "java": ("BenchProbe.java", "class BenchProbe {{ int {name}() {{ return {body}; }} }}\n"),
         "python": ("bench_probe.py", "def {name}():\n    return {body}\n"),
         "c": ("bench_probe.c", "int {name}(void) {{ return {body}; }}\n")}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", nargs="?", default="go", choices=sorted(TREES))
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build directory")
    parser.add_argument("--corpora", type=pathlib.Path, default=default_directory())
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--idle", type=float, default=0, help="also watch an idle daemon for so many seconds")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file")
    return parser.parse_args()


class Daemon:
    """A daemon with a runtime directory and a cache of its own, and a connection to it."""

    def __init__(self, binary, home):
        self.binary = str(binary)
        runtime = os.path.join(home, "run")
        os.mkdir(runtime, 0o700)
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=runtime, REPO_MAP_CACHE_DIR=os.path.join(home, "cache"),
                                REPO_MAP_DAEMON="use")
        self.process = subprocess.Popen([self.binary, "serve"], env=self.environment, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.process.stdout.readline()
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(os.path.join(runtime, "repomap", "daemon.sock"))
        self.stream = self.socket.makefile("rb")
        self.requests = 0

    def ask(self, method, **params):
        self.requests += 1
        message = {"jsonrpc": "2.0", "id": self.requests, "method": method, "params": params}
        self.socket.sendall(json.dumps(message).encode() + b"\n")
        return self.stream.readline()

    def map(self, root, **params):
        start = time.perf_counter()
        line = self.ask("map", root=root, tokens=1024, complete="whole", **params)
        elapsed = time.perf_counter() - start
        answer = json.loads(line)
        if "result" not in answer:
            raise RuntimeError(answer)
        return elapsed

    def processor_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def switches(self):
        """How often threads of the daemon have waited for something."""
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{task}/status", encoding="ascii") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
        return total

    def stop(self):
        self.process.terminate()
        self.process.wait()


def percentiles(seconds):
    ordered = sorted(seconds)
    return {"p50": 1000 * ordered[len(ordered) // 2], "p99": 1000 * ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]}


def save(path, text):
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)


def measure_cases(daemon, root, language, rounds):
    name, text = PROBE[language]
    probe = os.path.join(root, name)
    daemon.map(root)
    daemon.map(root, mention_idents=["warm"])
    cases = {"the same request again": percentiles([daemon.map(root) for _ in range(rounds * 5)]),
             "other mentions each time": percentiles(
                 [daemon.map(root, mention_idents=[f"Read{i}", "Write"]) for i in range(rounds)])}
    for case, shape in (("a body saved", ("probe", "{}")), ("a definition saved", ("probe{}", "1"))):
        times = []
        for i in range(rounds // 2):
            save(probe, text.format(name=shape[0].format(i), body=shape[1].format(i)))
            times.append(daemon.map(root))
        cases[case] = percentiles(times)
    os.remove(probe)
    return cases


def measure_commands(daemon, root, rounds):
    def command(*extra):
        start = time.perf_counter()
        subprocess.run([daemon.binary, "map", root, "--tokens", "1024", *extra], env=daemon.environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - start
    for extra in ((), ("--no-daemon",)):
        command(*extra)
    pairs = [(command(), command("--no-daemon")) for _ in range(max(rounds // 10, 5))]
    return {"the command, by the daemon": percentiles([pair[0] for pair in pairs]),
            "the command, in its own process": percentiles([pair[1] for pair in pairs])}


def measure_idle(daemon, roots, seconds):
    for root in roots:
        daemon.map(root)
    time.sleep(5)
    before, switches, start = daemon.processor_seconds(), daemon.switches(), time.monotonic()
    time.sleep(seconds)
    elapsed = time.monotonic() - start
    return {"repositories": len(roots), "percent of a processor": 100 * (daemon.processor_seconds() - before) / elapsed,
            "wake-ups a second": (daemon.switches() - switches) / elapsed}


def main():
    arguments = parse_arguments()
    binary = arguments.build / "bin" / "repomap"
    with tree(arguments.tree, arguments.corpora.resolve()) as found, tempfile.TemporaryDirectory() as home:
        if found is None:
            sys.exit(f"{arguments.tree}: its sources were not fetched")
        directory, language, paths = found
        drop_skipped(binary, directory, paths)
        roots = []
        for copy in range(3 if arguments.idle else 1):
            roots.append(os.path.join(os.path.realpath(home), f"copy{copy}"))
            shutil.copytree(directory, roots[-1])
        daemon = Daemon(binary, home)
        try:
            figures = measure_cases(daemon, roots[0], language, arguments.rounds)
            figures |= measure_commands(daemon, roots[0], arguments.rounds)
            for case, spread in figures.items():
                print(f"{case:34} p50 {spread['p50']:9.3f} ms   p99 {spread['p99']:9.3f} ms")
            if arguments.idle:
                figures["idle"] = measure_idle(daemon, roots, arguments.idle)
                print("idle:", ", ".join(f"{value:.3g} {key}" for key, value in figures["idle"].items()))
        finally:
            daemon.stop()
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
