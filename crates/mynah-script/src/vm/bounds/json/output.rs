use boa_engine::string::{JsStr, JsStrVariant, JsString};

/// A text that grows, in a byte a character as long as that will do.
#[derive(Default)]
pub(super) struct Output {
    latin1: Vec<u8>,
    /// All of it, once that won't do.
    utf16: Option<Vec<u16>>,
}

impl Output {
    pub(super) fn len(&self) -> usize {
        self.utf16.as_ref().map_or(self.latin1.len(), Vec::len)
    }

    pub(super) fn truncate(&mut self, len: usize) {
        match &mut self.utf16 {
            Some(text) => text.truncate(len),
            None => self.latin1.truncate(len),
        }
    }

    pub(super) fn finish(self) -> JsString {
        match self.utf16 {
            Some(text) => JsString::from(text.as_slice()),
            None => JsString::from(JsStr::latin1(&self.latin1)),
        }
    }

    pub(super) fn ascii(&mut self, text: &str) {
        self.latin1(text.as_bytes());
    }

    pub(super) fn text(&mut self, text: &JsString) {
        match text.variant() {
            JsStrVariant::Latin1(text) => self.latin1(text),
            JsStrVariant::Utf16(text) => self.utf16().extend_from_slice(text),
        }
    }

    /// Writes a text in quotation marks, with escapes where they are needed.
    pub(super) fn quoted(&mut self, text: &JsString) {
        self.ascii("\"");
        match text.variant() {
            JsStrVariant::Latin1(text) => {
                let mut rest = text;
                while let Some(at) = rest.iter().position(|c| needs_escape(u16::from(*c))) {
                    let (plain, after) = rest.split_at(at);
                    self.latin1(plain);
                    let Some((c, after)) = after.split_first() else {
                        break;
                    };
                    self.escape(u16::from(*c));
                    rest = after;
                }
                self.latin1(rest);
            }
            JsStrVariant::Utf16(text) => {
                let mut units = text.iter().copied().peekable();
                while let Some(unit) = units.next() {
                    let second = units.peek().copied();
                    if let Some(second) = second.filter(|second| is_pair(unit, *second)) {
                        units.next();
                        self.utf16().extend([unit, second]);
                    } else if needs_escape(unit) || (0xd800..0xe000).contains(&unit) {
                        self.escape(unit);
                    } else {
                        self.utf16().push(unit);
                    }
                }
            }
        }
        self.ascii("\"");
    }

    fn escape(&mut self, unit: u16) {
        match unit {
            0x08 => self.ascii("\\b"),
            0x09 => self.ascii("\\t"),
            0x0a => self.ascii("\\n"),
            0x0c => self.ascii("\\f"),
            0x0d => self.ascii("\\r"),
            0x22 => self.ascii("\\\""),
            0x5c => self.ascii("\\\\"),
            _ => self.ascii(&format!("\\u{unit:04x}")),
        }
    }

    fn latin1(&mut self, more: &[u8]) {
        match &mut self.utf16 {
            Some(text) => text.extend(more.iter().map(|c| u16::from(*c))),
            None => self.latin1.extend_from_slice(more),
        }
    }

    fn utf16(&mut self) -> &mut Vec<u16> {
        let latin1 = &mut self.latin1;
        self.utf16.get_or_insert_with(|| {
            let text = std::mem::take(latin1);
            text.into_iter().map(u16::from).collect()
        })
    }
}

fn needs_escape(unit: u16) -> bool {
    unit < 0x20 || unit == u16::from(b'"') || unit == u16::from(b'\\')
}

fn is_pair(first: u16, second: u16) -> bool {
    (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(&second)
}
