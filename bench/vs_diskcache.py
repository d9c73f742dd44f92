# SPDX-License-Identifier: Apache-2.0
"""Compares the store on disk with python-diskcache, on the same data and disk, in one run.

usage: vs_diskcache.py REPOMAP_STORE_BENCH [ITEMS]    with a Python that has the package diskcache

The two take turns, three rounds; the figures are medians over the rounds, in microseconds for one operation.
"""
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

import diskcache

BATCH = 1000


def measure(results, name, count, chunk, operation):
    times = []
    for done in range(0, count - chunk + 1, chunk):
        start = time.perf_counter()
        for i in range(done, done + chunk):
            operation(i)
        times.append((time.perf_counter() - start) * 1e6 / chunk)
    results[name] = statistics.median(times), statistics.fmean(times)


def run_diskcache(directory, items):
    results = {}
    cache = diskcache.Cache(directory, tag_index=True)
    value = b"v" * 200
    keys = [f"key-{i:08}" for i in range(items)]
    shuffled = keys[:]
    random.Random(1).shuffle(shuffled)

    def put_batch(batch):
        with cache.transact():
            for i in range(batch * BATCH, (batch + 1) * BATCH):
                cache.set(keys[i], value, tag="rare" if i % 100 == 0 else None)

    measure(results, "put_many_1000", items // BATCH, 1, put_batch)
    measure(results, "get_hit", items, 100, lambda i: cache.get(shuffled[i]))
    measure(results, "get_hot", items, 100, lambda i: cache.get(keys[i % 100]))
    measure(results, "get_miss", items, 100, cache.get)
    measure(results, "get_many_1000", items // BATCH, 1,
            lambda batch: [cache.get(key) for key in shuffled[batch * BATCH:(batch + 1) * BATCH]])
    measure(results, "set", items // 10, 10, lambda i: cache.set(shuffled[i], value))
    measure(results, "set_new", items // 10, 10, lambda i: cache.set(f"key-{items + i:08}", value))
    measure(results, "erase", items // 10, 10, lambda i: cache.delete(f"key-{items + i:08}"))
    start = time.perf_counter()
    cache.evict("rare")
    took = (time.perf_counter() - start) * 1e6
    results["evict_tag"] = took, took
    cache.close()
    return results


def run_ours(program, directory, items):
    output = subprocess.run([program, directory, str(items)], check=True, capture_output=True, text=True).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    return {line["name"]: (line["median_us"], line.get("mean_us", line["median_us"])) for line in lines}


def main(program, items):
    ours, theirs = [], []
    with tempfile.TemporaryDirectory(dir=os.environ.get("REPOMAP_BENCH_DIRECTORY")) as root:
        for turn in range(3):
            theirs.append(run_diskcache(os.path.join(root, f"theirs{turn}"), items))
            ours.append(run_ours(program, os.path.join(root, f"ours{turn}"), items))
    print(f"{'operation':14} {'diskcache':>10} {'ours':>10} {'ratio':>7}   means {'diskcache':>10} {'ours':>10} {'ratio':>7}")
    for name in theirs[0]:
        row = []
        for which in (0, 1):
            row.append([statistics.median(run[name][which] for run in runs) for runs in (theirs, ours)])
        (a, b), (c, d) = row
        scale = BATCH if name.endswith("_1000") else 1
        print(f"{name:14} {a / scale:10.2f} {b / scale:10.2f} {a / b:7.2f}   "
              f"      {c / scale:10.2f} {d / scale:10.2f} {c / d:7.2f}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
