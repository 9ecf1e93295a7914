use jiff::Timestamp;

use crate::Format;
use crate::trace::json;

/// The line that stands where lines are lost.
pub(in crate::trace) fn notice(format: Format, lines: u64, why: &str) -> String {
    let time = format!("{:.6}", Timestamp::now());
    let what = if lines == 1 { "line" } else { "lines" };
    match format {
        Format::Text => {
            let time = time.get(11..).unwrap_or(&time).trim_end_matches('Z');
            format!("{time} {lines} {what} of the trace are lost: {why}\n")
        }
        Format::Json => {
            let mut line = format!(
                "{{\"time\":\"{time}\",\"event\":\"trace_lost\",\"connection\":0,\"lines\":{lines},\"why\":"
            );
            json::string(&mut line, why.as_bytes());
            line.push_str("}\n");
            line
        }
        Format::Hex => format!("# {lines} {what} of the trace are lost: {why}\n"),
    }
}
