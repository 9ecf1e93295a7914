"""Tests of the shop. Run them by `mynah-mock run -- pytest -n 4`."""

from concurrent.futures import ThreadPoolExecutor

import pytest

PRODUCT = "select id, name, price from product where id = ?"
STOCK = "select stock from product where id = ? for update"
UPDATE = "update product set stock = stock - ? where id = ?"
INSERT = "insert into purchase (product, quantity) values (?, ?)"
ORDER = {"product": 7, "quantity": 2}


def test_a_product_is_shown(mock, ask):
    lamp = {"id": 7, "name": "lamp", "price": 1250}
    mock.expect({"stmt": PRODUCT, "params": [7], "times": 1, "result": {"rows": [lamp]}})
    assert ask("GET", "/products/7") == (200, lamp)


def test_a_product_that_is_not_there_is_not_found(mock, ask):
    nothing = {"columns": ["id", "name", "price"], "rows": []}
    mock.expect({"stmt": PRODUCT, "times": 1, "result": nothing})
    assert ask("GET", "/products/8") == (404, {"error": "no such product"})


@pytest.mark.parametrize("ids", [[7], [7, 8, 9]])
def test_several_products_are_one_statement(mock, ask, ids):
    rows = [{"id": id, "name": f"product {id}", "price": id} for id in ids]
    digest = "select id, name, price from product where id in (1)"
    mock.expect({"digest": digest, "params": ids, "times": 1, "result": {"rows": rows}})
    assert ask("GET", f"/products?ids={','.join(map(str, ids))}") == (200, rows)
    assert len(mock.statements("answered_by = expectation")) == 1


def test_many_customers_look_at_once(mock, ask):
    row = {"id": "{{params.0}}", "name": "product {{params.0}}", "price": 1}
    mock.expect({"stmt": PRODUCT, "times": 20, "result": {"rows": [row]}})
    with ThreadPoolExecutor(8) as customers:
        answers = customers.map(lambda id: ask("GET", f"/products/{id}"), range(1, 21))
        names = [product["name"] for _, product in answers]
    assert names == [f"product {id}" for id in range(1, 21)]


ADA = {"email": "ada@example.com", "name": "Ada"}
REGISTER = "INSERT INTO customer (email, name) VALUES (?, ?)"


def test_a_customer_has_the_id_of_the_database(mock, ask):
    params = ["ada@example.com", {"matches": "^A"}]
    mock.expect({"stmt": REGISTER, "params": params, "times": 1, "ok": {"last_insert_id": 41}})
    assert ask("POST", "/customers", ADA) == (201, {"id": 41})


def test_an_address_is_registered_once(mock, ask):
    mock.expect({"stmt": REGISTER, "times": 1, "error": "ER_DUP_ENTRY"})
    status, answer = ask("POST", "/customers", ADA)
    assert (status, answer["error"]) == (409, "this address is registered already")


def test_an_order_is_one_transaction(mock, ask):
    mock.expect(
        {"stmt": STOCK, "params": [7], "times": 1, "result": {"rows": [{"stock": 3}]}},
        {"stmt": UPDATE, "params": [2, 7], "times": 1, "ok": {"affected_rows": 1}},
        {"stmt": INSERT, "params": [7, 2], "times": 1, "ok": {"last_insert_id": 5}},
        {"stmt": "COMMIT", "times": 1, "ok": {}},
        order="sequence",
    )
    assert ask("POST", "/orders", ORDER) == (201, {"id": 5})


def test_an_order_of_too_many_changes_nothing(mock, ask):
    mock.expect(
        {"stmt": STOCK, "times": 1, "result": {"rows": [{"stock": 1}]}},
        {"stmt_prefix": "update ", "times": 0},
        {"stmt_prefix": "insert ", "times": 0},
    )
    assert ask("POST", "/orders", ORDER) == (409, {"error": "sold out"})


def test_an_order_is_tried_again_after_a_deadlock(mock, ask):
    mock.expect(
        {"stmt": STOCK, "times": 2, "result": {"rows": [{"stock": 3}]}},
        {"stmt": UPDATE, "times": 2, "answers": [{"error": "ER_LOCK_DEADLOCK"}, {"ok": {}}]},
        {"stmt": INSERT, "times": 1, "ok": {"last_insert_id": 6}},
        {"stmt": "COMMIT", "times": 1, "ok": {}},
    )
    assert ask("POST", "/orders", ORDER) == (201, {"id": 6})


def test_an_order_is_given_up_after_three_deadlocks(mock, ask):
    mock.expect(
        {"stmt": STOCK, "times": 3, "error": "ER_LOCK_DEADLOCK"},
        {"stmt": "COMMIT", "times": 0},
    )
    status, _ = ask("POST", "/orders", ORDER)
    assert status == 503


def test_the_cart_grows(mock, ask):
    count = {"stmt": "select count(*) from cart", "scenario": "cart"}
    mock.expect(
        {**count, "when": "start", "result": {"rows": [{"n": 0}]}},
        {**count, "when": "filled", "result": {"rows": [{"n": 1}]}},
        {"stmt_prefix": "insert into cart ", "scenario": "cart", "then": "filled", "ok": {}},
    )
    assert ask("GET", "/cart") == (200, {"items": 0})
    assert ask("POST", "/cart", {"product": 7}) == (204, None)
    assert ask("GET", "/cart") == (200, {"items": 1})


def test_a_report_that_takes_too_long_is_given_up(mock, ask):
    mock.expect({"stmt_prefix": "select product, sum", "times": 1, "exec_time": 60_000, "ok": {}})
    assert ask("GET", "/report") == (504, {"error": "the database takes too long"})


def test_a_statement_without_an_expectation_is_an_error(mock, ask):
    mock.expect({"stmt": "select id, name from product where id = ?", "ok": {}})
    status, answer = ask("GET", "/products/7")
    assert (status, answer) == (503, {"error": "the database can't do this"})
    [unexpected] = mock.unexpected()
    assert unexpected["explanation"]["difference"] == '", price" should not be there'
    mock.forget()
