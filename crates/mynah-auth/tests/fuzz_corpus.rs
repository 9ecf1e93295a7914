//! What fuzzing found worth keeping, once more.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::fs;
use std::path::Path;

use mynah_auth::fuzz;

/// What a fuzz target does with its input.
type Target = fn(&[u8]);

#[test]
fn every_input_of_the_corpora_holds_what_its_target_says() {
    let targets: [(&str, Target); 3] = [
        ("client", fuzz::client),
        ("server", fuzz::server),
        ("stored", fuzz::stored),
    ];
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in targets {
        let files: Vec<_> = fs::read_dir(corpora.join(name)).unwrap().collect();
        assert!(files.len() > 20, "{name}: {}", files.len());
        for file in files {
            let path = file.unwrap().path();
            println!("{}", path.display());
            target(&fs::read(&path).unwrap());
        }
    }
}
