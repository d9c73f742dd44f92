# SPDX-License-Identifier: Apache-2.0
"""docs/CLI.md, the manual page, README.md and --help say the same, and their examples run as written."""
import os
import re
import shutil
import signal
import subprocess
import unittest

from daemon import DaemonTest
from program import PROGRAM, SOURCE_DIR

UPLOAD = """int upload_file(const char *path)
{
  int tries = 0;
  while (tries < 3) {
    ++tries;
  }
  return path != 0;
}
"""
MAIN = 'int upload_file(const char *path);\nint parse_header(int a) { return a; }\n' \
       'int main(void)\n{\n  return upload_file("a") + parse_header(1);\n}\n'


def read(path):
    with open(os.path.join(SOURCE_DIR, path), encoding="utf-8") as file:
        return file.read()


def plain_manual():
    """The manual page without its markup."""
    text = re.sub(r"\\f[A-Z]", "", read("docs/repomap.1")).replace("\\-", "-").replace("\\e", "\\")
    return re.sub(r"^\..*$", lambda line: line[0].replace('"', ""), text, flags=re.M)


# What an editor says to a language server that it has no use for.
FAREWELL = "".join(f"Content-Length: {len(message)}\r\n\r\n{message}" for message in (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}',
    '{"jsonrpc":"2.0","id":2,"method":"shutdown"}', '{"jsonrpc":"2.0","method":"exit"}'))

# Examples that go on until they are interrupted, once they have shown something.
ENDLESS = re.compile(r"^repomap (watch|serve(?! --background)|status.* --watch)\b")


class Documents(DaemonTest):
    def setUp(self):
        super().setUp()
        self.environment["REPO_MAP_DAEMON"] = "off"
        self.help = dict(self.help_of())
        self.assertGreaterEqual(len(self.help), 20)

    def help_of(self, *group):
        """The names and the help of the commands of a group, or of the program."""
        listed = self.run_program(*group, "--help")[0].decode()
        for name in re.findall(r"^  ([a-z]+) {3,}", listed.split("Subcommands:")[1], re.M):
            text = self.run_program(*group, name, "--help")[0].decode()
            if "Subcommands:" in text:
                yield from self.help_of(*group, name)
            else:
                yield " ".join([*group, name]), text

    def test_every_command_and_option_is_described(self):
        reference, manual = read("docs/CLI.md"), plain_manual()
        for name, text in self.help.items():
            self.assertRegex(reference, rf"(?m)^##.* repomap {name}\b")
            self.assertRegex(manual, rf"(?m)^\.B[IR]* ?.*\b{name}\b")
            for option in re.findall(r"--[a-z-]+", text.split("Examples:")[0]):
                self.assertIn(option, reference, name)
                self.assertIn(option, manual, name)

    def test_every_described_option_exists(self):
        known = set(re.findall(r"--[a-z-]+", "".join(self.help.values()))) | {"--version"}
        for text in (read("docs/CLI.md"), plain_manual()):
            self.assertLessEqual(set(re.findall(r"--[a-z][a-z-]*", text)), known)

    def test_every_setting_and_reason_is_described(self):
        self.environment["REPO_MAP_RESOURCE_DIR"] = self.work
        settings = self.json("doctor", status=1)["settings"]
        reasons = re.findall(r'return "([a-z_]+)";', read("core/model/skipped_file.cpp"))
        self.assertGreater(len(reasons), 8)
        for text in (read("docs/CLI.md"), plain_manual()):
            for word in [setting["environment"] for setting in settings] + reasons:
                if word != "unknown":
                    self.assertIn(word, text)

    def prepare_examples(self):
        """A repository and a home in which every name of an example exists."""
        for path in ("src/upload.c", "src/watch.c"):
            self.write(path, UPLOAD)
        self.write("src/main.c", MAIN + "\n" * 100 + "int last_line;\n")
        self.write("src/rank.cpp", "struct TagRanker { int rank() { return 1; } };\nclass FileWatcher {};\nclass TagRow {};\n"
                                   "int pagerank(TagRanker r) { return r.rank(); }\nstruct PageRank {};\nPageRank p;\n")
        self.write("src/main.go", "package main\nfunc help() {}\nfunc main() {\n\thelp()\n}\n")
        self.git("init", "-q")
        self.write("src/project/a.c", UPLOAD, root=self.home)
        for directory in (".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions", "bin"):
            os.makedirs(os.path.join(self.home, directory))
        os.symlink(PROGRAM, os.path.join(self.home, "bin/repomap"))
        self.environment["PATH"] = os.path.join(self.home, "bin") + ":" + self.environment["PATH"]

    def check_example(self, command):
        command = re.sub(r"  +\S.*$", "", command)  # what stands behind it is an explanation
        if "| jq" in command and shutil.which("jq") is None:
            command = command.split("|")[0]
        if command.startswith(("repomap stop", "repomap status")) and self.daemon_pid() is None:
            self.run_program("serve", "--background")
        if command.startswith("repomap serve") and self.daemon_pid() is not None:
            self.run_program("stop")  # one that is killed leaves work for the example of `cache check`
        if ENDLESS.match(command):
            self.check_endless_example(command)
            return
        # Loading all languages takes seconds, and other tests do it.
        no_languages = {"REPO_MAP_RESOURCE_DIR": self.work} if command.startswith("repomap langs") else {}
        ran = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=self.tree, env=self.environment | no_languages,
                             input=FAREWELL.encode(), capture_output=True, check=False, timeout=60)
        self.assertEqual(ran.returncode, 0, (command, ran.stdout[-500:], ran.stderr))

    def check_endless_example(self, command):
        running = subprocess.Popen(["bash", "-c", "exec " + command], cwd=self.tree, env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertNotEqual(running.stdout.readline(), b"", command)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
        self.assertIn(running.returncode, (0, 130), (command, err))

    def test_examples_of_help_run_as_written(self):
        self.prepare_examples()
        for name, text in self.help.items():
            examples = re.findall(r"^  (repomap .*)$", text.split("Examples:")[1], re.M)
            self.assertTrue(examples, name)
            for example in examples:
                self.check_example(example)

    def test_examples_of_the_manual_and_the_readme_run_as_written(self):
        self.prepare_examples()
        blocks = re.findall(r"^\.EX\n(.*?)^\.EE", plain_manual(), re.M | re.S)
        manual = "".join(blocks).splitlines()
        readme = [line for line in read("README.md").split("\n") if re.match(r"repomap (?!COMMAND)[a-z]+( |$)", line)]
        readme = [re.sub(r" +#.*$", "", line) for line in readme]
        self.assertGreaterEqual(min(len(manual), len(readme)), 4)
        for example in manual + readme:
            self.check_example(example)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_the_manual_page_has_no_markup_errors(self):
        page = os.path.join(SOURCE_DIR, "docs/repomap.1")
        ran = subprocess.run(["groff", "-man", "-ww", "-z", "-Tutf8", page], capture_output=True, check=True)
        self.assertEqual(ran.stderr.decode(), "")


if __name__ == "__main__":
    unittest.main()
