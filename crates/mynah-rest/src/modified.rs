//! `Last-Modified` and `If-Modified-Since`, which have a resolution of one second.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time of the last change, rounded up to a whole second. `None` while that second isn't over:
/// another change may still happen in it.
///
/// So a client can't miss a change that happens in the same second as its request.
pub(crate) fn last_modified(changed: SystemTime, now: SystemTime) -> Option<SystemTime> {
    let seconds = changed.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let end = UNIX_EPOCH.checked_add(Duration::from_secs(seconds.checked_add(1)?))?;
    (end <= now).then_some(end)
}

/// Whether a client with the state at `since`, an HTTP date, has seen the last change.
pub(crate) fn seen(last_modified: SystemTime, since: &str) -> bool {
    httpdate::parse_http_date(since).is_ok_and(|since| last_modified <= since)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(millis)
    }

    #[test]
    fn a_change_counts_from_the_end_of_its_second() {
        let second = 1_000_000_000_000;
        assert_eq!(last_modified(at(second), at(second + 999)), None);
        let end = Some(at(second + 1000));
        assert_eq!(last_modified(at(second), at(second + 1000)), end);
        assert_eq!(last_modified(at(second + 999), at(second + 5000)), end);
        assert_eq!(last_modified(at(second + 5000), at(second)), None);
    }

    #[test]
    fn a_client_has_seen_what_is_not_later_than_its_date() {
        let changed = at(784_111_777_000); // Sun, 06 Nov 1994 08:49:37 GMT
        for (since, expected) in [
            ("Sun, 06 Nov 1994 08:49:36 GMT", false),
            ("Sun, 06 Nov 1994 08:49:37 GMT", true),
            ("Sunday, 06-Nov-94 08:49:38 GMT", true),
            ("Sun Nov  6 08:49:37 1994", true),
            ("yesterday", false),
            ("", false),
        ] {
            assert_eq!(seen(changed, since), expected, "{since}");
        }
    }
}
