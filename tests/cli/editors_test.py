#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Editors that are set up by `repomap install` and nothing else: they start the program and show what it answers."""
import json
import os
import shutil
import subprocess
import unittest

import daemon

NEOVIM = """
local function wait(what, condition)
  assert(vim.wait(60000, condition, 20), 'waited in vain: ' .. what)
end
local function client()
  for _, one in pairs(vim.lsp.get_active_clients()) do
    if one.name == 'repomap' and one.server_capabilities then return one end
  end
end
wait('attached', function() return client() and vim.lsp.buf_get_clients(0)[client().id] end)
vim.api.nvim_win_set_cursor(0, { 4, 12 })
local found = {}
wait('definition', function()
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/definition', vim.lsp.util.make_position_params(), 60000) or {}
  for _, answer in pairs(answers) do
    for _, place in ipairs(answer.result or {}) do
      table.insert(found, place.targetUri or place.uri)
    end
  end
  return #found > 0
end)
vim.cmd('RepoMap parse the header')
wait('map', function() return vim.bo.filetype == 'repomap' end)
local map = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')
vim.fn.writefile({ vim.fn.json_encode({ definitions = found, map = map, writable = vim.bo.modifiable }) }, 'answer.json')
vim.cmd('qall!')
"""

EMACS = """
(load (expand-file-name "~/.emacs.d/init.el"))
(find-file "src/user.py")
(let ((text (with-current-buffer (repomap "parse the header") (buffer-string))))
  (with-temp-file "../answer.txt" (insert text)))
"""


class Editors(daemon.DaemonTest):
    def setUp(self):
        super().setUp()
        self.write("src/parser.py", "class Parser:\n    def parse_header(self, text):\n        return text\n")
        self.write("src/user.py", "from parser import Parser\n\ndef use():\n    return Parser().parse_header('')\n")
        self.git("init", "-q")
        self.serve()

    def run_editor(self, *command):
        editor = subprocess.Popen(command, cwd=self.tree, env=self.environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            out, _ = editor.communicate(timeout=240)
        finally:
            editor.kill()
        self.assertEqual(editor.returncode, 0, out)
        return out

    @unittest.skipUnless(shutil.which("nvim"), "there is no nvim")
    def test_neovim(self):
        self.run_program("install", "neovim")
        script = self.write("try.lua", NEOVIM, root=self.work)
        out = self.run_editor("nvim", "--headless", "src/user.py", "-c", f"luafile {os.fsdecode(script)}", "-c", "cquit")
        with open(os.path.join(self.tree, "answer.json"), encoding="utf-8") as file:
            answer = json.load(file)
        self.assertTrue(answer["definitions"][0].endswith("/src/parser.py"), (answer, out))
        self.assertIn("def parse_header", answer["map"])
        self.assertFalse(answer["writable"])

    @unittest.skipUnless(shutil.which("emacs"), "there is no emacs")
    def test_emacs(self):
        self.run_program("install", "emacs")
        self.run_editor("emacs", "--batch", "-l", os.fsdecode(self.write("try.el", EMACS, root=self.work)))
        with open(os.path.join(self.tree, "answer.txt"), encoding="utf-8") as file:
            self.assertIn("def parse_header", file.read())


if __name__ == "__main__":
    unittest.main()
