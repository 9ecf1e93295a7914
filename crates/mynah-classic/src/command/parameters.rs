use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{
    DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Message, Reader, Writer,
};

use super::parameter::read_value;
use super::{CursorFlags, Parameter, ParameterType, ParameterTypes, ParameterValue};
use crate::Capabilities;

/// The parameters and query attributes of an execution, or the attributes of a query, kept as bytes
/// and read by an iterator.
///
/// Documentation page: COM_STMT_EXECUTE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    count: u64,
    null_bitmap: Bytes,
    /// `None` if the types of an earlier execution apply.
    types: Option<ParameterTypes>,
    values: Bytes,
}

/// The facts that determine the layout of an execution's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParametersContext {
    /// The capability flags that client and server share.
    pub shared: Capabilities,
    /// The flags of the execution, which stand before the parameters.
    pub flags: CursorFlags,
    /// How many parameters the statement has, from the answer to COM_STMT_PREPARE.
    pub num_params: u16,
}

impl Parameters {
    /// Encodes these parameters, in this order, with their types.
    #[must_use]
    pub fn new<'a>(parameters: impl IntoIterator<Item = &'a Parameter>) -> Self {
        let (mut types, mut null_bitmap, mut values) = (Vec::new(), Vec::new(), BytesMut::new());
        for parameter in parameters {
            // One bit per parameter, the lowest first; a new byte for every eighth.
            let bit = 1u8 << (types.len() % 8);
            if bit == 1 {
                null_bitmap.push(0);
            }
            match (&parameter.value, null_bitmap.last_mut()) {
                (ParameterValue::Null, Some(bits)) => *bits |= bit,
                (ParameterValue::Value(value), _) => values.put_slice(value),
                _ => {}
            }
            types.push(&parameter.parameter_type);
        }
        if types.is_empty() {
            return Self::default();
        }
        Self {
            count: types.len() as u64,
            null_bitmap: null_bitmap.into(),
            types: Some(ParameterTypes::new(types)),
            values: values.freeze(),
        }
    }

    /// The same parameters without types, for an execution to which the types of an earlier one
    /// apply.
    #[must_use]
    pub fn without_types(self) -> Self {
        Self {
            types: None,
            ..self
        }
    }

    /// The number of parameters, query attributes included.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether there are neither parameters nor query attributes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The types of the parameters; `None` if there are no parameters, or if the types of an earlier execution
    /// apply.
    #[must_use]
    pub fn types(&self) -> Option<&ParameterTypes> {
        self.types.as_ref()
    }

    /// Whether the NULL bitmap marks the parameter at this index, from 0. Clients may also mark a parameter
    /// that COM_STMT_SEND_LONG_DATA has sent.
    #[must_use]
    pub fn is_null(&self, index: u64) -> bool {
        let byte = usize::try_from(index / 8).ok();
        // The bitmap may be longer than the parameters need: its last bits mean nothing.
        let bits = byte.and_then(|byte| self.null_bitmap.get(byte));
        index < self.count && bits.is_some_and(|bits| bits & (1 << (index % 8)) != 0)
    }

    /// The encoded values, one after the other, of all parameters that are neither NULL nor sent by
    /// COM_STMT_SEND_LONG_DATA, and any bytes that a packet has after them.
    #[must_use]
    pub fn values(&self) -> &Bytes {
        &self.values
    }

    /// The parameters, in order, for an execution that has types and of which none was sent by
    /// COM_STMT_SEND_LONG_DATA. The iterator ends after the first invalid parameter; without types that is the first.
    pub fn iter(&self) -> impl Iterator<Item = Result<Parameter, DecodeError>> + '_ {
        self.iter_with(None, |_| false)
    }

    /// The parameters, in order. If this execution has no types, the types in `earlier` apply; if
    /// `earlier` is `None` as well, the first parameter is an error. The function `is_long_data`
    /// says whether COM_STMT_SEND_LONG_DATA has sent the parameter with this index, from 0; the
    /// value of such a parameter is [`ParameterValue::LongData`]. The iterator ends after the first
    /// invalid parameter.
    pub fn iter_with<'a>(
        &'a self,
        earlier: Option<&'a ParameterTypes>,
        is_long_data: impl Fn(u64) -> bool + 'a,
    ) -> impl Iterator<Item = Result<Parameter, DecodeError>> + 'a {
        let mut r = Reader::new(&self.values);
        let types = self.types.as_ref().or(earlier);
        let mut types = types.into_iter().flat_map(ParameterTypes::iter);
        let mut indexes = 0..self.count;
        std::iter::from_fn(move || {
            let index = indexes.next()?;
            let parameter = self.read(&mut r, types.next(), index, is_long_data(index));
            let parameter = match parameter {
                // Bytes after the last value are an error of the last parameter.
                Ok(last) if indexes.is_empty() => r.clone().finish(VALUES).map(|()| last),
                parameter => parameter,
            };
            // The place of the next value isn't known after an error.
            if parameter.is_err() {
                indexes = 0..0;
            }
            Some(parameter)
        })
    }

    /// All parameters, as [`iter_with`](Self::iter_with) reads them, and the bytes after the last
    /// one, which servers ignore.
    ///
    /// # Errors
    /// The first invalid parameter.
    pub fn read_lenient(
        &self,
        earlier: Option<&ParameterTypes>,
        is_long_data: impl Fn(u64) -> bool,
    ) -> Result<(Vec<Parameter>, Bytes), DecodeError> {
        let mut r = Reader::new(&self.values);
        let types = self.types.as_ref().or(earlier);
        let mut types = types.into_iter().flat_map(ParameterTypes::iter);
        let all: Result<_, _> = (0..self.count)
            .map(|index| self.read(&mut r, types.next(), index, is_long_data(index)))
            .collect();
        Ok((all?, r.rest_string()))
    }

    /// Number, NULL bitmap, types and values.
    #[cfg(feature = "serde")]
    pub(crate) fn into_parts(self) -> (u64, Bytes, Option<ParameterTypes>, Bytes) {
        (self.count, self.null_bitmap, self.types, self.values)
    }

    #[cfg(feature = "serde")]
    pub(crate) const fn from_parts(
        count: u64,
        null_bitmap: Bytes,
        types: Option<ParameterTypes>,
        values: Bytes,
    ) -> Self {
        Self {
            count,
            null_bitmap,
            types,
            values,
        }
    }

    fn read(
        &self,
        r: &mut Reader<'_>,
        parameter_type: Option<ParameterType>,
        index: u64,
        is_long_data: bool,
    ) -> Result<Parameter, DecodeError> {
        let parameter_type = parameter_type.ok_or_else(|| DecodeError {
            field: "parameter_type",
            offset: r.offset(),
            kind: DecodeErrorKind::Truncated { needed: 2, left: 0 },
        })?;
        let value = if is_long_data {
            // Neither long data nor NULL has bytes among the values ("COM_STMT_EXECUTE").
            ParameterValue::LongData
        } else if self.is_null(index) {
            ParameterValue::Null
        } else {
            ParameterValue::Value(read_value(r, parameter_type.column_type)?)
        };
        Ok(Parameter {
            parameter_type,
            value,
        })
    }

    /// Reads the fields between the number of parameters and their values.
    fn decode_head(r: &mut Reader<'_>, count: u64, named: bool) -> Result<Self, DecodeError> {
        // The count comes from the peer, but allocates nothing: a bitmap that is too long is
        // reported as missing bytes.
        let bitmap_len = usize::try_from(count.div_ceil(8)).unwrap_or(usize::MAX);
        let null_bitmap = r.string("null_bitmap", bitmap_len)?;
        let flag = r.clone();
        let is_bound = match r.u8("new_params_bind_flag")? {
            0 => false,
            1 => true,
            found => return Err(flag.unexpected("new_params_bind_flag", found.into())),
        };
        let types = if is_bound {
            Some(ParameterTypes::decode(r, count, named)?)
        } else {
            None
        };
        Ok(Self {
            count,
            null_bitmap,
            types,
            values: Bytes::new(),
        })
    }

    fn encode_head(&self, w: &mut BytesMut, named: bool) -> Result<(), EncodeError> {
        w.put_slice(&self.null_bitmap);
        w.put_u8(self.types.is_some().into());
        match &self.types {
            Some(types) => types.encode(w, named),
            None => Ok(()),
        }
    }

    /// Reads the attributes of a query. The query follows.
    pub(super) fn decode_attributes(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = r.lenenc_int("parameter_count")?;
        // Always 1: the protocol reserves the field for several sets, which no server supports.
        let set_count = r.clone();
        match r.lenenc_int("parameter_set_count")? {
            1 => {}
            found => return Err(set_count.unexpected("parameter_set_count", found)),
        }
        if count == 0 {
            return Ok(Self::default());
        }
        let mut attributes = Self::decode_head(r, count, true)?;
        // Without types the end of the values, where the query starts, is unknown.
        let Some(types) = &attributes.types else {
            return Err(DecodeError {
                field: "new_params_bind_flag",
                // Without types the flag is what was read last.
                offset: r.offset().saturating_sub(1),
                kind: DecodeErrorKind::Unexpected { found: 0 },
            });
        };
        // The values are read only to find their end.
        let mut after = r.clone();
        for (index, parameter_type) in (0..).zip(types.iter()) {
            attributes.read(&mut after, Some(parameter_type), index, false)?;
        }
        attributes.values = r.string(VALUES, after.offset() - r.offset())?;
        Ok(attributes)
    }

    /// Writes the attributes of a query. Types and values are required: without them the start of
    /// the query couldn't be found.
    pub(super) fn encode_attributes(&self, w: &mut BytesMut) -> Result<(), EncodeError> {
        w.put_lenenc_int(self.count);
        w.put_lenenc_int(1);
        if self.is_empty() {
            return Ok(());
        }
        // Each value must be one of its type: the server finds the query behind them only by reading them.
        if self.iter().any(|attribute| attribute.is_err()) {
            return Err(no_place(VALUES));
        }
        self.encode_head(w, true)?;
        w.put_slice(&self.values);
        Ok(())
    }
}

impl Message for Parameters {
    type Context = ParametersContext;
    const NAME: &'static str = "COM_STMT_EXECUTE parameters";

    fn decode(r: &mut Reader<'_>, cx: ParametersContext) -> Result<Self, DecodeError> {
        // A statement without parameters has no more fields, unless a flag announces attributes.
        if !cx.has_place() {
            return Ok(Self::default());
        }
        let count = if cx.has_count() {
            r.lenenc_int("parameter_count")?
        } else {
            cx.num_params.into()
        };
        if count == 0 {
            return Ok(Self::default());
        }
        let mut parameters = Self::decode_head(r, count, cx.has_count())?;
        parameters.values = r.rest_string();
        Ok(parameters)
    }

    fn encode(&self, w: &mut BytesMut, cx: ParametersContext) -> Result<(), EncodeError> {
        if cx.has_place() && cx.has_count() {
            w.put_lenenc_int(self.count);
        } else if self.count != u64::from(cx.num_params) {
            return Err(no_place("parameter_count"));
        }
        if self.is_empty() {
            return Ok(());
        }
        self.encode_head(w, cx.has_count())?;
        w.put_slice(&self.values);
        Ok(())
    }
}

impl ParametersContext {
    /// Whether the packet contains the number of parameters and their names.
    fn has_count(self) -> bool {
        self.shared.contains(Capabilities::QUERY_ATTRIBUTES)
    }

    /// Whether the packet has a list of parameters at all.
    fn has_place(self) -> bool {
        let available = self.flags.contains(CursorFlags::PARAMETER_COUNT_AVAILABLE);
        self.num_params > 0 || (self.has_count() && available)
    }
}

fn no_place(field: &'static str) -> EncodeError {
    EncodeError {
        field,
        kind: EncodeErrorKind::NoPlace,
    }
}

const VALUES: &str = "parameter_values";
