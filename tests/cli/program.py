# SPDX-License-Identifier: Apache-2.0
"""The built program and throw-away trees to run it on. REPOMAP_PROGRAM names the program."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["REPOMAP_PROGRAM"]
SOURCE_DIR = os.environ["REPOMAP_SOURCE_DIR"]


def clean_environment(home):
    """No settings but those of the test, a cache of its own, and neither the daemon of who runs the tests nor a new one."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("REPO_MAP_", "XDG_", "NO_COLOR"))}
    if "REPO_MAP_RESOURCE_DIR" in os.environ:
        kept["REPO_MAP_RESOURCE_DIR"] = os.environ["REPO_MAP_RESOURCE_DIR"]
    git = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": home}
    own = {"HOME": home, "REPO_MAP_CACHE_DIR": os.path.join(home, "cache"), "REPO_MAP_DAEMON": "off", "TERM": "xterm",
           "LC_ALL": "C.UTF-8"}
    return kept | git | own


class ProgramTest(unittest.TestCase):
    """A test with a directory of its own, in which the program runs."""

    def setUp(self):
        self.work = os.path.realpath(tempfile.mkdtemp(prefix="repomap-cli-"))
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)
        self.home = os.path.join(self.work, "home")
        self.tree = os.path.join(self.work, "tree")
        os.mkdir(self.home)
        os.mkdir(self.tree)
        self.environment = clean_environment(self.home)

    def write(self, path, content="", root=None):
        """A file below the tree; `path` and `content` may be bytes."""
        full = os.path.join(os.fsencode(root or self.tree), os.fsencode(path))
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return full

    def git(self, *arguments, cwd=None):
        identity = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "init.defaultBranch=main",
                    "-c", "protocol.file.allow=always"]
        subprocess.run(["git", *identity, *arguments], cwd=cwd or self.tree, env=self.environment, check=True,
                       capture_output=True)

    def start(self, *arguments, cwd=None, prefix=(), **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | options
        return subprocess.Popen([*prefix, PROGRAM, *arguments], cwd=cwd or self.tree,
                                env=self.environment, **options)

    def run_program(self, *arguments, status=0, **options):
        """(stdout, stderr) as bytes; fails on another exit status."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, status, (arguments, (out or b"")[-2000:], err))
        return out, err

    def json(self, *arguments, status=0, **options):
        out, _ = self.run_program(*arguments, "--json", status=status, **options)
        return json.loads(out.decode("utf-8"))

    def json_lines(self, *arguments, status=0, **options):
        out, _ = self.run_program(*arguments, "--json", status=status, **options)
        return [json.loads(line) for line in out.decode("utf-8").split("\n")[:-1]]

    def message(self, *arguments, status):
        """What the program says on stderr, with nothing on stdout."""
        out, err = self.run_program(*arguments, status=status)
        self.assertEqual(out, b"", arguments)
        return err.decode("utf-8")
