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

use mynah_classic::fuzz;

/// What a fuzz target does with its input.
type Target = fn(&[u8]);

#[test]
fn every_input_of_the_corpora_is_refused_or_comes_back() {
    let targets: [(&str, Target); 11] = [
        ("authentication", fuzz::authentication),
        ("binary_row", fuzz::binary_row),
        ("bulk_parameters", fuzz::bulk_parameters),
        ("column_definition", fuzz::column_definition),
        ("command", fuzz::command),
        ("handshake", fuzz::handshake),
        ("handshake_response", fuzz::handshake_response),
        ("parameters", fuzz::parameters),
        ("response", fuzz::response),
        ("text_row", fuzz::text_row),
        ("value", fuzz::value),
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
