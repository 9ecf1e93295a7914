// What an application does with Sequelize: sync, associations, bulk, transactions.
const { DataTypes, Op, Sequelize, Transaction } = require("sequelize");
const steps = require("../common/steps");

steps.run(async () => {
  const { host, port, user, password, tls } = steps;
  const sequelize = new Sequelize("test", user, password, {
    host, port, dialect: "mysql", logging: false, pool: { max: 3 },
    dialectOptions: { ssl: tls ? { rejectUnauthorized: false } : undefined },
  });
  const show = (step, value) => steps.ok(`${step} ${JSON.stringify(value)}`);
  const Person = sequelize.define("seq_person", { name: { type: DataTypes.STRING(40), unique: "named" }, notes: DataTypes.JSON });
  const Order = sequelize.define("seq_order", { total: DataTypes.DECIMAL(10, 2) }, { timestamps: false });
  Person.hasMany(Order, { as: "orders", foreignKey: "personId" });
  Order.belongsTo(Person, { as: "person", foreignKey: "personId" });
  await sequelize.sync({ force: true });
  show("tables", (await sequelize.getQueryInterface().showAllTables()).filter((name) => name.startsWith("seq_")));
  const ada = await Person.create({ name: "ada ☃", notes: { a: [1, null] } });
  await ada.createOrder({ total: "12.50" });
  await Order.bulkCreate([{ total: 1, personId: ada.id }, { total: 2.25, personId: ada.id }]);
  await Person.bulkCreate(Array.from({ length: 50 }, (_, at) => ({ name: `person ${at}` })));
  show("count", [await Person.count(), await Order.sum("total")]);
  const attributes = ["id", "name"];
  const found = await Person.findAll({
    attributes, where: { name: { [Op.like]: "ada%" } }, include: [{ model: Order, as: "orders" }], order: [["orders", "id"]],
  });
  show("include", found);
  show("lazy", await ada.getOrders({ order: ["id"] }));
  show("page", await Person.findAndCountAll({ attributes, where: { id: { [Op.in]: [3, 5, 7] } }, order: ["id"], limit: 2 }));
  const failed = await sequelize.transaction(async (transaction) => {
    await Person.create({ name: "undone" }, { transaction });
    await Person.create({ name: "ada ☃" }, { transaction });
  }).catch((error) => error);
  show("error", [failed.name, failed.original.errno]);
  show("rolled back", await Person.count({ where: { name: "undone" } }));
  await sequelize.transaction({ isolationLevel: Transaction.ISOLATION_LEVELS.SERIALIZABLE }, async (transaction) => {
    const locked = await Person.findByPk(ada.id, { transaction, lock: transaction.LOCK.UPDATE });
    await locked.update({ name: "ada" }, { transaction });
  });
  show("reloaded", (await ada.reload()).name);
  for (const id of [1, 2]) {
    show("bound", await sequelize.query("select id, total from seq_orders where id = $1", { bind: [id], type: "SELECT" }));
  }
  show("destroyed", await Order.destroy({ where: { total: { [Op.lt]: 2 } } }));
  await sequelize.drop();
  await sequelize.close();
  steps.ok("close");
});
