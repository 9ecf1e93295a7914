"""What an application does with SQLAlchemy: tables, relationships, bulk, rollback, isolation."""

import decimal

from sqlalchemy import ForeignKey, Numeric, String, bindparam, create_engine, func, insert, select, text, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship, selectinload
from steps import HOST, PASSWORD, PORT, TLS, USER, ok, run, unchecked


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "alchemy_person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="person", order_by="Order.id")


class Order(Base):
    __tablename__ = "alchemy_order"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("alchemy_person.id"))
    total: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2))
    person: Mapped[Person] = relationship(back_populates="orders")


def everything(session, how):
    people = session.scalars(select(Person).options(*how).order_by(Person.id)).unique()
    return [(person.name, [str(order.total) for order in person.orders]) for person in people]


def steps():
    url = URL.create("mysql+pymysql", USER, PASSWORD, HOST, PORT, "test", {"charset": "utf8mb4"})
    arguments = {"ssl": unchecked()} if TLS else {"ssl_disabled": True}
    engine = create_engine(url, connect_args=arguments)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    ok(f"created {sorted(Base.metadata.tables)}")
    with Session(engine) as session:
        session.add(Person(name="ada", orders=[Order(total="12.50"), Order(total="7.25")]))
        session.add(Person(name="zoë ☃"))
        session.commit()
        ok(f"inserted {[(p.id, p.name) for p in session.scalars(select(Person).order_by(Person.id))]}")
    with Session(engine) as session:
        ok(f"lazy {everything(session, [])}")
    with Session(engine) as session:
        ok(f"selectin {everything(session, [selectinload(Person.orders)])}")
    with Session(engine) as session:
        ok(f"joined {everything(session, [joinedload(Person.orders)])}")
    with Session(engine) as session:
        session.execute(insert(Person), [{"name": f"bulk {number}"} for number in range(200)])
        session.commit()
        ok(f"bulk {session.scalar(select(func.count()).select_from(Person))}")
        some = select(Person.name).where(Person.id.in_([3, 5, 7])).order_by(Person.id)
        ok(f"in of 3 {session.scalars(some).all()}")
        some = select(Person.name).where(Person.id.in_([3, 5])).order_by(Person.id)
        ok(f"in of 2 {session.scalars(some).all()}")
        changed = session.execute(update(Order).where(Order.total > 10).values(total=Order.total + 1))
        ok(f"updated {changed.rowcount}")
        session.rollback()
        ok(f"after rollback {[str(total) for total in session.scalars(select(Order.total).order_by(Order.id))]}")
    with Session(engine) as session:
        session.add(Person(name="ada"))
        try:
            session.commit()
        except IntegrityError as error:
            session.rollback()
            ok(f"error {error.orig.args}")
        with session.begin_nested():
            session.add(Person(name="savepoint"))
        inner = session.begin_nested()
        session.add(Person(name="undone"))
        session.flush()
        inner.rollback()
        session.commit()
        names = select(Person.name).where(Person.name.in_(["savepoint", "undone"]))
        ok(f"savepoint {session.scalars(names).all()}")
    for level in ("SERIALIZABLE", "READ COMMITTED", "REPEATABLE READ"):
        with engine.connect().execution_options(isolation_level=level) as connection:
            ok(f"isolation {connection.get_isolation_level()} {connection.scalar(text('select count(*) from alchemy_order'))}")
    with engine.begin() as connection:
        connection.execute(update(Order).where(Order.id == bindparam("key")).values(total=bindparam("new")),
                           [{"key": 1, "new": 1}, {"key": 2, "new": 2}])
        rows = connection.execute(select(Order.id, Order.total).order_by(Order.id))
        ok(f"executemany {[(key, str(total)) for key, total in rows]}")
    Base.metadata.drop_all(engine)
    engine.dispose()
    ok("close")


run(steps)
