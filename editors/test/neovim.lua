-- The set-up of editors/neovim in the real Neovim: findings, a hover, a completion, and the tree-sitter parser where it was built.
--
--   nvim --headless --clean --cmd "set runtimepath^=editors/neovim" -c "luafile editors/test/neovim.lua" PLAN     run by .ci/editors

local failed = false

local function step(name, work)
  local fine, said = pcall(work)
  io.stdout:write(fine and ("ok      " .. name .. "\n") or ("FAILED  " .. name .. ": " .. tostring(said) .. "\n"))
  failed = failed or not fine
end

-- Until it holds: computers that check things are busy ones.
local function until_(what, holds)
  assert(vim.wait(60000, holds, 50), what)
end

local function line_of(words)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if line:find(words, 1, true) then
      return number - 1, line
    end
  end
  error("no line holds " .. words)
end

local function found(rule)
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    if tostring(diagnostic.code or (diagnostic.user_data.lsp or {}).code):find(rule, 1, true) then
      return diagnostic
    end
  end
end

local function ask(method, line, column, more)
  local document = { uri = vim.uri_from_bufnr(0) }
  local params = vim.tbl_extend("force", { textDocument = document, position = { line = line, character = column } }, more or {})
  for _, answer in pairs(vim.lsp.buf_request_sync(0, method, params, 60000) or {}) do
    assert(not answer.err, vim.inspect(answer.err))
    return answer.result
  end
end

step("Neovim knows a plan by its ending", function()
  assert(vim.bo.filetype == "remit", vim.bo.filetype)
  assert(vim.bo.commentstring == "# %s")
end)

step("a finding at the very words", function()
  until_("no finding of pay-stays-national", function() return found("pay-stays-national") end)
  local diagnostic = found("pay-stays-national")
  local line, text = line_of("a penny an hour")
  assert(diagnostic.lnum == line, "line " .. diagnostic.lnum)
  assert(text:sub(diagnostic.col + 1, diagnostic.end_col) == "wessex-and-mercia", text:sub(diagnostic.col + 1, diagnostic.end_col))
  assert(diagnostic.severity == vim.diagnostic.severity.ERROR)
  assert(diagnostic.message:find("pay policy stays national", 1, true), diagnostic.message)
end)

step("what is put right is gone, and what is undone is back", function()
  local line, text = line_of("a penny an hour")
  vim.api.nvim_buf_set_lines(0, line, line + 1, false, { "  accountable  dhsc" })
  until_("the finding is still there", function() return not found("pay-stays-national") end)
  vim.api.nvim_buf_set_lines(0, line, line + 1, false, { text })
  until_("the finding is not back", function() return found("pay-stays-national") end)
end)

step("a hover says what the words mean", function()
  local line, text = line_of("responsibility pay-policy")
  local hover = ask("textDocument/hover", line, text:find("pay-policy", 1, true) + 1)
  assert(hover and hover.contents and vim.inspect(hover.contents):lower():find("pay", 1, true), vim.inspect(hover))
end)

step("a completion knows what may stand here", function()
  local line = line_of("responsibility pay-policy")
  vim.api.nvim_buf_set_lines(0, line, line, false, { "responsibility " })
  local answer = ask("textDocument/completion", line, 15, { context = { triggerKind = 1 } })
  vim.api.nvim_buf_set_lines(0, line, line + 1, false, {})
  local labels = vim.tbl_map(function(item) return item.label end, answer and (answer.items or answer) or {})
  assert(vim.tbl_contains(labels, "workforce-planning"), vim.inspect(labels))
end)

step("tree-sitter colours and folds", function()
  assert(#vim.api.nvim_get_runtime_file("parser/remit.so", false) > 0, "no parser was built")
  local parser = vim.treesitter.get_parser(0, "remit")
  local tree = parser:parse()[1]
  assert(tree:root():type() == "plan" and not tree:root():has_error())
  for _, name in ipairs({ "highlights", "folds" }) do
    local query = (vim.treesitter.query.get or vim.treesitter.query.get_query)("remit", name)
    assert(query, "no query " .. name)
    local count = 0
    for _ in query:iter_captures(tree:root(), 0, 0, -1) do
      count = count + 1
    end
    assert(count > 10, name .. " captures " .. count)
  end
end)

vim.cmd(failed and "cquit" or "qall!")
