use std::fs;
use std::path::Path;

/// The body of a fuzz target.
pub type FuzzTarget = fn(&[u8]);

/// Replays the corpora of a crate's fuzz targets, `fuzz/corpus/<target>/*`. Each target is a
/// function that panics when its assertion doesn't hold. The name of the file is printed first.
///
/// # Panics
/// When a target does, or its corpus has fewer than 21 inputs or can't be read.
#[allow(clippy::expect_used, reason = "this is an assertion")]
pub fn replay_corpora(manifest_dir: &str, targets: &[(&str, FuzzTarget)]) {
    for (name, target) in targets {
        let folder = Path::new(manifest_dir).join("fuzz/corpus").join(name);
        let files = fs::read_dir(&folder).expect("a target has a corpus");
        let mut count = 0;
        for file in files {
            let path = file.expect("a corpus is a folder of files").path();
            println!("{}", path.display());
            target(&fs::read(&path).expect("an input can be read"));
            count += 1;
        }
        assert!(count > 20, "{name}: {count} inputs");
    }
}
