# SPDX-License-Identifier: Apache-2.0
"""The daemon as the commands of the program use it: the same bytes with it and without it, whatever happens to it."""
import json
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import time
import unittest

import program
from daemon import DaemonTest, wait_until

VOLATILE = {"as_of", "generation", "watcher", "seconds"}


def without_volatile(value):
    """A document without what tells when and by whom it was made."""
    if isinstance(value, dict):
        return {key: without_volatile(inner) for key, inner in value.items() if key not in VOLATILE}
    return [without_volatile(inner) for inner in value] if isinstance(value, list) else value


class Sample(DaemonTest):
    """A repository with something of everything."""

    def setUp(self):
        super().setUp()
        self.write("src/parser.c", "int parse(const char *text) {\n  return helper(text);\n}\n")
        self.write("src/main.c", "int parse(const char *text);\nint main(void) {\n  return parse(\"x\");\n}\n")
        self.write("src/helper.c", "int helper(const char *text) {\n  return text[0];\n}\n")
        self.write("lib/shape.py", "class Shape:\n    def area(self):\n        return parse(self)\n")
        self.write(b"lib/caf\xe9.py", b"def caf():\n    return 'caf\xe9'  # caf\xe9\n")
        self.write("lib/broken.c", "int broken( {\n")
        self.write("empty.c", "")
        self.write("data.bin", b"\0\1\2")
        self.write("data.c", b"int x;\0\0")
        self.write("notes.txt", "parse\n")
        os.symlink("/nonexistent", os.path.join(self.tree, "dangling"))

    def commands(self):
        yield from (["map"], ["map", "--json"], ["map", "--tokens", "0"], ["map", "--tokens", "60", "--json"])
        yield from (["map", "--explain"], ["map", "--explain", "--json", "--query", "shape area"])
        yield from (["map", "--chat", "src/main.c", "--mention-ident", "helper", "--mention-file", "lib/shape.py", "--json"])
        yield ["map", "--rank", "aider", "--tokenizer", "chars4", "--json"]
        yield ["map", "--subtree", "lib", "--json"]
        yield ["map", "--subtree", "nowhere"]
        yield from (["symbols", "par*"], ["symbols", "PARSE"], ["symbols", "e", "--limit", "2", "--json"])
        yield from (["symbols", "caf", "--json"], ["symbols", "nothing_like_it"], ["symbols", "zzz", "--json"])
        yield from (["defs", "parse", "--kind", "function"], ["defs", "Shape.area", "--json"], ["refs", "parse", "--json"])
        yield from (["refs", "parse", "--lang", "c"], ["refs", "parse", "--lang", "klingon"], ["refs", "none"])
        yield from (["outline", "src/parser.c"], ["outline", "lib/shape.py", "--json"], ["outline", "empty.c"])
        yield from (["outline", b"lib/caf\xe9.py"], ["outline", b"lib/caf\xe9.py", "--json"], ["outline", "lib/broken.c", "--json"])
        yield from (["outline", "notes.txt"], ["outline", "data.c"], ["outline", "missing.c"], ["outline", "/etc/passwd"])
        yield from (["tree", "src/parser.c", "--lines", "2"], ["tree", "lib/shape.py", "--lines", "2-3", "--json"])
        yield from (["tree", b"lib/caf\xe9.py", "--lines", "2", "--json"], ["tree", "src/parser.c", "--lines", "99"])
        yield from (["tree", "notes.txt", "--lines", "1"], ["index", "--json"])

    def outcome(self, *arguments):
        """What a command prints and how it ends, without what may differ."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        if "--json" in arguments and out:
            out = without_volatile(json.loads(out))
        return {"arguments": arguments, "status": process.returncode, "out": out, "err": err}

    def assert_same(self, *arguments):
        alone = self.outcome(*arguments, "--no-daemon")
        self.assertEqual(self.outcome(*arguments), alone | {"arguments": arguments})

    def said_of(self, *arguments, **options):
        """What a command with -v says on stderr."""
        return self.run_program(*arguments, "-v", **options)[1].decode()


class Answers(Sample):
    def test_are_the_same_bytes_with_the_daemon_and_without(self):
        self.run_program("index")
        self.serve()
        for arguments in self.commands():
            with self.subTest(arguments=arguments):
                self.assert_same(*arguments)

    def test_are_those_of_the_daemon(self):
        process = self.serve()
        for arguments in (["map"], ["symbols", "parse"], ["outline", "src/main.c"], ["tree", "src/main.c", "--lines", "2"],
                          ["index"]):
            said = self.said_of(*arguments)
            self.assertIn(f"answered by the daemon, process {process.pid}", said)
            self.assertNotIn("cache:", said, "this process has looked nothing up")
            self.assertNotIn("answered by", self.said_of(*arguments, "--no-daemon"))
        self.environment["REPO_MAP_DAEMON"] = "off"
        self.assertIn("the setting daemon is off", self.said_of("map"))

    def test_of_the_first_request_are_whole(self):
        for number in range(300):
            self.write(f"many/f{number}.c", f"int function_{number}(void) {{ return {number}; }}\n")
        self.serve()
        found = self.json("symbols", "function_", "--limit", "0")
        self.assertEqual(found["found"], 300)
        self.assertEqual(found["freshness"]["pending"], 0)

    def test_under_other_settings_are_those_of_this_process(self):
        self.serve()
        said = self.said_of("map", "--max-file-size", "60")
        self.assertIn("answered in this process", said)
        self.assertIn("settings", said)
        self.assert_same("map", "--max-file-size", "60", "--json")
        self.assert_same("map", "--no-cache", "--json")

    def test_follow_the_settings_of_the_repository(self):
        self.write("repomap.toml", "rank = \"aider\"\ntokens = 200\n")
        self.serve()
        self.assert_same("map", "--json")
        self.write("repomap.toml", "rank = \"anchored\"\ntokens = 300\n")
        self.assert_same("map", "--json")
        self.assertEqual(self.json("map")["budget"], 300)


class Edits(Sample):
    SEED = 20_260_131
    ROUNDS = 200

    def edit(self, dice):
        """One change of the tree, as an editor or git makes them."""
        names = [f"work/{a}{b}.c" for a in "abc" for b in "123"]
        name = dice.choice(names)
        full = os.path.join(self.tree, name)
        kind = dice.choice(["write", "write", "append", "replace", "delete", "move", "ignore", "directory"])
        text = f"int f{dice.randrange(50)}(int a) {{\n  return g{dice.randrange(50)}(a);\n}}\n"
        if kind == "append" and os.path.exists(full):
            with open(full, "a", encoding="utf-8") as file:
                file.write(text)
        elif kind == "replace":
            os.replace(self.write(name + ".tmp", text), full)
        elif kind == "delete" and os.path.exists(full):
            os.remove(full)
        elif kind == "move" and os.path.exists(full):
            os.replace(full, os.path.join(self.tree, dice.choice(names)))
        elif kind == "ignore":
            self.write(".gitignore", dice.choice(["", "a1.c\n", "work/b*\n", "*.h\n"]))
        elif kind == "directory":
            source, target = os.path.join(self.tree, "work"), os.path.join(self.tree, "moved")
            if os.path.isdir(target):
                shutil.rmtree(target)
            elif os.path.isdir(source):
                os.rename(source, target)
        else:
            self.write(name, text)

    def test_are_seen_by_the_next_answer(self):
        dice = random.Random(self.SEED)
        self.git("init", "-q")
        self.serve()
        self.run_program("map")
        for number in range(self.ROUNDS):
            for _ in range(dice.choice([1, 1, 1, 3])):
                self.edit(dice)
            arguments = dice.choice([["map", "--json"], ["symbols", "f", "--limit", "0", "--json"], ["refs", "g7", "--json"]])
            seen = self.outcome(*arguments)
            alone = self.outcome(*arguments, "--no-daemon")
            for answer in (seen, alone):
                answer.pop("arguments")
            self.assertEqual(seen, alone, f"seed {self.SEED}, round {number}")
        self.assertIn("answered by the daemon", self.said_of("map"))


class Life(Sample):
    def big_tree(self):
        """Enough to index that there is time to interfere."""
        for number in range(1500):
            body = "".join(f"int f{number}_{i}(int a) {{ return f{(number + i) % 1500}_{i}(a); }}\n" for i in range(60))
            self.write(f"big/d{number % 40}/f{number}.c", body)

    def test_one_is_started_by_the_first_command(self):
        self.environment["REPO_MAP_DAEMON"] = "start"
        first = self.run_program("map")[0]
        self.wait_for_daemon()
        self.assertEqual(self.run_program("map")[0], first)
        self.assertIn("answered by the daemon", self.said_of("map"))
        self.assertEqual(json.loads(self.run_program("stop", "--json")[0])["stopped"], True)
        self.assertIsNone(self.daemon_pid())

    def test_none_is_started_where_none_is_wanted(self):
        for environment, arguments in (({"REPO_MAP_DAEMON": "use"}, ["map"]), ({"REPO_MAP_DAEMON": "off"}, ["map"]),
                                       ({"REPO_MAP_DAEMON": "start"}, ["map", "--no-daemon"]),
                                       ({"REPO_MAP_DAEMON": "start"}, ["tags"]),
                                       ({"REPO_MAP_DAEMON": "start", "XDG_RUNTIME_DIR": ""}, ["map"])):
            self.environment |= environment
            self.run_program(*arguments)
            self.assertFalse(os.path.exists(self.directory), (environment, arguments))
            self.environment["XDG_RUNTIME_DIR"] = self.runtime

    def test_a_second_one_is_refused(self):
        process = self.serve()
        for arguments in (["serve"], ["serve", "--background"]):
            said = self.message(*arguments, status=1)
            self.assertIn("already", said)
            self.assertIn(str(process.pid), said)
        self.assertIsNone(process.poll())

    def test_serve_detaches(self):
        out = self.run_program("serve", "--background", "--idle-exit", "100")[0].decode()
        pid = int(re.search(r"process (\d+)", out)[1])
        self.assertEqual(pid, self.daemon_pid())
        self.assertEqual(self.json("status")["daemon"]["idle_exit_s"], 100)
        self.assertEqual(os.readlink(f"/proc/{pid}/cwd"), "/")
        self.run_program("stop")
        self.assertIsNone(self.daemon_pid())

    def test_it_stops_when_told(self):
        for stop in (lambda process: self.run_program("stop"), lambda process: process.send_signal(signal.SIGTERM),
                     lambda process: process.send_signal(signal.SIGINT)):
            process = self.serve()
            self.run_program("map")
            stop(process)
            self.assertEqual(process.wait(timeout=60), 0)
            self.assertFalse(os.path.exists(self.socket))

    def test_it_stops_at_once_while_it_indexes(self):
        self.big_tree()
        for method in ("index", "invalidate", "sync"):
            process = self.serve()
            connection = self.connect()
            connection.request(method, {"root": self.tree, "progress": True})
            wait_until(lambda: any(one["pending"] for one in connection.ask("status", {})["repositories"]), "files are read")
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=60), 0)
            self.assertLess(time.monotonic() - began, 10, method)

    def test_what_was_saved_is_there_after_sync(self):
        self.big_tree()
        self.write("zz.py", "def mine():\n    return 1\n")
        self.serve()
        connection = self.connect()
        generation = connection.ask("sync", {"root": self.tree})["generation"]
        self.assertGreater(generation, 0)
        found = connection.ask("definitions", {"root": self.tree, "name": "mine", "min_generation": generation})
        self.assertEqual((found["found"], found["freshness"]["pending"]), (1, 0))

    def test_it_ends_when_idle(self):
        process = self.serve("--idle-exit", "1")
        self.assertEqual(process.wait(timeout=60), 0)

    def test_it_is_killed_while_it_indexes(self):
        self.big_tree()
        process = self.serve()
        connection = self.connect()
        connection.request("index", {"root": self.tree, "progress": True})
        self.assertEqual(connection.receive()["method"], "$/progress")
        process.kill()
        process.wait()
        self.assertIsNone(connection.receive())
        self.assertTrue(os.path.exists(self.socket), "nobody has removed the socket")
        self.serve()
        self.assert_same("symbols", "f7_", "--limit", "0", "--json")
        self.assertEqual(self.json("index")["skipped"][0]["reason"], self.json("index", "--no-daemon")["skipped"][0]["reason"])

    def test_a_command_goes_on_when_it_is_killed(self):
        self.big_tree()
        daemon = self.serve()
        command = self.start("index", "-v")
        wait_until(lambda: self.json("status")["repositories"], "the daemon works for the command")
        daemon.kill()
        daemon.wait()
        _, err = command.communicate(timeout=300)
        self.assertEqual(command.returncode, 0, err)
        self.assertIn(b"answered in this process", err)

    def test_another_build_is_replaced(self):
        other = os.path.join(self.work, "other-build")
        shutil.copy(program.PROGRAM, other)
        old = subprocess.Popen([other, "serve"], env=self.environment, cwd=self.tree, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
        self.addCleanup(self.reap, old)
        self.assertIn(b"listens at", old.stdout.readline())
        self.assertIn("another build", self.said_of("map"))
        self.assertIsNone(old.poll(), "with the setting \"use\" nobody is replaced")
        self.environment["REPO_MAP_DAEMON"] = "start"
        self.assertEqual(self.run_program("map")[0], self.run_program("map", "--no-daemon")[0])
        self.assertEqual(old.wait(timeout=60), 0)
        self.wait_for_daemon()
        self.assertIn("answered by the daemon", self.said_of("map"))

    def test_a_repository_is_deleted_under_it(self):
        process = self.serve()
        gone = os.path.join(self.work, "gone")
        shutil.copytree(self.tree, gone, symlinks=True)
        connection = self.connect()
        self.assertGreater(connection.ask("map", {"root": gone, "complete": "whole"})["tokens"], 0)
        shutil.rmtree(gone)
        self.assertEqual(connection.answer("map", {"root": gone})["error"]["code"], 1001)
        self.assert_same("map", gone)
        self.assertEqual(connection.ask("hello", {})["pid"], process.pid)
        shutil.copytree(self.tree, gone, symlinks=True)
        self.assert_same("map", gone, "--json")

    def test_settings_are_read_anew_at_hup(self):
        process = self.serve()
        self.run_program("map")
        process.send_signal(signal.SIGHUP)
        self.assert_same("map", "--json")
        self.assertIsNone(process.poll())


class Place(Sample):
    def test_is_for_this_user_alone(self):
        self.serve()
        self.assertEqual(stat.S_IMODE(os.stat(self.directory).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(self.socket).st_mode), 0o600)

    def test_that_is_open_to_others_is_not_used(self):
        os.mkdir(self.directory)
        os.chmod(self.directory, 0o755)
        self.assertIn("0700", self.message("serve", status=1))
        self.assertIn("0700", self.message("status", status=1))
        self.assertIn("0700", self.said_of("map"))

    def test_with_a_long_path_is_refused_with_a_reason(self):
        deep = os.path.join(self.runtime, "d" * 100)
        os.mkdir(deep, 0o700)
        self.environment["XDG_RUNTIME_DIR"] = deep
        for arguments in (["serve"], ["serve", "--background"], ["stop"], ["status"]):
            self.assertIn("XDG_RUNTIME_DIR", self.message(*arguments, status=1))
        self.environment["REPO_MAP_DAEMON"] = "start"
        self.assertIn("answered in this process", self.said_of("map"))

    def test_in_which_something_else_listens(self):
        os.mkdir(self.directory, 0o700)
        with open(self.socket, "w", encoding="ascii") as file:
            file.write("not a socket")
        self.message("serve", status=1)
        self.assertIn("answered in this process", self.said_of("map"))
        with open(self.socket, encoding="ascii") as file:
            self.assertEqual(file.read(), "not a socket")


class Messages(Sample):
    def test_that_are_malformed_do_not_end_the_connection(self):
        self.serve()
        connection = self.connect()
        for line, code in ((b"nonsense\n", -32700), (b"\xff\xfe\n", -32700), (b"[" * 100_000 + b"\n", -32700),
                           (b"[1, 2]\n", -32600), (b"7\n", -32600), (b"{}\n", -32600),
                           (b'{"jsonrpc": "2.0", "id": 1, "method": 7}\n', -32600),
                           (b'{"jsonrpc": "2.0", "id": 1, "method": "nothing"}\n', -32601),
                           (b'{"jsonrpc": "2.0", "id": 1, "method": "map", "params": [1]}\n', -32602),
                           (b'{"jsonrpc": "2.0", "id": 1, "method": "map", "params": {"rot": "/"}}\n', -32602)):
            connection.send(line)
            self.assertEqual(connection.receive()["error"]["code"], code, line)
        self.assertEqual(connection.ask("hello", {})["name"], "repomap")

    def test_of_a_misspelt_key_name_the_right_one(self):
        self.serve()
        error = self.connect().answer("map", {"root": self.tree, "tokns": 7})["error"]
        self.assertIn("tokens", error["message"])
        self.assertEqual(error["data"], {"code": "invalid_argument"})


class Watching(Sample):
    def lines_of(self, *arguments):
        process = self.start("watch", "--json", *arguments, stderr=subprocess.DEVNULL)
        self.addCleanup(self.reap, process)
        return process

    def check_watch(self, *arguments):
        process = self.lines_of(*arguments)
        self.assertGreater(json.loads(process.stdout.readline())["files"], 5)
        self.write("src/new_file.c", "int brand_new(void) { return 1; }\n")
        change = json.loads(process.stdout.readline())
        self.assertEqual(sorted(change), ["generation", "paths", "root", "time"])
        self.assertEqual(change["root"], self.tree)
        self.assertIn("src/new_file.c", change["paths"])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 130)
        os.remove(os.path.join(self.tree, "src/new_file.c"))

    def test_is_done_by_the_daemon(self):
        self.serve()
        self.check_watch()

    def test_is_done_in_process(self):
        self.check_watch("--no-daemon")
        self.check_watch()

    def test_goes_on_when_the_daemon_ends(self):
        daemon = self.serve()
        process = self.lines_of()
        process.stdout.readline()
        daemon.kill()
        daemon.wait()
        self.assertGreater(json.loads(process.stdout.readline())["files"], 5)
        self.write("src/other.c", "int other(void) { return 1; }\n")
        self.assertIn("src/other.c", json.loads(process.stdout.readline())["paths"])


class Status(Sample):
    def test_says_that_no_daemon_runs(self):
        self.assertIn("no daemon runs", self.message("status", status=3))
        self.assertIn("no daemon runs", self.message("stop", status=3))
        self.assertEqual(self.json("status", status=3), {"daemon": None, "repositories": [], "caches": []})
        self.assertEqual(self.json("stop", status=3), {"stopped": False, "pid": None})

    def test_shows_repositories_and_caches(self):
        process = self.serve()
        self.run_program("map")
        status = self.json("status")
        self.assertEqual(status["daemon"]["pid"], process.pid)
        self.assertEqual([one["root"] for one in status["repositories"]], [self.tree])
        self.assertTrue(status["repositories"][0]["loaded"])
        self.assertGreater(status["repositories"][0]["files"], 5)
        self.assertEqual(self.json("status", self.tree)["repositories"], status["repositories"])
        self.assertEqual(self.json("status", "--root", self.home)["repositories"], [])
        text = self.run_program("status")[0].decode()
        for word in (str(process.pid), self.tree, "current", "tags", "hit rate"):
            self.assertIn(word, text)
        self.message("status", "/nonexistent", status=1)

    def test_is_shown_again_every_second(self):
        self.serve()
        self.run_program("map")
        for arguments, pattern in ((["--json"], rb'^\{"daemon":'), ([], self.tree.encode() + rb" current generation \d+")):
            process = self.start("status", "--watch", *arguments)
            for _ in range(2):
                self.assertRegex(process.stdout.readline(), pattern)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130)


if __name__ == "__main__":
    unittest.main()
