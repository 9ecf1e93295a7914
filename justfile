# What is done often. `just` is not needed: each recipe is the command it shows.

# Format, lints, tests, documentation.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test --workspace
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# The mock server on a script: `just run fixtures/scripts/hello.js --verbose`.
run script="fixtures/scripts/hello.js" *options="":
    cargo run --bin mynah-mock -- --filename {{script}} --port 33306 {{options}}

# All tests, or those whose name has a word in it: `just test login`.
test *filter="":
    cargo test --workspace {{filter}}

# Everything that is shipped, into target/packages: archives, wheels, npm packages, the Debian package.
dist *options="":
    bins/packaging/dist {{options}}

# Real clients against the mock, the proxy and real servers: `just real`, `just real python node-mysql2`,
# `just real --columns mock`; `just real --readme README.md` puts the table there.
real *options="":
    tests/real/run {{options}}
