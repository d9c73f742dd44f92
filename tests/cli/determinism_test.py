# SPDX-License-Identifier: Apache-2.0
"""The same files and the same request give the same bytes."""
import os
import random
import shutil
import unittest

from program import SOURCE_DIR, ProgramTest

ROOMS = ("core", "parsers", "ranking", "service", "cli")
REQUESTS = (["map", "--tokens", "3000"], ["map", "--rank", "aider", "--tokens", "3000"],
            ["map", "--query", "ranked map of tags", "--mention-ident", "TagRanker", "--explain"],
            ["map", "--tokenizer", "chars4", "--chat", "cli/main.cpp"],
            ["tags", "--format", "jsonl"], ["tags", "--format", "ctags"], ["tags", "--format", "etags"],
            ["symbols", "tag"], ["refs", "Tag"])


def source_files():
    for room in ROOMS:
        for directory, _, names in os.walk(os.path.join(SOURCE_DIR, room)):
            for name in names:
                if name.endswith((".cpp", ".hpp", ".py", ".sh", ".txt", ".scm")):
                    yield os.path.relpath(os.path.join(directory, name), SOURCE_DIR)


class Determinism(ProgramTest):
    def setUp(self):
        super().setUp()
        self.files = sorted(source_files())
        self.assertGreater(len(self.files), 80)
        self.copy(self.files)

    def copy(self, files):
        """The tree anew, its directory entries made in this order."""
        shutil.rmtree(self.tree)
        for path in files:
            target = os.path.join(self.tree, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(os.path.join(SOURCE_DIR, path), target)

    def test_any_number_of_threads_gives_the_same_bytes(self):
        for request in REQUESTS:
            expected = self.run_program(*request, "--jobs", "1")
            self.assertGreater(len(expected[0]), 200, request)
            jobs = range(9) if request is REQUESTS[0] else (2, 5)
            for number in jobs:
                self.assertEqual(self.run_program(*request, "--jobs", str(number)), expected, (request, number))

    def test_any_order_of_directory_entries_gives_the_same_bytes(self):
        expected = [self.run_program(*request) for request in REQUESTS]
        seed = random.randrange(1 << 32)
        shuffled = list(self.files)
        random.Random(seed).shuffle(shuffled)
        for order in (self.files[::-1], shuffled):
            self.copy(order)
            for request, outputs in zip(REQUESTS, expected):
                self.assertEqual(self.run_program(*request), outputs, (request, seed))

    def test_git_or_not_repeated_or_not_gives_the_same_bytes(self):
        expected = self.run_program(*REQUESTS[0])
        for _ in range(3):
            self.assertEqual(self.run_program(*REQUESTS[0]), expected)
        self.git("init", "-q")
        self.assertEqual(self.run_program(*REQUESTS[0]), expected)
        self.git("add", ".")
        self.assertEqual(self.run_program(*REQUESTS[0]), expected)
        elsewhere = os.path.join(self.work, "another place")
        os.rename(self.tree, elsewhere)
        self.assertEqual(self.run_program(*REQUESTS[0], "--root", elsewhere, cwd="/"), expected)


if __name__ == "__main__":
    unittest.main()
