# SPDX-License-Identifier: Apache-2.0
"""Commands, options, exit statuses, messages, and what happens when the output cannot be written."""
import signal
import subprocess
import unittest

from program import PROGRAM, ProgramTest

COMMANDS = ["map", "index", "tags", "tree", "symbols", "defs", "refs", "outline", "langs", "doctor", "version", "completion"]
CACHE_COMMANDS = ["stats", "explain", "inspect", "get", "check", "warm", "evict", "expire", "cull", "clear", "migrate"]
DONE, FAILED, WRONG_USAGE, NOTHING_FOUND = 0, 1, 2, 3


class Usage(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("lib.c", "int add_numbers(int a, int b)\n{\n  return a + b;\n}\n")
        self.write("main.c", "int add_numbers(int, int);\nint main(void)\n{\n  return add_numbers(1, 2);\n}\n")

    def arguments_of(self, command):
        return {"tree": ["lib.c", "--lines", "3"], "symbols": ["add*"], "defs": ["main"], "refs": ["add_numbers"],
                "outline": ["lib.c"], "completion": ["bash"]}.get(command, [])

    def without_languages(self):
        """For what is only about settings and messages: loading all languages takes seconds."""
        self.environment["REPO_MAP_RESOURCE_DIR"] = self.work

    def test_help_of_every_command_has_an_example_and_the_shared_options(self):
        listed = self.run_program("--help")[0].decode()
        for command in COMMANDS:
            self.assertIn(f"\n  {command} ", listed)
            text = self.run_program(command, "--help")[0].decode()
            self.assertIn("Examples:\n  repomap " + command, text)
            for option in ("--root", "--json", "--no-daemon", "-v", "--jobs", "--no-cache"):
                self.assertIn(option, text, command)

    def test_help_of_every_cache_command_has_an_example_and_a_kind(self):
        self.assertIn("\n  cache ", self.run_program("--help")[0].decode())
        listed = self.run_program("cache", "--help")[0].decode()
        for command in CACHE_COMMANDS:
            self.assertIn(f"\n  {command} ", listed)
            text = self.run_program("cache", command, "--help")[0].decode()
            self.assertIn("repomap cache " + command, text.split("Examples:\n")[1])
            for option in ("--root", "--json", "--kind", "-v", "--no-cache"):
                self.assertIn(option, text, command)

    def test_every_command_takes_the_shared_options(self):
        for command in set(COMMANDS) - {"langs", "doctor"}:
            shared = ["--root", self.tree, "--no-daemon", "-v", "--jobs", "1", "--max-file-size", "1M",
                      "--max-file-time", "1000", "--submodules"]
            out, _ = self.run_program(command, *self.arguments_of(command), *shared)
            self.assertNotEqual(out, b"", command)
        self.without_languages()
        self.run_program("langs", *shared)
        self.run_program("doctor", *shared, status=FAILED)

    def test_json_has_the_documented_keys_in_order(self):
        tag = ["path", "name", "role", "kind", "line", "column", "end_line", "scope", "signature", "lang"]
        document = self.json("map", "--explain")
        self.assertEqual(list(document), ["root", "generation", "rank", "tokenizer", "budget", "tokens", "files",
                                          "explanations", "text", "freshness", "skipped", "notices"])
        self.assertEqual(list(document["files"][0]), ["path", "rank", "lines", "symbols"])
        self.assertEqual(list(document["files"][0]["symbols"][0]), ["name", "kind", "line", "rank"])
        self.assertEqual(list(document["freshness"]), ["generation", "as_of", "indexed", "pending", "skipped", "watcher"])
        self.assertEqual(list(document["explanations"][0]), ["path", "name", "rank", "graph_rank", "file_rank",
                                                             "referencing_files", "references", "pulls"])
        self.assertEqual(document["root"], self.tree)
        self.assertEqual(document["text"].encode(), self.run_program("map")[0])
        self.assertTrue(all(list(line) == tag for line in self.json_lines("tags")))
        self.assertEqual(list(self.json("tree", "lib.c", "--lines", "3")), ["path", "lines", "text"])
        for command, name in (("symbols", "add"), ("defs", "add_numbers"), ("refs", "add_numbers")):
            document = self.json(command, name)
            self.assertEqual(list(document), ["found", "symbols", "freshness", "skipped"])
            self.assertEqual(list(document["symbols"][0]), tag)
        outline = self.json("outline", "lib.c")
        self.assertEqual(list(outline), ["path", "lang", "lines", "syntax_errors", "symbols"])
        self.assertEqual(list(outline["symbols"][0]), tag)
        self.assertIn("repomap", self.json("version"))
        self.assertEqual(list(self.json("completion", "zsh")), ["shell", "script"])

    def test_langs_and_doctor_find_every_language_working(self):
        languages = self.json("langs")["languages"]
        self.assertEqual(list(languages[0]),
                         ["name", "works", "user", "abi_version", "extensions", "file_names", "error"])
        self.assertGreaterEqual(len(languages), 40)
        self.assertEqual([language["error"] for language in languages if not language["works"]], [])
        doctor = self.json("doctor")
        self.assertEqual([check for check in doctor["checks"] if not check["ok"]], [])
        self.assertEqual(list(doctor), ["root", "checks", "settings", "cache", "versions"])
        self.assertEqual(list(doctor["checks"][0]), ["name", "ok", "detail"])
        self.assertEqual(list(doctor["settings"][0]), ["key", "value", "origin", "environment", "help"])

    def test_a_language_that_is_off_says_why(self):
        self.without_languages()
        languages = self.json("langs")["languages"]
        self.assertTrue(all(language["error"] for language in languages))
        self.assertEqual({file["reason"] for file in self.json("defs", "main", status=NOTHING_FOUND)["skipped"]},
                         {"language_off"})

    def test_positions_are_one_based(self):
        found = self.json("defs", "add_numbers")["symbols"]
        lib = next(symbol for symbol in found if symbol["path"] == "lib.c")
        self.assertEqual((lib["line"], lib["column"], lib["end_line"]), (1, 5, 4))

    def test_version_flag_says_what_the_command_says_first(self):
        flag = self.run_program("--version")[0]
        self.assertRegex(flag.decode(), r"^repomap \d+\.\d+\.\d+\n$")
        self.assertTrue(self.run_program("version")[0].startswith(flag))

    def test_nothing_found_is_status_3_with_an_empty_json_result(self):
        for command in ("symbols", "defs", "refs"):
            self.assertIn('nothing named "zzz"', self.message(command, "zzz", status=NOTHING_FOUND))
            self.assertEqual(self.json(command, "zzz", status=NOTHING_FOUND)["symbols"], [])
        self.write("empty.c", "\n")
        self.assertIn("no definitions", self.message("outline", "empty.c", status=NOTHING_FOUND))
        self.run_program("tags", "empty.c", status=NOTHING_FOUND)
        self.run_program("tags", "lib.c", "--lang", "go", status=NOTHING_FOUND)

    def test_a_misspelt_word_is_answered_with_the_one_that_was_meant(self):
        cases = {
            ("mpa",): 'no command named "mpa"; did you mean map?',
            ("map", "--tokns", "5"): "no option --tokns; did you mean --tokens?",
            ("map", "--tokenizer", "o20k"): "did you mean o200k?",
            ("map", "--rank", "anchord"): "did you mean anchored?",
            ("tags", "--format", "ctag"): "did you mean ctags?",
            ("tags", "--lang", "pyton"): "did you mean python?",
            ("defs", "main", "--kind", "functoin"): "did you mean function?",
            ("completion", "bsh"): "did you mean bash?",
        }
        for arguments, expected in cases.items():
            text = self.message(*arguments, status=WRONG_USAGE)
            self.assertIn(expected, text)
            self.assertEqual(text.count("\n"), 1, text)

    def test_wrong_usage_says_what_to_do(self):
        cases = {
            (): "repomap --help",
            ("defs",): "NAME is required",
            ("tree", "lib.c"): "--lines is required",
            ("map", "a", "b"): '"b" is one argument too many',
            ("map", ".", "--root", "."): "excludes",
            ("map", "--tokens", "many"): "allowed is 0 to",
            ("map", "--jobs", "-1"): "allowed is 0 to",
            ("tags", "--defs", "--refs"): "excludes",
            ("tags", "--refs", "--format", "ctags"): "definitions only",
            ("tree", "lib.c", "--lines", "0"): "no line or range",
            ("tree", "lib.c", "--lines", "9-3"): "no line or range",
            ("tree", "lib.c", "--lines", "99"): "beyond its 4 lines",
        }
        for arguments, expected in cases.items():
            self.assertIn(expected, self.message(*arguments, status=WRONG_USAGE), arguments)

    def test_a_wrong_setting_names_its_origin(self):
        self.environment["REPO_MAP_TOKENS"] = "lots"
        self.assertIn('REPO_MAP_TOKENS: tokens = "lots"', self.message("map", status=WRONG_USAGE))
        del self.environment["REPO_MAP_TOKENS"]
        self.write("repomap.toml", "rank = 'best'\n")
        self.without_languages()
        self.assertIn(self.tree + "/repomap.toml: rank", self.message("map", status=WRONG_USAGE))
        checks = self.json("doctor", status=FAILED)["checks"]
        self.assertIn("settings", [check["name"] for check in checks if not check["ok"]])
        self.run_program("version")

    def test_settings_come_from_flag_environment_repository_and_user_in_this_order(self):
        self.without_languages()
        user = self.write(".config/repomap/repomap.toml", "max_file_time = 1\nrank = 'aider'\ntokens = 2\njobs = 1\n",
                          root=self.home).decode()
        repository = self.write("repomap.toml", "rank = 'anchored'\ntokens = 3\njobs = 2\n").decode()
        self.environment |= {"REPO_MAP_TOKENS": "4", "REPO_MAP_JOBS": "3"}
        document = self.json("doctor", "--jobs", "4", status=FAILED)
        values = {value["key"]: (value["value"], value["origin"]) for value in document["settings"]}
        self.assertEqual(values["jobs"], ("4", "command line"))
        self.assertEqual(values["tokens"], ("4", "REPO_MAP_TOKENS"))
        self.assertEqual(values["rank"], ("anchored", repository))
        self.assertEqual(values["max_file_time"], ("1", user))
        self.assertEqual(values["tokenizer"], ("o200k", "default"))

    def test_the_budget_of_the_flag_goes_before_that_of_the_environment(self):
        self.environment["REPO_MAP_TOKENS"] = "3"
        budget = self.json("map", "--tokens", "700")["budget"]
        self.assertEqual(budget, 700)

    def test_a_failed_write_is_status_1_with_a_message(self):
        for arguments in (["map"], ["map", "--json"], ["tags", "--format", "jsonl"], ["--help"],
                          ["version"], ["completion", "fish"]):
            with open("/dev/full", "wb") as full:
                _, err = self.run_program(*arguments, status=FAILED, stdout=full)
            self.assertIn("standard output: No space left on device", err.decode())
            closed = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', PROGRAM, *arguments], cwd=self.tree,
                                    env=self.environment, capture_output=True, check=False)
            self.assertEqual(closed.returncode, FAILED, arguments)
            self.assertIn("standard output: Bad file descriptor", closed.stderr.decode())

    def test_closed_streams_do_not_change_the_result(self):
        expected = self.run_program("map")[0]
        closed = subprocess.run(["sh", "-c", 'exec "$0" map <&- 2>&-', PROGRAM], cwd=self.tree, env=self.environment,
                                stdout=subprocess.PIPE, check=True)
        self.assertEqual(closed.stdout, expected)

    def test_a_reader_that_stops_ends_the_program_silently(self):
        lines = "".join(f"int function_number_{i}(void) {{ return {i}; }}\n" for i in range(20_000))
        self.write("many.c", lines)
        for restore in (True, False):
            process = self.start("tags", "--format", "jsonl", restore_signals=restore)
            self.assertTrue(process.stdout.readline().startswith(b"{"))
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")
            process.stderr.close()
            self.assertEqual(process.wait(timeout=60), -signal.SIGPIPE)

    def test_completion_scripts_are_accepted_by_their_shells(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.run_program("completion", shell)[0]
            for command in COMMANDS + CACHE_COMMANDS:
                self.assertIn(command.encode(), script)
        script = self.run_program("completion", "bash")[0].decode()
        ask = script + 'COMP_WORDS=(repomap ma); COMP_CWORD=1; _repomap; echo "${COMPREPLY[@]}"\n' \
                       'COMP_WORDS=(repomap map --tokeni); COMP_CWORD=2; _repomap; echo "${COMPREPLY[@]}"\n' \
                       'COMP_WORDS=(repomap cache ex); COMP_CWORD=2; _repomap; echo "${COMPREPLY[@]}"\n' \
                       'COMP_WORDS=(repomap cache check --rep); COMP_CWORD=3; _repomap; echo "${COMPREPLY[@]}"\n'
        answer = subprocess.run(["bash", "-c", ask], capture_output=True, check=True, env=self.environment)
        self.assertEqual((answer.stdout.decode(), answer.stderr), ("map\n--tokenizer\nexplain expire\n--repair\n", b""))

    def test_kinds_and_limits_narrow_a_search(self):
        self.assertEqual(self.json("symbols", "a", "--kind", "function", "--limit", "1")["found"], 2)
        self.assertEqual(len(self.json("symbols", "a", "--limit", "1")["symbols"]), 1)


if __name__ == "__main__":
    unittest.main()
