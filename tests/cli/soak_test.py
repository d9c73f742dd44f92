# SPDX-License-Identifier: Apache-2.0
"""Many clients of one daemon, with files that change all the while.

Each answer is held against the files: what was saved before a request was sent must be in its answer, and nothing that
was not yet written when the answer came. REPOMAP_SOAK_SECONDS sets how long (5), REPOMAP_SOAK_CLIENTS how many clients
(64), REPOMAP_SOAK_FILES how many files (300), REPOMAP_SEED what is chosen. Latencies and memory are printed, and only
memory and truth are judged: nothing here fails for being slow.
"""
import collections
import heapq
import json
import os
import random
import re
import selectors
import socket
import sys
import time
import unittest

from daemon import DaemonTest

SECONDS = float(os.environ.get("REPOMAP_SOAK_SECONDS", "5"))
CLIENTS = int(os.environ.get("REPOMAP_SOAK_CLIENTS", "64"))
FILES = int(os.environ.get("REPOMAP_SOAK_FILES", "300"))
SEED = int(os.environ.get("REPOMAP_SEED", "0")) or random.randrange(1, 1 << 30)
EDIT_EVERY = 0.1
THINK = (0.05, 0.4)
VERSION = re.compile(r"probe_(\d+)_v(\d+)\b")


class Client:
    """One connection with at most one request under way."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.buffer = b""
        self.number = 0
        self.request = None  # (method, file, saved version, generation, sent at)

    def send(self, method, params, file, saved, generation):
        self.number += 1
        message = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}
        self.request = (method, file, saved, generation, time.monotonic())
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def receive(self):
        """The answer, if it is all there."""
        got = self.socket.recv(1 << 20)
        if not got:
            raise ConnectionError("the daemon has closed a connection")
        self.buffer += got
        if not got.endswith(b"\n"):
            return None
        line, self.buffer = self.buffer, b""
        return json.loads(line)


class Soak(DaemonTest):
    def path_of(self, file):
        return f"lib{file % 7}/probe_{file}.py"

    def save(self, file, version):
        """As editors save: a new file takes the place of the old one."""
        path = os.path.join(self.tree, self.path_of(file))
        other = (file * 31 + version) % FILES
        text = f"def probe_{file}_v{version}(x):\n    return helper_{other}(x) + {version}\n\n\ndef helper_{file}(x):\n    return x\n"
        with open(path + ".new", "w", encoding="ascii") as stream:
            stream.write(text)
        os.rename(path + ".new", path)

    def setUp(self):
        super().setUp()
        self.dice = random.Random(SEED)
        self.saved = [0] * FILES    # the version that is surely there
        self.begun = [0] * FILES    # the version that may be there
        for directory in range(7):
            os.mkdir(os.path.join(self.tree, f"lib{directory}"))
        for file in range(FILES):
            self.save(file, 0)
        self.generation = 0         # the highest in any answer so far
        self.latencies = collections.defaultdict(list)
        self.memory = []            # (seconds, bytes)

    def edit(self):
        file = self.dice.randrange(FILES)
        self.begun[file] += 1
        self.save(file, self.begun[file])
        self.saved[file] = self.begun[file]

    def ask(self, client):
        file = self.dice.randrange(FILES)
        terms = {"root": self.tree, "complete": "whole"}
        method, params = self.dice.choice([
            ("outline", {"path": self.path_of(file)}),
            ("symbols", {"pattern": f"probe_{file}_*"}),
            ("map", {"tokens": 512}),
            ("map", {"tokens": 512, "mention_idents": [f"helper_{file}", f"word{client.number}"]}),
            ("sync", {}),
        ])
        client.send(method, terms | params, file, self.saved[file], self.generation)

    def check(self, request, answer):
        method, file, saved, generation, sent = request
        self.latencies[method].append(time.monotonic() - sent)
        self.assertIn("result", answer, (request, answer))
        result = answer["result"]
        seen = result.get("generation", result.get("freshness", {}).get("generation"))
        if method in ("outline", "symbols"):
            versions = [int(number) for name in (symbol["name"] for symbol in result["symbols"])
                        for found, number in VERSION.findall(name) if int(found) == file]
            self.assertEqual(len(versions), 1, (request, result))
            self.assertGreaterEqual(versions[0], saved, ("stale", request))
            self.assertLessEqual(versions[0], self.begun[file], ("from the future", request))
        if method == "map":
            for found, number in VERSION.findall(result["text"]):
                self.assertLessEqual(int(number), self.begun[int(found)], request)
        if seen is not None:
            self.assertGreaterEqual(seen, generation, ("an older state than one that was seen before", request))
            self.generation = max(self.generation, seen)

    def resident_bytes(self):
        with open(f"/proc/{self.daemon_pid()}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def run_clients(self):
        clients = [Client(self.socket) for _ in range(CLIENTS)]
        selector = selectors.DefaultSelector()
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
            self.addCleanup(client.socket.close)
        start = time.monotonic()
        due = [(start + self.dice.uniform(*THINK), number) for number in range(CLIENTS)]
        heapq.heapify(due)
        numbers = {client: number for number, client in enumerate(clients)}
        next_edit, next_sample, busy = start, start, 0
        while busy or time.monotonic() < start + SECONDS:
            now = time.monotonic()
            if now >= next_edit and now < start + SECONDS:
                self.edit()
                next_edit = now + EDIT_EVERY
            if now >= next_sample:
                self.memory.append((now - start, self.resident_bytes()))
                next_sample = now + max(SECONDS / 20, 0.5)
            while due and due[0][0] <= now < start + SECONDS:
                self.ask(clients[heapq.heappop(due)[1]])
                busy += 1
            for key, _ in selector.select(timeout=0.005):
                client = key.data
                answer = client.receive()
                if answer is not None:
                    self.check(client.request, answer)
                    busy -= 1
                    heapq.heappush(due, (time.monotonic() + self.dice.uniform(*THINK), numbers[client]))

    def report(self):
        print(f"REPOMAP_SEED={SEED}: {CLIENTS} clients, {FILES} files, {SECONDS:.0f} s, {sum(self.saved)} edits,"
              f" generation {self.generation}", file=sys.stderr)
        for method, times in sorted(self.latencies.items()):
            times.sort()
            shown = [1000 * times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.99, 1)]
            print(f"  {method:8} {len(times):7} answers   p50 {shown[0]:8.2f} ms   p99 {shown[1]:8.2f} ms"
                  f"   max {shown[2]:8.2f} ms", file=sys.stderr)
        samples = "  ".join(f"{seconds:.0f} s {bytes_ / 2**20:.0f}" for seconds, bytes_ in self.memory)
        print(f"  resident MiB: {samples}", file=sys.stderr)

    def test_no_answer_is_wrong_and_memory_is_bounded(self):
        self.serve()
        self.connect().ask("sync", {"root": self.tree})  # the first index is not what is measured
        self.run_clients()
        self.report()
        self.assertGreater(sum(len(times) for times in self.latencies.values()), CLIENTS)
        settled = [bytes_ for _, bytes_ in self.memory[len(self.memory) // 4:]]
        self.assertLess(settled[-1], 2 * settled[0] + 64 * 2**20, self.memory)


if __name__ == "__main__":
    unittest.main()
