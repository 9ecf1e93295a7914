use super::digits::{number, signed_number};
use super::text::float;
use super::{Bit, Date, DateTime, Time, Value, ValueError, Vector};

impl<'a> Value<'a> {
    /// Whether the value is NULL.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Converts to a signed integer: from integers, bits, integers as text, and decimals whose fraction is zero.
    ///
    /// # Errors
    /// [`ValueError::OutOfRange`], also for a decimal with another fraction; [`ValueError::Malformed`] for text that
    /// isn't an integer or is out of range; [`ValueError::WrongKind`], [`ValueError::Null`].
    pub fn as_i64(&self) -> Result<i64, ValueError> {
        let wanted = "i64";
        match *self {
            Self::Int(value) => Ok(value),
            Self::UInt(value) => value
                .try_into()
                .map_err(|_| ValueError::OutOfRange { wanted }),
            Self::Bit(bits) => {
                let value = bits.number().and_then(|value| value.try_into().ok());
                value.ok_or(ValueError::OutOfRange { wanted })
            }
            Self::Decimal(decimal) => {
                let value = decimal
                    .integer()
                    .and_then(|text| signed_number(text.as_bytes()));
                value.ok_or(ValueError::OutOfRange { wanted })
            }
            Self::Bytes(text) => signed_number(text).ok_or(ValueError::Malformed { wanted }),
            _ => Err(self.other(wanted)),
        }
    }

    /// Converts to an unsigned integer: from integers, bits, integers as text, and decimals whose fraction
    /// is zero.
    ///
    /// # Errors
    /// As [`as_i64`](Self::as_i64).
    pub fn as_u64(&self) -> Result<u64, ValueError> {
        let wanted = "u64";
        match *self {
            Self::UInt(value) => Ok(value),
            Self::Int(value) => value
                .try_into()
                .map_err(|_| ValueError::OutOfRange { wanted }),
            Self::Bit(bits) => bits.number().ok_or(ValueError::OutOfRange { wanted }),
            Self::Decimal(decimal) => {
                let value = decimal.integer().and_then(|text| number(text.as_bytes()));
                value.ok_or(ValueError::OutOfRange { wanted })
            }
            Self::Bytes(text) => number(text).ok_or(ValueError::Malformed { wanted }),
            _ => Err(self.other(wanted)),
        }
    }

    /// Converts to the nearest floating-point number: from integers, floating-point numbers, decimals, and numbers
    /// as text; not from bits.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] for text that isn't a number, and for text and decimals out of range;
    /// [`ValueError::WrongKind`], [`ValueError::Null`].
    pub fn as_f64(&self) -> Result<f64, ValueError> {
        let wanted = "f64";
        match *self {
            Self::Float(value) => Ok(value.into()),
            Self::Double(value) => Ok(value),
            Self::Int(value) => Ok(value as f64),
            Self::UInt(value) => Ok(value as f64),
            Self::Decimal(decimal) => {
                float(decimal.as_bytes()).ok_or(ValueError::Malformed { wanted })
            }
            Self::Bytes(text) => float(text).ok_or(ValueError::Malformed { wanted }),
            _ => Err(self.other(wanted)),
        }
    }

    /// Returns text: strings in UTF-8, and decimals.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] for bytes that aren't UTF-8, [`ValueError::WrongKind`],
    /// [`ValueError::Null`].
    pub fn as_str(&self) -> Result<&'a str, ValueError> {
        let wanted = "str";
        match *self {
            Self::Decimal(decimal) => Ok(decimal.as_str()),
            Self::Bytes(text) => str::from_utf8(text).map_err(|_| ValueError::Malformed { wanted }),
            _ => Err(self.other(wanted)),
        }
    }

    /// Returns the value's bytes on the wire, without their length: of strings and BLOBs, bits, and decimals.
    ///
    /// # Errors
    /// [`ValueError::WrongKind`], [`ValueError::Null`].
    pub fn as_bytes(&self) -> Result<&'a [u8], ValueError> {
        match *self {
            Self::Bytes(bytes) | Self::Bit(Bit(bytes)) => Ok(bytes),
            Self::Decimal(decimal) => Ok(decimal.as_bytes()),
            _ => Err(self.other("bytes")),
        }
    }

    /// Converts to a day: from dates, from dates with time, whose time is dropped, and from text of either form.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] for text that isn't a date, [`ValueError::WrongKind`],
    /// [`ValueError::Null`].
    pub fn as_date(&self) -> Result<Date, ValueError> {
        match *self {
            Self::Date(date) => Ok(date),
            _ => self.moment("date").map(|moment| moment.date),
        }
    }

    /// Converts to date and time: from dates with and without time (then midnight), and text of
    /// either form.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] for text of another form, [`ValueError::WrongKind`],
    /// [`ValueError::Null`].
    pub fn as_date_time(&self) -> Result<DateTime, ValueError> {
        self.moment("date and time")
    }

    fn moment(&self, wanted: &'static str) -> Result<DateTime, ValueError> {
        match *self {
            Self::Date(date) => Ok(date.into()),
            Self::DateTime(moment) => Ok(moment),
            Self::Bytes(text) => {
                let day = || Date::from_text(text).map(DateTime::midnight);
                let moment = DateTime::from_text(text).or_else(day);
                moment.ok_or(ValueError::Malformed { wanted })
            }
            _ => Err(self.other(wanted)),
        }
    }

    /// Converts to a time of day or a span: from times, and times as text.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] for text that isn't a time, [`ValueError::WrongKind`],
    /// [`ValueError::Null`].
    pub fn as_time(&self) -> Result<Time, ValueError> {
        let wanted = "time";
        match *self {
            Self::Time(time) => Ok(time),
            Self::Bytes(text) => Time::from_text(text).ok_or(ValueError::Malformed { wanted }),
            _ => Err(self.other(wanted)),
        }
    }

    /// Converts to the numbers of a vector, from bytes.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] if the number of bytes isn't a multiple of four,
    /// [`ValueError::WrongKind`], [`ValueError::Null`].
    pub fn as_vector(&self) -> Result<Vector<'a>, ValueError> {
        let wanted = "vector";
        match *self {
            Self::Bytes(bytes) => Vector::new(bytes).ok_or(ValueError::Malformed { wanted }),
            _ => Err(self.other(wanted)),
        }
    }

    fn other(&self, wanted: &'static str) -> ValueError {
        match self {
            Self::Null => ValueError::Null { wanted },
            _ => ValueError::WrongKind { wanted },
        }
    }
}

impl<'a> From<Option<&'a [u8]>> for Value<'a> {
    /// The cell of a text row whose type is unknown or irrelevant.
    fn from(cell: Option<&'a [u8]>) -> Self {
        cell.map_or(Self::Null, Self::Bytes)
    }
}
