require "date"
require "mysql2"

$stdout.sync = true
HOST, PORT, USER, PASSWORD, TLS = %w[HOST PORT USER PASSWORD TLS].map { |name| ENV["MYNAH_#{name}"] }
PREPARED = "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, " \
           "cast(? as date) as day, cast(? as binary) as bytes"
ROWS = [
  [42, "café ☃", nil, Date.new(2024, 2, 29), "\x00\x01'\\\xfe\xff".b],
  [-7, "it's \"quoted\" \\ done", "now", Date.new(1999, 12, 31), (0..255).to_a.pack("C*")]
]

def ok(step) = puts("ok #{step}")

def expect(step, found, wanted)
  raise "#{step}: #{found.inspect[0, 300]} instead of #{wanted.inspect[0, 300]}" if found != wanted
end

begin
  options = TLS == "1" ? { ssl_mode: :required, sslverify: false } : {}
  client = Mysql2::Client.new(host: HOST, port: PORT.to_i, username: USER, password: PASSWORD, database: "test",
                              encoding: "utf8mb4", **options)
  ok("connect")
  expect("select", client.query("select 1 as one").to_a, [{ "one" => 1 }])
  ok("select")
  begin
    client.query("select * from test.mynah_missing")
    raise "error: there was none"
  rescue Mysql2::Error => error
    expect("error", [error.error_number, error.sql_state], [1146, "42S02"])
  end
  ok("error")
  large = client.query("select repeat('x', 1048576) as large").first["large"]
  expect("large", large == "x" * 1_048_576, true)
  ok("large")
  statement = client.prepare(PREPARED)
  ROWS.each do |row|
    found = statement.execute(*row).to_a
    expect("prepared", found.map(&:values), [row])
  end
  statement.close
  statement = client.prepare("select 1 as one")
  2.times { expect("prepared", statement.execute.to_a, [{ "one" => 1 }]) }
  statement.close
  ok("prepared")
  client.close
  ok("close")
rescue StandardError => error
  warn("#{error.class}: #{error.message}".gsub(/\s+/, " "))
  exit(1)
end
