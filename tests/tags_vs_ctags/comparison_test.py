# SPDX-License-Identifier: Apache-2.0
"""Tests of the comparison's own parts: names, what a line lies inside of, the classes of differences."""

import pathlib
import sys
import tempfile
import unittest

BENCH = pathlib.Path(__file__).resolve().parent.parent.parent / "bench"
sys.path[:0] = [str(BENCH / "tags_vs_ctags"), str(BENCH)]
from classes import Case, classify  # noqa: E402
from comparison import sort_out  # noqa: E402
from definitions import Definition, bare_name  # noqa: E402
from sources import CODE, COMMENT, STRING, Source  # noqa: E402


class WithFiles(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def source(self, language, text):
        path = pathlib.Path(self.folder.name) / "file"
        path.write_text(text, encoding="utf-8")
        return Source(language, path)

    def title(self, language, text, name, line, kind="function", ours=((1, "other"),)):
        definitions = [Definition("file", n, at, "function") for at, n in ours]
        return classify(Case(Definition("file", name, line, kind), self.source(language, text), definitions, definitions)).title


class BareName(unittest.TestCase):
    def test_keeps_the_last_component(self):
        for name in ("f", "a.f", "a.b:f", "a::b::f", "a\\f"):
            self.assertEqual(bare_name(name), "f")

    def test_keeps_operators_whole(self):
        self.assertEqual(bare_name("A::operator =="), "operator==")
        self.assertEqual(bare_name("[]="), "[]=")

    def test_does_not_take_a_name_that_contains_the_word_for_an_operator(self):
        self.assertEqual(bare_name("my_operator_name"), "my_operator_name")
        self.assertEqual(bare_name("operator.eq"), "eq")


class Regions(WithFiles):
    def test_knows_block_comments(self):
        regions = self.source("c", "/* a\nb */\nc; // d\ne").regions
        self.assertEqual(regions[1:5], [CODE, COMMENT, CODE, CODE])

    def test_does_not_open_a_comment_inside_a_quotation(self):
        self.assertEqual(self.source("c", 'x = "/*";\ny').regions[2], CODE)

    def test_knows_long_strings_and_here_documents(self):
        self.assertEqual(self.source("python", 'x = """\ndef f():\n"""\ny').regions[1:5], [CODE, STRING, STRING, CODE])
        self.assertEqual(self.source("lua", "x = [[\nf\n]]\ny").regions[1:5], [CODE, STRING, STRING, CODE])
        self.assertEqual(self.source("bash", "cat <<EOF\nf() {\nEOF\ng").regions[1:5], [CODE, STRING, CODE, CODE])

    def test_knows_preprocessor_conditions(self):
        source = self.source("c", "#if 0\na\n#else\nb\n#endif\nc\n")
        self.assertEqual([source.conditions_at(n) for n in (2, 4, 6)], [("if 0",), ("else  of if 0",), ()])


class Classes(WithFiles):
    def test_names_what_ctags_takes_from_comments_and_strings(self):
        self.assertIn("comment", self.title("c", "/*\nint f() {\n*/\n", "f", 2))
        self.assertIn("string", self.title("python", 'x = """\ndef f(): pass\n"""\n', "f", 2))

    def test_tells_a_macro_invocation_from_a_function(self):
        self.assertIn("macro invocation", self.title("c", "\nDECLARE(x)\n{\n}\n", "DECLARE", 2))
        self.assertNotIn("macro", self.title("c", "\nint *declare(int x)\n{\n}\n", "declare", 2))

    def test_sees_our_definition_on_another_line(self):
        self.assertIn("another line", self.title("java", "@A\nvoid\nf() {}\n", "f", 2 + 1, ours=((2, "f"),)))

    def test_leaves_what_no_rule_holds_for_in_a_class_of_its_own(self):
        self.assertEqual(self.title("go", "func f() {\n}\n", "f", 1), "other")


class Comparing(WithFiles):
    def test_counts_each_definition_once_on_its_side(self):
        self.source("go", "func f() {}\nfunc g() {}\nfunc h() {}\n")
        theirs = {d.key: d for d in (Definition("file", "f", 1, "func"), Definition("file", "g", 2, "func"))}
        ours = {d.key: d for d in (Definition("file", "g", 2, "function"), Definition("file", "h", 3, "function"))}
        result = sort_out("go", self.folder.name, ["file"], theirs, ours)
        self.assertEqual((result.total, result.found, result.raw_recall), (2, 1, 0.5))
        self.assertEqual([c.tag.name for cases in result.missing.values() for c in cases], ["f"])
        self.assertEqual([c.tag.name for cases in result.extra.values() for c in cases], ["h"])


if __name__ == "__main__":
    unittest.main()
