local luasql = require("luasql.mysql")

io.stdout:setvbuf("line")
local function variable(name) return os.getenv("MYNAH_" .. name) end
local function ok(step) print("ok " .. step) end
local function fail(...)
  io.stderr:write((table.concat({...}, " "):gsub("%s+", " ")), "\n")
  os.exit(1)
end

local environment = luasql.mysql()
local db, why = environment:connect("test", variable("USER"), variable("PASSWORD"), variable("HOST"),
  tonumber(variable("PORT")))
if not db then fail("connect:", why) end
ok("connect")

local function one_value(sql)
  local cursor, error = db:execute(sql)
  if not cursor then fail(sql, error) end
  local value = cursor:fetch()
  cursor:close()
  return value
end

if tonumber(one_value("select 1")) ~= 1 then fail("select: not 1") end
ok("select")
-- It keeps no code and no SQL state.
local cursor, error = db:execute("select * from test.mynah_missing")
if cursor or not error:find("Table 'test.mynah_missing' doesn't exist", 1, true) then
  fail("error:", error or "there was none")
end
ok("error")
if one_value("select repeat('x', 1048576) as large") ~= ("x"):rep(1048576) then fail("large: another value") end
ok("large")
print("skip prepared: the client has no prepared statements")
if not db:close() then fail("close") end
environment:close()
ok("close")
