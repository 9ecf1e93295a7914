#!/usr/bin/env bash
# Installs the programs of MYNAH_VERSION from MYNAH_URL, checked by their sums, for the steps that follow.
set -euo pipefail

case $(uname -s)-$(uname -m) in
    Linux-x86_64) target=x86_64-unknown-linux-musl ;;
    Linux-aarch64) target=aarch64-unknown-linux-musl ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
    *)
        echo "::error::Mynah has no programs for $(uname -s) on $(uname -m), but for Linux and macOS on x86-64 and arm64"
        exit 1
        ;;
esac
name=mynah-$MYNAH_VERSION-$target
folder=$RUNNER_TEMP/mynah
mkdir -p "$folder"
cd "$folder"
for file in "$name.tar.gz" SHA256SUMS; do
    curl --fail --silent --show-error --location --retry 3 --remote-name "$MYNAH_URL/v$MYNAH_VERSION/$file"
done
sum() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum --algorithm 256 "$@"; fi; }
if ! grep " $name.tar.gz\$" SHA256SUMS | sum --check -; then
    echo "::error::the archive $name.tar.gz isn't the one of SHA256SUMS"
    exit 1
fi
tar --extract --gzip --file "$name.tar.gz"
echo "$folder/$name" >>"$GITHUB_PATH"
