# SPDX-License-Identifier: Apache-2.0
"""The progress line, colours and Ctrl-C, on a pseudo-terminal."""
import errno
import os
import pty
import select
import signal
import subprocess
import time
import unittest

from program import ProgramTest

INTERRUPTED = 130
CLEAR_LINE = b"\r\x1b[2K"


class Terminal(ProgramTest):
    """stderr is a terminal; stdout is one too unless said otherwise."""

    def setUp(self):
        super().setUp()
        self.master, self.slave = pty.openpty()
        self.addCleanup(os.close, self.master)

    def start_on_terminal(self, *arguments, **options):
        process = self.start(*arguments, **({"stdout": self.slave, "stderr": self.slave} | options))
        os.close(self.slave)
        self.addCleanup(process.kill)
        return process

    def read(self, process, until=None):
        """What the terminal shows, to the end or until `until` is seen."""
        shown = b""
        deadline = time.monotonic() + 100
        while until is None or until not in shown:
            self.assertLess(time.monotonic(), deadline, shown[-500:])
            if not select.select([self.master], [], [], 1)[0]:
                continue
            try:
                block = os.read(self.master, 65536)
            except OSError as error:
                self.assertEqual(error.errno, errno.EIO)
                break
            if not block:
                break
            shown += block
        return shown

    def write_slow_tree(self):
        """Far more than half a second of work on one thread, in small files."""
        body = "".join(f"int f{i}(int a) {{ return a * {i} + f{(i + 7) % 500}(a); }}\n" for i in range(500))
        for i in range(400):
            self.write(f"d{i % 20}/file{i}.c", f"int only{i};\n{body}")  # equal contents are parsed once

    def test_a_short_run_draws_no_progress_line(self):
        self.write("a.c", "int a(void) { return 0; }\n")
        process = self.start_on_terminal("map")
        shown = self.read(process)
        self.assertEqual(process.wait(timeout=60), 0)
        self.assertIn(b"int a(void)", shown)
        self.assertNotIn(b"indexing", shown)

    def test_a_long_run_draws_a_progress_line_and_removes_it(self):
        self.write_slow_tree()
        started = time.monotonic()
        process = self.start_on_terminal("map", "--jobs", "1", stdout=subprocess.PIPE)
        shown = self.read(process, until=b"files")
        self.assertGreaterEqual(time.monotonic() - started, 0.5)
        shown += self.read(process)  # first: a terminal that nobody reads stops the program
        process.stdout.read()
        process.stdout.close()
        self.assertEqual(process.wait(timeout=100), 0)
        self.assertRegex(shown, rb"indexing \[#*\.*\] \d+/400 files")
        self.assertTrue(shown.endswith(CLEAR_LINE), shown[-200:])

    def test_no_progress_where_stderr_is_no_terminal(self):
        self.write_slow_tree()
        os.close(self.slave)
        _, err = self.run_program("map", "--jobs", "1")
        self.assertEqual(err, b"")

    def test_interrupt_ends_with_130_and_clears_the_line(self):
        self.write_slow_tree()
        for index, (number, status) in enumerate(((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, -signal.SIGTERM))):
            if index > 0:
                os.close(self.master)
                self.master, self.slave = pty.openpty()
            process = self.start_on_terminal("map", "--jobs", "1", "--no-cache", stdout=subprocess.DEVNULL)
            shown = self.read(process, until=b"files")
            process.send_signal(number)
            shown += self.read(process)
            self.assertEqual(process.wait(timeout=60), status)
            self.assertTrue(shown.endswith(CLEAR_LINE), shown[-200:])

    def test_colours_only_on_a_terminal_and_without_no_color(self):
        self.write("a.c", "int a(void) { return 0; }\n")
        escape = b"\x1b["
        self.assertNotIn(escape, self.run_program("tags", "--defs")[0])
        for extra, is_coloured in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            self.environment |= extra
            process = self.start_on_terminal("tags", "--defs")
            self.assertEqual(escape in self.read(process), is_coloured, extra)
            self.assertEqual(process.wait(timeout=60), 0)
            os.close(self.master)
            self.master, self.slave = pty.openpty()
            self.environment["TERM"] = "xterm"
        os.close(self.slave)


if __name__ == "__main__":
    unittest.main()
