use bytes::Bytes;
use mynah_x::datatypes::{Scalar, ScalarValue};
use mynah_x::notice::{Frame, FrameType, Level, Parameter, Scope, SessionStateChanged, Warning};
use mynah_x::status::{self, Severity};
use mynah_x::{Message as _, MessageError};

/// What the notices of an answer say. Without a notice about it, a field is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Notices {
    /// The statement's warnings.
    pub warnings: Vec<Warning>,
    /// The number of rows that the statement changed, inserted or deleted.
    pub rows_affected: Option<u64>,
    /// The number of rows that the statement would find without its LIMIT.
    pub rows_found: Option<u64>,
    /// The number of rows that matched the statement's condition, changed or not.
    pub rows_matched: Option<u64>,
    /// The first AUTO_INCREMENT value that the statement generated.
    pub generated_insert_id: Option<u64>,
    /// The ids that the server generated for documents inserted without one.
    pub generated_document_ids: Vec<Bytes>,
    /// A message about the statement, for people.
    pub produced_message: Option<String>,
    /// All other notices, also those about the server or its cluster.
    pub others: Vec<Frame>,
}

impl Notices {
    pub(super) fn add(&mut self, frame: Frame) -> Result<(), MessageError> {
        if let (true, Some(payload)) = (is_a(&frame, FrameType::Warning), &frame.payload)
            && !is_global(&frame)
        {
            self.warnings.push(Warning::from_payload(payload)?);
            return Ok(());
        }
        if !session_state(&frame).is_some_and(|(param, values)| self.state_changed(param, &values))
        {
            self.others.push(frame);
        }
        Ok(())
    }

    /// Takes in a change of the session's state; says whether there is a field for it.
    fn state_changed(&mut self, param: Parameter, values: &[Scalar]) -> bool {
        let counter = match param {
            Parameter::RowsAffected => &mut self.rows_affected,
            Parameter::RowsFound => &mut self.rows_found,
            Parameter::RowsMatched => &mut self.rows_matched,
            Parameter::GeneratedInsertId => &mut self.generated_insert_id,
            Parameter::GeneratedDocumentIds => {
                self.generated_document_ids
                    .extend(values.iter().filter_map(bytes));
                return true;
            }
            Parameter::ProducedMessage => {
                let message = values.first().and_then(bytes);
                self.produced_message =
                    message.map(|text| String::from_utf8_lossy(&text).into_owned());
                return true;
            }
            _ => return false,
        };
        *counter = values.first().and_then(number);
        counter.is_some()
    }
}

/// What a notice says about the session's state; `None` for other notices.
pub(super) fn session_state(frame: &Frame) -> Option<(Parameter, Vec<Scalar>)> {
    if !is_a(frame, FrameType::SessionStateChanged) {
        return None;
    }
    let changed = SessionStateChanged::from_payload(frame.payload.as_ref()?).ok()?;
    let param = Parameter::try_from(changed.param).ok()?;
    Some((param, changed.value))
}

/// The reason that a notice gives for the end of the connection; `None` for other notices.
pub(super) fn closing(frame: &Frame) -> Option<status::Error> {
    if !is_a(frame, FrameType::Warning) || !is_global(frame) {
        return None;
    }
    let warning = Warning::from_payload(frame.payload.as_ref()?).ok()?;
    (warning.level == Some(Level::Error.into())).then(|| status::Error {
        severity: Some(Severity::Fatal.into()),
        code: warning.code,
        msg: warning.msg,
        sql_state: "HY000".to_owned(),
    })
}

/// The number in a notice; `None` for other values.
pub(super) fn number(scalar: &Scalar) -> Option<u64> {
    match scalar.value()? {
        ScalarValue::Uint(number) => Some(number),
        ScalarValue::Sint(number) => u64::try_from(number).ok(),
        _ => None,
    }
}

fn bytes(scalar: &Scalar) -> Option<Bytes> {
    match scalar.value()? {
        ScalarValue::String(text) => Some(text.value.clone()),
        ScalarValue::Octets(octets) => Some(octets.value.clone()),
        _ => None,
    }
}

fn is_a(frame: &Frame, frame_type: FrameType) -> bool {
    i32::try_from(frame.r#type).is_ok_and(|number| number == i32::from(frame_type))
}

/// Whether a notice is about the server, as it is if it doesn't say what it is about.
fn is_global(frame: &Frame) -> bool {
    frame.scope != Some(Scope::Local.into())
}
