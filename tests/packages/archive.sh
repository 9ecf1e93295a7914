# The archive: what it has, and that its programs need nothing of the system, in a chroot with two files.

tar --extract --gzip --file "$packages/mynah-$version-$target.tar.gz"
cd "mynah-$version-$target"

check "the sums are those of the files" env -C "$packages" sha256sum --check SHA256SUMS
for program in mynah-mock mynah-proxy; do
    check "$program is static" says "not a dynamic executable|statically linked" sh -c "ldd ./$program || true"
    check "$program has no symbols" says "no symbols" nm "$program"
    check "$program says version, commit, features and OpenSSL" says "OpenSSL [0-9]" sh -c \
        "./$program --version | tr '\n' ' ' | grep '$program $version commit: .* features: .* library: OpenSSL'"
    check "the SBOM of $program fits its schema" "$tools/python/bin/python" -c '
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
sys.exit(JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read()))' "$program.cdx.json"
    check "man page of $program" says "$program" sh -c "man --warnings -l man/$program.1 | cat"
done
for command in mynah-mock-{run,check,convert,ping,generate} mynah-proxy-{convert,record-diff,generate}; do
    check "man page of $command" grep --quiet "^.TH $command 1" "man/$command.1"
done
check "mynah-mock is at most 16 MB" test "$(stat --format=%s mynah-mock)" -le 16000000
check "mynah-proxy is at most 6 MB" test "$(stat --format=%s mynah-proxy)" -le 6000000
# The proxy needs no server if it replays; `timeout` ends one that has the engine.
check "mynah-proxy has no script engine" fails "JavaScript is read only by mynah-mock" \
    timeout 5 ./mynah-proxy --listen 127.0.0.1:0 --protocol classic --replay hello.js
check "licences of what is in the programs" grep --quiet "^openssl-src " THIRD-PARTY-LICENCES.txt
check "debug information is a file that the program names" says "mynah-mock.debug" \
    sh -c 'readelf --string-dump=.gnu_debuglink mynah-mock'

# Authority and certificate of a server that has a name of /etc/hosts.
make_certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
    openssl req -newkey rsa:2048 -nodes -subj /CN=db.mynah.test -keyout key.pem -out request.pem
    printf 'subjectAltName=DNS:db.mynah.test' >names
    openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem
}

if [ "$(id -u)" != 0 ]; then
    skip "chroot" "needs root"
elif ! has openssl; then
    skip "chroot" "needs openssl for a certificate"
else
    make_certificate >/dev/null 2>&1
    mkdir -p jail/etc/ssl/certs
    cp mynah-mock mynah-proxy hello.js jail
    printf '127.0.0.1 localhost db.mynah.test other.mynah.test\n' >jail/etc/hosts
    : >jail/etc/resolv.conf
    cp ca.pem jail/etc/ssl/certs/ca-certificates.crt

    in_jail() { chroot --userspec=65534:65534 jail "$@"; }
    start mock in_jail /mynah-mock --filename /hello.js --bind-address 127.0.0.1 --port 0
    check "the mock answers in a chroot" says "ada" query "$(port mock)" "select name, age from people"
    start by_address in_jail /mynah-proxy --listen 127.0.0.1:0 --upstream "127.0.0.1:$(port mock)"
    check "the proxy reaches a server by its address" says "ada" query "$(port by_address)" "select name, age from people"
    start by_name in_jail /mynah-proxy --listen 127.0.0.1:0 --upstream "other.mynah.test:$(port mock)"
    check "the proxy reaches a server by a name of /etc/hosts" says "ada" query "$(port by_name)" "select name, age from people"

    start tls ./mynah-mock --filename hello.js --bind-address 127.0.0.1 --port 0 --ssl-mode required --ssl-cert cert.pem --ssl-key key.pem
    verified=(--server-tls required --server-tls-verify identity)
    start right in_jail /mynah-proxy --listen 127.0.0.1:0 --upstream "db.mynah.test:$(port tls)" "${verified[@]}"
    check "the proxy trusts the authorities of the system" says "ada" query "$(port right)" "select name, age from people"
    start wrong in_jail /mynah-proxy --listen 127.0.0.1:0 --upstream "other.mynah.test:$(port tls)" "${verified[@]}"
    check "and refuses a certificate of another name" fails "certificate" query "$(port wrong)" "select name, age from people"
    rm jail/etc/ssl/certs/ca-certificates.crt
    start unknown in_jail /mynah-proxy --listen 127.0.0.1:0 --upstream "db.mynah.test:$(port tls)" "${verified[@]}"
    check "and one of an unknown authority" fails "certificate" query "$(port unknown)" "select name, age from people"
fi

# The first minute of the README.
start first ./mynah-mock --filename hello.js --bind-address 127.0.0.1 --port 0
check "the README's first minute" says "\('ada', 36\), \('bert', None\)" query "$(port first)" "select name, age from people"
check "and its error" fails "1142.*DROP command denied" query "$(port first)" "drop table people"
