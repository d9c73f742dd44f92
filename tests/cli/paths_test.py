# SPDX-License-Identifier: Apache-2.0
"""What root and path arguments may name, and which files a repository has."""
import os
import unittest

from program import ProgramTest

FAILED, WRONG_USAGE, NOTHING_FOUND = 1, 2, 3


class Paths(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("src/core/engine.c", "int engine_start(void) { return 0; }\n")
        self.write("src/tool.c", "int engine_start(void);\nint tool_run(void) { return engine_start(); }\n")
        self.write("docs/sample.c", "int sample_code(void) { return 1; }\n")

    def paths(self, *arguments, **options):
        """The sources that a map shows, in its order; it shows files such as .gitignore by their names too."""
        files = self.json("map", *arguments, **options)["files"]
        return [file["path"] for file in files if file["path"].endswith(".c")]

    def test_a_file_is_named_from_here_from_the_root_or_absolutely(self):
        here = os.path.join(self.tree, "src")
        absolute = os.path.join(self.tree, "src/tool.c")
        for argument, cwd in (("tool.c", here), ("src/tool.c", self.tree), ("./src/../src/tool.c", self.tree),
                              (absolute, "/"), ("src/tool.c", "/"), ("../tool.c", os.path.join(here, "core"))):
            for command in (["outline", argument], ["tree", argument, "--lines", "2"]):
                self.assertEqual(self.json(*command, "--root", self.tree, cwd=cwd)["path"], "src/tool.c", argument)
            lines = self.json_lines("tags", argument, "--root", self.tree, cwd=cwd)
            self.assertEqual({line["path"] for line in lines}, {"src/tool.c"})

    def test_a_path_below_the_root_goes_before_one_of_the_same_name_outside(self):
        self.write("other/src/tool.c", "int wrong(void) { return 0; }\n", root=self.work)
        cwd = os.path.join(self.work, "other")
        self.assertEqual(self.json("outline", "src/tool.c", "--root", self.tree, cwd=cwd)["path"], "src/tool.c")

    def test_a_path_outside_of_the_root_is_wrong_usage(self):
        self.write("elsewhere.c", "int x;\n", root=self.work)
        for argument in ("../elsewhere.c", self.work + "/elsewhere.c"):
            self.assertIn("not below the root", self.message("outline", argument, "--root", self.tree, status=WRONG_USAGE))

    def test_a_misspelt_file_is_answered_with_the_one_that_was_meant(self):
        self.assertIn("did you mean src/tool.c?", self.message("outline", "src/tol.c", status=FAILED))
        self.assertIn("did you mean src?", self.message("map", "--subtree", "scr", status=FAILED))
        self.assertIn(f"did you mean {self.tree}?", self.message("map", self.tree + "s", status=FAILED))
        self.git("init", "-q")
        self.assertIn("did you mean src/core/engine.c?", self.message("outline", "engine.c", status=FAILED))

    def test_names_in_brackets_are_names(self):
        self.write("[id]/page.c", "int page(void) { return 0; }\n")
        self.assertEqual({line["path"] for line in self.json_lines("tags", "[id]")}, {"[id]/page.c"})
        self.assertEqual(self.paths("--subtree", "[id]"), ["[id]/page.c"])

    def test_the_root_must_be_a_directory_that_can_be_read(self):
        self.assertIn("not a directory", self.message("map", "src/tool.c", status=FAILED))
        self.assertIn("No such file", self.message("map", "--root", "nowhere", status=FAILED))
        self.assertIn("No such file", self.message("tags", "nowhere", "--root", "nowhere", status=FAILED))

    def test_an_empty_repository_has_nothing_to_show(self):
        empty = os.path.join(self.work, "empty")
        os.mkdir(empty)
        for is_git in (False, True):
            if is_git:
                self.git("init", "-q", cwd=empty)
            self.assertIn("nothing to show", self.message("map", empty, status=NOTHING_FOUND))
            document = self.json("map", empty, status=NOTHING_FOUND)
            self.assertEqual((document["files"], document["text"], document["tokens"]), ([], "", 0))
            self.run_program("tags", "--root", empty, status=NOTHING_FOUND)

    def test_without_root_the_repository_around_here_is_meant(self):
        self.git("init", "-q")
        document = self.json("map", cwd=os.path.join(self.tree, "src/core"))
        self.assertEqual(document["root"], self.tree)
        self.assertEqual(len(document["files"]), 3)

    def test_a_directory_of_a_repository_can_be_the_root(self):
        self.git("init", "-q")
        self.write(".gitignore", "generated.c\n")
        self.write("src/generated.c", "int generated(void) { return 0; }\n")
        self.assertEqual(sorted(self.paths("src")), ["core/engine.c", "tool.c"])
        self.assertEqual(self.json("map", "src")["root"], os.path.join(self.tree, "src"))

    def test_subtrees_limit_what_is_shown(self):
        self.assertEqual(self.paths("--subtree", "src/core"), ["src/core/engine.c"])
        self.assertEqual(sorted(self.paths("--subtree", "src/core", "docs")), ["docs/sample.c", "src/core/engine.c"])

    def test_chat_files_are_not_shown(self):
        self.assertNotIn("src/tool.c", self.paths("--chat", "src/tool.c"))

    def test_ignore_files_hold_with_and_without_git(self):
        self.write(".gitignore", "docs/\n")
        self.write(".repomapignore", "core/\n")
        self.assertEqual(self.paths(), ["src/tool.c"])
        self.git("init", "-q")
        self.assertEqual(self.paths(), ["src/tool.c"])
        self.git("add", "-f", ".")
        self.assertEqual(sorted(self.paths()), ["docs/sample.c", "src/tool.c"])

    def test_submodules_are_entered_on_request(self):
        library = os.path.join(self.work, "library")
        self.write("part.c", "int library_part(void) { return 0; }\n", root=library)
        for directory in (library, self.tree):
            self.git("init", "-q", cwd=directory)
            self.git("add", ".", cwd=directory)
            self.git("commit", "-qm", "first", cwd=directory)
        self.git("submodule", "add", "-q", library, "lib")
        self.assertNotIn("lib/part.c", self.paths())
        self.assertIn("lib/part.c", self.paths("--submodules"))
        self.write("repomap.toml", "submodules = true\n")
        self.assertIn("lib/part.c", self.paths())


if __name__ == "__main__":
    unittest.main()
