//! Values that consist of bytes: typed arrays and buffers.

use boa_engine::object::builtins::{JsArrayBuffer, JsDataView, JsTypedArray};
use boa_engine::{Context, JsObject, JsResult};
use bytes::Bytes;

/// The bytes of a typed array, a `DataView` or an `ArrayBuffer`.
pub(in crate::vm) fn bytes(object: &JsObject, context: &mut Context) -> Option<Bytes> {
    if let Ok(buffer) = JsArrayBuffer::from_object(object.clone()) {
        return buffer.to_vec().map(Bytes::from);
    }
    let (buffer, offset, len) = view(object, context)?.ok()?;
    let data = buffer.data()?;
    let bytes = data.get(offset..offset.checked_add(len)?)?;
    Some(Bytes::copy_from_slice(bytes))
}

/// The buffer that an object is a view of, and which part of it.
fn view(
    object: &JsObject,
    context: &mut Context,
) -> Option<JsResult<(JsArrayBuffer, usize, usize)>> {
    if let Ok(array) = JsTypedArray::from_object(object.clone()) {
        return Some(array.buffer(context).and_then(|buffer| {
            let buffer = JsArrayBuffer::from_object(buffer.to_object(context)?)?;
            Ok((
                buffer,
                array.byte_offset(context)?,
                array.byte_length(context)?,
            ))
        }));
    }
    let view = JsDataView::from_object(object.clone()).ok()?;
    Some(view.buffer(context).and_then(|buffer| {
        let buffer = JsArrayBuffer::from_object(buffer.to_object(context)?)?;
        let whole = |number| usize::try_from(number).unwrap_or(usize::MAX);
        let (offset, len) = (view.byte_offset(context)?, view.byte_length(context)?);
        Ok((buffer, whole(offset), whole(len)))
    }))
}
