# SPDX-License-Identifier: Apache-2.0
"""Servers that a client starts answer whatever becomes of the daemon behind them."""
import json
import os
import queue
import signal
import subprocess
import threading
import unittest

from daemon import PATIENCE, DaemonTest, wait_until
from program import PROGRAM


class Server:
    """`repomap mcp` as a client of the older protocol has it: one message a line."""

    def __init__(self, test, *arguments):
        self.process = test.start("mcp", *arguments, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        test.addCleanup(self.end)
        self.messages = queue.Queue()
        self.updates = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        self.last_id = 0
        self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}})
        self.send({"method": "notifications/initialized"})

    def read(self):
        for line in self.process.stdout:
            message = json.loads(line)
            (self.messages if "id" in message else self.updates).put(message)

    def send(self, message):
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0"} | message).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, method, params):
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        answer = self.messages.get(timeout=PATIENCE)
        assert answer["id"] == self.last_id and "result" in answer, answer
        return answer["result"]

    def ask_at_once(self, count):
        """So many questions, none of which waits for another."""
        for number in range(count):
            self.send({"id": f"at once {number}", "method": "tools/call", "params": {
                "name": "repo_map", "arguments": {"query": f"first {number}", "force_refresh": True}}})
        for _ in range(count):
            self.messages.get(timeout=PATIENCE)

    def sockets(self):
        """How many it has open."""
        directory = f"/proc/{self.process.pid}/fd"
        return sum(os.readlink(f"{directory}/{name}").startswith("socket:") for name in os.listdir(directory))

    def tool(self, name, arguments):
        result = self.ask("tools/call", {"name": name, "arguments": arguments})
        return result["content"][0]["text"]

    def finds(self, name):
        """Whether a definition of exactly that name is found."""
        return f"def {name}(" in self.tool("find_symbol", {"name": name})

    def end(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            return self.process.wait(timeout=PATIENCE)
        finally:
            self.process.kill()
            self.process.stdout.close()


class ClientServers(DaemonTest):
    def setUp(self):
        super().setUp()
        self.write("a.py", "def first_one():\n    return 1\n")

    def define(self, name):
        self.write("a.py", f"def {name}():\n    return 1\n")

    def test_starts_the_daemon_and_shares_it(self):
        self.environment["REPO_MAP_DAEMON"] = "start"
        server, other = Server(self), Server(self)
        self.assertIsNone(self.daemon_pid(), "nothing was asked")
        self.assertTrue(server.finds("first_one"))
        pid = self.daemon_pid()
        self.assertIsNotNone(pid)
        self.define("second_one")
        self.assertTrue(other.finds("second_one"))
        self.assertFalse(other.finds("first_one"))
        self.assertEqual(self.daemon_pid(), pid)
        self.assertEqual((server.end(), other.end()), (0, 0))
        self.assertEqual(self.daemon_pid(), pid, "it serves others still")

    def test_answers_after_the_daemon_has_ended(self):
        self.environment["REPO_MAP_DAEMON"] = "start"
        server = Server(self)
        self.assertTrue(server.finds("first_one"))
        for end in (lambda: os.kill(self.daemon_pid(), signal.SIGKILL), lambda: self.run_program("stop")):
            former = self.daemon_pid()
            end()
            wait_until(lambda: self.daemon_pid() != former, "the daemon is gone")
            self.define(f"after_{former}")
            self.assertTrue(server.finds(f"after_{former}"))
            self.assertNotIn(self.daemon_pid(), (None, former), "another one has been started")

    def test_answers_from_the_next_daemon_however_many_connections_broke(self):
        self.environment["REPO_MAP_DAEMON"] = "start"
        server = Server(self)

        def has_several_connections():
            server.ask_at_once(8)
            return server.sockets() > 1

        wait_until(has_several_connections, "several questions were under way at once")
        former = self.daemon_pid()
        os.kill(former, signal.SIGKILL)
        wait_until(lambda: self.daemon_pid() != former, "the daemon is gone")
        self.assertTrue(server.finds("first_one"))
        self.assertNotIn(self.daemon_pid(), (None, former), "it is asked rather than this process")

    def test_answers_by_itself_where_no_daemon_is_wanted(self):
        self.environment["REPO_MAP_DAEMON"] = "off"
        server = Server(self)
        self.assertTrue(server.finds("first_one"))
        self.define("second_one")
        self.assertTrue(server.finds("second_one"))
        self.assertIsNone(self.daemon_pid())
        self.assertEqual(server.end(), 0)

    def test_answers_by_its_own_settings(self):
        self.write("long.py", "def long_one():\n    return 1\n" + "# filler\n" * 1000)
        self.serve()
        self.assertTrue(Server(self).finds("long_one"))
        self.environment["REPO_MAP_MAX_FILE_SIZE"] = "4096"
        server = Server(self)
        self.assertFalse(server.finds("long_one"))
        self.assertTrue(server.finds("first_one"))
        self.define("second_one")
        self.assertTrue(server.finds("second_one"))

    def subscribed(self, name):
        """A server that tells of changes to the map of the tree, and the address of that."""
        server = Server(self)
        uri = server.ask("resources/list", {})["resources"][0]["uri"]
        server.ask("resources/subscribe", {"uri": uri})
        self.assertTrue(server.tool("index_status", {}))
        self.wait_for_update(server, uri, name)
        return server, uri

    def test_tells_of_changes_also_after_the_daemon_has_been_replaced(self):
        for use in ("start", "off"):
            with self.subTest(use):
                self.environment["REPO_MAP_DAEMON"] = use
                server, uri = self.subscribed("of_" + use)
                if use == "start":
                    self.count_updates(server)
                    os.kill(self.daemon_pid(), signal.SIGKILL)
                    self.check_that_updates_go_on(server, uri)

    def test_tells_of_changes_also_after_the_only_daemon_has_gone(self):
        self.serve()
        server, uri = self.subscribed("of_daemon")
        self.count_updates(server)
        self.run_program("stop")
        self.check_that_updates_go_on(server, uri)

    def test_tells_of_a_repository_that_was_unloaded(self):
        self.environment["REPO_MAP_DAEMON_MEMORY"] = "1"
        self.serve()
        server, uri = self.subscribed("of_daemon")
        self.count_updates(server)
        other = os.path.join(self.work, "other")
        self.write("a.py", "def of_the_other():\n    return 1\n", root=other)
        self.run_program("map", "--root", other)  # there is room for one repository
        self.assertTrue(self.count_updates(server, patience=PATIENCE), "from now on nobody watches it")
        self.assertTrue(server.finds("of_daemon_0"))
        self.wait_for_update(server, uri, "after_it_was_loaded")

    def check_that_updates_go_on(self, server, uri):
        """First that everything may have changed, without a change; and then of each change."""
        self.assertTrue(self.count_updates(server, patience=PATIENCE), "that the daemon has gone is told")
        for round_ in range(2):
            self.wait_for_update(server, uri, f"after_the_daemon_{round_}")
            self.count_updates(server)

    @staticmethod
    def count_updates(server, patience=1):
        """How many come, the first in so many seconds, until none does for a second."""
        count = 0
        try:
            while server.updates.get(timeout=1 if count else patience):
                count += 1
        except queue.Empty:
            pass
        return count

    def wait_for_update(self, server, uri, name):
        """Changes the tree until an update comes: who watches may not have begun when the first change is made."""
        for round_ in range(PATIENCE):
            self.define(f"{name}_{round_}")
            try:
                update = server.updates.get(timeout=1)
            except queue.Empty:
                continue
            self.assertEqual(update["method"], "notifications/resources/updated")
            self.assertEqual(update["params"]["uri"], uri)
            return
        self.fail("no update came")

    def test_ends_with_its_client(self):
        self.environment["REPO_MAP_DAEMON"] = "off"
        for command in ("mcp", "lsp"):
            with self.subTest(command):
                # A client that is killed while somebody else holds the other end of the server's input.
                reader, writer = os.pipe()
                self.addCleanup(os.close, writer)
                client = subprocess.Popen(["sh", "-c", 'exec 3<&0; "$0" "$1" <&3 >/dev/null & echo $!; wait', PROGRAM, command],
                                          stdin=reader, stdout=subprocess.PIPE, env=self.environment, cwd=self.tree)
                os.close(reader)
                pid = int(client.stdout.readline())
                wait_until(lambda: self.watches_a_process(pid), "the server watches its client")
                client.kill()
                client.wait()
                client.stdout.close()
                wait_until(lambda: not self.runs(pid, command), "the server has ended too")

    @staticmethod
    def watches_a_process(pid):
        directory = f"/proc/{pid}/fd"
        try:
            return any(os.readlink(f"{directory}/{name}") == "anon_inode:[pidfd]" for name in os.listdir(directory))
        except OSError:
            return False

    @staticmethod
    def runs(pid, command):
        try:
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                return file.read().split("\0")[:2] == [PROGRAM, command]
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main()
