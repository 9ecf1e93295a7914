//! LIKE.

/// Whether a text is LIKE a pattern: `%` is anything, `_` any character, in whatever case.
pub(super) fn like(text: &str, pattern: &str, escape: char) -> bool {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let (mut at, mut of, mut retry) = (0, 0, None);
    loop {
        let (wanted, width) = match (pattern.get(of), pattern.get(of + 1)) {
            (Some('%'), _) if escape != '%' => {
                retry = Some((of, at));
                of += 1;
                continue;
            }
            (Some(char), Some(escaped)) if *char == escape => (Some(*escaped), 2),
            (Some('_'), _) => (None, 1),
            (Some(other), _) => (Some(*other), 1),
            (None, _) if at == text.len() => return true,
            (None, _) => (None, 0),
        };
        let fits = width > 0
            && text
                .get(at)
                .is_some_and(|char| wanted.is_none_or(|wanted| *char == wanted));
        if fits {
            (at, of) = (at + 1, of + width);
            continue;
        }
        match retry {
            Some((star, from)) if from < text.len() => {
                retry = Some((star, from + 1));
                (at, of) = (from + 1, star + 1);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn patterns_match_as_like_does() {
        let like = |text: &str, pattern: &str| super::like(text, pattern, '\\');
        for (text, pattern) in [
            ("wait_timeout", "wait_timeout"),
            ("wait_timeout", "wait\\_timeout"),
            ("wait_timeout", "WAIT%"),
            ("wait_timeout", "%"),
            ("wait_timeout", "%timeout"),
            ("wait_timeout", "wait%"),
            ("wait_timeout", "%a%t%t"),
            ("version", "v_rsion"),
            ("", "%%"),
        ] {
            assert!(like(text, pattern), "{text} {pattern}");
        }
        for (text, pattern) in [
            ("wait_timeout", "wait"),
            ("waitxtimeout", "wait\\_timeout"),
            ("wait_timeout", "%x%"),
            ("wait_timeout", ""),
            ("a", "__"),
            ("a", "a%b"),
        ] {
            assert!(!like(text, pattern), "{text} {pattern}");
        }
        assert!(super::like("a_b", "a|_b", '|'));
        assert!(!super::like("axb", "a|_b", '|'));
    }
}
