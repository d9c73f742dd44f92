#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`repomap hook`: what an agent's hooks get, and that they get status 0 and nothing else in every trouble."""
import json
import os
import socket
import stat
import subprocess
import unittest

import daemon


class HookTest(daemon.DaemonTest):
    def setUp(self):
        super().setUp()
        self.write("src/parser.py", "class Parser:\n    def parse_header(self, text):\n        return text\n")
        self.write("src/watcher.py", "class FileWatcher:\n    def drain(self):\n        return []\n")
        for number in range(8):
            self.write(f"src/user{number}.py", f"from parser import Parser\n\ndef use{number}():\n    return Parser().parse_header('')\n")
        for number in range(60):
            self.write(f"src/other{number}.py", f"def filler_{number}():\n    return Parser(), filler_{(number + 1) % 60}()\n")
        self.git("init", "-q")
        self.log = os.path.join(self.directory, "hook.log")

    def hook(self, event, input_text=None, **options):
        """What a hook prints; status 0 and nothing on stderr, whatever it is given."""
        if isinstance(input_text, dict):
            input_text = json.dumps(input_text)
        arguments = options.pop("arguments", [])
        process = self.start("hook", event, *arguments, stdin=subprocess.PIPE, **options)
        out, err = process.communicate((input_text or "").encode("utf-8", "surrogateescape"), timeout=60)
        self.assertEqual((process.returncode, err), (0, b""), (event, input_text))
        return out.decode()

    def context(self, event, name, arguments=(), **fields):
        """The text that a client adds; None if there is none in time."""
        out = self.hook(event, {"session_id": "s", "cwd": self.tree, "hook_event_name": name} | fields, arguments=arguments)
        if not out:
            return None
        answer = json.loads(out)
        self.assertEqual(list(answer), ["hookSpecificOutput"])
        self.assertEqual(sorted(answer["hookSpecificOutput"]), ["additionalContext", "hookEventName"])
        self.assertEqual(answer["hookSpecificOutput"]["hookEventName"], name)
        return answer["hookSpecificOutput"]["additionalContext"]

    def reasons(self):
        try:
            with open(self.log, encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def warm(self):
        """A daemon that has the repository in memory."""
        self.serve()
        self.connect().ask("map", {"root": self.tree, "complete": "whole", "tokens": 1024})

    def test_a_session_begins_with_a_map(self):
        self.warm()
        # A busy machine may take longer than the hook waits.
        text = daemon.wait_until(lambda: self.context("session-start", "SessionStart", source="startup"), "a map in time")
        first, map_text = text.split("\n\n", 1)
        self.assertIn("repo_map", first)
        self.assertIn("repomap map", first)
        self.assertIn("all of them read", first)
        self.assertIn("parse_header", map_text)

    def test_a_prompt_gets_what_its_words_name(self):
        self.warm()
        few = ["--tokens", "80"]
        ask = lambda prompt: self.context("user-prompt-submit", "UserPromptSubmit", arguments=few, prompt=prompt)
        found = daemon.wait_until(lambda: ask("why does FileWatcher drain nothing?"), "a map in time")
        self.assertIn("class FileWatcher", found)
        self.assertIn("drain", daemon.wait_until(lambda: ask("/src/watcher.py drains nothing"), "a map in time"))
        for prompt in ("", "  \n", "/clear", "/review src/watcher.py", "!ls", "# remember", "ok thanks"):
            self.assertIsNone(ask(prompt), prompt)
        self.assertNotIn("FileWatcher", self.reasons())

    def test_common_words_pull_nothing_up(self):
        self.write("src/result.py", "def ok(value):\n    return value\n\ndef thanks():\n    return ok(1)\n")
        self.warm()
        ask = lambda prompt: self.context("user-prompt-submit", "UserPromptSubmit", arguments=["--tokens", "80"], prompt=prompt)
        self.assertIn("def ok", daemon.wait_until(lambda: ask("what does ok() return?"), "a map in time"))
        self.assertIsNone(ask("Ok, thanks!"))

    def test_the_budget_is_kept(self):
        self.warm()
        few = daemon.wait_until(lambda: self.hook("session-start", {"cwd": self.tree}, arguments=["--tokens", "64"]), "a map")
        many = daemon.wait_until(lambda: self.hook("session-start", {"cwd": self.tree}, arguments=["--tokens", "900"]), "a map")
        self.assertLess(len(few), len(many))

    def test_the_repository_is_that_of_the_input_then_of_the_environment(self):
        self.warm()
        elsewhere = os.path.join(self.work, "elsewhere")
        os.mkdir(elsewhere)
        inside = os.path.join(self.tree, "src")
        found = lambda text, **options: daemon.wait_until(lambda: self.hook("session-start", text, **options), "a map")
        self.assertIn("parse_header", found({"cwd": inside}, cwd=elsewhere))
        self.environment["CLAUDE_PROJECT_DIR"] = inside
        self.assertIn("parse_header", found({}, cwd=elsewhere))
        del self.environment["CLAUDE_PROJECT_DIR"]
        self.assertIn("parse_header", found({}, cwd=inside))

    def test_without_a_daemon_one_is_started_for_the_next_time(self):
        self.environment["REPO_MAP_DAEMON"] = "start"
        self.assertIsNone(self.context("session-start", "SessionStart"))
        self.wait_for_daemon()
        loaded = lambda: self.connect().ask("status", {})["repositories"]
        self.assertEqual(daemon.wait_until(loaded, "the repository is loaded")[0]["root"], self.tree)
        self.assertIn("parse_header", daemon.wait_until(lambda: self.context("session-start", "SessionStart"), "a map"))

    def test_no_daemon_is_started_where_the_settings_say_so(self):
        for setting in ("use", "off"):
            self.environment["REPO_MAP_DAEMON"] = setting
            self.assertEqual(self.hook("session-start", {"cwd": self.tree}), "")
        self.assertIsNone(self.daemon_pid())
        self.assertEqual(len(self.reasons().splitlines()), 2)

    def test_every_trouble_ends_well(self):
        secret = "the prompt is a secret"
        for text in ("", "{", "[]", "null", "3", '{"cwd": 3}', '{"cwd": "relative"}', '{"prompt": ["' + secret + '"]}',
                     '{"cwd": "/nowhere/at/all"}', "[" * 100_000, '"' + secret, '{"cwd": "/etc/passwd"}', "\0\udcff"):
            for event in ("session-start", "user-prompt-submit"):
                self.assertEqual(self.hook(event, text), "", text[:50])
        self.assertIn("not a JSON object", self.reasons())
        self.assertNotIn("secret", self.reasons())
        self.assertEqual(stat.S_IMODE(os.stat(self.log).st_mode), 0o600)

    def test_wrong_usage_ends_well(self):
        for arguments in ((), ("no-such-event",), ("session-start", "--no-such-flag"), ("session-start", "--tokens", "many"),
                          ("session-start", "more", "more")):
            out, err = self.run_program("hook", *arguments)
            self.assertEqual((out, err), (b"", b""), arguments)
        self.assertIn("--no-such-flag", self.reasons())
        out, _ = self.run_program("hook", "--help")
        self.assertIn(b"session-start", out)

    def test_wrong_settings_end_well(self):
        self.write("repomap.toml", "tokens = \"nonsense\"\n[[[")
        self.hook("session-start", {"cwd": self.tree})
        self.environment["REPO_MAP_TOKENS"] = "nonsense"
        self.assertEqual(self.hook("session-start", {"cwd": self.tree}), "")

    def test_a_daemon_that_does_not_answer_costs_nothing_but_the_deadline(self):
        os.makedirs(self.directory, mode=0o700)
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(self.socket)
        listener.listen()
        self.assertEqual(self.hook("session-start", {"cwd": self.tree}), "")
        self.assertIn("in time", self.reasons())

    def test_a_listener_that_takes_no_connection_ends_well(self):
        os.makedirs(self.directory, mode=0o700)
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(self.socket)
        listener.listen(0)
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for one in waiting:
            self.addCleanup(one.close)
            one.setblocking(False)
            one.connect_ex(self.socket)
        self.assertEqual(self.hook("session-start", {"cwd": self.tree}), "")
        self.assertIn("daemon.sock: ", self.reasons())

    def test_reads_no_more_than_a_client_says(self):
        for text in ('{"prompt": "' + "x" * 2_000_000 + '"}', '{"prompt": [' + "0," * 1_000_000 + '0]}'):
            self.assertEqual(self.hook("user-prompt-submit", text), "")
        for reason in self.reasons().splitlines():
            self.assertRegex(reason, "more than 1048576 bytes|does not come")

    def test_a_directory_that_is_no_repository_is_left_alone(self):
        self.warm()
        elsewhere = os.path.join(self.work, "elsewhere")
        os.mkdir(elsewhere)
        self.write(os.path.join(elsewhere, "secret.py"), "def secret(): pass\n")
        self.environment["CLAUDE_PROJECT_DIR"] = elsewhere
        self.assertEqual(self.hook("session-start", {"cwd": elsewhere}, cwd=elsewhere), "")
        self.assertIn("not a repository", daemon.wait_until(
            lambda: self.hook("session-start", {"cwd": elsewhere}, cwd=elsewhere) or self.reasons(), "a reason"))
        self.assertEqual([one["root"] for one in self.connect().ask("status", {})["repositories"]], [self.tree])
        # A client that works elsewhere, and says where the project is.
        self.environment["CLAUDE_PROJECT_DIR"] = self.tree
        found = daemon.wait_until(lambda: self.hook("session-start", {"cwd": elsewhere}, cwd=elsewhere), "a map")
        self.assertIn("parse_header", found)
        # A directory that is named is taken as it is.
        named = ["--root", elsewhere]
        text = daemon.wait_until(lambda: self.hook("session-start", {"cwd": self.tree}, arguments=named), "a map")
        self.assertIn("def secret", text)

    def test_broken_streams_end_well(self):
        self.warm()
        reader, writer = os.pipe()
        os.close(reader)
        self.assertEqual(self.start("hook", "session-start", stdout=writer, stderr=subprocess.DEVNULL).wait(60), 0)
        os.close(writer)
        full = os.open("/dev/full", os.O_WRONLY)
        self.assertEqual(self.start("hook", "session-start", stdout=full, stderr=full).wait(60), 0)
        os.close(full)
        closed = subprocess.run(["sh", "-c", '"$0" hook session-start <&- >&- 2>&-', daemon.program.PROGRAM], cwd=self.tree,
                                env=self.environment, check=False)
        self.assertEqual(closed.returncode, 0)
        # An input whose end does not come.
        reader, writer = os.pipe()
        self.assertEqual(self.start("hook", "session-start", stdin=reader, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL).wait(60), 0)
        os.close(writer)
        os.close(reader)

    def test_a_log_that_cannot_be_written_is_no_trouble(self):
        os.makedirs(self.log, mode=0o700)
        os.chmod(self.directory, 0o700)
        self.assertEqual(self.hook("session-start", "{"), "")
        os.chmod(self.directory, 0o755)
        self.assertEqual(self.hook("session-start", "{"), "")

    def test_what_a_command_would_warn_of_is_in_the_log(self):
        self.write("repomap.toml", "no_such_setting = 1\n")
        for name in ("HOME", "XDG_CACHE_HOME", "REPO_MAP_CACHE_DIR"):
            self.environment.pop(name, None)
        self.assertEqual(self.hook("session-start", "{"), "")
        self.assertIn("no home directory", self.reasons())
        self.assertIn("no_such_setting", self.reasons())

    def test_the_log_stays_small(self):
        os.makedirs(self.directory, mode=0o700)
        with open(self.log, "w", encoding="utf-8") as file:
            file.write("x" * 300_000)
        self.hook("session-start", "{")
        self.assertLess(os.path.getsize(self.log), 1000)
        self.assertEqual(os.path.getsize(self.log + ".old"), 300_000)


if __name__ == "__main__":
    unittest.main()
