use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The start of a text that one thread writes often and another reads seldom: without a lock, which
/// each statement would take. A text that is read while it is written may be part of each.
#[derive(Debug, Default)]
pub(super) struct StartOfText {
    len: AtomicUsize,
    words: [AtomicU64; WORDS],
}

impl StartOfText {
    pub(super) fn set(&self, text: &[u8]) {
        let text = text.get(..MOST).unwrap_or(text);
        for (word, part) in self.words.iter().zip(text.chunks(WORD)) {
            let bytes = part.first_chunk().copied().unwrap_or_else(|| {
                let mut bytes = [0; WORD];
                for (to, byte) in bytes.iter_mut().zip(part) {
                    *to = *byte;
                }
                bytes
            });
            word.store(u64::from_ne_bytes(bytes), Ordering::Relaxed);
        }
        self.len.store(text.len(), Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> Vec<u8> {
        let words = self.words.iter();
        let mut text: Vec<u8> = words
            .flat_map(|word| word.load(Ordering::Relaxed).to_ne_bytes())
            .collect();
        text.truncate(self.len.load(Ordering::Relaxed));
        text
    }
}

const WORD: usize = size_of::<u64>();
const WORDS: usize = 25;
/// How many bytes are kept.
const MOST: usize = WORD * WORDS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_it_was_written_as_far_as_there_is_room() {
        let start = StartOfText::default();
        for len in [200, 201, 0, 1, 7, 8, 9, 100] {
            let text: Vec<u8> = (0..len).map(|at: usize| at.to_le_bytes()[0]).collect();
            start.set(&text);
            assert_eq!(start.get(), text[..len.min(200)], "{len}");
        }
    }
}
