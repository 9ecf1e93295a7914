use std::time::Duration;

use bytes::Bytes;
use mynah_session::x::{Notice, NoticePayload, NoticeScope};

use super::{Document, Kind, Misfit, field, keys};

/// The `notices` of a script.
pub(crate) fn notices<D: Document>(
    doc: &mut D,
    notices: &D::Value,
) -> Result<Vec<Notice>, D::Error> {
    match doc.kind(notices) {
        Kind::Undefined => return Ok(Vec::new()),
        Kind::Array => {}
        _ => return Err(Misfit::NoticesNoArray.into()),
    }
    let mut read = Vec::new();
    let mut next = 0;
    while let Some(element) = doc.next_element(notices, &mut next)? {
        read.push(notice(doc, &element)?);
    }
    Ok(read)
}

fn notice<D: Document>(doc: &mut D, notice: &D::Value) -> Result<Notice, D::Error> {
    if !doc.kind(notice).is_object() {
        return Err(Misfit::ExpectObject.into());
    }
    let id = field::u32(doc, notice, keys::TYPE)?.ok_or(Misfit::Missing(keys::TYPE.name))?;
    Ok(Notice {
        send_offset: send_offset(doc, notice)?,
        scope: scope(doc, notice)?,
        payload: payload(doc, notice, id)?,
    })
}

fn send_offset<D: Document>(doc: &mut D, notice: &D::Value) -> Result<Duration, D::Error> {
    let value = doc.get(notice, keys::SEND_OFFSET)?;
    let kind = doc.kind(&value);
    if kind == Kind::Undefined {
        return Ok(Duration::ZERO);
    }
    let offset = doc.number(&value).ok_or(Misfit::SendOffset(kind))?;
    let offset = field::span(offset);
    Ok(offset.ok_or(Misfit::NegativeSendOffset)?)
}

fn scope<D: Document>(doc: &mut D, notice: &D::Value) -> Result<NoticeScope, D::Error> {
    let scope = field::string(doc, notice, keys::SCOPE)?.unwrap_or_default();
    match scope.as_ref() {
        b"" | b"LOCAL" => Ok(NoticeScope::Local),
        b"GLOBAL" => Ok(NoticeScope::Global),
        other => {
            let other = String::from_utf8_lossy(other).into_owned();
            Err(Misfit::Scope(other).into())
        }
    }
}

fn payload<D: Document>(
    doc: &mut D,
    notice: &D::Value,
    id: u32,
) -> Result<NoticePayload, D::Error> {
    match id {
        NoticePayload::GROUP_REPLICATION_STATE_CHANGED => {
            let payload = doc.get(notice, keys::PAYLOAD)?;
            match doc.kind(&payload) {
                Kind::Undefined => return Err(Misfit::Missing(keys::PAYLOAD.name).into()),
                kind if kind.is_object() => {}
                _ => return Err(Misfit::ExpectObject.into()),
            }
            let kind = field::u32(doc, &payload, keys::TYPE)?;
            let view_id: Option<Bytes> = field::string(doc, &payload, keys::VIEW_ID)?;
            Ok(NoticePayload::GroupReplicationStateChanged {
                kind: kind.ok_or(Misfit::Missing(keys::TYPE.name))?,
                view_id,
            })
        }
        NoticePayload::SERVER_HELLO => Ok(NoticePayload::ServerHello),
        other => Err(Misfit::NoticeId(other).into()),
    }
}
