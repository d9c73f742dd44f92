# SPDX-License-Identifier: Apache-2.0
"""Processes that share a cache are killed at random moments, hundreds of times: what is left answers correctly."""
import os
import random
import signal
import subprocess
import time
import unittest

from program import ProgramTest

ROUNDS = 80
WRITERS = 3
FILES = 120


class Killed(ProgramTest):
    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("REPOMAP_TEST_SEED", random.randrange(1 << 32)))
        self.random = random.Random(self.seed)
        for i in range(FILES):
            self.change(i)

    def change(self, i):
        """A new content for one file; now and then a large one, whose tags get a file of their own."""
        r = self.random
        functions = 1500 if r.random() < 0.05 else r.randrange(1, 12)
        text = "".join(f"int f{r.randrange(400)}_{n}(int x)\n{{\n  return f{r.randrange(400)}_{r.randrange(9)}(x);\n}}\n"
                       for n in range(functions))
        self.write(f"d{i % 7}/f{i}.c", text)

    def map(self, *arguments):
        return self.run_program("map", "--tokens", "600", "--tokenizer", "chars4", *arguments)[0]

    def kill_some(self):
        """Starts several writers at once and kills each at a moment of its own."""
        commands = (("index",), ("map", "--query", f"f{self.random.randrange(400)}"), ("tags", "--json"))
        running = [self.start(*self.random.choice(commands), stdout=-3, stderr=-3) for _ in range(WRITERS)]
        for process in running:
            time.sleep(self.random.random() * 0.06)
            process.send_signal(signal.SIGKILL)
        for process in running:
            process.wait(60)

    def test_killed_writers_leave_a_cache_that_tells_the_truth(self):
        killed = 0
        for round_number in range(ROUNDS):
            for _ in range(self.random.randrange(1, 40)):
                self.change(self.random.randrange(FILES))
            self.kill_some()
            killed += WRITERS
            if round_number % 8 == 7:
                with self.subTest(seed=self.seed, round=round_number):
                    self.assertEqual(self.map(), self.map("--no-cache"))
        self.assertGreaterEqual(killed, 200)
        with self.subTest(seed=self.seed):
            self.run_program("cache", "check", "--repair")
            self.run_program("cache", "check")
            self.run_program("index")
            self.assertEqual(self.json("index")["parsed"], 0, "what was committed is still there")
            self.assertEqual(self.map(), self.map("--no-cache"))


class DiskFull(ProgramTest):
    """A cache on a file system of 600 KiB."""

    def setUp(self):
        super().setUp()
        self.small = os.path.join(self.work, "small")
        os.mkdir(self.small)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", self.small], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest(f"a small file system cannot be mounted here: {mounted.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", self.small], check=True)
        self.environment["REPO_MAP_CACHE_DIR"] = os.path.join(self.small, "cache")
        for i in range(200):
            body = "".join(f"int f{i}_{n}(int x)\n{{\n  return f{n}_{i}(x);\n}}\n" for n in range(60))
            self.write(f"f{i}.c", body)

    def test_requests_are_answered_and_the_reason_is_told(self):
        arguments = ("map", "--tokens", "500", "--tokenizer", "chars4")
        expected, _ = self.run_program(*arguments, "--no-cache")
        for _ in range(3):
            out, err = self.run_program(*arguments)
            self.assertEqual(out, expected)
        self.assertIn(b"full", err)
        self.write("f1.c", "int brand_new(void) { return f2_1(0); }\n")
        self.assertEqual(self.run_program(*arguments)[0], self.run_program(*arguments, "--no-cache")[0])


if __name__ == "__main__":
    unittest.main()
