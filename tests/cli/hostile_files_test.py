# SPDX-License-Identifier: Apache-2.0
"""Trees that a program might trip over. Whatever is left out is left out with a reason, and the rest is mapped."""
import os
import subprocess
import threading
import unittest

from program import PROGRAM, ProgramTest

NOBODY = 65534
PLAIN = "int plain_function(void) { return 0; }\n"


class HostileFiles(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("plain.c", PLAIN)

    def assert_skipped(self, expected, **options):
        """The reasons in JSON, in the summary, and with their details under -v; and the rest is mapped."""
        document = self.json("map", **options)
        self.assertEqual({entry["path"]: entry["reason"] for entry in document["skipped"]}, expected)
        self.assertTrue(all(entry["detail"] for entry in document["skipped"]), document["skipped"])
        self.assertEqual(document["freshness"]["skipped"], len(expected))
        self.assertIn("plain.c", [file["path"] for file in document["files"]])
        found = self.json("symbols", "*", "--limit", "0", **options)
        self.assertEqual({entry["path"]: entry["reason"] for entry in found["skipped"]}, expected)
        for command in ("map", "tags"):
            summary = self.run_program(command, **options)[1].decode()
            details = self.run_program(command, "-v", **options)[1].decode()
            self.assertIn(f"{len(expected)} of ", summary)
            for path, reason in expected.items():
                self.assertIn(reason, summary)
                self.assertIn(f"{path}: {reason}: ", details)

    def test_contents_that_nobody_wrote_by_hand(self):
        self.write("nul.c", b"int a;\0int b;\n")
        self.write("one_line.js", b"var a=1;" * (100 << 17))
        self.assertEqual(os.path.getsize(os.path.join(self.tree, "one_line.js")), 100 << 20)
        self.write("minified.js", "function a(b){return b+1};" * 4000)
        self.write("bindings.c", "/* DO NOT EDIT */\n" + "int generated_function(void);\n" * 30_000)
        self.write("large.c", "int large_file(void);\n" * 300_000)
        self.assert_skipped({"nul.c": "binary", "one_line.js": "too_large", "minified.js": "minified",
                             "bindings.c": "generated", "large.c": "too_large"})
        details = {entry["path"]: entry["detail"] for entry in self.json("map")["skipped"]}
        self.assertRegex(details["one_line.js"], "10[0-9]")

    def test_a_limit_can_be_raised(self):
        self.write("large.c", "int large_function(void) { return 0; }\n" * 120_000)
        self.assertEqual(self.json("map")["skipped"][0]["reason"], "too_large")
        self.assertEqual(self.json("map", "--max-file-size", "8M", "--max-file-time", "100000")["skipped"], [])

    def test_a_hundred_megabytes_in_one_line_are_minified_where_the_size_is_allowed(self):
        self.write("one_line.js", b"var a=1;" * (100 << 17))
        reasons = [entry["reason"] for entry in self.json("map", "--max-file-size", "200M")["skipped"]]
        self.assertEqual(reasons, ["minified"])

    def test_a_file_that_takes_too_long_is_given_up(self):
        self.write("slow.c", "int f(int a) { return (a + 1) * f(a); }\n" * 90_000)
        document = self.json("map", "--max-file-time", "1")
        self.assertIn(("slow.c", "too_slow"), [(entry["path"], entry["reason"]) for entry in document["skipped"]])

    def test_text_that_is_not_utf8_is_mapped_and_stays_valid_in_json(self):
        self.write("latin1.py", b"def caf\xe9():\n    pass\n\n\ndef plain_name():\n    return 'na\xefve'\n")
        self.write("latin1.c", b"/* \xe9\xe8 */\nint after_accents(void) { return '\xe9'; }\n")
        names = [line["name"] for line in self.json_lines("tags", "--defs")]
        self.assertIn("plain_name", names)
        self.assertIn("after_accents", names)
        document = self.json("map", "--tokens", "4096")
        self.assertEqual(document["skipped"], [])
        for arguments in (["map"], ["tags"], ["symbols", "*"], ["outline", "latin1.py"]):
            self.run_program(*arguments)[0].decode("utf-8")

    def test_ten_thousand_levels_of_nesting(self):
        depth = 10_000
        self.write("parens.c", "int deep_value(void) { return " + "\n(" * depth + "1" + ")" * depth + "; }\n")
        self.write("blocks.c", "void deep_blocks(void) " + "{\n" * depth + "}\n" * depth)
        self.write("deep.json", "[\n" * depth + "]\n" * depth)
        self.write("deep.py", "deep_list = " + "[\n" * depth + "]\n" * depth)
        self.write("deep.js", "function outer() {\n" * depth + "}\n" * depth)
        self.write("deep.html", "<div>\n" * depth + "</div>\n" * depth)
        document = self.json("map", "--tokens", "8192")
        self.assertIn("plain.c", [file["path"] for file in document["files"]])
        self.assertLessEqual({entry["reason"] for entry in document["skipped"]}, {"too_slow"})
        self.run_program("outline", "blocks.c")
        self.run_program("tree", "deep.js", "--lines", "5000")

    def test_links_and_special_files(self):
        os.mkfifo(os.path.join(self.tree, "pipe.c"))
        os.symlink("loop.c", os.path.join(self.tree, "loop.c"))
        os.symlink("ring_b", os.path.join(self.tree, "ring_a"))
        os.symlink("ring_a", os.path.join(self.tree, "ring_b"))
        os.symlink("..", os.path.join(self.tree, "up"))
        os.symlink("nowhere.c", os.path.join(self.tree, "dangling.c"))
        expected = dict.fromkeys(["loop.c", "ring_a", "ring_b", "up", "dangling.c"], "symlink") | {"pipe.c": "not_regular"}
        self.assert_skipped(expected)
        self.git("init", "-q")
        self.assert_skipped(expected)

    def test_a_named_file_that_cannot_be_used_says_why(self):
        os.mkfifo(os.path.join(self.tree, "pipe.c"))
        self.write("nul.c", b"\0")
        self.write("notes.unknown", "text\n")
        for path, expected in (("pipe.c", "not a regular file"), ("nul.c", "binary"),
                               ("notes.unknown", "no known language")):
            self.assertIn(expected, self.message("outline", path, status=1).lower())

    def test_names_that_terminals_and_json_cannot_hold(self):
        names = {b"new\nline.c": "new\\nline.c", b"tab\there.c": "tab\\there.c", b"bad\xff\xfe.c": "bad\\xff\\xfe.c",
                 b"esc\x1b[31m.c": "esc\\x1b[31m.c", "caf\u00e9 \u20ac.c".encode(): "caf\u00e9 \u20ac.c"}
        for number, name in enumerate(names):
            self.write(name, f"int odd_name_{number}(void) {{ return 0; }}\n")
        for command in (["map"], ["map", "--explain"], ["tags"], ["symbols", "odd"]):
            text = self.run_program(*command)[0].decode("utf-8")
            for shown in names.values():
                self.assertIn(shown, text)
            self.assertNotIn("\x1b", text)
        paths = {entry["path"] for entry in self.json("map")["files"]}
        self.assertIn("new\nline.c", paths)
        self.assertIn("bad\ufffd\ufffd.c", paths)
        self.assertEqual({line["path"] for line in self.json_lines("tags")}, paths)
        self.assertEqual(self.json("outline", os.fsdecode(b"bad\xff\xfe.c"))["path"], "bad\ufffd\ufffd.c")
        self.git("init", "-q")
        self.git("add", ".")
        self.assertEqual({entry["path"] for entry in self.json("map")["files"]}, paths)
        _, err = self.run_program("tags", "--format", "ctags")
        self.assertIn("3 tags left out", err.decode())

    def as_nobody(self):
        """The start of a command that runs without root's power to read everything."""
        if os.geteuid() != 0:
            return ()
        prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        can_start = subprocess.run([*prefix, PROGRAM, "langs"], cwd="/", env=self.environment, capture_output=True,
                                   check=False)
        if can_start.returncode != 0 or b"\noff " in can_start.stdout:
            self.skipTest(f"nobody cannot use {PROGRAM} and its grammars: {can_start.stderr.decode()}")
        for directory in (self.work, self.tree):
            os.chmod(directory, 0o755)
        return prefix

    def test_what_may_not_be_read(self):
        prefix = self.as_nobody()
        os.chmod(self.write("secret.c", PLAIN), 0)
        self.write("closed/inner.c", PLAIN)
        os.chmod(os.path.join(self.tree, "closed"), 0)
        self.addCleanup(os.chmod, os.path.join(self.tree, "closed"), 0o755)
        self.assert_skipped({"secret.c": "unreadable", "closed": "unreadable"}, prefix=prefix)
        _, err = self.run_program("outline", "secret.c", prefix=prefix, status=1)
        self.assertIn("Permission denied", err.decode())
        _, err = self.run_program("map", "closed", prefix=prefix, status=1)
        self.assertIn("Permission denied", err.decode())

    def test_files_that_come_change_and_go_during_the_run(self):
        for number in range(300):
            self.write(f"steady{number}.c", f"int steady_{number}(void) {{ return {number}; }}\n")
        is_over = threading.Event()
        churn = threading.Thread(target=self.churn, args=(is_over,))
        churn.start()
        try:
            for _ in range(12):
                document = self.json("symbols", "steady_*", "--limit", "0")
                self.assertEqual(document["found"], 300)
                self.assertLessEqual({entry["reason"] for entry in document["skipped"]}, {"vanished", "too_large"})
                self.run_program("tags", "--format", "etags")
        finally:
            is_over.set()
            churn.join()

    def churn(self, is_over):
        number = 0
        while not is_over.is_set():
            number += 1
            path = self.write(f"moving{number % 50}.c", f"int moving_{number}(void);\n" * (number % 200))
            if number % 3 == 0:
                os.truncate(path, number % 7)
            if number % 2 == 0:
                os.unlink(path)

    def test_a_deleted_file_that_git_tracks_is_no_error(self):
        self.git("init", "-q")
        tracked = self.write("deleted.c", PLAIN)
        self.git("add", ".")
        os.unlink(tracked)
        document = self.json("map")
        self.assertEqual(([file["path"] for file in document["files"]], document["skipped"]), (["plain.c"], []))

    def test_a_broken_git_index_is_told_and_the_files_are_listed_all_the_same(self):
        self.git("init", "-q")
        self.git("add", ".")
        self.write(".git/index", b"DIRC broken")
        out, err = self.run_program("map")
        self.assertIn(b"plain.c", out)
        self.assertIn("index", err.decode())
        self.assertTrue(self.json("map")["notices"])


if __name__ == "__main__":
    unittest.main()
