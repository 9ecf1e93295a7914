// The script of the server behind the proxy: a shop.
const orders = [];
for (let id = 1; id <= 60; id += 1) {
  orders.push([id, ["lamp", "chair", "table", null][id % 4], id * 3.5, "2026-11-30 12:04:59"]);
}
({
  handshake: {
    auth: [
      { username: "root", password: "" },
      { username: "ada", password: "throw-away" },
    ],
  },
  stmts: function (stmt, prepared) {
    if (/^select .* from orders/i.test(stmt)) {
      return {
        result: {
          columns: [
            { name: "id", type: "LONG" },
            { name: "item", type: "VAR_STRING" },
            { name: "price", type: "DOUBLE" },
            { name: "placed", type: "VAR_STRING" },
          ],
          rows: orders,
        },
        exec_time: 3,
      };
    }
    if (/report/.test(stmt)) return { ok: {}, exec_time: 1200 };
    if (/ordrs/.test(stmt))
      return { error: { code: 1146, sql_state: "42S02", message: "Table 'shop.ordrs' doesn't exist" } };
    if (/^(update|insert|delete)/i.test(stmt)) return { ok: { affected_rows: 2 }, exec_time: 8 };
    return { ok: {} };
  },
});
