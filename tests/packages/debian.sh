# The Debian package: installed, used, and removed again.

package=$(echo "$packages"/mynah_"$version"_*.deb)
has dpkg-deb || { skip "debian" "needs dpkg-deb"; exit 0; }

mkdir root
dpkg-deb --extract "$package" root
check "the package has its files" says "usr/share/man/man1/mynah-proxy-convert.1.gz" sh -c 'cd root && find . -type f'
if has systemd-analyze; then
    unit=root/usr/lib/systemd/system/mynah-proxy.service
    check "the unit is hardened: exposure below 1.5" systemd-analyze security --offline=true --no-pager --threshold=15 "$unit"
fi
if has logrotate; then
    # The folder of the logs is there once the service has run.
    sed "s|/var/log/mynah|$PWD/log|; s|systemctl kill .*|kill -HUP \$(cat $PWD/pid)|" root/etc/logrotate.d/mynah-proxy >rotate
    chmod 644 rotate
    mkdir --mode=750 log
    start mock "${unpacked}mynah-mock" --filename "${unpacked}hello.js" --bind-address 127.0.0.1 --port 0
    start proxy "${unpacked}mynah-proxy" --listen 127.0.0.1:0 --upstream "127.0.0.1:$(port mock)" --output log/proxy.log
    echo "${started[-1]}" >pid
    check "a query before the rotation" says "ada" query "$(port proxy)" "select name, age from people"
    for _ in $(seq 100); do [ ! -s log/proxy.log ] || break; sleep 0.1; done
    check "logrotate puts the trace aside" logrotate --force --state "$PWD/state" rotate
    for _ in $(seq 100); do [ ! -e log/proxy.log ] || break; sleep 0.1; done
    check "a query after the rotation" says "ada" query "$(port proxy)" "select name, age from people"
    for _ in $(seq 100); do [ ! -s log/proxy.log ] || break; sleep 0.1; done
    check "and the proxy writes to a new file" grep --quiet "select name" log/proxy.log
    check "while the old one has what was before" grep --quiet "select name" log/proxy.log.1
else
    skip "logrotate" "isn't installed"
fi

if [ "$(id -u)" != 0 ]; then
    skip "dpkg -i" "needs root"
    exit 0
elif dpkg --status mynah >/dev/null 2>&1; then
    skip "dpkg -i" "the package mynah is installed already"
    exit 0
fi
at_end+=("dpkg --purge mynah")
check "dpkg -i" dpkg --install "$package"
check "mynah-mock is installed" says "^mynah-mock $version" mynah-mock --version
if [ -e /usr/share/man/man1/mynah-mock.1.gz ]; then
    check "man mynah-mock" says "mynah-mock - A MySQL server" sh -c "man mynah-mock | cat"
    check "man mynah-mock check" says "mynah-mock-check" sh -c "man mynah-mock check | cat"
else
    skip "man" "dpkg is set up to leave man pages out"
fi
if has systemd-analyze; then
    check "systemd-analyze verify" systemd-analyze verify --man=no mynah-proxy.service
fi
complete_in_bash() {
    bash -c '
        source "/usr/share/bash-completion/completions/$1"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        "$(complete -p "$1" | sed "s/.*-F \([^ ]*\).*/\1/")" "$1" "${!#}" "${COMP_WORDS[-2]}"
        echo "${COMPREPLY[@]}"' "$1" "$@"
}
check "bash completes options" says "^--filename" complete_in_bash mynah-mock --filen
check "bash completes commands" says "^check" complete_in_bash mynah-mock che
check "bash completes options of commands" says "^--module-prefix" complete_in_bash mynah-mock check --mod
check "bash completes the proxy's options" says "^--upstream" complete_in_bash mynah-proxy --upst
if has fish; then
    check "fish completes options" says "^--filename" fish --command 'complete --do-complete "mynah-mock --filen"'
    check "fish completes commands" says "^convert" fish --command 'complete --do-complete "mynah-proxy conv"'
else
    skip "fish" "isn't installed"
fi
if has zsh; then
    check "zsh loads the completions" says "_mynah-mock" zsh -f -c '
        fpath=(/usr/share/zsh/vendor-completions $fpath)
        autoload -Uz compinit && compinit -u -D && print $_comps[mynah-mock]'
    check "zsh parses the completions" zsh -n /usr/share/zsh/vendor-completions/_mynah-proxy
else
    skip "zsh" "isn't installed"
fi
check "dpkg --purge" dpkg --purge mynah
check "nothing is left" test ! -e /etc/mynah -a ! -e /usr/bin/mynah-mock
