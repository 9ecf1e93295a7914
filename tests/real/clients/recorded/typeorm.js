// What an application does with TypeORM: synchronize, relations, transactions, a query builder.
const { DataSource, EntitySchema, In } = require("typeorm");
const steps = require("../common/steps");

const Person = new EntitySchema({
  name: "OrmPerson", tableName: "orm_person",
  columns: { id: { type: Number, primary: true, generated: true }, name: { type: String, length: 40, unique: true } },
  relations: { orders: { type: "one-to-many", target: "OrmOrder", inverseSide: "person", cascade: true } },
});
const Order = new EntitySchema({
  name: "OrmOrder", tableName: "orm_order",
  columns: { id: { type: Number, primary: true, generated: true }, total: { type: "decimal", precision: 10, scale: 2 } },
  relations: { person: { type: "many-to-one", target: "OrmPerson", inverseSide: "orders", onDelete: "CASCADE" } },
});

steps.run(async () => {
  const { host, port, tls } = steps;
  const source = new DataSource({
    type: "mysql", connectorPackage: "mysql2", host, port, username: steps.user, password: steps.password,
    database: "test", ssl: tls ? { rejectUnauthorized: false } : undefined, entities: [Person, Order],
  });
  const show = (step, value) => steps.ok(`${step} ${JSON.stringify(value)}`);
  await source.initialize();
  await source.query("drop table if exists orm_order");
  await source.query("drop table if exists orm_person");
  await source.synchronize();
  const people = source.getRepository("OrmPerson");
  show("saved", await people.save({ name: "ada ☃", orders: [{ total: "12.50" }, { total: "7.25" }] }));
  await people.insert(Array.from({ length: 50 }, (_, at) => ({ name: `person ${at}` })));
  show("count", await people.count());
  const byId = { id: "ASC" };
  show("relations", await people.find({ where: { name: "ada ☃" }, relations: { orders: true }, order: { orders: byId } }));
  show("in of 3", await people.find({ where: { id: In([3, 5, 7]) }, order: byId }));
  show("in of 2", await people.find({ where: { id: In([3, 5]) }, order: byId }));
  show("page", await people.findAndCount({ order: byId, skip: 2, take: 2 }));
  show("built", await source.getRepository("OrmOrder").createQueryBuilder("o").leftJoinAndSelect("o.person", "p")
    .where("o.total > :low", { low: 10 }).getMany());
  const failed = await source.transaction("SERIALIZABLE", async (manager) => {
    await manager.insert("OrmPerson", { name: "undone" });
    await manager.insert("OrmPerson", { name: "ada ☃" });
  }).catch((error) => error);
  show("error", failed.driverError.errno);
  show("rolled back", await people.existsBy({ name: "undone" }));
  show("updated", (await people.update({ name: "person 1" }, { name: "eve" })).affected);
  show("removed", (await people.delete({ name: "eve" })).affected);
  await source.query("drop table orm_order");
  await source.query("drop table orm_person");
  await source.destroy();
  steps.ok("close");
});
