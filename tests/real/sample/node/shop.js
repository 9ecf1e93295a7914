"use strict";

// A small shop: Express, mysql2. It knows nothing of the mock.

const express = require("express");
const mysql = require("mysql2/promise");

/** The database: a pool of connections. */
exports.connect = () =>
  mysql.createPool({
    host: process.env.MYSQL_HOST,
    port: Number(process.env.MYSQL_TCP_PORT),
    user: "shop",
    database: "shop",
    connectionLimit: 3,
  });

exports.createApp = (database) => {
  const app = express();
  app.use(express.json());

  app.get("/products/:id", async (request, response) => {
    const statement = "select id, name, price from product where id = ?";
    const [rows] = await database.execute(statement, [Number(request.params.id)]);
    if (rows.length === 0) return response.status(404).json({ error: "no such product" });
    response.json(rows[0]);
  });

  app.get("/products", async (request, response) => {
    const ids = request.query.ids.split(",").map(Number);
    const statement = "select id, name, price from product where id in (?)";
    const [rows] = await database.query(statement, [ids]);
    response.json(rows);
  });

  app.post("/customers", async (request, response) => {
    const { email, name } = request.body;
    const statement = "insert into customer (email, name) values (?, ?)";
    try {
      const [added] = await database.execute(statement, [email, name]);
      response.status(201).json({ id: added.insertId });
    } catch (error) {
      if (error.code !== "ER_DUP_ENTRY") throw error;
      response.status(409).json({ error: "this address is registered already" });
    }
  });

  app.post("/orders", async (request, response) => {
    for (let attemptsLeft = 2; ; attemptsLeft--) {
      try {
        const id = await placeOrder(database, request.body);
        if (id === null) return response.status(409).json({ error: "sold out" });
        return response.status(201).json({ id });
      } catch (error) {
        if (error.code !== "ER_LOCK_DEADLOCK" || attemptsLeft === 0) throw error;
      }
    }
  });

  app.get("/cart", async (_request, response) => {
    const [[{ items }]] = await database.query("select count(*) as items from cart");
    response.json({ items });
  });

  app.post("/cart", async (request, response) => {
    await database.execute("insert into cart (product) values (?)", [request.body.product]);
    response.status(204).end();
  });

  app.get("/report", async (_request, response) => {
    const sql = "select product, sum(quantity) as sold from purchase group by product";
    const [rows] = await database.query({ sql, timeout: 500 });
    response.json(rows);
  });

  app.use((error, _request, response, _next) => {
    console.error(error.message);
    if (error.code === "PROTOCOL_SEQUENCE_TIMEOUT") {
      return response.status(504).json({ error: "the database takes too long" });
    }
    response.status(503).json({ error: "the database can't do this" });
  });

  return app;
};

/** The id of the order; null if there isn't enough. */
async function placeOrder(database, { product, quantity }) {
  const connection = await database.getConnection();
  try {
    await connection.beginTransaction();
    const [[{ stock }]] = await connection.execute(
      "select stock from product where id = ? for update",
      [product],
    );
    let id = null;
    if (stock >= quantity) {
      const update = "update product set stock = stock - ? where id = ?";
      await connection.execute(update, [quantity, product]);
      const insert = "insert into purchase (product, quantity) values (?, ?)";
      const [placed] = await connection.execute(insert, [product, quantity]);
      id = placed.insertId;
    }
    await connection.commit();
    return id;
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}
