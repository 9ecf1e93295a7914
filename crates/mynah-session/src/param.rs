use bytes::{Bytes, BytesMut};
use mynah_classic::command::{BulkValue, Parameter, ParameterType, ParameterValue};
use mynah_classic::value::{Value, ValueError, ValueType};
use mynah_wire::DecodeError;

/// The value of a placeholder, or a query attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name; empty for a placeholder.
    pub name: Bytes,
    /// The type the client says it has.
    pub value_type: ValueType,
    form: Form,
}

/// How the value came.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Null,
    /// As a binary value, which is known to be one of its type.
    Binary(Bytes),
    /// Byte for byte.
    Bytes(Bytes),
    Default,
    Ignore,
}

impl Param {
    /// A value of this type.
    ///
    /// # Errors
    /// When the type can't carry the value.
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

    /// The value; NULL too if the client asks for the column's default or to leave it as it is.
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

    /// Whether the client asks for the column's default value, as MariaDB's can.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.form == Form::Default
    }

    /// Whether the client asks to leave the column as it is, as MariaDB's can.
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

    /// Checks a binary value. One of a type that no value has is a string, as servers take it, and
    /// so is a decimal that is none; the reader that needs a number reports it.
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
