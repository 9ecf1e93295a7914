//! Replays the inputs that fuzzing found and that are kept in the corpora.

use mynah_auth::fuzz;
use mynah_testkit::replay_corpora;

#[test]
fn every_input_of_the_corpora_holds_what_its_target_says() {
    replay_corpora(
        env!("CARGO_MANIFEST_DIR"),
        &[
            ("client", fuzz::client),
            ("server", fuzz::server),
            ("stored", fuzz::stored),
        ],
    );
}
