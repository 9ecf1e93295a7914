# The images: built by a daemon where there is one; else what the Dockerfile says is done by hand, and run in a chroot.

images=$here/../../bins/packaging/images

schema() { "$tools/python/bin/check-jsonschema" --builtin-schema "$@"; }
check "compose.yaml fits its schema" schema vendor.compose-spec "$images/compose.yaml"

if has docker && docker info >/dev/null 2>&1; then
    for image in mock proxy; do
        check "docker builds mynah-$image" docker build --quiet --file "$images/$image.Dockerfile" --tag "mynah-$image:test" "$unpacked"
    done
    check "the mock becomes healthy" says "healthy" sh -c '
        id=$(docker run --detach mynah-mock:test)
        for _ in $(seq 30); do
            state=$(docker inspect --format "{{.State.Health.Status}}" "$id")
            [ "$state" != healthy ] || break
            sleep 1
        done
        docker rm --force "$id" >/dev/null
        echo "$state"; [ "$state" = healthy ]'
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    skip "images" "need a daemon, or root for a chroot"
    exit 0
fi

# image NAME: makes the image's root folder, and functions that run a command in it as the container would.
image() { "$tools/python/bin/python" "$here/image.py" "$images/$1.Dockerfile" "$unpacked" "$PWD/$1"; }

image mock >mock.sh
image proxy >proxy.sh
check "the image of the mock runs as another user" says "^65532$" bash -c "source ./mock.sh; echo \$user"
(
    # In a container, ports are free; here they may be taken.
    source ./mock.sh
    exec_in MYNAH_PORT=0 MYNAH_XPORT=0 MYNAH_HTTP_PORT=0 -- "${entry[@]}"
) >mock.log 2>&1 &
started+=($!)
http=$(port mock.log http)
check "the mock's image: its health check" bash -c "source ./mock.sh; exec_in MYNAH_HTTP_PORT=$http -- \"\${health[@]}\""
check "the mock's image answers" fails "1105" query "$(port mock.log)" "select 17 from t"
(
    source ./proxy.sh
    exec_in -- "${entry[@]/:9104/:0}" --listen 127.0.0.1:0 --upstream "127.0.0.1:$(port mock.log)"
) >proxy.log 2>&1 &
started+=($!)
check "the proxy's image forwards" fails "1105" query "$(port proxy.log)" "select 17 from t"
http=$(port proxy.log http)
check "the proxy's image: its health check" bash -c "source ./proxy.sh; exec_in MYNAH_HTTP_PORT=$http -- \"\${health[@]}\""
