# SPDX-License-Identifier: Apache-2.0
"""docs/PROTOCOL.md and the daemon say the same: every example is sent, every answer is held against its schema."""
import json
import os
import re
import unittest

from daemon import DaemonTest, wait_until
from json_schema import Schemas
from program import SOURCE_DIR

SECTION = re.compile(r"^### (Method|Notification) `([^`]+)`$(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```json (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# In place of a value of the right type, so that the daemon must refuse it.
WRONG = [None, [], {}, -1, 1.5, True, "\0", [7], {"base64": "?"}]


def read_document():
    """(schemas, methods, notifications), both by name with their blocks by kind."""
    with open(os.path.join(SOURCE_DIR, "docs/PROTOCOL.md"), encoding="utf-8") as file:
        text = file.read()
    found = {"Method": {}, "Notification": {}}
    for kind, name, body in SECTION.findall(text):
        found[kind][name] = {block: json.loads(content) for block, content in BLOCK.findall(body)}
    definitions = [json.loads(content) for block, content in BLOCK.findall(text) if block == "definitions"]
    return Schemas(definitions[0]), found["Method"], found["Notification"]


class Document(DaemonTest):
    def setUp(self):
        super().setUp()
        self.schemas, self.methods, self.notifications = read_document()
        self.write("src/parser.c", "int parse(const char *text) {\n  if (text[0]) {\n    return parse(text + 1);\n  }\n  return 0;\n}\n")
        self.write("src/main.c", "int parse(const char *text);\nint main(void) {\n  return parse(\"x\");\n}\n")
        self.write(b"src/caf\xe9.c", b"int caf(void) { return 0; /* \xe9 */ }\n")
        self.write("src/data.c", b"\0")
        self.serve()
        self.connection = self.connect()

    def example(self, method):
        """The parameters of the document's example, with the root of this test."""
        params = dict(self.methods[method]["example"])
        return params | ({"root": self.tree} if "root" in params else {})

    def assert_follows(self, value, schema, what):
        self.assertEqual(list(self.schemas.errors(value, schema)), [], what)

    def assert_notifications_follow(self):
        for message in self.connection.notifications:
            self.assertEqual(sorted(message), ["jsonrpc", "method", "params"])
            schema = self.notifications[message["method"]]["notification"]
            self.assert_follows(message["params"], schema, message)

    def test_names_every_method_and_no_other(self):
        self.assertEqual(sorted(self.methods), self.connection.ask("hello", {})["methods"])
        for name, blocks in self.methods.items():
            self.assertEqual(sorted(blocks), ["example", "params", "result"], name)

    def test_has_examples_that_are_answered_as_it_says(self):
        for method in [name for name in self.methods if name != "shutdown"] + ["shutdown"]:
            with self.subTest(method=method):
                params = self.example(method)
                self.assert_follows(params, self.methods[method]["params"], method)
                response = self.connection.answer(method, params)
                self.assertEqual(sorted(response), ["id", "jsonrpc", "result"], response)
                self.assertEqual(response["jsonrpc"], "2.0")
                self.assert_follows(response["result"], self.methods[method]["result"], method)
        self.assert_notifications_follow()

    def test_has_no_definition_that_nobody_uses(self):
        for blocks in [*self.methods.values(), *self.notifications.values()]:
            for schema in blocks.values():
                self.schemas.used |= set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
        for name in list(self.schemas.used):
            self.schemas.used |= set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(self.schemas.definitions[name])))
        self.assertLessEqual(set(self.schemas.definitions), self.schemas.used | {"selection", "terms"})

    def test_lists_every_key_that_is_taken(self):
        for method, blocks in self.methods.items():
            error = self.connection.answer(method, self.example(method) | {"no_such_key": 1}).get("error", {})
            self.assertEqual(error.get("code"), -32602, method)
            self.assertIn("no_such_key", error["message"])
            properties = self.schemas.properties(blocks["params"])
            for key in properties:
                response = self.connection.answer(method, self.example(method) | {key: {"neither": "nor"}})
                message = response["error"]["message"]
                self.assertEqual(response["error"]["code"], -32602, (method, key))
                self.assertIn(f'"{key}"', message)
                self.assertNotIn("not known", message, (method, key))

    def test_is_as_strict_as_the_daemon(self):
        for method, blocks in self.methods.items():
            schema = blocks["params"]
            for key, part in self.schemas.properties(schema).items():
                for wrong in WRONG:
                    if any(True for _ in self.schemas.errors(wrong, part)):
                        response = self.connection.answer(method, self.example(method) | {key: wrong})
                        self.assertEqual(response.get("error", {}).get("code"), -32602, (method, key, wrong, response))
            for key in self.schemas.required(schema):
                params = {name: value for name, value in self.example(method).items() if name != key}
                error = self.connection.answer(method, params).get("error", {})
                self.assertEqual(error.get("code"), -32602, (method, key))
                self.assertIn(f'"{key}" is missing', error["message"])

    def test_describes_notifications(self):
        subscription = self.connection.ask("subscribe", {"root": self.tree})["subscription"]
        self.connection.ask("index", {"root": self.tree, "progress": True})
        self.write("src/later.c", "int later(void) { return 0; }\n")
        self.connection.ask("sync", {"root": self.tree})
        self.connection.ask("reload", {})

        def is_changed():
            return any(m["method"] == "changed" and "src/later.c" in m["params"]["paths"]
                       for m in self.connection.notifications) or self.connection.ask("hello", {}) is None
        wait_until(is_changed, "the change is told")
        self.assert_notifications_follow()
        told = {message["params"].get("subscription") for message in self.connection.notifications}
        self.assertLessEqual(told, {subscription, None})

    def test_has_answers_for_names_that_are_not_utf8(self):
        name = {"base64": "c3JjL2NhZukuYw=="}
        answer = self.connection.ask("outline", {"root": self.tree, "path": name})
        self.assertEqual(answer["path"], name)
        answer = self.connection.ask("map", {"root": self.tree, "chat": [name], "complete": "whole"})
        self.assert_follows(answer, self.methods["map"]["result"], "map")

    def test_lists_the_errors(self):
        connection = self.connection
        cases = [({"root": "/nonexistent"}, "map", 1001, "not_found"),
                 ({"root": self.tree, "path": "nothing.c"}, "outline", 1001, "not_found"),
                 ({"root": self.tree, "path": "src/data.c"}, "outline", 1004, "unsupported"),
                 ({"root": self.tree, "settings": "others"}, "map", 1006, "settings_differ"),
                 ({"root": self.tree, "deadline_ms": 0}, "map", 1005, "limit_exceeded"),
                 ({"subscription": 99}, "unsubscribe", 1001, "not_found"),
                 ({"root": self.tree, "path": "src/main.c", "lines": [99]}, "tree", -32602, "invalid_argument")]
        for params, method, code, name in cases:
            error = connection.answer(method, params)["error"]
            self.assertEqual((error["code"], error["data"]), (code, {"code": name}), (method, params, error))
        self.assertEqual(connection.answer("nothing", {})["error"]["code"], -32601)

    def test_says_how_to_cancel(self):
        connection = self.connection
        # A generation that is far away is waited for until somebody says otherwise.
        waiting = connection.request("map", {"root": self.tree, "min_generation": 1_000_000})
        connection.send(json.dumps({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": waiting}}) + "\n")
        message = connection.receive()
        self.assertEqual((message["id"], message["error"]["code"]), (waiting, -32800))


if __name__ == "__main__":
    unittest.main()
