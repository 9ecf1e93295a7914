use mynah_session::observe::Direction;

use super::escape::escaped;
use super::field_writer::TextFieldWriter;
use super::style::{Style, Tag};
use super::writing::put;
use crate::trace::decoded::Decoded;
use crate::trace::record::Packet;

/// A message: its fields on one line, those of a login each on a line of its own.
pub(super) fn packet(out: &mut String, style: Style, id: u32, packet: &Packet<'_>) {
    let arrow = match packet.direction {
        Direction::Client => "C->S",
        Direction::Server => "S->C",
    };
    let tag = style.tag(id);
    let (sequence_id, len) = (packet.id, packet.len);
    let decoded = (packet.decode)();
    let Decoded {
        name,
        fields,
        rest,
        why,
        ..
    } = &decoded;
    put(
        out,
        format_args!("    {tag} {arrow} #{sequence_id} {len} bytes, {name}"),
    );
    if let Some(fields) = fields {
        let end = out.len();
        let writer = TextFieldWriter::new(out, style.width);
        if decoded.is_login {
            fields.write_to(&mut writer.with_lines(format!("    {tag}    ")));
        } else {
            writer.out.push(' ');
            fields.write_to(&mut writer.without(decoded.statement));
        }
        if out.get(end..) == Some(" {}") {
            out.truncate(end);
        }
    }
    if !rest.is_empty() {
        out.push_str(", left over: ");
        escaped(out, rest, 0);
    }
    if let Some(why) = why {
        out.push_str(": ");
        escaped(out, why.as_bytes(), 0);
    }
    out.push('\n');
    if packet.with_bytes {
        dump(out, tag, packet.payload);
    }
}

/// Writes sixteen bytes per line, as hex and as characters.
fn dump(out: &mut String, tag: Tag, bytes: &[u8]) {
    for (number, line) in bytes.chunks(16).enumerate() {
        put(out, format_args!("    {tag} {:06x} ", number * 16));
        for at in 0..16 {
            match line.get(at) {
                Some(byte) => put(out, format_args!(" {byte:02x}")),
                None => out.push_str("   "),
            }
        }
        out.push_str("  ");
        out.extend(line.iter().map(|&byte| match byte {
            b' '..=b'~' => char::from(byte),
            _ => '.',
        }));
        out.push('\n');
    }
}
