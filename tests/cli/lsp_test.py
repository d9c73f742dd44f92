# SPDX-License-Identifier: Apache-2.0
"""The language server, driven by Neovim's client and by the libraries of VS Code's."""
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import unittest

from daemon import PATIENCE, DaemonTest, wait_until
from program import PROGRAM, SOURCE_DIR

SCRIPTS = os.path.join(SOURCE_DIR, "tests", "cli", "lsp")
NODE = os.environ.get("REPOMAP_NODE") or shutil.which("node")
USED = ("# What everybody needs.\ndef helper(count):\n    total = count + 1\n    return total\n\n\n"
        "class Box:\n    def open(self):\n        return helper(1)\n")
MAIN = "import used\n\n\ndef main():\n    return used.helper(used.Box().open())\n"


class Server:
    """The program as a server, spoken to in raw messages."""

    def __init__(self, test, *arguments):
        self.process = test.start("lsp", *arguments, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.watchdog = threading.Timer(PATIENCE, self.process.kill)  # so that no wait for a message is endless
        self.watchdog.start()
        test.addCleanup(self.end)

    def end(self):
        self.watchdog.cancel()
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def send(self, message):
        body = message if isinstance(message, bytes) else json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self):
        """The next message; None at the end."""
        length = None
        while (line := self.process.stdout.readline()) not in (b"\r\n", b""):
            name, value = line.decode().split(":")
            length = int(value) if name.lower() == "content-length" else length
        return json.loads(self.process.stdout.read(length)) if length is not None else None

    def ask(self, method, params, number=1):
        self.send({"id": number, "method": method, "params": params})
        while (message := self.receive()) is not None:
            if message.get("id") == number and "method" not in message:
                return message
        raise AssertionError(f"the server has ended before the answer to {method}")


class Lsp(DaemonTest):
    def setUp(self):
        super().setUp()
        self.environment["REPO_MAP_DAEMON"] = "off"
        self.write("used.py", USED)
        self.write("main.py", MAIN)

    def uri(self, path=""):
        return "file://" + os.path.join(self.tree, path).rstrip("/")

    def initialize(self, server, **params):
        return server.ask("initialize", {"processId": None, "rootUri": self.uri(), "capabilities": {}} | params)

    # Neovim

    def nvim(self, root, steps):
        """The results of the steps of nvim_client.lua."""
        plan, results = os.path.join(self.work, "plan.json"), os.path.join(self.work, "results.json")
        with open(plan, "w", encoding="utf-8") as file:
            json.dump({"program": PROGRAM, "root": root, "steps": steps}, file)
        script = os.path.join(SCRIPTS, "nvim_client.lua")
        run = subprocess.run(["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {script}", "-c", "qa!"],
                             env=self.environment | {"REPOMAP_LSP_PLAN": plan, "REPOMAP_LSP_RESULTS": results},
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=240, check=False)
        self.assertTrue(os.path.exists(results), run.stderr.decode())
        with open(results, encoding="utf-8") as file:
            answers = json.load(file)
        for step, answer in zip(steps, answers):
            self.assertTrue(answer["good"], (step, answer["value"], run.stderr.decode()))
        return [answer["value"] for answer in answers]

    def copy_own_sources(self):
        """Part of this project: a real repository that every machine which runs the tests has."""
        root = os.path.join(self.work, "project")
        for room in ("core/base", "core/model", "service"):
            shutil.copytree(os.path.join(SOURCE_DIR, room), os.path.join(root, room))
        self.git("init", "-q", cwd=root)
        self.git("add", ".", cwd=root)
        self.git("commit", "-qm", "Everything", cwd=root)
        return root

    def find_line(self, root, path, pattern):
        """The first line, counted from 1, that matches, and the byte at which the first group begins."""
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if match := re.search(pattern, line):
                    return number, match.start(1)
        raise AssertionError(f"{path} has no {pattern}")

    @staticmethod
    def grep(root, pattern, *where):
        """"path:line" of each line that matches."""
        out = subprocess.run(["grep", "-rnP", pattern, *where], cwd=root, check=True, capture_output=True, text=True).stdout
        return [":".join(line.removeprefix("./").split(":", 2)[:2]) for line in out.splitlines()]

    @staticmethod
    def lines(root, items):
        """"path:line" of each place that Neovim lists."""
        return [f"{os.path.relpath(item['filename'], root)}:{item['lnum']}" for item in items]

    def place(self, root, path, pattern):
        line, column = self.find_line(root, path, pattern)
        return {"file": path, "line": line, "column": column}

    def definition(self, **place):
        return {"do": "locate", "method": "textDocument/definition"} | place

    def test_neovim_goes_where_grep_does_in_a_real_repository(self):
        root = self.copy_own_sources()
        user = self.grep(root, r"\bjoin_path\(", "service")[0].split(":")[0]
        call = self.place(root, user, r"\b(join_path)\(")
        (defined,) = self.grep(root, r"^std::string join_path\(.*\{", "core/base")
        line, column = self.find_line(root, "service/repository_root.cpp", r"(find_repository_root)\(const")
        wanted = set(self.grep(root, r"^(?!\s*//).*\bfind_repository_root\(", "--include=*.cpp", "."))
        at_root = {"file": "service/repository_root.cpp", "line": line, "column": column + 2}
        local = self.place(root, "service/repository_root.cpp", r"is_directory\((path)")
        bound, _ = self.find_line(root, "service/repository_root.cpp", r"const auto (path) =")
        capabilities, first, own, references, variable, outline, hover, map_, progress, stopped = self.nvim(root, [
            {"do": "capabilities"},
            self.definition(**call),
            self.definition(**at_root),
            {"do": "locate", "method": "textDocument/references", "params": {"context": {"includeDeclaration": True}}}
            | at_root,
            self.definition(**local),
            {"do": "outline", "method": "textDocument/documentSymbol", "file": "service/repository_root.cpp"},
            {"do": "hover", "method": "textDocument/hover"} | at_root,
            {"do": "request", "method": "workspace/executeCommand", "file": "service/service.cpp",
             "params": {"command": "repomap.map", "arguments": [{"tokens": 500}]}},
            {"do": "progress"},
            {"do": "stop"}])
        self.assertTrue(capabilities["definitionProvider"])
        self.assertEqual(self.lines(root, first)[0], defined)
        self.assertEqual((os.path.relpath(own[0]["filename"], root), own[0]["lnum"], own[0]["col"]),
                         ("service/repository_root.cpp", line, column + 1))
        self.assertEqual(set(self.lines(root, references)), wanted)
        self.assertEqual([item["lnum"] for item in variable], [bound])
        self.assertIn("find_repository_root", " ".join(item["text"] for item in outline))
        self.assertIn("Syntactic", "\n".join(hover))
        self.assertLessEqual(map_["result"]["tokens"], 500)
        self.assertEqual(progress[-1]["kind"] if progress else "end", "end")
        self.assertTrue(stopped)

    def test_neovim_sees_what_is_not_saved(self):
        self.write("wide.py", "x = '\U0001F600'; helper(2)\n")
        call = {"file": "main.py", "line": 5, "column": 16}
        new_call = {"file": "main.py", "line": 7, "column": 1}
        before, _, _, unsaved, _, moved, outline, _, gone, _, saved, wide, _, _, back = self.nvim(self.tree, [
            self.definition(**call),
            {"do": "edit", "file": "main.py", "first": 5, "last": 5, "lines": ["", "brand_new()"]},
            {"do": "edit", "file": "used.py", "first": 0, "last": 0, "lines": ["def brand_new():", "    pass", ""]},
            self.definition(**new_call),
            {"do": "insert", "file": "used.py", "line": 0, "column": 0, "text": "'\U0001F600'; "},
            self.definition(**call),
            {"do": "outline", "method": "textDocument/documentSymbol", "file": "used.py"},
            {"do": "edit", "file": "used.py", "first": 0, "last": 2, "lines": []},
            self.definition(**new_call),
            {"do": "save", "file": "used.py"},
            self.definition(**call),
            self.definition(file="wide.py", line=1, column=12),
            {"do": "edit", "file": "used.py", "first": 0, "last": -1, "lines": ["pass"]},
            {"do": "wipe", "file": "used.py"},
            self.definition(**call)])
        used = os.path.join(self.tree, "used.py")
        where = lambda items: [(item["filename"], item["lnum"], item["col"]) for item in items]
        self.assertEqual(where(before), [(used, 2, 5)])
        self.assertEqual(where(unsaved), [(used, 1, 5)])
        self.assertEqual(where(moved), [(used, 5, 5)])
        self.assertIn("brand_new", " ".join(item["text"] for item in outline))
        self.assertEqual(gone, [])
        self.assertEqual(where(saved), [(used, 3, 5)])
        self.assertEqual(where(wide), [(used, 3, 5)])
        self.assertEqual(where(back), [(used, 3, 5)])

    # VS Code's libraries

    @unittest.skipUnless(NODE, "there is no node to run VS Code's libraries")
    def test_the_libraries_of_vs_code(self):
        other = os.path.join(self.work, "other")
        self.write("there.py", "def in_the_other():\n    pass\n", root=other)
        run = subprocess.run([NODE, os.path.join(SCRIPTS, "node_client.mjs"), PROGRAM, self.tree, other],
                             env=self.environment, capture_output=True, timeout=240, check=False)
        self.assertEqual((run.stdout, run.returncode), (b"ok\n", 0), run.stderr.decode())

    @unittest.skipUnless(NODE, "there is no node to run VS Code's client")
    def test_the_client_of_vs_code(self):
        run = subprocess.run([NODE, os.path.join(SCRIPTS, "vscode_client.cjs"), PROGRAM, self.tree],
                             env=self.environment, capture_output=True, timeout=240, check=False)
        self.assertEqual((run.stdout, run.returncode), (b"ok\n", 0), run.stderr.decode())

    # The life of the server

    def test_the_exit_status_tells_how_the_conversation_ended(self):
        for messages, status in (([{"id": 2, "method": "shutdown"}, {"method": "exit"}], 0), ([{"method": "exit"}], 1), ([], 1)):
            server = Server(self)
            self.assertIn("capabilities", self.initialize(server)["result"])
            for message in messages:
                server.send(message)
            server.process.stdin.close()
            self.assertEqual(server.process.wait(60), status, messages)

    def test_it_ends_with_the_client_that_it_was_told_of(self):
        client = subprocess.Popen(["sleep", "1000"])
        self.addCleanup(client.kill)
        server = Server(self)
        self.initialize(server, processId=client.pid)
        client.kill()
        client.wait()
        self.assertEqual(server.process.wait(60), 1)

    def test_messages_that_are_none_cost_an_error_each(self):
        server = Server(self)
        server.send(b"[]")
        self.assertEqual(server.receive()["error"]["code"], -32600)
        server.send(b"{nonsense")
        self.assertEqual(server.receive()["error"]["code"], -32700)
        self.assertIn("capabilities", self.initialize(server)["result"])

    def test_a_root_stands_in_for_a_folder_that_the_client_does_not_name(self):
        server = Server(self, "--root", self.tree)
        self.initialize(server, rootUri=None)
        symbols = server.ask("workspace/symbol", {"query": "helper"}, 2)["result"]
        self.assertEqual([symbol["location"]["uri"] for symbol in symbols], [self.uri("used.py")])

    def test_a_name_that_is_not_utf_8_leads_to_its_file(self):
        self.write(b"odd\xff.py", "def oddly_named():\n    pass\n")
        server = Server(self)
        self.initialize(server)
        (symbol,) = server.ask("workspace/symbol", {"query": "oddly_named"}, 2)["result"]
        self.assertEqual(symbol["location"]["uri"], self.uri("odd%FF.py"))
        outline = server.ask("textDocument/documentSymbol", {"textDocument": {"uri": symbol["location"]["uri"]}}, 3)
        self.assertEqual([item["name"] for item in outline["result"]], ["oddly_named"])

    def test_progress_is_told_under_the_token_of_a_request(self):
        server = Server(self)
        self.initialize(server)
        server.send({"id": 2, "method": "workspace/symbol", "params": {"query": "helper", "workDoneToken": "mine"}})
        kinds = []
        while (message := server.receive()).get("id") != 2:
            self.assertEqual((message["method"], message["params"]["token"]), ("$/progress", "mine"))
            kinds.append(message["params"]["value"]["kind"])
        self.assertEqual((kinds[0], kinds[-1], len(message["result"])), ("begin", "end", 1))

    def test_the_daemon_answers_and_may_end_meanwhile(self):
        self.environment["REPO_MAP_DAEMON"] = "use"
        self.serve()
        server = Server(self)
        self.initialize(server)
        symbols = server.ask("workspace/symbol", {"query": "helper"}, 2)["result"]
        self.assertEqual(len(symbols), 1)
        os.kill(self.daemon_pid(), signal.SIGKILL)
        wait_until(lambda: self.daemon_pid() is None, "the daemon is dead")
        self.assertEqual(server.ask("workspace/symbol", {"query": "helper"}, 3)["result"], symbols)


if __name__ == "__main__":
    unittest.main()
