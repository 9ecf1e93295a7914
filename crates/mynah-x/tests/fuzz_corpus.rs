//! Replays the inputs that fuzzing found and that are kept in the corpora.

use mynah_testkit::replay_corpora;
use mynah_x::fuzz;

#[test]
fn every_input_of_the_corpora_holds_what_its_target_says() {
    replay_corpora(
        env!("CARGO_MANIFEST_DIR"),
        &[
            ("cell", fuzz::cell),
            ("client_message", fuzz::client_message),
            ("compression", fuzz::compression),
            ("frames", fuzz::frames),
            ("server_message", fuzz::server_message),
        ],
    );
}
