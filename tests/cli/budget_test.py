# SPDX-License-Identifier: Apache-2.0
"""A map never exceeds its budget and fills it, by another tokenizer's count."""
import json
import os
import subprocess
import unittest

from program import SOURCE_DIR, ProgramTest

BUDGETS = (0, 1, 20, 60, 150, 256, 511, 1024, 2048, 4096, 8192, 100_000)
FILLED_FROM = 256
REQUESTS = (["--tokenizer", "o200k"], ["--tokenizer", "cl100k"], ["--tokenizer", "chars4"],
            ["--tokenizer", "o200k", "--rank", "aider"], ["--tokenizer", "cl100k", "--query", "token budget of a map"],
            ["--tokenizer", "chars4", "--mention-ident", "PageRank", "--chat", "bm25.cpp"])


def count_tokens(encoded_texts):
    """The counts of js-tiktoken for a list of (encoding, text)."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "count_tokens.mjs")
    command = [os.environ["REPOMAP_NODE"], script, os.environ["REPOMAP_JS_TIKTOKEN_DIR"]]
    answer = subprocess.run(command, input=json.dumps(encoded_texts).encode(), capture_output=True, check=True)
    return json.loads(answer.stdout)


class Budget(ProgramTest):
    def maps(self):
        for request in REQUESTS:
            for budget in BUDGETS:
                process = self.start("map", os.path.join(SOURCE_DIR, "ranking"), "--json", *request, "--tokens", str(budget))
                out, err = process.communicate(timeout=120)
                self.assertIn(process.returncode, (0, 3), err)
                yield request, budget, json.loads(out)

    def test_maps_fill_their_budget_and_never_exceed_it(self):
        maps = list(self.maps())
        exact = [(found["tokenizer"], found["text"]) for _, _, found in maps if found["tokenizer"] != "chars4"]
        counts = iter(count_tokens(exact))
        whole = {str(request): found["tokens"] for request, budget, found in maps if budget == BUDGETS[-1]}
        for request, budget, found in maps:
            case = (request, budget, found["tokens"])
            text = found["text"]
            expected = (len(text) + 3) // 4 if found["tokenizer"] == "chars4" else next(counts)
            self.assertEqual(found["tokens"], expected, case)
            self.assertLessEqual(found["tokens"], budget, case)
            self.assertEqual(found["budget"], budget)
            if FILLED_FROM <= budget <= whole[str(request)]:
                self.assertGreaterEqual(found["tokens"], 0.95 * budget, case)


if __name__ == "__main__":
    unittest.main()
