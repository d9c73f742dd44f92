# SPDX-License-Identifier: Apache-2.0
"""`repomap mcp` as agents use it: the official SDKs and the inspector against the program, over stdio and over HTTP, in
both eras; and raw messages, for what no client would send."""
import filecmp
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import unittest

import program
from daemon import DaemonTest, wait_until

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mcp")
NODE = os.environ.get("REPOMAP_NODE") or "node"
MODERN = "2026-07-28"
TOKEN = "a-token-of-the-test"
META = {"io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {}}
INITIALIZE = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
PATIENCE = 120  # seconds; a test that waits longer has failed


def prepare_python():
    """The interpreter of a virtual environment with the Python SDK, made by the first test that needs it."""
    directory = os.environ["REPOMAP_MCP_VENV"]
    requirements = os.path.join(HERE, "requirements.txt")
    python = os.path.join(directory, "bin", "python")
    stamp = os.path.join(directory, "installed")
    if not os.path.exists(stamp) or not filecmp.cmp(requirements, stamp, shallow=False):
        subprocess.run(["python3", "-m", "venv", "--clear", directory], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r",
                        requirements], check=True)
        shutil.copyfile(requirements, stamp)
    return python


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def node_is_new_enough():
    version = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=False).stdout
    return int(re.match(r"v(\d+)", version)[1]) >= 20


class Sample(DaemonTest):
    """A small repository."""

    def setUp(self):
        super().setUp()
        self.write("src/parser.c", "int parse(const char *text) {\n  return text[0];\n}\n")
        self.write("src/main.c", "int parse(const char *text);\nint main(void) {\n  return parse(\"x\");\n}\n")
        self.write("lib/shape.py", "class Shape:\n    def area(self):\n        return parse(self)\n")
        self.roots = 0
        self.shape = os.path.join(self.tree, "lib/shape.py")
        self.environment |= {"REPO_MAP_DAEMON": "off", "REPO_MAP_MCP_TOKEN": TOKEN}

    def start_http(self):
        """A server over HTTP; its URL."""
        process = self.start("mcp", "--root", self.tree, "--http", "0", stdout=subprocess.DEVNULL)
        self.addCleanup(self.end, process)
        return re.search(r"http://\S+/mcp", process.stderr.readline().decode())[0]

    @staticmethod
    def end(process):
        process.kill()
        process.wait()
        process.stderr.close()

    def add_new_root(self):
        """A repository that nobody has looked at yet, and whose files are new to every cache."""
        self.roots += 1
        root = os.path.join(self.work, f"new-{self.roots}")
        for number in range(150):
            functions = "".join(f"int f{i}_{number}_{self.roots}(int x) {{ return x + {i}; }}\n" for i in range(100))
            self.write(f"src/file{number}.c", functions, root=root)
        self.environment["REPOMAP_TEST_NEW_ROOT"] = root

    def run_client(self, *command):
        self.add_new_root()
        done = subprocess.run(command, cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL, timeout=PATIENCE,
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, "passed\n"), done.stderr[-4000:])

    def targets(self):
        yield "stdio", [program.PROGRAM, "mcp", "--root", self.tree]
        yield "http", [self.start_http(), TOKEN]

    def run_everywhere(self, *command, eras=("",)):
        for kind, target in self.targets():
            for era in eras:
                with self.subTest(kind=kind, era=era):
                    self.write("lib/shape.py", "class Shape:\n    def area(self):\n        return parse(self)\n")
                    self.run_client(*command, *([era] if era else []), self.shape, kind, *target)


class Clients(Sample):
    @unittest.skipUnless(node_is_new_enough(), "the SDK needs Node 20")
    def test_first_typescript_sdk(self):
        self.run_everywhere(NODE, os.path.join(HERE, "sdk_v1_client.mjs"))

    @unittest.skipUnless(node_is_new_enough(), "the SDK needs Node 20")
    def test_second_typescript_sdk(self):
        self.run_everywhere(NODE, os.path.join(HERE, "sdk_v2_client.mjs"), eras=("legacy", "auto", MODERN))

    def test_python_sdk(self):
        self.run_everywhere(prepare_python(), os.path.join(HERE, "python_client.py"), eras=("legacy", "auto", MODERN))

    @unittest.skipUnless(node_is_new_enough(), "the SDK needs Node 20")
    def test_through_the_daemon(self):
        self.environment["REPO_MAP_DAEMON"] = "use"
        self.serve()
        self.run_client(NODE, os.path.join(HERE, "sdk_v2_client.mjs"), MODERN, self.shape, "stdio", program.PROGRAM, "mcp",
                        "--root", self.tree)

    def inspect(self, target, *arguments):
        inspector = os.path.join(program.SOURCE_DIR,
                                 "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js")
        done = subprocess.run([NODE, inspector, "--cli", "--format", "json", *arguments, *target], cwd=self.work,
                              env=self.environment, stdin=subprocess.DEVNULL, timeout=PATIENCE, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:] + done.stdout[-2000:])
        return json.loads(done.stdout)["result"]

    @unittest.skipUnless(node_is_new_enough(), "the inspector needs Node 20")
    def test_inspector(self):
        stdio = ["--", program.PROGRAM, "mcp", "--root", self.tree]
        http_target = ["--server-url", self.start_http(), "--header", f"Authorization: Bearer {TOKEN}"]
        tools = self.inspect(stdio, "--protocol-era", "modern", "--method", "tools/list", "--strict")["tools"]
        self.assertEqual([tool["name"] for tool in tools],
                         ["repo_map", "find_symbol", "file_outline", "references", "index_status"])
        found = self.inspect(http_target, "--protocol-era", "modern", "--method", "tools/call", "--tool-name",
                             "find_symbol", "--tool-arg", "name=Shape")
        self.assertEqual(found["structuredContent"]["found"], 1)
        resources = self.inspect(stdio, "--protocol-era", "legacy", "--method", "resources/list")["resources"]
        self.assertRegex(resources[0]["uri"], r"^repomap://tree-[0-9a-f]{12}/map$")


class Lines(Sample):
    """What is written to and read from the program itself."""

    def converse(self, *messages, arguments=()):
        """The answers by id, once all have come; the program ends by itself when its input does."""
        process = self.start("mcp", *arguments, stdin=subprocess.PIPE)
        wanted = {message["id"] for message in messages if isinstance(message, dict) and "id" in message}
        lines = [message if isinstance(message, bytes) else json.dumps(message).encode() for message in messages]
        process.stdin.write(b"\n".join(lines) + b"\n")
        process.stdin.flush()
        answers = {}
        while wanted - set(answers):
            message = json.loads(process.stdout.readline())
            if "id" in message:
                answers[message["id"]] = message
        process.stdin.close()
        self.assertEqual(process.wait(timeout=PATIENCE), 0)
        self.assertEqual(process.stdout.read(), b"")
        process.stdout.close()
        process.stderr.close()
        return answers

    @staticmethod
    def call(number, tool, **arguments):
        return {"jsonrpc": "2.0", "id": number, "method": "tools/call",
                "params": {"name": tool, "arguments": arguments, "_meta": META}}

    def test_both_eras_in_any_order(self):
        discover = {"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": META}}
        initialize = {"jsonrpc": "2.0", "id": 2, "method": "initialize", "params": INITIALIZE}
        legacy = {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "index_status"}}
        for messages in ([discover, initialize, legacy, self.call(4, "index_status")],
                         [self.call(4, "index_status"), initialize, legacy, discover]):
            answers = self.converse(*messages)
            self.assertEqual(answers[1]["result"]["resultType"], "complete")
            self.assertEqual(answers[2]["result"]["protocolVersion"], "2025-06-18")
            self.assertNotIn("resultType", answers[3]["result"])
            self.assertEqual(answers[4]["result"]["resultType"], "complete")

    def test_discover_needs_neither_a_repository_nor_a_daemon(self):
        answers = self.converse({"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": META}},
                                {"jsonrpc": "2.0", "id": 2, "method": "initialize", "params": INITIALIZE},
                                self.call(3, "repo_map"), arguments=["--root", "/nonexistent"])
        self.assertIn("tools", answers[1]["result"]["capabilities"])
        self.assertIn("instructions", answers[2]["result"])
        self.assertTrue(answers[3]["result"]["isError"])
        self.assertIn("/nonexistent", answers[3]["result"]["content"][0]["text"])

    def test_the_project_is_that_of_the_client(self):
        other = os.path.join(self.work, "other")
        self.write("only_here.py", "def only_here():\n    pass\n", root=other)
        self.environment["CLAUDE_PROJECT_DIR"] = other
        answers = self.converse(self.call(1, "index_status"), self.call(2, "index_status", project_root=self.tree),
                                self.call(3, "find_symbol", name="only_here"), self.call(4, "index_status", project_root="/no"))
        self.assertEqual(answers[1]["result"]["structuredContent"]["root"], other)
        self.assertEqual(answers[2]["result"]["structuredContent"]["root"], self.tree)
        self.assertEqual(answers[3]["result"]["structuredContent"]["found"], 1)
        self.assertTrue(answers[4]["result"]["isError"])

    def test_noise_costs_no_answer(self):
        answers = self.converse(b"nonsense", b"\xff\xfe", b"[]", b'{"jsonrpc":"2.0","id":null,"method":"x"}', b"",
                                b'{"jsonrpc":"2.0","method":"notifications/nothing"}', self.call(1, "index_status"))
        self.assertFalse(answers[1]["result"]["isError"])

    def test_names_that_are_not_utf8_are_shown(self):
        self.write(b"lib/caf\xe9.py", b"def caf():\n    return 'caf\xe9'\n")
        answers = self.converse(self.call(1, "find_symbol", name="caf"), self.call(2, "repo_map", format="json"))
        self.assertEqual(answers[1]["result"]["structuredContent"]["symbols"][0]["path"], "lib/caf\ufffd.py")

    def test_it_ends_with_its_input_and_with_its_parent(self):
        process = self.start("mcp", stdin=subprocess.PIPE)
        self.assertEqual(process.communicate(timeout=PATIENCE), (b"", b""))
        self.assertEqual(process.returncode, 0)
        shell = subprocess.Popen(["/bin/sh", "-c", f'exec 3<&0; "{program.PROGRAM}" mcp --root "{self.tree}" <&3 & echo $!; wait'],
                                 env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        server = int(shell.stdout.readline())
        shell.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
        shell.stdin.flush()
        self.assertIn(b'"result"', shell.stdout.readline())
        shell.send_signal(signal.SIGKILL)
        shell.wait()
        wait_until(lambda: not is_running(server), "the server ends with its parent")
        shell.stdin.close()
        shell.stdout.close()


class Http(Sample):
    """Requests that a client should not send, and pages of others that must not get an answer."""

    def setUp(self):
        super().setUp()
        self.address = self.start_http().split("/")[2]

    def ask(self, body=None, method="POST", path="/mcp", **headers):
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json",
                   "Accept": "application/json, text/event-stream"} | {
                       name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        try:
            connection.request(method, path, body if body is None or isinstance(body, (bytes, str)) else json.dumps(body),
                               {name: value for name, value in headers.items() if value is not None})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def ask_modern(self, method, params=None, **headers):
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": META} | (params or {})}
        return self.ask(body, **({"MCP_Protocol_Version": MODERN, "Mcp_Method": method} | headers))

    def test_of_others_are_refused(self):
        discover = {"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": META}}
        for headers, status in (({"Origin": "https://example.com"}, 403), ({"Origin": "null"}, 403),
                                ({"Host": "example.com"}, 403), ({"Authorization": None}, 401),
                                ({"Authorization": "Bearer another-token-of-"}, 401),
                                ({"Content-Type": "text/plain"}, 415), ({"Accept": "text/html"}, 406)):
            self.assertEqual(self.ask(discover, **{key.replace("-", "_"): value for key, value in headers.items()})[0], status,
                             headers)
        self.assertEqual(self.ask(discover, path="/other")[0], 404)
        self.assertEqual(self.ask(discover, method="PUT")[0], 405)
        self.assertEqual(self.ask(None, method="GET")[0], 405)
        status = self.ask_modern("server/discover", Origin=f"http://{self.address}")[0]
        self.assertEqual(status, 200)

    def test_headers_are_those_of_the_body(self):
        call = {"name": "index_status"}
        for headers in ({"MCP_Protocol_Version": None}, {"MCP_Protocol_Version": "2025-06-18"}, {"Mcp_Method": None},
                        {"Mcp_Method": "tools/list"}, {}, {"Mcp_Name": "repo_map"}, {"Mcp_Name": "=?base64?!?="}):
            status, _, body = self.ask_modern("tools/call", call, **headers)
            self.assertEqual((status, json.loads(body)["error"]["code"]), (400, -32020), headers)
        for name in ("index_status", "=?base64?aW5kZXhfc3RhdHVz?="):
            self.assertEqual(self.ask_modern("tools/call", call, Mcp_Name=name)[0], 200)

    def test_errors_have_their_status(self):
        status, _, body = self.ask_modern("tools/nothing")
        self.assertEqual((status, json.loads(body)["error"]["code"]), (404, -32601))
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list",
                "params": {"_meta": META | {"io.modelcontextprotocol/protocolVersion": "1900-01-01"}}}
        status, _, answer = self.ask(body, MCP_Protocol_Version="1900-01-01", Mcp_Method="tools/list")
        error = json.loads(answer)["error"]
        self.assertEqual((status, error["code"], error["data"]["requested"]), (400, -32022, "1900-01-01"))
        self.assertIn(MODERN, error["data"]["supported"])
        self.assertEqual(self.ask("nonsense")[0], 400)
        self.assertEqual(self.ask("x" * 5_000_000)[0], 413)
        self.assertEqual(self.ask({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})[0], 400)
        self.assertEqual(self.ask({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, Mcp_Session_Id="none")[0], 404)
        self.assertEqual(self.ask_modern("server/discover", X_Long="x" * 20_000)[0], 431)

    def test_sessions_end(self):
        status, headers, _ = self.ask({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIALIZE})
        self.assertEqual(status, 200)
        session = {"Mcp_Session_Id": next(value for key, value in headers.items() if key.lower() == "mcp-session-id")}
        self.assertEqual(self.ask({"jsonrpc": "2.0", "method": "notifications/initialized"}, **session)[0], 202)
        self.assertEqual(self.ask({"jsonrpc": "2.0", "id": 2, "method": "ping"}, **session)[0], 200)
        self.assertEqual(self.ask(method="DELETE", **session)[0], 204)
        self.assertEqual(self.ask({"jsonrpc": "2.0", "id": 3, "method": "ping"}, **session)[0], 404)

    def test_the_port_and_the_token_must_be_usable(self):
        self.environment["REPO_MAP_MCP_TOKEN"] = "short"
        self.assertIn("16", self.message("mcp", "--http", "0", status=2))
        self.environment["REPO_MAP_MCP_TOKEN"] = TOKEN
        self.assertIn("--http", self.message("mcp", "--http", "many", status=2))
        self.assertIn(self.address.split(":")[1], self.message("mcp", "--http", self.address.split(":")[1], status=1))


if __name__ == "__main__":
    unittest.main()
