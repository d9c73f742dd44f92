# SPDX-License-Identifier: Apache-2.0
"""Compares render_tree and collect_scopes with grep_ast's TreeContext, byte for byte, on real and on damaged files.

Both sides parse with the same grammars, so they see the same trees. Lines of interest are random; the seed is printed
and can be given again. Files in which Python and the parser number lines differently are left out (see
parsers/tree_renderer.hpp) and counted.

Usage: tree_context_test.py --driver EXE --grammars DIR --venv DIR --fixtures DIR [--seed N] [--cases N] [--files N] ROOT...
Ends with 77, and says why, where the package index cannot be reached.
"""

import argparse
import ctypes
import os
import random
import subprocess
import sys
import sysconfig
import tempfile
import threading
import types
import venv

PACKAGES = ("tree-sitter==0.25.2", "grep-ast==0.9.0")
SKIPPED = 77
# File extension: our grammar, and an extension by which the peer knows the same language.
LANGUAGES = {
    ".py": ("python", ".py"),
    ".c": ("c", ".c"),
    ".h": ("cpp", ".cpp"),
    ".hpp": ("cpp", ".cpp"),
    ".cpp": ("cpp", ".cpp"),
    ".go": ("go", ".go"),
    ".java": ("java", ".java"),
    ".js": ("javascript", ".js"),
    ".ts": ("typescript", ".ts"),
    ".rb": ("ruby", ".rb"),
    ".rs": ("rust", ".rs"),
    ".json": ("json", ".json"),
    ".css": ("css", ".css"),
    ".html": ("html", ".html"),
    ".sh": ("bash", ".bash"),
}


def reenter_in_venv(directory):
    """Runs this script again in a virtual environment that has the peer."""
    python = os.path.join(directory, "bin", "python")
    marker = os.path.join(directory, "installed " + " ".join(PACKAGES))
    if not os.path.exists(marker):
        try:
            venv.create(directory, with_pip=True, clear=True)
        except (OSError, subprocess.CalledProcessError) as failure:
            print("skipped: no virtual environment (python3-venv):", failure)
            sys.exit(SKIPPED)
        # Without dependencies: the peer's grammars are replaced by ours.
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", *PACKAGES]
        result = subprocess.run(pip, capture_output=True, text=True)
        if result.returncode != 0:
            print("skipped: pip cannot install the peer:", result.stderr.strip()[-400:])
            sys.exit(SKIPPED)
        open(marker, "w").close()
    os.execv(python, [python, *sys.argv])


def install_grammars(directory):
    """Makes the peer parse with the grammars in `directory`. Returns a function from its language names to parsers."""
    import tree_sitter

    parsers = {}

    def get_parser(name):
        if name not in parsers:
            function = getattr(ctypes.CDLL(os.path.join(directory, name + ".so")), "tree_sitter_" + name)
            function.restype = ctypes.c_void_p
            new_capsule = ctypes.pythonapi.PyCapsule_New
            new_capsule.restype = ctypes.py_object
            new_capsule.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
            capsule = new_capsule(function(), b"tree_sitter.Language", None)
            parsers[name] = tree_sitter.Parser(tree_sitter.Language(capsule))
        return parsers[name]

    package = types.ModuleType("tree_sitter_language_pack")
    package.get_parser = get_parser
    package.get_language = None
    sys.modules["tree_sitter_language_pack"] = package


class Ours:
    def __init__(self, driver, grammars):
        self.process = subprocess.Popen([driver, grammars], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def render(self, path, language, lines):
        numbers = ",".join(map(str, lines))
        self.process.stdin.write(f"{language}\t{path}\t{numbers}\n".encode())
        self.process.stdin.flush()
        length = self.process.stdout.readline()
        assert length, "the driver has ended"
        return self.process.stdout.read(int(length))


class Theirs:
    def __init__(self, code, extension):
        from grep_ast import TreeContext

        if not code.endswith("\n"):
            code += "\n"
        self.context = TreeContext("x" + extension, code, color=False, line_number=False, child_context=False,
                                   last_line=False, margin=0, mark_lois=False, loi_pad=0,
                                   show_top_of_file_parent_scope=False)

    def render(self, lines):
        self.context.lines_of_interest = set()
        self.context.add_lines_of_interest(lines)
        self.context.add_context()
        return self.context.format().encode()


def find_files(roots):
    """The files of each grammar, below one of the roots, that can be compared."""
    found = {}
    for root in roots:
        for directory, names, files in os.walk(root):
            names.sort()
            for file in sorted(files):
                path = os.path.join(directory, file)
                extension = os.path.splitext(file)[1]
                # The larger ones take the peer seconds each.
                if extension in LANGUAGES and "\t" not in path and "\n" not in path and os.path.isfile(path) \
                        and os.path.getsize(path) <= 300_000:
                    found.setdefault(LANGUAGES[extension], []).append(path)
    return found


def read_comparable(path):
    """The text, or None where it is no UTF-8 or the two sides number its lines differently."""
    with open(path, "rb") as file:
        content = file.read()
    try:
        code = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    rows = code.split("\n")
    if rows[-1] == "":
        rows.pop()
    same = code.splitlines() == [row[:-1] if row.endswith("\r") else row for row in rows]
    return code if same and code else None


def damage(code, chance):
    """The code without some stretches, so that the tree has errors and missing nodes."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(code) + 1)
        code = code[:start] + code[start + chance.randint(1, 40):]
    return code


def choose_lines(line_count, chance):
    count = chance.choice((1, 1, 2, 3, 5, 8, 20, 60))
    if chance.random() < 0.3:  # close together, so that gaps close
        start = chance.randrange(line_count)
        return [min(start + chance.randint(0, 3 * count), line_count) for _ in range(count)]
    return [chance.randint(0, line_count) for _ in range(count)]


def compare_file(ours, path, language, code, options):
    theirs = Theirs(code, language[1])
    for _ in range(options.cases):
        lines = choose_lines(code.count("\n") + 1, options.chance)
        expected = theirs.render(lines)
        actual = ours.render(path, language[0], lines)
        if expected != actual:
            print(f"{path} ({language[0]}) lines {sorted(set(lines))}: theirs, then ours")
            print(expected.decode() + "-" * 40 + "\n" + actual.decode(errors="replace"))
            sys.exit(1)


def compare_fixtures(directory):
    """The expected texts of the golden cases are the peer's, too."""
    cases = 0
    for name in sorted(os.listdir(directory)):
        case = os.path.join(directory, name)
        inputs = [file for file in os.listdir(case) if file.startswith("input.")] if os.path.isdir(case) else []
        for file in inputs:
            code = read_comparable(os.path.join(case, file))
            if code is None:
                print("fixture left out, as Python numbers its lines otherwise:", name)
                continue
            with open(os.path.join(case, "lines")) as lines:
                numbers = [int(line) - 1 for line in lines.read().split()]
            with open(os.path.join(case, "expected"), "rb") as expected:
                if Theirs(code, LANGUAGES[os.path.splitext(file)[1]][1]).render(numbers) != expected.read():
                    sys.exit(f"the peer renders {case} otherwise")
            cases += 1
    print(cases, "fixtures are equal")


def compare(options):
    compare_fixtures(options.fixtures)
    ours = Ours(options.driver, options.grammars)
    totals = {"files": 0, "damaged": 0, "cases": 0, "left out": 0}
    with tempfile.TemporaryDirectory() as scratch:
        for language, paths in sorted(find_files(options.roots).items()):
            if not os.path.exists(os.path.join(options.grammars, language[0] + ".so")):
                print(language[0], "is left out: no grammar")
                continue
            for path in options.chance.sample(paths, min(options.files, len(paths))):
                code = read_comparable(path)
                if code is None:
                    totals["left out"] += 1
                    continue
                compare_file(ours, path, language, code, options)
                totals["files"] += 1
                totals["cases"] += options.cases
                broken_path = os.path.join(scratch, str(totals["files"]))
                with open(broken_path, "wb") as file:
                    file.write(damage(code, options.chance).encode())
                broken = read_comparable(broken_path)
                if broken is not None:
                    compare_file(ours, broken_path, language, broken, options)
                    totals["damaged"] += 1
                    totals["cases"] += options.cases
            print(language[0], "equal so far:", totals, flush=True)
    if totals["cases"] == 0:
        sys.exit("nothing was compared")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--driver", required=True)
    arguments.add_argument("--grammars", required=True)
    arguments.add_argument("--venv", required=True)
    arguments.add_argument("--fixtures", required=True, help="the golden cases")
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments.add_argument("--cases", type=int, default=20, help="for each file")
    arguments.add_argument("--files", type=int, default=12, help="for each language")
    arguments.add_argument("roots", nargs="+")
    options = arguments.parse_args()
    if os.path.realpath(sys.prefix) != os.path.realpath(options.venv):
        reenter_in_venv(options.venv)
    install_grammars(options.grammars)
    print("seed", options.seed)
    options.chance = random.Random(options.seed)
    options.roots.append(sysconfig.get_paths()["stdlib"])
    # The peer recurses once for each level of the tree.
    sys.setrecursionlimit(1 << 20)
    threading.stack_size(512 << 20)
    failures = []

    def run():
        try:
            compare(options)
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


if __name__ == "__main__":
    main()
