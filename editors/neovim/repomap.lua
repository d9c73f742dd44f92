-- SPDX-License-Identifier: Apache-2.0
--
-- repomap in Neovim 0.7 and later: a language server for look-ups in every supported language, and the command
--   :RepoMap [WORDS]   the ranked map of the repository, for what the words are about
-- Settings, before this file is read:
--   vim.g.repomap_program     the program; default: repomap in PATH
--   vim.g.repomap_filetypes   a list; default: those below
--   vim.g.repomap_tokens      the budget of :RepoMap; default: 2048
--   vim.g.repomap_beside = 1  beside another language server: only symbols of the workspace, and :RepoMap
if vim.g.loaded_repomap then
  return
end
vim.g.loaded_repomap = 1

local filetypes = vim.g.repomap_filetypes
  or {
    'bash', 'c', 'clojure', 'cpp', 'cs', 'css', 'cuda', 'dart', 'elixir', 'elm', 'erlang', 'fortran', 'go', 'haskell',
    'html', 'java', 'javascript', 'javascriptreact', 'julia', 'kotlin', 'lisp', 'lua', 'make', 'ocaml', 'perl', 'php',
    'ps1', 'python', 'r', 'racket', 'ruby', 'rust', 'scala', 'sh', 'solidity', 'sql', 'swift', 'terraform',
    'typescript', 'typescriptreact', 'udev', 'verilog', 'vue', 'zig',
  }

local function root_of(path)
  local directory = path == '' and vim.fn.getcwd() or vim.fn.fnamemodify(path, ':p:h')
  local around = directory
  while true do
    if vim.fn.isdirectory(around .. '/.git') == 1 or vim.fn.filereadable(around .. '/.git') == 1 then
      return around
    end
    local parent = vim.fn.fnamemodify(around, ':h')
    if parent == around then
      return directory
    end
    around = parent
  end
end

local function config_for(root)
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  -- Buffers with several servers need one encoding, and this is the one that every server has.
  capabilities.general = vim.tbl_extend('force', capabilities.general or {}, { positionEncodings = { 'utf-16' } })
  return {
    name = 'repomap',
    cmd = { vim.g.repomap_program or 'repomap', 'lsp' },
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    capabilities = capabilities,
    init_options = vim.g.repomap_beside and { beside = true } or nil,
  }
end

-- By root. A client that has ended is started again by the next buffer.
local client_ids = {}

local function is_alive(id)
  local client = id and vim.lsp.get_client_by_id(id)
  return client ~= nil and not client.is_stopped(client)
end

local function start(root)
  if not is_alive(client_ids[root]) then
    if vim.lsp.start and vim.fn.has('nvim-0.11') == 1 then
      client_ids[root] = vim.lsp.start(config_for(root), { attach = false })
    else
      client_ids[root] = vim.lsp.start_client(config_for(root))
    end
  end
  return client_ids[root]
end

local function attach(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  if vim.bo[buffer].buftype ~= '' or name:match('^%a[%w+.-]+://') then
    return
  end
  local id = start(root_of(name))
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

local function show(text)
  vim.cmd('botright new')
  local buffer = vim.api.nvim_get_current_buf()
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].swapfile = false
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, '\n'))
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].filetype = 'repomap'
end

local function request_map(client, words)
  local argument = { tokens = vim.g.repomap_tokens or 2048 }
  if words ~= '' then
    argument.query = words
  end
  local parameters = { command = 'repomap.map', arguments = { argument } }
  local function handle(failure, result)
    if failure then
      vim.notify('repomap: ' .. (failure.message or vim.inspect(failure)), vim.log.levels.ERROR)
    elseif result and result.text and result.text ~= '' then
      show(result.text)
    else
      vim.notify('repomap: there is nothing to show', vim.log.levels.WARN)
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request('workspace/executeCommand', parameters, handle)
  else
    client.request('workspace/executeCommand', parameters, handle)
  end
end

-- Asks once the server is there; gives up after ten seconds.
local function map(words)
  local id = start(root_of(vim.api.nvim_buf_get_name(0)))
  local tries = 0
  local function try()
    local client = id and vim.lsp.get_client_by_id(id)
    tries = tries + 1
    if client and (client.initialized or client.server_capabilities) then
      request_map(client, words)
    elseif tries > 200 then
      vim.notify('repomap: the server does not answer; see :lua print(vim.lsp.get_log_path())', vim.log.levels.ERROR)
    else
      vim.defer_fn(try, 50)
    end
  end
  try()
end

vim.api.nvim_create_user_command('RepoMap', function(command)
  map(command.args)
end, { nargs = '*', desc = 'The ranked map of the repository' })

if vim.fn.has('nvim-0.11') == 1 then
  local config = config_for(vim.fn.getcwd())
  config.root_dir = function(buffer, on_root)
    on_root(root_of(vim.api.nvim_buf_get_name(buffer)))
  end
  config.workspace_folders = nil
  config.filetypes = filetypes
  vim.lsp.config('repomap', config)
  vim.lsp.enable('repomap')
else
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('repomap', {}),
    pattern = filetypes,
    callback = function(event)
      attach(event.buf or tonumber(vim.fn.expand('<abuf>')))
    end,
  })
end
