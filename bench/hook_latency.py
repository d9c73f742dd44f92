#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a hook takes, from its start to its end, with a daemon that has the repository in memory.

    python3 bench/hook_latency.py --program build/bin/repomap --root DIRECTORY [--runs 50]

Uses a runtime directory and a cache of its own. The goal is 100 ms; what comes later than its deadline prints nothing, so
the share of answers is shown, too."""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

PROMPTS = ("why does the parser drop the last line of {}", "make {} faster", "add a test for {}", "rename {} everywhere")


def measure(program, event, inputs, environment):
    """(milliseconds, whether something was printed) of each run."""
    found = []
    for text in inputs:
        start = time.perf_counter()
        ran = subprocess.run([program, "hook", event], input=json.dumps(text).encode(), env=environment,
                             stdout=subprocess.PIPE, check=True)
        found.append((1000 * (time.perf_counter() - start), bool(ran.stdout)))
    return found


def report(name, found):
    times = sorted(milliseconds for milliseconds, _ in found)
    answers = sum(printed for _, printed in found)
    print(f"{name:28} {statistics.median(times):6.1f} ms median {times[int(0.95 * (len(times) - 1))]:6.1f} ms p95 "
          f"{times[-1]:6.1f} ms most   {answers} of {len(times)} answered")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--root", required=True)
    arguments.add_argument("--runs", type=int, default=50)
    options = arguments.parse_args()
    runtime = tempfile.mkdtemp(prefix="rm-")
    environment = os.environ | {"XDG_RUNTIME_DIR": runtime, "REPO_MAP_CACHE_DIR": os.path.join(runtime, "cache")}
    root = os.path.realpath(options.root)
    names = json.loads(subprocess.run([options.program, "symbols", "*er", "--limit", str(options.runs), "--json", "--no-daemon",
                                       "--root", root], env=environment, stdout=subprocess.PIPE, check=True).stdout)
    words = [symbol["name"] for symbol in names["symbols"]] or ["nothing"]
    daemon = subprocess.Popen([options.program, "serve"], env=environment, stdout=subprocess.PIPE)
    try:
        daemon.stdout.readline()
        subprocess.run([options.program, "hook", "warm", "--root", root], env=environment, check=True)
        session = [{"cwd": root, "source": "startup"}] * options.runs
        prompts = [{"cwd": root, "prompt": PROMPTS[i % len(PROMPTS)].format(words[i % len(words)])} for i in range(options.runs)]
        report("session-start", measure(options.program, "session-start", session, environment))
        report("user-prompt-submit, new", measure(options.program, "user-prompt-submit", prompts, environment))
        report("user-prompt-submit, command", measure(options.program, "user-prompt-submit",
                                                      [{"cwd": root, "prompt": "/clear"}] * options.runs, environment))
    finally:
        daemon.terminate()
        daemon.wait()
        shutil.rmtree(runtime, ignore_errors=True)


if __name__ == "__main__":
    main()
