# The wheels, as pip installs them: in a virtual environment, with --target and --user, and where there is none.

wheel=$(echo "$packages"/mynah_mock-"$version"-*.whl)
plugin=$(echo "$packages"/pytest_mynah-"$version"-*.whl)

cat >test_three_lines.py <<'PYTHON'
import pymysql
def test_person(mynah, mynah_test):
    mynah_test.expect("select name from person where id = ?", [7]).returns([{"name": "ada"}])
    with pymysql.connect(**mynah.connect_args()) as client, client.cursor() as cursor:
        cursor.execute("select name from person where id = %s", (7,))
        assert cursor.fetchone() == ("ada",)
PYTHON

check "the wheel names systems, and not any" says "-py3-none-(manylinux|macosx)" basename "$wheel"
python3 -m venv env
check "pip installs the wheels" env/bin/pip install --quiet --disable-pip-version-check "$wheel" "$plugin" pymysql pytest-xdist sqlalchemy
check "they need each other's version alone" says "mynah-mock==$version" env/bin/python -c '
from importlib.metadata import requires
print(*requires("pytest-mynah"))'
check "a test of three lines passes" says "1 passed" env/bin/pytest -p no:cacheprovider
check "each worker has a mock" says "1 passed" env/bin/pytest -p no:cacheprovider -n 2
sed 's/execute("select name/execute("select nmae/' test_three_lines.py >test_wrong.py
check "a wrong statement is explained" fails 'unexpected: "nmae" should be "name"' env/bin/pytest -p no:cacheprovider test_wrong.py
rm test_wrong.py
sed 's/connect_args()/connect_args(user=mynah_test.user)/' test_three_lines.py >test_shared.py
check "all workers use a mock that is running" says "1 passed" \
    env/bin/mynah-mock run -- env/bin/pytest -p no:cacheprovider -n 2 test_shared.py
cp -r "$here/../../bins/packaging/python/pytest-mynah/tests" own
check "the plugin's own tests pass" env/bin/pytest -p no:cacheprovider -q own
check "the program is beside python" says "^mynah-mock $version" env/bin/mynah-mock --version
check "and is a module" says "^mynah-mock $version" env/bin/python -m mynah_mock --version
check "find_bin in a virtual environment" says "/env/bin/mynah-mock" env/bin/python -c 'import mynah_mock; print(mynah_mock.find_bin())'
check "types are included" says "True" env/bin/python -c '
from importlib.resources import files
print(all((files(name) / "py.typed").is_file() for name in ("mynah_mock", "pytest_mynah")))'

check "pip install --target" env/bin/pip install --quiet --disable-pip-version-check --no-deps --target "$PWD/beside" "$wheel"
env/bin/pip uninstall --quiet --yes mynah-mock
check "find_bin with --target" says "$PWD/beside/bin/mynah-mock" env PYTHONPATH="$PWD/beside" env/bin/python -c 'import mynah_mock; print(mynah_mock.find_bin())'

export PYTHONUSERBASE=$PWD/user
check "pip install --user" python3 -m pip install --quiet --disable-pip-version-check --user --break-system-packages --no-deps "$wheel"
check "find_bin with --user" says "$PWD/user/bin/mynah-mock" python3 -c 'import mynah_mock; print(mynah_mock.find_bin())'
unset PYTHONUSERBASE

python3 -m venv pipx
pipx/bin/pip install --quiet --disable-pip-version-check pipx
check "pipx run" says "^mynah-mock $version" env PIPX_HOME="$PWD/pipx-home" PIPX_BIN_DIR="$PWD/pipx-bin" \
    pipx/bin/pipx run --spec "$wheel" mynah-mock --version

check "without a wheel for a system, the error names those there are" fails \
    "there are wheels for Linux \(x86_64, aarch64\) and macOS" env -u MYNAH_PROGRAM \
    env/bin/pip install --disable-pip-version-check "$packages/mynah_mock-$version.tar.gz"
