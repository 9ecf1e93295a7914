//! What fuzzing found worth keeping, once more.

use mynah_recording::fuzz;
use mynah_testkit::replay_corpora;

#[test]
fn every_input_of_the_corpora_holds_what_its_target_says() {
    replay_corpora(
        env!("CARGO_MANIFEST_DIR"),
        &[("recording", fuzz::recording)],
    );
}
