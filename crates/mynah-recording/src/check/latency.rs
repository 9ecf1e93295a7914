/// Whether two latencies are of classes that aren't neighbours. A class is a power of ten, from a millisecond on.
pub(super) fn is_of_other_class(one_us: u64, other_us: u64) -> bool {
    class(one_us).abs_diff(class(other_us)) > 1
}

fn class(micros: u64) -> u32 {
    (micros / 1_000).checked_ilog10().map_or(0, |log| log + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_of_other_classes_if_there_is_one_in_between() {
        assert!(!is_of_other_class(20, 900));
        assert!(!is_of_other_class(900, 9_900));
        assert!(is_of_other_class(900, 10_000));
        assert!(is_of_other_class(120_000, 900));
        assert!(!is_of_other_class(5_000, 50_000));
        assert!(is_of_other_class(0, u64::MAX));
    }
}
