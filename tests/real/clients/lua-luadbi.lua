local DBI = require("DBI")

io.stdout:setvbuf("line")
local function variable(name) return os.getenv("MYNAH_" .. name) end
local function ok(step) print("ok " .. step) end
local function fail(...)
  io.stderr:write((table.concat({...}, " "):gsub("%s+", " ")), "\n")
  os.exit(1)
end

local sql = "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, "
  .. "cast(? as date) as day, cast(? as binary) as bytes"
local all = {}
for byte = 0, 255 do all[#all + 1] = string.char(byte) end
local rows = {
  {42, "café ☃", nil, "2024-02-29", "\0\1'\\\xfe\xff"},
  {-7, "it's \"quoted\" \\ done", "now", "1999-12-31", table.concat(all)},
}

local db, why = DBI.Connect("MySQL", "test", variable("USER"), variable("PASSWORD"), variable("HOST"),
  tonumber(variable("PORT")))
if not db then fail("connect:", why) end
ok("connect")

local function one_value(text)
  local statement, error = db:prepare(text)
  if not statement then fail(text, error) end
  local done, reason = statement:execute()
  if not done then fail(text, reason) end
  local row = statement:fetch(false)
  statement:close()
  return row[1]
end

if tonumber(one_value("select 1")) ~= 1 then fail("select: not 1") end
ok("select")
-- It keeps no code and no SQL state.
local statement, error = db:prepare("select * from test.mynah_missing")
local done
if statement then done, error = statement:execute() end
if done or not tostring(error):find("Table 'test.mynah_missing' doesn't exist", 1, true) then
  fail("error:", tostring(error))
end
ok("error")
if one_value("select repeat('x', 1048576) as large") ~= ("x"):rep(1048576) then fail("large: another value") end
ok("large")
local prepared, reason = db:prepare(sql)
if not prepared then fail("prepared:", reason) end
for _, row in ipairs(rows) do
  local executed, cause = prepared:execute(row[1], row[2], row[3], row[4], row[5])
  if not executed then fail("prepared:", cause) end
  local found = prepared:fetch(true)
  local wanted = {number = row[1], text = row[2], maybe = row[3], day = row[4], bytes = row[5]}
  for _, name in ipairs({"number", "text", "maybe", "day", "bytes"}) do
    local value = found[name]
    if name == "number" then value = tonumber(value) end
    -- It gives an empty string for NULL.
    if name == "maybe" and value == "" then value = nil end
    if value ~= wanted[name] then fail("prepared:", name, "is", tostring(value)) end
  end
end
prepared:close()
-- Without parameters, twice.
local plain = db:prepare("select 1")
for _ = 1, 2 do
  local executed, cause = plain:execute()
  if not executed then fail("prepared:", cause) end
  if tonumber(plain:fetch(false)[1]) ~= 1 then fail("prepared: not 1") end
end
plain:close()
ok("prepared")
db:close()
ok("close")
