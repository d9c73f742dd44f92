# SPDX-License-Identifier: Apache-2.0
"""The tag files, read by the programs that they are for: readtags, vim and Emacs."""
import os
import re
import shutil
import subprocess
import unittest

from program import ProgramTest

PYTHON = """class Parser:
    limit = 3

    def parse(self, text):
        def inner():
            return text
        return inner()


def parse_all(texts):
    return [Parser().parse(text) for text in texts]
"""
HEADER = "namespace net {\nclass Socket {\n public:\n  int open(int port);\n  int port_;\n};\n}  // namespace net\n"
SOURCE = '#include "socket.hpp"\n\nint net::Socket::open(int port)\n{\n  return port_ = port;\n}\n'
# Directory entries, letter case and prefixes that a wrong order of lines would break a binary search on.
CASES = "int Zeta;\nint alpha(void);\nint alpha(void) { return 1; }\nint alphabet(void) { return 2; }\n" \
        "int Alpha(void) { return 3; }\nint _alpha(void) { return 4; }\nint alpha_2(void) { return 5; }\n"


class TagFiles(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("app/parser.py", PYTHON)
        self.write("net/socket.hpp", HEADER)
        self.write("net/socket.cpp", SOURCE)
        self.write("cases.c", CASES)
        self.write("User.php", "<?php\nnamespace App\\Models;\nclass User {\n  public function name() { return 1; }\n}\n")
        self.write("with space/a b.c", "\tint tabbed_line(void)\n{\n  return 0;\n}\r\n")

    def tag_file(self, form, name):
        path = os.path.join(self.tree, name)
        with open(path, "wb") as file:
            _, err = self.run_program("tags", "--format", form, stdout=file)
        self.assertEqual(err, b"")
        return path

    def definitions(self):
        return [line for line in self.json_lines("tags", "--defs")]

    def readtags(self, *arguments):
        answer = subprocess.run(["readtags", "-t", os.path.join(self.tree, "tags"), *arguments], capture_output=True,
                                check=True)
        self.assertEqual(answer.stderr, b"")
        return answer.stdout.decode().splitlines()

    @unittest.skipUnless(shutil.which("readtags"), "readtags (universal-ctags) is not installed")
    def test_readtags_lists_finds_and_completes(self):
        expected = self.definitions()
        self.tag_file("ctags", "tags")
        pseudo_tags = [line.split("\t")[:2] for line in self.readtags("-D")]
        self.assertIn(["!_TAG_FILE_FORMAT", "2"], pseudo_tags)
        self.assertIn(["!_TAG_FILE_SORTED", "1"], pseudo_tags)
        with open(os.path.join(self.tree, "tags"), "rb") as file:
            lines = file.read().splitlines()
        self.assertEqual(lines, sorted(lines))
        listed = [tuple(line.split("\t")[:3]) for line in self.readtags("-l")]
        self.assertEqual(sorted(listed), sorted((tag["name"], tag["path"], str(tag["line"])) for tag in expected))
        for name in {tag["name"] for tag in expected}:
            found = sorted(line.split("\t")[1] for line in self.readtags("-", name))
            self.assertEqual(found, sorted(tag["path"] for tag in expected if tag["name"] == name), name)
        prefixed = {line.split("\t")[0] for line in self.readtags("-p", "alpha")}
        self.assertEqual(prefixed, {"alpha", "alphabet", "alpha_2"})
        self.assertEqual({line.split("\t")[0] for line in self.readtags("-i", "-p", "ALPHA")},
                         {"alpha", "alphabet", "alpha_2", "Alpha"})
        self.assertEqual(self.readtags("-", "nothing_of_that_name"), [])

    @unittest.skipUnless(shutil.which("readtags"), "readtags (universal-ctags) is not installed")
    def test_readtags_shows_kind_scope_and_lines(self):
        self.tag_file("ctags", "tags")

        def fields(name, path):
            lines = [line.split("\t") for line in self.readtags("-en", "-", name)]
            line = next(line for line in lines if line[1] == path)
            return dict(field.split(":", 1) for field in line[3:] if ":" in field)
        method = fields("parse", "app/parser.py")
        self.assertEqual((method["kind"], method["class"], method["line"], method["end"]), ("method", "Parser", "4", "7"))
        self.assertEqual(fields("inner", "app/parser.py")["method"], "Parser.parse")
        # The class is defined in another file than this method of it.
        self.assertEqual(fields("open", "net/socket.cpp")["class"], "net::Socket")
        self.assertEqual(fields("port_", "net/socket.hpp")["class"], "net::Socket")
        self.assertEqual(fields("parse_all", "app/parser.py")["language"], "python")
        scopes = [value for key, value in fields("name", "User.php").items() if key in ("class", "scope")]
        self.assertTrue(scopes and scopes[0].endswith("User"), scopes)
        filtered = self.readtags("-Q", '(eq? $kind "class")', "-l")
        self.assertEqual({line.split("\t")[0] for line in filtered}, {"Parser", "Socket", "User"})

    def vim_position(self, vim, name):
        """The file and line to which :tag goes."""
        result = os.path.join(self.work, "position")
        commands = ["set nocompatible", f"set tags={self.tree}/tags", f"tag {name}", f"redir! > {result}",
                    "file", ".=", "redir END", "qa!"]
        arguments = [part for command in commands for part in ("-c", command)]
        subprocess.run([vim, "-es", "-u", "NONE", "-i", "NONE", *arguments], cwd=self.tree, env=self.environment,
                       stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
        with open(result, encoding="utf-8") as file:
            text = file.read()
        return re.search(r'"([^"]+)"', text)[1], int(text.split()[-1])

    def test_vim_goes_to_every_tag(self):
        vim = next(filter(None, map(shutil.which, ("vim", "vim.tiny", "vi", "nvim"))), None)
        if vim is None:
            self.skipTest("no vim is installed")
        expected = self.definitions()
        self.tag_file("ctags", "tags")
        for name in ("parse_all", "Socket", "alphabet", "Alpha", "_alpha", "tabbed_line"):
            tag = next(tag for tag in expected if tag["name"] == name)
            self.assertEqual(self.vim_position(vim, name), (tag["path"], tag["line"]), name)

    def etags_entries(self, path):
        """(file, text, name, line, offset) of each entry, by the format's description in Emacs' etags.c."""
        with open(path, "rb") as file:
            data = file.read()
        while data:
            header = re.match(rb"\x0c\n([^\n]+),(\d+)\n", data)
            self.assertTrue(header, data[:80])
            section = data[header.end():header.end() + int(header[2])]
            data = data[header.end() + int(header[2]):]
            for entry in section.decode().split("\n")[:-1]:
                parts = re.fullmatch("([^\x7f\x01]*)\x7f([^\x7f\x01]+)\x01(\\d+),(\\d+)", entry)
                self.assertTrue(parts, entry)
                yield header[1].decode(), parts[1], parts[2], int(parts[3]), int(parts[4])

    def test_etags_name_the_place_by_text_line_and_offset(self):
        expected = self.definitions()
        entries = list(self.etags_entries(self.tag_file("etags", "TAGS")))
        self.assertEqual([(file, name, line) for file, _, name, line, _ in entries],
                         [(tag["path"], tag["name"], tag["line"]) for tag in expected])
        for file, text, name, line, offset in entries:
            with open(os.path.join(self.tree, file), "rb") as source:
                content = source.read()
            self.assertTrue(content[offset:].startswith(text.encode()), (file, name))
            self.assertEqual(content[:offset].count(b"\n") + 1, line)
            self.assertTrue(text.endswith(name), (text, name))

    @unittest.skipUnless(shutil.which("emacs"), "emacs is not installed; the format's own test runs without it")
    def test_emacs_finds_definitions(self):
        table = self.tag_file("etags", "TAGS")
        for tag in self.definitions():
            if tag["name"] in ("parse_all", "alphabet", "tabbed_line"):
                script = f'(progn (visit-tags-table "{table}") (find-tag "{tag["name"]}") ' \
                         '(princ (format "%s:%d" (buffer-file-name) (line-number-at-pos))))'
                answer = subprocess.run(["emacs", "--batch", "-Q", "--eval", script], cwd=self.tree, check=True,
                                        env=self.environment, capture_output=True)
                self.assertEqual(answer.stdout.decode(), f"{self.tree}/{tag['path']}:{tag['line']}")


if __name__ == "__main__":
    unittest.main()
