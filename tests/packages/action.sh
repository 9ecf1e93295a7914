# The GitHub action: its shell steps run as a runner runs them, with releases from a folder.

action=$here/../../bins/packaging/action
check "action.yml fits its schema" "$tools/python/bin/check-jsonschema" --builtin-schema vendor.github-actions "$action/action.yml"

export RUNNER_TEMP=$PWD/temp GITHUB_PATH=$PWD/path GITHUB_OUTPUT=$PWD/output GITHUB_ENV=$PWD/env
mkdir -p temp "releases/v$version"
touch path output env
cp "$packages/mynah-$version-$target.tar.gz" "$packages/SHA256SUMS" "releases/v$version"
export MYNAH_VERSION=$version MYNAH_URL=file://$PWD/releases
check "it installs the programs" "$action/install.sh"
PATH=$(cat path):$PATH
check "the programs are found by later steps" says "^mynah-mock $version" mynah-mock --version
unset MYNAH_VERSION MYNAH_URL

# A runner ends what its steps started.
at_end+=("end_mock")
end_mock() { cat "$RUNNER_TEMP"/mynah-mock.*/pid | xargs --max-args=1 kill 2>/dev/null; }
cp "${unpacked}hello.js" .
check "it starts a mock" env SCRIPT="$PWD/hello.js" OPTIONS="--workers 1" "$action/start.sh"
check "whose port is an output" says "ada" query "$(sed --quiet 's/^port=//p' output)" "select name, age from people"
check "and a variable" says "ada" query "$(sed --quiet 's/^MYSQL_TCP_PORT=//p' env)" "select name, age from people"
check "no variable is an option of a later mock" test "$(sed --quiet 's/^\(MYNAH_[A-Z_]*\)=.*/\1/p' env)" = MYNAH_HTTP
check "a script that isn't there is an error of the step" fails "::error::mynah-mock ended: .*no-such.js" \
    env SCRIPT=no-such.js "$action/start.sh"
echo "0000000000000000000000000000000000000000000000000000000000000000  mynah-$version-$target.tar.gz" >"releases/v$version/SHA256SUMS"
check "an archive that isn't that of the sums is refused" fails "isn't the one of SHA256SUMS" \
    env MYNAH_VERSION="$version" MYNAH_URL="file://$PWD/releases" "$action/install.sh"
