-- SPDX-License-Identifier: Apache-2.0
-- Neovim's own client, told what to do by a list of steps. REPOMAP_LSP_PLAN names a JSON file: {program, root, steps}.
-- Each step is an object with "do"; its result goes to the list in the file REPOMAP_LSP_RESULTS names.

local function read_json(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return vim.json.decode(text)
end

vim.o.hidden = true
local plan = read_json(os.getenv('REPOMAP_LSP_PLAN'))
local patience = 60000 -- milliseconds; a wait that takes longer has failed
local progress = {}
local client_id = vim.lsp.start_client({
  name = 'repomap',
  cmd = { plan.program, 'lsp' },
  root_dir = plan.root,
  flags = { debounce_text_changes = 0 }, -- else changes of other buffers than that of a request come later
  workspace_folders = { { uri = vim.uri_from_fname(plan.root), name = 'root' } },
  handlers = {
    ['$/progress'] = function(_, message) table.insert(progress, message.value) end,
  },
})
local client = vim.lsp.get_client_by_id(client_id)
assert(vim.wait(patience, function() return client.initialized end, 10), 'the server did not answer')

local function to_buffer(path)
  local buffer = vim.fn.bufadd(plan.root .. '/' .. path)
  vim.api.nvim_set_current_buf(buffer)
  vim.lsp.buf_attach_client(buffer, client_id)
  return buffer
end

local function request(step)
  local buffer = to_buffer(step.file)
  local params = vim.tbl_extend('force', step.params or {}, { textDocument = vim.lsp.util.make_text_document_params() })
  if step.line then
    vim.api.nvim_win_set_cursor(0, { step.line, step.column })
    params.position = vim.lsp.util.make_position_params(0, client.offset_encoding).position
  end
  local answer = client.request_sync(step.method, params, patience, buffer)
  assert(answer, step.method .. ' was not answered')
  return answer.err and { error = answer.err } or { result = answer.result }
end

local actions = {
  capabilities = function() return client.server_capabilities end,

  open = function(step) return to_buffer(step.file) end,

  -- Lines are counted from 0, the last excluded, as in nvim_buf_set_lines.
  edit = function(step) vim.api.nvim_buf_set_lines(to_buffer(step.file), step.first, step.last, true, step.lines) end,

  insert = function(step)
    vim.api.nvim_buf_set_text(to_buffer(step.file), step.line, step.column, step.line, step.column, { step.text })
  end,

  save = function(step)
    to_buffer(step.file)
    vim.cmd('write')
  end,

  wipe = function(step)
    to_buffer(step.file)
    vim.cmd('bwipeout!')
  end,

  request = request,

  -- The places of an answer as Neovim shows them in its list.
  locate = function(step)
    local answer = request(step)
    assert(not answer.error, vim.inspect(answer.error))
    local result = answer.result
    if result == nil or result == vim.NIL then return {} end
    return vim.lsp.util.locations_to_items(vim.tbl_islist(result) and result or { result }, client.offset_encoding)
  end,

  -- The outline as Neovim shows it.
  outline = function(step)
    return vim.lsp.util.symbols_to_items(request(step).result, to_buffer(step.file))
  end,

  hover = function(step)
    return vim.lsp.util.convert_input_to_markdown_lines(request(step).result.contents)
  end,

  -- How many milliseconds a request takes.
  time = function(step)
    local begin = vim.loop.hrtime()
    local answer = request(step)
    local count = type(answer.result) == 'table' and #answer.result or 0
    return { milliseconds = (vim.loop.hrtime() - begin) / 1e6, count = count }
  end,

  progress = function() return progress end,

  stop = function()
    client.stop()
    return vim.wait(patience, function() return client.is_stopped() end, 10)
  end,
}

local results = {}
for _, step in ipairs(plan.steps) do
  local good, result = pcall(actions[step['do']], step)
  table.insert(results, { good = good, value = result == nil and vim.NIL or result })
  if not good then
    break
  end
end
local file = assert(io.open(os.getenv('REPOMAP_LSP_RESULTS'), 'wb'))
file:write(vim.json.encode(results))
file:close()
