# SPDX-License-Identifier: Apache-2.0
"""layers.py accepts a clean tree and reports each kind of breach."""
import contextlib
import io
import os
import tempfile
import unittest

import layers


def check(files):
    """Runs layers.py on a tree of {path: content}. Returns (exit status, output)."""
    with tempfile.TemporaryDirectory() as root:
        for path, content in files.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(content)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = layers.main(root)
        return status, output.getvalue()


class LayersTest(unittest.TestCase):
    def assert_breach(self, path, line, message):
        status, output = check({path: line + "\n"})
        self.assertEqual(status, 1)
        self.assertIn(message, output)

    def test_accepts_allowed_edges(self):
        status, output = check({
            "parsers/a.cpp": '#include "parsers/a.hpp"\n#include <tree_sitter/api.h>\n#include "core/base/result.hpp"\n',
            "cli/main.cpp": '#include <iostream>\n#include "service/service.hpp"\n',
        })
        self.assertEqual(status, 0, output)
        self.assertIn("parsers -> core/base 1", output)

    def test_reports_a_room_that_may_not_be_included(self):
        self.assert_breach("ranking/a.cpp", '#include "parsers/a.hpp"', "ranking may not include parsers")

    def test_reports_an_include_that_is_not_from_the_root(self):
        self.assert_breach("ranking/a.cpp", '#include "a.hpp"', "not an include from the repository root")

    def test_reports_a_third_party_header_in_the_wrong_room(self):
        self.assert_breach("service/a.cpp", "#include <tree_sitter/api.h>", "may be included only by")

    def test_reports_a_header_that_nobody_may_include(self):
        self.assert_breach("core/base/a.cpp", "#include <format>", "may be included only by nobody")

    def test_reports_an_edge_from_the_wrong_file(self):
        self.assert_breach("watcher/a.cpp", '#include "core/cache/b.hpp"', "only ['watcher/invalidator']")

    def test_reports_a_file_in_no_room(self):
        self.assert_breach("core/stray/a.cpp", "", "lies in no known room")

    def test_an_empty_tree_is_not_a_pass(self):
        self.assertEqual(check({})[0], 1)


if __name__ == "__main__":
    unittest.main()
