"""Tests of the shop. Run them by `mynah-mock run -- pytest -n 4`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_mynah import matches

PRODUCT = "select id, name, price from product where id = ?"
STOCK = "select stock from product where id = ? for update"
UPDATE = "update product set stock = stock - ? where id = ?"
INSERT = "insert into purchase (product, quantity) values (?, ?)"
ORDER = {"product": 7, "quantity": 2}


def test_a_product_is_shown(mynah_test, ask):
    lamp = {"id": 7, "name": "lamp", "price": 1250}
    mynah_test.expect(PRODUCT, [7]).returns([lamp])
    assert ask("GET", "/products/7") == (200, lamp)


def test_a_product_that_is_not_there_is_not_found(mynah_test, ask):
    mynah_test.expect(PRODUCT).returns([], columns=["id", "name", "price"])
    assert ask("GET", "/products/8") == (404, {"error": "no such product"})


@pytest.mark.parametrize("ids", [[7], [7, 8, 9]])
def test_several_products_are_one_statement(mynah_test, ask, ids):
    rows = [{"id": id, "name": f"product {id}", "price": id} for id in ids]
    digest = "select id, name, price from product where id in (1)"
    mynah_test.expect(digest=digest, params=ids).returns(rows)
    assert ask("GET", f"/products?ids={','.join(map(str, ids))}") == (200, rows)
    assert len(mynah_test.statements("answered_by = expectation")) == 1


def test_many_customers_look_at_once(mynah_test, ask):
    row = {"id": "{{params.0}}", "name": "product {{params.0}}", "price": 1}
    mynah_test.expect(PRODUCT).returns([row]).times(20)
    with ThreadPoolExecutor(8) as customers:
        answers = customers.map(lambda id: ask("GET", f"/products/{id}"), range(1, 21))
        names = [product["name"] for _, product in answers]
    assert names == [f"product {id}" for id in range(1, 21)]


ADA = {"email": "ada@example.com", "name": "Ada"}
REGISTER = "INSERT INTO customer (email, name) VALUES (?, ?)"


def test_a_customer_has_the_id_of_the_database(mynah_test, ask):
    mynah_test.expect(REGISTER, ["ada@example.com", matches("^A")]).ok(last_insert_id=41)
    assert ask("POST", "/customers", ADA) == (201, {"id": 41})


def test_an_address_is_registered_once(mynah_test, ask):
    mynah_test.expect(REGISTER).fails("ER_DUP_ENTRY")
    status, answer = ask("POST", "/customers", ADA)
    assert (status, answer["error"]) == (409, "this address is registered already")


def test_an_order_is_one_transaction(mynah_test, ask):
    with mynah_test.in_order():
        mynah_test.expect(STOCK, [7]).returns([{"stock": 3}])
        mynah_test.expect(UPDATE, [2, 7]).ok(affected_rows=1)
        mynah_test.expect(INSERT, [7, 2]).ok(last_insert_id=5)
        mynah_test.expect("COMMIT")
    assert ask("POST", "/orders", ORDER) == (201, {"id": 5})


def test_an_order_of_too_many_changes_nothing(mynah_test, ask):
    mynah_test.expect(STOCK).returns([{"stock": 1}])
    mynah_test.expect(prefix="update ").never()
    mynah_test.expect(prefix="insert ").never()
    assert ask("POST", "/orders", ORDER) == (409, {"error": "sold out"})


def test_an_order_is_tried_again_after_a_deadlock(mynah_test, ask):
    mynah_test.expect(STOCK).returns([{"stock": 3}]).times(2)
    mynah_test.expect(UPDATE).fails("ER_LOCK_DEADLOCK").ok().times(2)
    mynah_test.expect(INSERT).ok(last_insert_id=6)
    mynah_test.expect("COMMIT")
    assert ask("POST", "/orders", ORDER) == (201, {"id": 6})


def test_an_order_is_given_up_after_three_deadlocks(mynah_test, ask):
    mynah_test.expect(STOCK).fails("ER_LOCK_DEADLOCK").times(3)
    mynah_test.expect("COMMIT").never()
    status, _ = ask("POST", "/orders", ORDER)
    assert status == 503


def test_the_cart_grows(mynah_test, ask):
    count = "select count(*) from cart"
    mynah_test.stub(count).returns([{"n": 0}]).when("start", scenario="cart")
    mynah_test.stub(count).returns([{"n": 1}]).when("filled", scenario="cart")
    mynah_test.stub(prefix="insert into cart ").ok().then("filled", scenario="cart")
    assert ask("GET", "/cart") == (200, {"items": 0})
    assert ask("POST", "/cart", {"product": 7}) == (204, None)
    assert ask("GET", "/cart") == (200, {"items": 1})


def test_a_report_that_takes_too_long_is_given_up(mynah_test, ask):
    mynah_test.expect(prefix="select product, sum").ok().after(60_000)
    assert ask("GET", "/report") == (504, {"error": "the database takes too long"})


def test_a_statement_without_an_expectation_is_an_error(mynah_test, ask):
    mynah_test.stub("select id, name from product where id = ?").ok()
    status, answer = ask("GET", "/products/7")
    assert (status, answer) == (503, {"error": "the database can't do this"})
    [unexpected] = mynah_test.report().unexpected
    assert unexpected["explanation"]["difference"] == '", price" should not be there'
    mynah_test.forget()
