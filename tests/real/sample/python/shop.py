"""A small shop: Flask, SQLAlchemy, PyMySQL. It knows nothing of the mock."""

import os

from flask import Flask, jsonify, request
from sqlalchemy import URL, String, bindparam, create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

DEADLOCK, LOST = 1213, 2013


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))


def connect(**options):
    """The database, with a pool of connections."""
    url = URL.create(
        "mysql+pymysql",
        username="shop",
        host=os.environ["MYSQL_HOST"],
        port=int(os.environ["MYSQL_TCP_PORT"]),
        database="shop",
    )
    return create_engine(url, pool_size=3, connect_args=options)


def create_app(database, reports):
    app = Flask(__name__)

    @app.get("/products/<int:id>")
    def product(id):
        with database.connect() as connection:
            statement = text("select id, name, price from product where id = :id")
            row = connection.execute(statement, {"id": id}).mappings().first()
        return dict(row) if row else (jsonify(error="no such product"), 404)

    @app.get("/products")
    def products():
        ids = [int(id) for id in request.args["ids"].split(",")]
        statement = text("select id, name, price from product where id in :ids")
        with database.connect() as connection:
            rows = connection.execute(
                statement.bindparams(bindparam("ids", ids, expanding=True))
            )
            return [dict(row) for row in rows.mappings()]

    @app.post("/customers")
    def register():
        customer = Customer(**request.json)
        try:
            with Session(database) as session, session.begin():
                session.add(customer)
                session.flush()
                return {"id": customer.id}, 201
        except IntegrityError:
            return {"error": "this address is registered already"}, 409

    @app.post("/orders")
    def order():
        for attempts_left in (2, 1, 0):
            try:
                return place_order(database, request.json)
            except OperationalError as error:
                if error.orig.args[0] != DEADLOCK or attempts_left == 0:
                    raise

    @app.get("/cart")
    def cart():
        with database.connect() as connection:
            statement = text("select count(*) from cart")
            return {"items": connection.execute(statement).scalar_one()}

    @app.post("/cart")
    def add_to_cart():
        with database.begin() as connection:
            statement = text("insert into cart (product) values (:product)")
            connection.execute(statement, request.json)
        return "", 204

    @app.get("/report")
    def report():
        statement = text("select product, sum(quantity) from purchase group by product")
        with reports.connect() as connection:
            return [list(row) for row in connection.execute(statement)]

    @app.errorhandler(OperationalError)
    def unavailable(error):
        app.logger.error("%s", error.orig)
        if error.orig.args[0] == LOST:
            return {"error": "the database takes too long"}, 504
        return {"error": "the database can't do this"}, 503

    return app


def place_order(database, order):
    with database.begin() as connection:
        stock = connection.execute(
            text("select stock from product where id = :product for update"), order
        ).scalar_one()
        if stock < order["quantity"]:
            return {"error": "sold out"}, 409
        connection.execute(
            text("update product set stock = stock - :quantity where id = :product"),
            order,
        )
        placed = connection.execute(
            text("insert into purchase (product, quantity) values (:product, :quantity)"),
            order,
        )
        return {"id": placed.lastrowid}, 201
