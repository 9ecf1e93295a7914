use bytes::Bytes;

use super::{Document, Key, Keys, field};

/// Reads the fields of an object of which most are usually absent: keys that it is known to lack aren't looked up.
pub(super) struct Optional<'a, D: Document> {
    doc: &'a mut D,
    object: &'a D::Value,
    absent: Keys,
}

impl<'a, D: Document> Optional<'a, D> {
    pub(super) fn of(doc: &'a mut D, object: &'a D::Value) -> Self {
        let absent = doc.absent(object);
        Self {
            doc,
            object,
            absent,
        }
    }

    /// What `read` makes of the field; the default if it is absent.
    pub(super) fn read<T: Default>(
        &mut self,
        key: Key,
        read: impl FnOnce(&mut D, &D::Value) -> Result<T, D::Error>,
    ) -> Result<T, D::Error> {
        match self.absent.contains(key) {
            true => Ok(T::default()),
            false => read(self.doc, self.object),
        }
    }

    /// As [`field::string`].
    pub(super) fn string(&mut self, key: Key) -> Result<Option<Bytes>, D::Error> {
        self.read(key, |doc, object| field::string(doc, object, key))
    }

    /// As [`field::unsigned`] of 64 bits.
    pub(super) fn u64(&mut self, key: Key) -> Result<Option<u64>, D::Error> {
        self.read(key, |doc, object| {
            field::unsigned(doc, object, key, u64::MAX)
        })
    }

    /// As [`field::u32`].
    pub(super) fn u32(&mut self, key: Key) -> Result<Option<u32>, D::Error> {
        self.read(key, |doc, object| field::u32(doc, object, key))
    }

    /// As [`field::u16`].
    pub(super) fn u16(&mut self, key: Key) -> Result<Option<u16>, D::Error> {
        self.read(key, |doc, object| field::u16(doc, object, key))
    }

    /// As [`field::u8`].
    pub(super) fn u8(&mut self, key: Key) -> Result<Option<u8>, D::Error> {
        self.read(key, |doc, object| field::u8(doc, object, key))
    }
}
