//! The answers of the classic protocol.

use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_classic::response::{EofPacket, ErrPacket, LocalInfileRequest, OkPacket, StmtPrepareOk};
use mynah_classic::resultset::{ColumnDefinition41, FieldListColumn};
use mynah_classic::tables::{Collation, Product};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_recording::{Completion, Prepared, column, completion, failure};
use mynah_session::classic::Part;
use mynah_session::observe::{Command, Message};
use mynah_wire::Message as _;

use super::building::{Building, Kinds};
use crate::trace::{HiddenCells, Rules, in_utf8};

/// The answer to a command of the classic protocol.
#[derive(Debug)]
pub(super) struct ClassicAnswer {
    pub(super) building: Building,
    /// Whether it is one to COM_FIELD_LIST, which has columns only.
    is_field_list: bool,
    /// The status that was said last.
    pub(super) status: StatusFlags,
    shared: Capabilities,
    product: Product,
    character_set: Option<&'static str>,
}

impl ClassicAnswer {
    pub(super) fn to(command: &Command) -> Self {
        Self {
            building: Building::default(),
            is_field_list: command.kind.code() == Some(CommandCode::FIELD_LIST),
            status: StatusFlags::empty(),
            shared: command.capabilities,
            product: command.settings.server.product(),
            character_set: command.settings.character_set,
        }
    }

    /// Whether rows are left that have to be fetched.
    pub(super) fn is_suspended(&self) -> bool {
        self.building.set.is_some() && has_more(self.status)
    }

    /// A message of the answer: as it came, and what may be shown of it.
    pub(super) fn take(
        &mut self,
        part: Part,
        message: &Message,
        shown: &Bytes,
        known: impl FnOnce() -> Vec<ColumnDefinition41>,
    ) {
        if message.len > message.payload.len() as u64 {
            self.building.miss(&format!(
                "a message has {} bytes, of which {} are held",
                message.len,
                message.payload.len()
            ));
        }
        match part {
            Part::ColumnCount => {
                self.building.begin_set();
                // Columns that aren't sent again are those of the statement.
                if message.payload.get(1) == Some(&0) {
                    known().iter().for_each(|column| self.define(column));
                    if self.building.columns() == 0 {
                        self.building.miss("its columns were not sent");
                    }
                }
            }
            Part::ColumnDefinition => self.column(shown),
            Part::ColumnsEnd | Part::RowsEnd | Part::Ok => self.end(part, shown),
            Part::Err => match ErrPacket::from_payload(shown, self.shared) {
                Ok(error) => self.building.error(failure(&error, self.text())),
                Err(_) => self.building.miss("an error can't be read"),
            },
            Part::LocalInfile => {
                if let Ok(request) = LocalInfileRequest::from_payload(shown, ()) {
                    self.building.ask_file(self.text()(&request.filename));
                }
            }
            Part::Prepared => {
                let prepared = StmtPrepareOk::from_payload(shown, self.shared);
                self.building.prepared = prepared.ok().map(|ok| Prepared {
                    params: ok.num_params,
                    columns: Vec::new(),
                });
            }
            _ => {}
        }
    }

    /// A row.
    pub(super) fn row(
        &mut self,
        part: Part,
        payload: &Bytes,
        rules: Rules<'_>,
        hidden: impl FnOnce() -> HiddenCells,
    ) {
        let product = self.product;
        let to_unicode = move |text: &[u8], collation: u16| to_unicode(text, product, collation);
        if let Some(set) = &mut self.building.set
            && let Kinds::Classic(cells) = &mut set.kinds
        {
            let row = match part {
                Part::TextRow => cells.text_row(payload, &to_unicode),
                _ => cells.binary_row(payload, &to_unicode),
            };
            self.building.row(row.ok(), rules, hidden);
        }
    }

    fn column(&mut self, shown: &Bytes) {
        let read = ColumnDefinition41::from_payload(shown, self.shared).or_else(|_| {
            let column = FieldListColumn::<ColumnDefinition41>::from_payload(shown, self.shared);
            column.map(|column| column.definition)
        });
        match read {
            Ok(definition) => self.define(&definition),
            Err(_) => self.building.miss("a column can't be read"),
        }
    }

    fn define(&mut self, definition: &ColumnDefinition41) {
        let column = column(definition, self.text());
        if let Some(prepared) = &mut self.building.prepared {
            return prepared.columns.push(column);
        }
        self.building.column(column);
        if let Some(set) = &mut self.building.set
            && let Kinds::Classic(cells) = &mut set.kinds
        {
            cells.push(definition);
        }
    }

    /// An OK, or an EOF that has nothing but status and warnings.
    fn end(&mut self, part: Part, shown: &Bytes) {
        let end = match shown.len() {
            0..=LEN_OF_EOF if shown.first() == Some(&EOF) => {
                EofPacket::from_payload(shown, self.shared).map(|eof| OkPacket {
                    status_flags: eof.status_flags,
                    warnings: eof.warnings,
                    ..OkPacket::default()
                })
            }
            _ => OkPacket::from_payload(shown, self.shared),
        };
        let Ok(ok) = end else {
            return self.building.miss("an OK can't be read");
        };
        self.status = ok.status_flags;
        let is_out = ok.status_flags.contains(StatusFlags::PS_OUT_PARAMS);
        if self.building.prepared.is_some() {
            return;
        }
        match part {
            Part::ColumnsEnd if self.is_field_list => {
                self.building.end_set(self.said(&ok), false);
            }
            Part::ColumnsEnd => {
                if let Some(set) = &mut self.building.set {
                    set.is_out_parameters |= is_out;
                }
            }
            Part::RowsEnd if has_more(ok.status_flags) => {}
            Part::RowsEnd => self.building.end_set(self.said(&ok), is_out),
            _ => self
                .building
                .result(mynah_recording::Outcome::Ok(self.said(&ok))),
        }
    }

    fn said(&self, ok: &OkPacket) -> Completion {
        completion(ok, self.text())
    }

    /// Reads names and messages.
    fn text(&self) -> impl Fn(&[u8]) -> String + use<> {
        let character_set = self.character_set;
        move |bytes| {
            let (text, _) = in_utf8(&Bytes::copy_from_slice(bytes), character_set);
            String::from_utf8_lossy(&text).into_owned()
        }
    }
}

/// Whether a cursor is open that has more rows.
fn has_more(status: StatusFlags) -> bool {
    status.contains(StatusFlags::CURSOR_EXISTS) && !status.contains(StatusFlags::LAST_ROW_SENT)
}

fn to_unicode(text: &[u8], product: Product, collation: u16) -> Option<String> {
    let collation = Collation::by_id(product, collation);
    let character_set = collation.map(|collation| collation.character_set);
    let is_utf8 = character_set
        .is_none_or(|name| name.starts_with("utf8") || name == "binary" || name == "ascii");
    if is_utf8 {
        return str::from_utf8(text).ok().map(str::to_owned);
    }
    match in_utf8(&Bytes::copy_from_slice(text), character_set) {
        (text, None) => String::from_utf8(text.into()).ok(),
        (_, Some(_)) => None,
    }
}

const EOF: u8 = 0xfe;
const LEN_OF_EOF: usize = 5;
