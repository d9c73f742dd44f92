#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `repomap install` writes into the configuration of each client, and that it undoes it to the byte.

A case in fixtures/clients/CLIENT/CASE holds `arguments`, the files `before` (below home/ and tree/) and those `after`, in
which @PROGRAM@ stands for the program's path. REPOMAP_UPDATE_GOLDEN=1 rewrites what is expected."""
import json
import os
import shutil
import stat
import subprocess
import tomllib
import unittest

import program

CASES = os.path.join(program.SOURCE_DIR, "fixtures/clients")
UPDATE = os.environ.get("REPOMAP_UPDATE_GOLDEN") == "1"


def files_below(*directories):
    """Path to bytes; what a test has besides the files of the clients is left out."""
    found = {}
    for directory in directories:
        for folder, _, names in os.walk(directory):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, os.path.dirname(directory))] = file.read()
    return {path: data for path, data in found.items() if "/.local/state/" not in path}


def without_comments(text):
    """JSON of a text with comments and trailing commas, of which no string holds any."""
    lines = [line if '"http' in line or '"$schema"' in line else line.split("//")[0] for line in text.splitlines()]
    joined = "".join(lines)
    while "/*" in joined:
        joined = joined[:joined.index("/*")] + joined[joined.index("*/") + 2:]
    packed = "".join(joined.split())
    return json.loads(packed.replace(",}", "}").replace(",]", "]"))


class InstallTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        # Where the program is, and what it finds, does not depend on the machine.
        self.bin = os.path.join(self.work, "bin")
        os.mkdir(self.bin)
        self.program = os.path.join(self.bin, "repomap")
        os.symlink(program.PROGRAM, self.program)
        self.environment |= {"PATH": f"{self.bin}:/usr/bin:/bin"}
        self.git("init", "-q")
        shutil.rmtree(os.path.join(self.tree, ".git/hooks"), ignore_errors=True)

    def files(self):
        return {path: data for path, data in files_below(self.home, self.tree).items() if not path.startswith("tree/.git/")}

    def install(self, *arguments, status=0):
        out, _ = self.run_program("install", *arguments, status=status)
        return out.decode()

    def restore(self, files):
        for directory in (self.home, self.tree):
            for name in os.listdir(directory):
                path = os.path.join(directory, name)
                if name != ".git":
                    shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        for path, data in files.items():
            self.write(os.path.join(self.work, path), data)

    def test_writes_and_undoes_every_case(self):
        cases = sorted((client, case) for client in os.listdir(CASES) for case in os.listdir(os.path.join(CASES, client)))
        for client, case in cases:
            with self.subTest(client=client, case=case):
                self.check_case(os.path.join(CASES, client, case))

    def check_case(self, folder):
        with open(os.path.join(folder, "arguments"), encoding="utf-8") as file:
            arguments = file.read().split()
        before = {os.path.relpath(path, "before"): data for path, data in files_below(os.path.join(folder, "before")).items()}
        self.restore(before)
        preview = self.install(*arguments, "--dry-run")
        self.assertEqual(self.files(), before, "a dry run writes nothing")

        self.install(*arguments)
        after = self.files()
        golden = {path: self.portable(data) for path, data in after.items()}
        if UPDATE:
            shutil.rmtree(os.path.join(folder, "after"), ignore_errors=True)
            for path, data in golden.items():
                self.write(os.path.join(folder, "after", path), data)
        expected = {os.path.relpath(path, "after"): data for path, data in files_below(os.path.join(folder, "after")).items()}
        self.assertEqual(golden, expected)
        self.check_patch(before, preview, after)

        again = self.install(*arguments)
        self.assertEqual(self.files(), after, "a second time changes nothing")
        self.assertNotIn("changed", again)

        scope = arguments[1:] if "--scope" in arguments else []
        self.install(arguments[0], *scope, "--uninstall")
        self.assertEqual(self.files(), before, "all bytes are as before")
        self.install(arguments[0], *scope, "--uninstall", status=3)

    def portable(self, data):
        """Without what depends on the machine, and without the texts that have a place of their own."""
        for name in ("neovim/repomap.lua", "emacs/repomap.el"):
            with open(os.path.join(program.SOURCE_DIR, "editors", name), "rb") as file:
                data = data.replace(file.read(), f"@{name}@\n".encode())
        return data.replace(self.program.encode(), b"@PROGRAM@").replace(self.home.encode(), b"@HOME@")

    def check_patch(self, before, preview, after):
        """The diff of a dry run, as patch(1) reads it, makes the files."""
        copy = os.path.join(self.work, "copy")
        shutil.rmtree(copy, ignore_errors=True)
        for path, data in before.items():
            self.write(os.path.join(copy, path), data)
        os.makedirs(copy, exist_ok=True)
        relative = preview.replace("--- " + self.work + "/", "--- ").replace("+++ " + self.work + "/", "+++ ")
        applied = subprocess.run(["git", "apply", "-p0", "-"], cwd=copy, input=relative.encode(), env=self.environment,
                                 capture_output=True, check=False)
        self.assertEqual((applied.returncode, applied.stderr), (0, b""), relative)
        self.assertEqual(files_below(os.path.join(copy, "home"), os.path.join(copy, "tree")), after)

    def test_what_is_written_is_what_clients_read(self):
        for name, path, key in (("claude-code", ".claude.json", "mcpServers"), ("cursor", ".cursor/mcp.json", "mcpServers"),
                                ("vscode", ".config/Code/User/mcp.json", "servers"),
                                ("zed", ".config/zed/settings.json", "context_servers"),
                                ("gemini-cli", ".gemini/settings.json", "mcpServers"),
                                ("opencode", ".config/opencode/opencode.json", "mcp")):
            self.install(name)
            with open(os.path.join(self.home, path), encoding="utf-8") as file:
                server = json.load(file)[key]["repomap"]
            command = server["command"] if isinstance(server["command"], list) else [server["command"], *server["args"]]
            self.assertEqual(command, [self.program, "mcp"])
        self.install("codex")
        with open(os.path.join(self.home, ".codex/config.toml"), "rb") as file:
            self.assertEqual(tomllib.load(file)["mcp_servers"]["repomap"], {"command": self.program, "args": ["mcp"]})

    def test_lists_clients(self):
        self.write("home/.cursor/x", root=self.work)
        listed = self.json("install")
        self.assertEqual(listed["program"], self.program)
        clients = {client["name"]: client for client in listed["clients"]}
        self.assertTrue(clients["cursor"]["found"])
        self.assertFalse(clients["zed"]["found"])
        self.install("zed")
        clients = {client["name"]: client for client in self.json("install")["clients"]}
        self.assertEqual(clients["zed"]["files"], [{"scope": "user", "path": os.path.join(self.home, ".config/zed/settings.json"),
                                                    "installed": True}])
        self.assertIn("claude-code", self.install())

    def test_json_tells_the_changes(self):
        changes = self.json("install", "zed", "--dry-run")
        self.assertTrue(changes["dry_run"])
        self.assertEqual([(c["client"], c["scope"], c["change"]) for c in changes["changes"]], [("zed", "user", "made")])
        self.assertIn("+  \"context_servers\"", changes["changes"][0]["diff"])
        self.assertEqual(self.json("install", "zed")["changes"][0]["change"], "made")
        self.assertEqual(self.json("install", "zed")["changes"][0]["change"], "none")
        self.assertEqual(self.json("install", "zed", "--uninstall")["changes"][0]["change"], "removed")

    def test_leaves_alone_what_cannot_be_used(self):
        place = os.path.join(self.home, ".cursor/mcp.json")
        for text, where in (("{", "1:2"), ('{"mcpServers": []}', "1:16"), ('{"mcpServers": {}, "mcpServers": {}}', "1:20"),
                            ('{\n  "a": 1\n  "b": 2\n}', "3:3"), ("{'a': 1}", "1:2"), ("[]", "1:1"), ("nonsense", "1:1"),
                            ('{"repomap": ', "1:13"), ('[]  // repomap', "1:1"),
                            ('{"mcpServers": {"repomap": {"command": "other"}}}', "1:28")):
            self.write(place, text)
            for more in ([], ["--uninstall"]):
                if more and "other" in text:
                    continue
                if more and "repomap" not in text:
                    # Nothing was put into it, and nothing in it names us.
                    self.install("cursor", *more, status=3)
                    continue
                message = self.message("install", "cursor", *more, status=1)
                self.assertIn(f"{place}:{where}: ", message)
            with open(place, encoding="utf-8") as file:
                self.assertEqual(file.read(), text)
        self.write(os.path.join(self.home, ".codex/config.toml"), 'a = "open\n')
        self.assertIn("config.toml:1:5: ", self.message("install", "codex", status=1))
        # Of several clients none is written to if one cannot be.
        self.message("install", "zed", "codex", status=1)
        self.assertFalse(os.path.exists(os.path.join(self.home, ".config/zed")))

    def test_force_writes_over_another_entry_and_uninstall_brings_it_back(self):
        place = self.write(os.path.join(self.home, ".cursor/mcp.json"), '{"mcpServers": {"repomap": {"command": "other"}}}')
        before = self.files()
        self.install("cursor", "--force")
        self.assertIn(self.program.encode(), self.files()["home/.cursor/mcp.json"])
        self.install("cursor", "--uninstall")
        self.assertEqual(self.files(), before)
        self.assertTrue(os.path.exists(place))

    def test_brings_the_program_up_to_date_and_keeps_what_the_user_has_added(self):
        place = os.path.join(self.home, ".claude.json")
        entry = '{"mcpServers": {"repomap": {"command": "/old/repomap", "args": ["mcp", "--root", "/x"], "env": {"A": "1"}}}}'
        self.write(place, entry)
        self.install("claude-code")
        with open(place, encoding="utf-8") as file:
            self.assertEqual(file.read(), entry.replace("/old/repomap", self.program))
        settings = os.path.join(self.home, ".claude/settings.json")
        hook = '{"hooks": {"SessionStart": [{"hooks": [{"command": "a"}, {"command": "\'/o d/repomap\' hook session-start --tokens 9"}]}]}}'
        self.write(settings, hook)
        self.install("claude-code", "--hooks")
        with open(settings, encoding="utf-8") as file:
            hooks = json.load(file)["hooks"]
        self.assertEqual(hooks["SessionStart"][0]["hooks"][1]["command"], f"{self.program} hook session-start --tokens 9")
        self.assertEqual(len(hooks["UserPromptSubmit"]), 1)

    def test_a_command_that_holds_the_hook_is_the_users(self):
        settings = os.path.join(self.home, ".claude/settings.json")
        for command in (f'cd "$CLAUDE_PROJECT_DIR" && REPO_MAP_CACHE_DIR=/big {self.program} hook session-start --tokens 300',
                        f"make -s env; {self.program} hook session-start", f"{self.program} hook session-start; make -s env",
                        f"X=1/repomap hook session-start", f"bash -c '{self.program} hook session-start'",
                        f"'/a'/b/repomap hook session-start", f"$HOME/repomap hook session-start | tee /tmp/log"):
            text = json.dumps({"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": command}]}]}})
            for more in ([], ["--force"]):
                self.write(settings, text)
                self.install("claude-code", "--hooks", *more)
                hooks = json.loads(self.files()["home/.claude/settings.json"])["hooks"]
                self.assertEqual([h["command"] for g in hooks["SessionStart"] for h in g["hooks"]], [command])
                self.assertEqual(len(hooks["UserPromptSubmit"]), 1)
                shutil.rmtree(os.path.join(self.home, ".local"))
                self.install("claude-code", "--uninstall")
                hooks = json.loads(self.files()["home/.claude/settings.json"])["hooks"]
                self.assertEqual(hooks["SessionStart"], [{"hooks": [{"type": "command", "command": command}]}])

    def test_takes_all_its_hooks_out_at_once(self):
        settings = os.path.join(self.home, ".claude/settings.json")
        ours = {"type": "command", "command": f"{self.program} hook session-start"}
        quoted = {"type": "command", "command": "'/it'\\''s/repomap' hook session-start --tokens 9"}
        other = {"type": "command", "command": "date"}
        self.write(settings, json.dumps({"hooks": {"SessionStart": [{"hooks": [ours, other, quoted]}, {"hooks": [ours]}]}}))
        self.install("claude-code", "--uninstall")
        self.assertEqual(json.loads(self.files()["home/.claude/settings.json"]), {"hooks": {"SessionStart": [{"hooks": [other]}]}})

    def test_what_was_written_over_comes_back_into_a_file_that_has_changed_since(self):
        place = os.path.join(self.home, ".cursor/mcp.json")
        theirs = '{"command": "node", "args": ["their-server"], /* mine */ "env": {"KEY": "secret"}}'
        self.write(place, '{"mcpServers": {"repomap": ' + theirs + '}}')
        self.install("cursor", "--force")
        # A second time, of an entry that is ours now, what was written over is not forgotten.
        self.write(place, self.files()["home/.cursor/mcp.json"].replace(self.program.encode(), b"/old/repomap"))
        self.install("cursor", "--force")
        self.write(place, self.files()["home/.cursor/mcp.json"].replace(b'{"mcpServers"', b'{"other": 1, "mcpServers"'))
        self.install("cursor", "--uninstall")
        self.assertEqual(self.files()["home/.cursor/mcp.json"].decode(), '{"other": 1, "mcpServers": {"repomap": ' + theirs + '}}')

        place = os.path.join(self.home, ".codex/config.toml")
        theirs = '[mcp_servers.repomap]\ncommand = "node"\n[mcp_servers.repomap.env]\nKEY = "secret"\n'
        self.write(place, theirs)
        self.install("codex", "--force")
        self.write(place, "a = 1\n" + self.files()["home/.codex/config.toml"].decode())
        self.install("codex", "--uninstall")
        self.assertEqual(self.files()["home/.codex/config.toml"].decode(), "a = 1\n" + theirs)

    def test_writes_over_nothing_that_it_cannot_keep(self):
        place = os.path.join(self.home, ".cursor/mcp.json")
        text = '{"mcpServers": {"repomap": {"command": "other"}}}'
        self.write(place, text)
        self.write(os.path.join(self.home, ".local"), "a file, so that there is no place for a receipt")
        self.message("install", "cursor", "--force", status=1)
        with open(place, encoding="utf-8") as file:
            self.assertEqual(file.read(), text)

    def test_takes_a_server_out_of_toml_that_other_tables_cut_in_pieces(self):
        for before, after in (("", "[other]\na = 1\n\n"), ("[mcp_servers.repomap.env]\nA = \"1\"\n\n[other]\na = 1\n\n", "")):
            ours = f'[mcp_servers.repomap]\ncommand = "{self.program}"\nargs = ["mcp"]\n\n'
            rest = "[mcp_servers.repomap.tools]\nb = 2\n\n[last]\nc = 3\n"
            self.write(os.path.join(self.home, ".codex/config.toml"), before + ours + after + rest)
            self.install("codex", "--uninstall")
            left = tomllib.loads(self.files()["home/.codex/config.toml"].decode())
            self.assertEqual(left, {"other": {"a": 1}, "last": {"c": 3}})
            foreign = (before + ours + after + rest).replace(self.program, "/bin/node")
            self.write(os.path.join(self.home, ".codex/config.toml"), foreign)
            self.install("codex", "--force")
            left = tomllib.loads(self.files()["home/.codex/config.toml"].decode())
            self.assertEqual(left["mcp_servers"], {"repomap": {"command": self.program, "args": ["mcp"]}})
            self.install("codex", "--uninstall")
            self.assertEqual(self.files()["home/.codex/config.toml"].decode(), foreign)

    def test_finds_its_entry_where_it_was_put(self):
        config = os.path.join(self.home, ".config/opencode")
        self.install("opencode")
        self.write(os.path.join(config, "opencode.jsonc"), "{}")
        before = self.files()
        self.assertIn("opencode.json\n", self.install("opencode"))
        self.assertEqual(self.files(), before)
        listed = {client["name"]: client for client in self.json("install")["clients"]}["opencode"]["files"]
        self.assertEqual(listed[0] | {"scope": ""}, {"scope": "", "path": os.path.join(config, "opencode.json"), "installed": True})
        # Where both files have it, it is taken out of both.
        shutil.copyfile(os.path.join(config, "opencode.json"), os.path.join(config, "opencode.jsonc"))
        self.install("opencode", "--uninstall")
        self.assertNotIn(b"repomap", b"".join(self.files().values()))

        self.restore({})
        self.install("emacs")
        self.write(os.path.join(self.home, ".emacs"), "(setq a 1)\n")
        self.install("emacs", "--uninstall")
        self.assertEqual(self.files(), {"home/.emacs": b"(setq a 1)\n"})
        self.write(os.path.join(self.home, ".emacs.el"), "(setq b 1)\n")
        self.install("emacs")
        self.assertIn(b">>> repomap", self.files()["home/.emacs.el"])
        self.assertEqual(self.files()["home/.emacs"], b"(setq a 1)\n")

    def test_a_receipt_of_another_file_is_not_used(self):
        place = os.path.join(self.home, ".cursor/mcp.json")
        self.install("cursor")
        self.write(place, "{}")
        self.install("cursor")
        self.install("cursor", "--uninstall")
        self.assertEqual(self.files()["home/.cursor/mcp.json"], b"{}")

    def test_takes_its_entry_out_of_a_file_that_has_changed_since(self):
        place = os.path.join(self.home, ".claude.json")
        self.install("claude-code", "--hooks")
        with open(place, encoding="utf-8") as file:
            data = json.load(file)
        data["numStartups"] = 3
        self.write(place, json.dumps(data, indent=2))
        self.write(os.path.join(self.home, ".claude/settings.json"),
                   json.dumps(json.loads(self.files()["home/.claude/settings.json"])))
        self.install("claude-code", "--uninstall")
        self.assertEqual(json.loads(self.files()["home/.claude.json"]), {"numStartups": 3})
        self.assertNotIn("home/.claude/settings.json", self.files())

    def test_works_without_receipts(self):
        self.write(os.path.join(self.home, ".config/zed/settings.json"), '{\n  // mine\n  "context_servers": {"a": {}},\n}\n')
        self.install("zed")
        shutil.rmtree(os.path.join(self.home, ".local"))
        self.install("zed", "--uninstall")
        self.assertEqual(without_comments(self.files()["home/.config/zed/settings.json"].decode()), {"context_servers": {"a": {}}})
        self.install("neovim")
        shutil.rmtree(os.path.join(self.home, ".local"))
        self.install("neovim", "--uninstall")
        self.assertNotIn("home/.config/nvim/plugin/repomap.lua", self.files())

    def test_keeps_mode_and_link(self):
        real = self.write(os.path.join(self.home, "dotfiles/mcp.json"), "{}")
        os.chmod(real, 0o640)
        os.mkdir(os.path.join(self.home, ".cursor"))
        link = os.path.join(self.home, ".cursor/mcp.json")
        os.symlink("../dotfiles/mcp.json", link)
        self.install("cursor")
        self.assertTrue(os.path.islink(link))
        self.assertEqual(stat.S_IMODE(os.stat(real).st_mode), 0o640)
        self.assertEqual(os.listdir(os.path.dirname(real)), [b"mcp.json"])
        self.install("zed")
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.home, ".config/zed/settings.json")).st_mode), 0o600)

    def test_the_file_stays_its_owners(self):
        if os.geteuid() != 0:
            self.skipTest("only root may give files away")
        place = self.write(os.path.join(self.home, ".cursor/mcp.json"), "{}")
        os.chown(place, 1234, 2345)
        os.chmod(place, 0o640)
        self.install("cursor")
        found = os.stat(place)
        self.assertEqual((found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)), (1234, 2345, 0o640))

    def test_says_what_is_in_the_way(self):
        self.assertIn('no client named "cursr", did you mean', self.message("install", "cursr", status=2).replace(";", ","))
        self.message("install", "zed", "--scope", "project", status=2)
        self.message("install", "zed", "--scope", "all", status=2)
        self.message("install", "zed", "--hooks", status=2)
        self.message("install", "--uninstall", status=2)
        os.makedirs(os.path.join(self.home, ".cursor/mcp.json"))
        self.assertIn(".cursor/mcp.json", self.message("install", "cursor", status=1))
        os.symlink("nothing", os.path.join(self.home, ".claude.json"))
        self.assertIn("a symbolic link to nothing", self.message("install", "claude-code", status=1))
        self.write(os.path.join(self.home, ".config"), "a file")
        self.message("install", "zed", status=1)
        del self.environment["HOME"]
        self.assertIn("HOME is not set", self.message("install", "cursor", status=1))

    def test_undoes_what_it_has_done_beside_a_file_that_does_not_parse(self):
        self.install("claude-code")
        self.write(os.path.join(self.home, ".claude/settings.json"), "{ not JSON")
        self.install("claude-code", "--uninstall")
        self.assertEqual(self.files(), {"home/.claude/settings.json": b"{ not JSON"})
        # After hooks were installed, it has to be mended first.
        self.restore({})
        self.install("claude-code", "--hooks")
        self.write(os.path.join(self.home, ".claude/settings.json"), "{ not JSON")
        self.assertIn("settings.json:1:3: ", self.message("install", "claude-code", "--uninstall", status=1))

    def test_says_what_was_done_before_something_failed(self):
        # A name so long that there is no longer one beside it.
        real = self.write(os.path.join(self.home, "n" * 250), "{}")
        os.mkdir(os.path.join(self.home, ".claude"))
        os.symlink(real, os.path.join(self.home, ".claude/settings.json"))
        out, err = self.run_program("install", "claude-code", "--hooks", status=1)
        self.assertIn(f"made {self.home}/.claude.json", out.decode())
        self.assertIn("too long", err.decode())

    def test_a_client_that_is_named_twice_is_set_up_once(self):
        self.assertEqual(len(self.json("install", "zed", "zed")["changes"]), 1)

    def test_loses_nothing_where_it_may_not_write(self):
        place = self.write(os.path.join(self.home, ".cursor/mcp.json"), "{}")
        os.chmod(os.path.dirname(place), 0o500)
        os.chmod(place, 0o400)
        self.addCleanup(os.chmod, os.path.dirname(place), 0o700)
        if os.access(os.path.dirname(place), os.W_OK):
            self.skipTest("this user may write everywhere")
        self.assertIn("denied", self.message("install", "cursor", status=1))
        with open(place, encoding="utf-8") as file:
            self.assertEqual(file.read(), "{}")


if __name__ == "__main__":
    unittest.main()
