-- sysbench's own SQL interface.
local sql = sysbench.sql

local text = "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, "
  .. "cast(? as date) as day, cast(? as binary) as bytes"

local function ok(step) print("ok " .. step) end
local function fail(step, why) error(step .. ": " .. tostring(why), 0) end

function thread_init()
  local db = sql.driver():connect()
  ok("connect")
  if tonumber(db:query_row("select 1")) ~= 1 then fail("select", "not 1") end
  ok("select")
  local done, why = pcall(function() return db:query("select * from test.mynah_missing") end)
  if done or not why:find("errno = 1146, state = '42S02'", 1, true) then fail("error", why) end
  ok("error")
  local large = db:query_row("select repeat('x', 1048576) as large")
  if large ~= ("x"):rep(1048576) then fail("large", "another value") end
  ok("large")
  -- It can't bind NULL, bytes or days, and can't read what a prepared statement gives: executed only.
  local statement = db:prepare(text)
  local number = statement:bind_create(sql.type.INT)
  local string = statement:bind_create(sql.type.VARCHAR, 100)
  local day = statement:bind_create(sql.type.VARCHAR, 10)
  statement:bind_param(number, string, string, day, string)
  for _, row in ipairs({{42, "café ☃", "2024-02-29"}, {-7, "it's \"quoted\" \\ done", "1999-12-31"}}) do
    number:set(row[1])
    string:set(row[2])
    day:set(row[3])
    local result = statement:execute()
    if result.nrows ~= 1 then fail("prepared", "not one row") end
    result:free()
  end
  statement:close()
  local plain = db:prepare("select 1")
  for _ = 1, 2 do
    local result = plain:execute()
    if result.nrows ~= 1 then fail("prepared", "not one row") end
    result:free()
  end
  plain:close()
  ok("prepared")
  db:disconnect()
  ok("close")
end

function event() end
