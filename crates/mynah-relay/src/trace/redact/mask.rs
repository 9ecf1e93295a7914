use bytes::{Bytes, BytesMut};

/// A payload that stars are put into, so that all else stands where it stood.
pub(in crate::trace) struct Mask {
    payload: Bytes,
    masked: Option<BytesMut>,
}

impl Mask {
    pub(in crate::trace) fn of(payload: &Bytes) -> Self {
        Self {
            payload: payload.clone(),
            masked: None,
        }
    }

    pub(in crate::trace) fn masked(self) -> Bytes {
        self.masked.map_or(self.payload, BytesMut::freeze)
    }

    /// Hides a part, which shares its memory with the payload.
    pub(in crate::trace) fn hide(&mut self, part: &[u8]) {
        if part.is_empty() {
            return;
        }
        let start = (part.as_ptr() as usize).checked_sub(self.payload.as_ptr() as usize);
        let range = start.and_then(|start| Some(start..start.checked_add(part.len())?));
        match range.filter(|range| range.end <= self.payload.len()) {
            Some(range) => self.stars().get_mut(range).unwrap_or_default().fill(b'*'),
            None => self.stars().fill(b'*'),
        }
    }

    /// Hides all behind this many bytes.
    pub(in crate::trace) fn hide_from(&mut self, start: usize) {
        self.stars().get_mut(start..).unwrap_or_default().fill(b'*');
    }

    fn stars(&mut self) -> &mut BytesMut {
        let payload = &self.payload;
        self.masked
            .get_or_insert_with(|| BytesMut::from(&payload[..]))
    }
}
