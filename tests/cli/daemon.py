# SPDX-License-Identifier: Apache-2.0
"""A daemon of the built program in a directory of its own, and a client that speaks its protocol."""
import json
import os
import signal
import socket
import subprocess
import tempfile
import time

import program

PATIENCE = 60  # seconds; a test that waits longer has failed


def wait_until(condition, what):
    """The first true value of `condition`."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError(f"waited in vain: {what}")


class Connection:
    """A connection to the daemon, in messages."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE)
        try:
            self.socket.connect(path)
        except OSError:
            self.socket.close()
            raise
        self.stream = self.socket.makefile("rb")
        self.last_id = 0
        self.notifications = []

    def close(self):
        self.stream.close()
        self.socket.close()

    def send(self, line):
        self.socket.sendall(line if isinstance(line, bytes) else line.encode())

    def receive(self):
        """The next message; None at the end of the connection."""
        line = self.stream.readline()
        return json.loads(line) if line else None

    def request(self, method, params):
        """Sends a request and gives its id."""
        self.last_id += 1
        message = {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        self.send(json.dumps(message) + "\n")
        return self.last_id

    def answer(self, method, params):
        """The whole response to a request; notifications before it are kept."""
        wanted = self.request(method, params)
        while message := self.receive():
            if message.get("id") == wanted:
                return message
            self.notifications.append(message)
        raise AssertionError(f"the connection has ended before the answer to {method}")

    def ask(self, method, params):
        message = self.answer(method, params)
        assert "result" in message, message
        return message["result"]


class DaemonTest(program.ProgramTest):
    """A test with a runtime directory of its own. Whatever daemon lies there at the end is killed."""

    def setUp(self):
        super().setUp()
        # Short, for the path of the socket, and for this user alone.
        self.runtime = os.path.realpath(tempfile.mkdtemp(prefix="rm-"))
        self.addCleanup(subprocess.run, ["rm", "-rf", self.runtime], check=False)
        self.directory = os.path.join(self.runtime, "repomap")
        self.socket = os.path.join(self.directory, "daemon.sock")
        self.environment |= {"XDG_RUNTIME_DIR": self.runtime, "REPO_MAP_DAEMON": "use"}
        self.addCleanup(self.kill_daemon)

    def daemon_pid(self):
        """Of the daemon that holds the lock; None if none does."""
        try:
            with open(os.path.join(self.directory, "daemon.lock"), encoding="ascii") as file:
                pid = int(file.read().strip() or 0)
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                state = file.read().rsplit(")", 1)[1].split()[0]
            return None if state == "Z" else pid
        except (OSError, ValueError):
            return None

    def kill_daemon(self):
        if pid := self.daemon_pid():
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: self.daemon_pid() is None, "the daemon is dead")

    def serve(self, *arguments, **options):
        """A daemon in the foreground that answers; the process."""
        process = self.start("serve", *arguments, stderr=subprocess.DEVNULL, **options)
        self.addCleanup(self.reap, process)
        line = process.stdout.readline()
        self.assertIn(b"listens at", line)
        return process

    @staticmethod
    def reap(process):
        process.kill()
        process.wait()
        process.stdout.close()

    def connect(self):
        connection = Connection(self.socket)
        self.addCleanup(connection.close)
        return connection

    def wait_for_daemon(self):
        def identity():
            try:
                connection = Connection(self.socket)
            except OSError:
                return None
            try:
                return connection.ask("hello", {})
            finally:
                connection.close()
        return wait_until(identity, "a daemon answers")
