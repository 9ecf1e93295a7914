//! Replays the inputs that fuzzing found and that are kept in the corpora.

use mynah_classic::fuzz;
use mynah_testkit::replay_corpora;

#[test]
fn every_input_of_the_corpora_holds_what_its_target_says() {
    replay_corpora(
        env!("CARGO_MANIFEST_DIR"),
        &[
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
        ],
    );
}
