use bytes::Bytes;
use data_encoding::HEXLOWER_PERMISSIVE;
use mynah_session::RawPacket;

use super::misfit::PacketMisfit;
use super::{Document, Key, Kind, Misfit, field, keys};

/// The `packets` of an answer: sent as they are.
pub(super) fn packets<D: Document>(
    doc: &mut D,
    packets: &D::Value,
) -> Result<Vec<RawPacket>, D::Error> {
    match doc.kind(packets) {
        Kind::Array => {}
        kind => return Err(Misfit::Packets(kind).into()),
    }
    let (mut read, mut next) = (Vec::new(), 0);
    while let Some(element) = doc.next_element(packets, &mut next)? {
        read.push(packet(doc, &element, next)?);
    }
    Ok(read)
}

fn packet<D: Document>(doc: &mut D, packet: &D::Value, number: u64) -> Result<RawPacket, D::Error> {
    let wrong = |misfit| Misfit::Packet(number, misfit);
    let kind = doc.kind(packet);
    if kind != Kind::Object {
        return Err(wrong(PacketMisfit::NoObject(kind)).into());
    }
    let payload = hex(doc, packet, keys::HEX, number)?;
    let raw = hex(doc, packet, keys::RAW, number)?;
    let sequence_id = field::u8(doc, packet, keys::SEQUENCE_ID)?;
    let message_type = field::u8(doc, packet, keys::TYPE)?;
    Ok(match (payload, raw, sequence_id, message_type) {
        (None, Some(bytes), None, None) => RawPacket::Bytes(bytes),
        (Some(payload), None, sequence_id, None) => RawPacket::Packet {
            sequence_id,
            payload,
        },
        (Some(payload), None, None, Some(message_type)) => RawPacket::Message {
            message_type,
            payload,
        },
        (Some(_), Some(_), ..) => return Err(wrong(PacketMisfit::RawAnd(keys::HEX.name)).into()),
        (_, Some(_), Some(_), _) => {
            return Err(wrong(PacketMisfit::RawAnd(keys::SEQUENCE_ID.name)).into());
        }
        (_, Some(_), ..) => return Err(wrong(PacketMisfit::RawAnd(keys::TYPE.name)).into()),
        (Some(_), None, Some(_), Some(_)) => return Err(wrong(PacketMisfit::BothProtocols).into()),
        (None, None, ..) => return Err(wrong(PacketMisfit::NoBytes).into()),
    })
}

/// Bytes in hex; spaces may divide them.
fn hex<D: Document>(
    doc: &mut D,
    packet: &D::Value,
    key: Key,
    number: u64,
) -> Result<Option<Bytes>, D::Error> {
    let Some(text) = field::string(doc, packet, key)? else {
        return Ok(None);
    };
    let mut digits = text.to_vec();
    digits.retain(|byte| !byte.is_ascii_whitespace());
    let bytes = HEXLOWER_PERMISSIVE.decode(&digits);
    let bytes = bytes.map_err(|_| Misfit::Packet(number, PacketMisfit::Hex(key.name)))?;
    Ok(Some(bytes.into()))
}
