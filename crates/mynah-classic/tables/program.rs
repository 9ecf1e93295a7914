use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// A position-independent x86-64 ELF program: its bytes by address, and the targets of its
/// pointers.
pub(crate) struct Program {
    bytes: Vec<u8>,
    sections: Vec<Section>,
    pointers: HashMap<u64, u64>,
}

#[derive(Clone, Copy)]
struct Section {
    kind: u64,
    address: u64,
    offset: u64,
    len: u64,
}

impl Program {
    pub(crate) fn read(path: &Path) -> Self {
        let bytes = fs::read(path).expect("the server's program");
        assert!(bytes.starts_with(b"\x7fELF\x02\x01"), "{}", path.display());
        let word = |at: u64, width: usize| {
            let at = usize::try_from(at).unwrap();
            let mut word = [0; 8];
            word[..width].copy_from_slice(&bytes[at..at + width]);
            u64::from_le_bytes(word)
        };
        let (table, width, count) = (word(0x28, 8), word(0x3a, 2), word(0x3c, 2));
        let sections: Vec<_> = (0..count)
            .map(|index| table + index * width)
            .map(|at| Section {
                kind: word(at + 4, 4),
                address: word(at + 16, 8),
                offset: word(at + 24, 8),
                len: word(at + 32, 8),
            })
            .collect();
        let mut pointers = HashMap::new();
        for section in sections.iter().filter(|section| section.kind == RELA) {
            for at in (section.offset..section.offset + section.len).step_by(24) {
                if word(at + 8, 8) == RELATIVE {
                    pointers.insert(word(at, 8), word(at + 16, 8));
                }
            }
        }
        Self {
            bytes,
            sections,
            pointers,
        }
    }

    /// The addresses of all pointers.
    pub(crate) fn pointers(&self) -> impl Iterator<Item = u64> {
        self.pointers.keys().copied()
    }

    /// The four bytes at an address; 0 if there are none.
    pub(crate) fn number(&self, address: u64) -> u32 {
        let bytes = self.at(address).and_then(|bytes| bytes.first_chunk());
        bytes.copied().map_or(0, u32::from_le_bytes)
    }

    /// The target of the pointer at an address, if that is an ASCII string.
    pub(crate) fn string_at(&self, address: u64) -> Option<String> {
        let bytes = self.at(*self.pointers.get(&address)?)?;
        let end = bytes.iter().position(|&byte| byte == 0)?;
        let text = str::from_utf8(&bytes[..end]).ok()?;
        text.is_ascii().then(|| text.to_owned())
    }

    fn at(&self, address: u64) -> Option<&[u8]> {
        let has = |section: &&Section| {
            section.kind != NO_BITS
                && section.address != 0
                && (section.address..section.address + section.len).contains(&address)
        };
        let section = self.sections.iter().find(has)?;
        let start = usize::try_from(section.offset + address - section.address).ok()?;
        let end = usize::try_from(section.offset + section.len).ok()?;
        self.bytes.get(start..end)
    }
}

const RELA: u64 = 4;
const NO_BITS: u64 = 8;
const RELATIVE: u64 = 8;
