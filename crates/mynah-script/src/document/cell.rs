//! Converts values of a script to cells, for types that have no obvious text form.

use bytes::Bytes;
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use mynah_classic::ColumnType;

use super::cell_type::CellType;
use super::misfit::CellMisfit;
use super::{Document, Kind, Misfit, Number, field, keys, moment};

/// Reads a cell: `read` is called with its text or bytes, or with nothing if it is NULL.
/// `misfit` says what is wrong where.
pub(crate) fn read_cell<D: Document, T>(
    doc: &mut D,
    cell: &D::Value,
    cell_type: CellType,
    misfit: impl FnOnce(CellMisfit) -> Misfit,
    read: impl FnOnce(Option<&[u8]>) -> T,
) -> Result<T, D::Error> {
    let kind = doc.kind(cell);
    match kind {
        Kind::Undefined | Kind::Null => return Ok(read(None)),
        Kind::Number | Kind::Boolean if cell_type.column_type == ColumnType::BIT => {
            let number = match doc.boolean(cell) {
                Some(truth) => Some(Number::Unsigned(truth.into())),
                None => doc.number(cell),
            };
            return match number.and_then(|number| bits(number, cell_type.bit_len)) {
                Some(bits) => Ok(read(Some(&bits))),
                None => Err(misfit(CellMisfit::Bits).into()),
            };
        }
        Kind::Boolean if cell_type.column_type.is_number() && !doc.is_compatible() => {
            let number: &[u8] = match doc.boolean(cell) {
                Some(true) => b"1",
                _ => b"0",
            };
            return Ok(read(Some(number)));
        }
        Kind::Object | Kind::Array => {}
        _ => return doc.text(cell, |text| read(Some(text))),
    }
    if let Some(bytes) = doc.bytes(cell) {
        return Ok(read(Some(&bytes)));
    }
    if let Some(millis) = doc.moment(cell)
        && moment::is_temporal(cell_type.column_type)
    {
        return match moment::text(millis, cell_type) {
            Some(text) => Ok(read(Some(text.as_bytes()))),
            None => Err(misfit(CellMisfit::InvalidDate).into()),
        };
    }
    if kind == Kind::Object {
        match encoded(doc, cell)? {
            Some(Ok(bytes)) => return Ok(read(Some(&bytes))),
            Some(Err(wrong)) => return Err(misfit(wrong).into()),
            None => {}
        }
    }
    if cell_type.column_type == ColumnType::JSON {
        let text = doc.json(cell)?;
        return Ok(read(Some(text.as_bytes())));
    }
    doc.text(cell, |text| read(Some(text)))
}

/// The bytes of `{hex: "…"}` or `{base64: "…"}`, if the value is one of them.
pub(super) fn encoded<D: Document>(
    doc: &mut D,
    value: &D::Value,
) -> Result<Option<Result<Vec<u8>, CellMisfit>>, D::Error> {
    for key in [keys::HEX, keys::BASE64] {
        let text = doc.get(value, key)?;
        let kind = doc.kind(&text);
        if kind == Kind::Undefined {
            continue;
        }
        if kind != Kind::String {
            return Ok(Some(Err(CellMisfit::NoText(key.name, kind))));
        }
        let text = doc.text(&text, field::bytes)?;
        return Ok(Some(match key.name {
            "hex" => HEXLOWER_PERMISSIVE
                .decode(&text)
                .map_err(|_| CellMisfit::Hex),
            _ => BASE64.decode(&text).map_err(|_| CellMisfit::Base64),
        }));
    }
    Ok(None)
}

/// The bits of a number for a BIT column: `len` bytes, or as few as needed, the highest first.
fn bits(number: Number, len: usize) -> Option<Bytes> {
    let number = match number {
        Number::Unsigned(number) => number,
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "in range and whole"
        )]
        Number::Float(number) if (0.0..18_446_744_073_709_551_616.0).contains(&number) => {
            (number.fract() == 0.0).then_some(number as u64)?
        }
        Number::Float(_) => return None,
    };
    let needed = (64 - number.leading_zeros() as usize).div_ceil(8).max(1);
    let bytes = number.to_be_bytes();
    let start = bytes.len().checked_sub(needed.max(len))?;
    bytes.get(start..).map(Bytes::copy_from_slice)
}

/// A cell on its own.
pub(crate) fn cell<D: Document>(
    doc: &mut D,
    value: &D::Value,
    misfit: impl FnOnce(CellMisfit) -> Misfit,
) -> Result<Option<Bytes>, D::Error> {
    read_cell(doc, value, CellType::ANY, misfit, |bytes| {
        bytes.map(field::bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_as_long_as_their_column_or_as_they_need_to_be() {
        let bits = |number, len| bits(Number::Unsigned(number), len);
        assert_eq!(bits(5, 0).as_deref(), Some(&[5][..]));
        assert_eq!(bits(5, 2).as_deref(), Some(&[0, 5][..]));
        assert_eq!(bits(0x1234, 1).as_deref(), Some(&[0x12, 0x34][..]));
        assert_eq!(bits(u64::MAX, 8).as_deref(), Some(&[0xff; 8][..]));
        assert_eq!(bits(0, 0).as_deref(), Some(&[0][..]));
        for float in [-1.0, 1.5, f64::NAN, f64::INFINITY] {
            assert_eq!(super::bits(Number::Float(float), 1), None, "{float}");
        }
    }
}
