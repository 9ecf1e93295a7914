use bytes::{Bytes, BytesMut};
use mynah_classic::command::{BulkValue, Parameter, ParameterType, ParameterValue};
use mynah_classic::value::{Value, ValueError, ValueType};
use mynah_wire::DecodeError;

/// The value of a placeholder (`?`) of a prepared statement or of an X Protocol message with arguments, or of a
/// query attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// The name of a query attribute; empty for a placeholder.
    pub name: Bytes,
    /// The type of the value: the one that a client of the classic protocol sent with it, or the one that fits an
    /// argument of the X Protocol.
    pub value_type: ValueType,
    form: Form,
}

/// How the value came.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Null,
    /// A value in the binary format; checked to be one of its type.
    Binary(Bytes),
    /// A value that was sent by COM_STMT_SEND_LONG_DATA.
    Bytes(Bytes),
    Default,
    Ignore,
}

impl Param {
    /// A parameter of this type and value.
    ///
    /// # Errors
    /// When a parameter of the type can't have such a value.
    pub fn new(
        name: impl Into<Bytes>,
        value_type: ValueType,
        value: Value<'_>,
    ) -> Result<Self, ValueError> {
        let mut binary = BytesMut::new();
        value.put_binary(&mut binary, value_type)?;
        let form = if value.is_null() {
            Form::Null
        } else {
            Form::Binary(binary.freeze())
        };
        Ok(Self {
            name: name.into(),
            value_type,
            form,
        })
    }

    /// The value of the parameter. It is NULL also if [`is_default`](Self::is_default) or
    /// [`is_ignored`](Self::is_ignored).
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        match &self.form {
            Form::Null | Form::Default | Form::Ignore => Value::Null,
            Form::Bytes(bytes) => Value::Bytes(bytes),
            Form::Binary(bytes) => {
                Value::from_binary(bytes, self.value_type).unwrap_or(Value::Null)
            }
        }
    }

    /// Whether the client sent DEFAULT instead of a value: the column's default is to be used. Only clients
    /// of MariaDB send it, by COM_STMT_BULK_EXECUTE.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.form == Form::Default
    }

    /// Whether the client sent IGNORE instead of a value: the column is to stay as it is. Only clients of
    /// MariaDB send it, by COM_STMT_BULK_EXECUTE.
    #[must_use]
    pub fn is_ignored(&self) -> bool {
        self.form == Form::Ignore
    }

    /// A parameter as it came; `long_data` is what was sent of it before.
    pub(crate) fn received(
        parameter: Parameter,
        long_data: Option<Bytes>,
    ) -> Result<Self, DecodeError> {
        let Parameter {
            parameter_type,
            value,
        } = parameter;
        let form = match (value, long_data) {
            (_, Some(data)) => Form::Bytes(data),
            (ParameterValue::Value(bytes), None) => return Self::binary(parameter_type, &bytes),
            (ParameterValue::Null | ParameterValue::LongData, None) => Form::Null,
        };
        Ok(Self::with(parameter_type, form))
    }

    /// A value of a bulk execution as it came.
    pub(crate) fn received_in_bulk(
        parameter_type: ParameterType,
        value: BulkValue,
    ) -> Result<Self, DecodeError> {
        Ok(match value {
            BulkValue::Value(bytes) => return Self::binary(parameter_type, &bytes),
            BulkValue::Null => Self::with(parameter_type, Form::Null),
            BulkValue::Default => Self::with(parameter_type, Form::Default),
            BulkValue::Ignore => Self::with(parameter_type, Form::Ignore),
        })
    }

    fn with(parameter_type: ParameterType, form: Form) -> Self {
        Self {
            value_type: ValueType::from(&parameter_type),
            name: parameter_type.name,
            form,
        }
    }

    /// Checks a binary value. A value of a type that no value has is taken for a string, as servers do, and
    /// so is a decimal that isn't well-formed; reading it as a number fails later.
    fn binary(parameter_type: ParameterType, bytes: &Bytes) -> Result<Self, DecodeError> {
        let value_type = ValueType::from(&parameter_type);
        let form = match Value::from_binary(bytes, value_type) {
            Ok(_) => Form::Binary(bytes.clone()),
            Err(error) if matches!(error.field, "type" | "decimal") => {
                let string = ValueType::signed(mynah_classic::ColumnType::VAR_STRING);
                match Value::from_binary(bytes, string)? {
                    Value::Bytes(text) => Form::Bytes(bytes.slice_ref(text)),
                    _ => Form::Null,
                }
            }
            Err(error) => return Err(error),
        };
        Ok(Self::with(parameter_type, form))
    }
}
