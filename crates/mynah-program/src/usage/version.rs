/// What `--version` prints, of a line with name and version.
pub(super) fn text(line: &str) -> String {
    let features = match mynah_net::OPENSSL_IS_VENDORED {
        true => "vendored-openssl",
        false => "none",
    };
    let openssl = mynah_net::openssl_version();
    let line = line.trim_end();
    format!("{line}\ncommit: {COMMIT}\nfeatures: {features}\nlibrary: {openssl}")
}

/// The commit that the program is built from: what builds a release sets the variable.
const COMMIT: &str = match option_env!("MYNAH_COMMIT") {
    Some(commit) => commit,
    None => "unknown, as MYNAH_COMMIT wasn't set when the program was built",
};
