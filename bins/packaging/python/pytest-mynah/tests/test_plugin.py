"""The fixtures, as a user's tests see them: each test here runs pytest on a test file of its own."""

import pytest

import pytest_mynah

GOOD = """
import pymysql

def test_person(mynah, mynah_test):
    mynah_test.expect("select name from person where id = ?", [7]).returns([{"name": "ada"}])
    client = pymysql.connect(**mynah.connect_args())
    with client, client.cursor() as cursor:
        cursor.execute("select name from person where id = %s", (7,))
        assert cursor.fetchall() == (("ada",),)
    assert [one["statement"] for one in mynah_test.statements("sql ~ person")] == ["select name from person where id = 7"]
"""

WRONG = """
import pymysql, pytest

def test_person(mynah, mynah_test):
    mynah_test.expect("select name from person").returns([{"name": "ada"}])
    client = pymysql.connect(**mynah.connect_args())
    with client, client.cursor() as cursor, pytest.raises(pymysql.MySQLError):
        cursor.execute("select nmae from person")
"""


def run(pytester: pytest.Pytester, text: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(text)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)


def test_three_lines_are_a_test(pytester):
    run(pytester, GOOD).assert_outcomes(passed=1)


def test_a_wrong_statement_fails_the_test_itself_with_the_near_miss(pytester):
    result = run(pytester, WRONG)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "test test_person_1: 0 met, 1 unmet, 1 unexpected",
            'unmet: "test_*.py line 4", expectations[[]0]: called 0 times, has to be 1 time: *',
            'unexpected: "nmae" should be "name": select nmae from person; closest: *',
            "*Captured mynah's log call*",
        ]
    )


def test_a_test_that_failed_already_shows_the_report_and_isnt_verified(pytester):
    result = run(pytester, "def test_it(mynah_test):\n    mynah_test.expect('select 1')\n    assert 1 == 2\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 1 == 2*", "*Captured mynah call*", "*0 met, 1 unmet, 0 unexpected*"])


def test_the_marker_changes_what_fails(pytester):
    mark = "import pytest\n\n@pytest.mark.mynah(unexpected='allow')"
    run(pytester, WRONG.replace(".returns([", ".any_number().returns([").replace("\ndef", f"\n{mark}\ndef")).assert_outcomes(passed=1)
    run(pytester, WRONG.replace("\ndef", f"\n{mark}\ndef")).assert_outcomes(failed=1)
    wrong = run(pytester, GOOD.replace("\ndef", "\nimport pytest\n@pytest.mark.mynah(verifi=1)\ndef"))
    wrong.stdout.fnmatch_lines(["*the marker mynah has no verifi*"])


def test_expectations_may_stand_in_the_marker(pytester):
    mark = "import pytest\n\n@pytest.mark.mynah(expect=[{'stmt': 'select 1', 'times': 1, 'result': {'rows': [{'n': 1}]}}])"
    text = """
def test_one(mynah, mynah_test):
    with pymysql.connect(**mynah.connect_args()) as client, client.cursor() as cursor:
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)
"""
    run(pytester, "import pymysql\n" + mark + text).assert_outcomes(passed=1)


def test_each_worker_has_its_own_mock(pytester):
    many = "\n".join(
        f"""
def test_{n}(mynah, mynah_test):
    mynah_test.expect("select n from t").returns([[{n}]], columns=["n"])
    with pymysql.connect(**mynah.connect_args()) as client, client.cursor() as cursor:
        cursor.execute("select n from t")
        assert cursor.fetchone() == ({n},)
"""
        for n in range(12)
    )
    run(pytester, "import pymysql\n" + many, "-n", "3").assert_outcomes(passed=12)


@pytest.fixture
def running(monkeypatch):
    """A mock that the tests find by the environment, and no program to start another."""
    with pytest_mynah.Mock() as mock:
        monkeypatch.setenv("MYNAH_HTTP", mock.http)
        monkeypatch.setenv("MYSQL_HOST", mock.host)
        monkeypatch.setenv("MYSQL_TCP_PORT", str(mock.port))
        monkeypatch.setenv("MYNAH_MOCK_BINARY", "missing")
        yield mock


def test_all_workers_share_a_mock_that_is_running(pytester, running):
    many = "\n".join(
        f"""
def test_{n}(mynah, mynah_test):
    mynah_test.expect("select n from t").returns([[{n}]], columns=["n"])
    with pymysql.connect(**mynah.connect_args()) as client, client.cursor() as cursor:
        cursor.execute("select n from t " + mynah_test.comment)
        assert cursor.fetchone() == ({n},)
    assert mynah.port == {running.port}
"""
        for n in range(12)
    )
    # The same names in two files are tests of their own.
    pytester.makepyfile(test_one="import pymysql\n" + many, test_two="import pymysql\n" + many)
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n", "3").assert_outcomes(passed=24)


def test_a_test_at_a_running_mock_gets_statements_without_an_id_if_it_is_asked_for(pytester, running):
    mark = "import pytest\n\n@pytest.mark.mynah(default=True)"
    run(pytester, GOOD.replace("\ndef", f"\n{mark}\ndef")).assert_outcomes(passed=1)
    run(pytester, GOOD).assert_outcomes(failed=1)


IN_ORDER = """
import pymysql, pytest

def test_order(mynah, mynah_test):
    with mynah_test.in_order():
        mynah_test.expect("select stock from product").returns([{"stock": 3}])
        sold = mynah_test.expect("update product set stock = ?", [2]).ok(affected_rows=1)
    sold.times(2)
    with pymysql.connect(**mynah.connect_args()) as client, client.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement)
"""
SELECT, UPDATE = "select stock from product", "update product set stock = 2"


def test_statements_may_be_expected_in_an_order(pytester):
    def text(*statements):
        return IN_ORDER.replace("STATEMENTS", repr(statements))

    run(pytester, text(SELECT, UPDATE, UPDATE)).assert_outcomes(passed=1)
    wrong = run(pytester, text(UPDATE, SELECT, UPDATE))
    wrong.assert_outcomes(failed=1)
    wrong.stdout.fnmatch_lines(['*due next is "test_*.py line 6"*'])
    run(pytester, text(SELECT, UPDATE)).assert_outcomes(failed=1)


def test_statements_that_are_forgotten_are_in_no_report(pytester):
    forget = """
    [unexpected] = mynah_test.report().unexpected
    assert unexpected["explanation"]["difference"] == '"nmae" should be "name"'
    mynah_test.forget()
    assert mynah_test.statements() == []
"""
    run(pytester, WRONG.replace(".returns([", ".any_number().returns([") + forget).assert_outcomes(passed=1)


def test_a_pool_older_than_the_test_needs_no_change(pytester):
    text = """
import pytest, sqlalchemy

@pytest.fixture(scope="session")
def engine(mynah):
    engine = sqlalchemy.create_engine(mynah.url(schema="shop"))
    yield engine
    engine.dispose()

@pytest.mark.parametrize("n", [1, 2, 3])
def test_n(engine, mynah_test, n):
    mynah_test.expect("select n from t where n = ?", [n]).returns([{"n": n}])
    with engine.connect() as client:
        assert client.execute(sqlalchemy.text("select n from t where n = :n"), {"n": n}).scalar() == n
"""
    run(pytester, text).assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("module", "connect"),
    [
        ("pymysql", "pymysql.connect(**mynah.connect_args(schema='shop'))"),
        ("mysql.connector", "mysql.connector.connect(**mynah.connect_args(schema='shop'))"),
        ("MySQLdb", "MySQLdb.connect(**mynah.connect_args(schema='shop'))"),
    ],
)
def test_drivers(pytester, module, connect):
    pytest.importorskip(module)
    text = f"""
import {module}

def test_it(mynah, mynah_test):
    mynah_test.expect("select a from t where b = ?", ["x"]).returns([{{"a": 1}}]).fails("ER_DUP_ENTRY").times(2)
    client = {connect}
    cursor = client.cursor()
    cursor.execute("select a from t where b = %s", ("x",))
    assert [tuple(row) for row in cursor.fetchall()] == [(1,)]
    try:
        cursor.execute("select a from t where b = %s", ("x",))
    except {module}.Error as error:
        assert error.args[0] == 1062
    else:
        assert False, "no error"
    client.close()
"""
    run(pytester, text).assert_outcomes(passed=1)


def test_djangos_connection(pytester):
    pytest.importorskip("django")
    text = """
import pymysql, pytest
pymysql.version_info = (2, 2, 1, "final", 0)
pymysql.install_as_MySQLdb()
import django.conf, django.db

@pytest.fixture(scope="session", autouse=True)
def settings(mynah):
    django.conf.settings.configure(DATABASES={"default": mynah.django_database("shop")})

def test_it(mynah_test):
    mynah_test.expect("SELECT name FROM person WHERE id = ?", [7]).returns([{"name": "ada"}])
    with django.db.connection.cursor() as cursor:
        cursor.execute("SELECT name FROM person WHERE id = %s", [7])
        assert cursor.fetchone() == ("ada",)
"""
    run(pytester, text, "-p", "no:django").assert_outcomes(passed=1)


def test_a_mock_that_doesnt_start_says_why(pytester):
    pytester.makeini("[pytest]\nmynah_filename = missing.js\n")
    result = run(pytester, GOOD)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*MockNotStarted: mynah-mock ended with 1; it logged:", "*missing.js*"])
