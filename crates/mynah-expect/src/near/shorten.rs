/// A text of at most so many bytes: cut on both sides of a place where it is too long. White space of any
/// kind is one blank.
pub(super) fn around(text: &str, place: usize, most: usize) -> String {
    let (before, after) = text.split_at_checked(place).unwrap_or((text, ""));
    let at_end = before.ends_with(char::is_whitespace);
    let mut before = one_line(before);
    let after = one_line(after);
    if at_end && !before.is_empty() {
        before.push(' ');
    }
    if before.len() + after.len() <= most {
        return before + &after;
    }
    let room = most.saturating_sub(2 * DOTS.len());
    let front = before
        .len()
        .min((room / 3).max(room.saturating_sub(after.len())));
    let start = ceil(&before, before.len() - front);
    let end = floor(&after, room.saturating_sub(before.len() - start));
    let begin = if start > 0 { DOTS } else { "" };
    let close = if end < after.len() { DOTS } else { "" };
    let (before, after) = (before.get(start..), after.get(..end));
    format!(
        "{begin}{}{}{close}",
        before.unwrap_or_default(),
        after.unwrap_or_default()
    )
}

/// The beginning of a text, at most `most` bytes long, with one blank for each run of white space, and with `...` at
/// the end if the text is cut.
#[must_use]
pub fn beginning(text: &str, most: usize) -> String {
    let text = one_line(text);
    if text.len() <= most {
        return text;
    }
    let end = floor(&text, most.saturating_sub(DOTS.len()));
    format!("{}{DOTS}", text.get(..end).unwrap_or_default())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

const DOTS: &str = "...";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_around_a_place() {
        let text = "select a,\n  b from t where c = 1 and d = 'é' and e = 2 order by f limit 10";
        assert_eq!(
            around(text, 7, 100),
            "select a, b from t where c = 1 and d = 'é' and e = 2 order by f limit 10"
        );
        for place in 0..text.len() {
            for most in [10, 20, 40] {
                let short = around(text, place, most);
                assert!(short.len() <= most, "{short}");
                let rest = text.get(place..).and_then(|rest| rest.chars().next());
                assert!(
                    rest.is_none_or(|c| c.is_whitespace() || short.contains(c)),
                    "{place} {most} {short}"
                );
            }
        }
        assert_eq!(beginning(text, 12), "select a,...");
    }
}
