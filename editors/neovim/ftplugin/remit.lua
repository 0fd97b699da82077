-- Plans in Neovim (0.7 or newer): starts the language server, and tree-sitter where its parser is built.

vim.bo.commentstring = "# %s"
vim.bo.comments = ":#"
vim.bo.shiftwidth = 2
vim.bo.expandtab = true
-- A name is one word: `workforce-planning`, `nhs-people-framework/pay-stays-national`.
vim.opt_local.iskeyword:append("-")

local buffer = vim.api.nvim_get_current_buf()
local file = vim.api.nvim_buf_get_name(buffer)

-- A plan is a folder; a folder above that holds `remit.yaml` is where the settings are.
local function root()
  local folder = vim.fn.fnamemodify(file, ":p:h")
  local settings = vim.fn.findfile("remit.yaml", vim.fn.fnameescape(folder) .. ";")
  return settings ~= "" and vim.fn.fnamemodify(settings, ":p:h") or folder
end

-- `vim.g.remit = { cmd = { "/opt/remit", "lsp" }, asOf = "2026-03-31" }` before a plan is opened sets what is set here.
local settings = vim.g.remit or {}
local config = {
  name = "remit",
  cmd = settings.cmd or { "remit", "lsp" },
  root_dir = root(),
  init_options = settings,
  settings = { remit = settings },
}

if vim.fn.executable(config.cmd[1]) == 0 then
  vim.notify_once("remit is not on the PATH: plans are coloured, and not checked", vim.log.levels.WARN)
elseif vim.lsp.start then
  vim.lsp.start(config)
else
  -- Neovim 0.7: one client for each root.
  config.workspace_folders = { { uri = vim.uri_from_fname(config.root_dir), name = config.root_dir } }
  local client
  for _, running in pairs(vim.lsp.get_active_clients()) do
    if running.name == "remit" and running.config.root_dir == config.root_dir then
      client = running.id
    end
  end
  vim.lsp.buf_attach_client(buffer, client or vim.lsp.start_client(config))
end

-- The parser is a file of its own: see editors/README.md.
if #vim.api.nvim_get_runtime_file("parser/remit.so", false) > 0 then
  if vim.treesitter.start then
    vim.treesitter.start(buffer, "remit")
  else
    vim.treesitter.highlighter.new(vim.treesitter.get_parser(buffer, "remit"))
  end
  if vim.treesitter.foldexpr then
    vim.wo.foldmethod = "expr"
    vim.wo.foldexpr = "v:lua.vim.treesitter.foldexpr()"
    vim.wo.foldlevel = 99
  end
end
