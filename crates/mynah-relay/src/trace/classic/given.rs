//! The values that a command has besides its text: parameters and query attributes.

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{BulkValue, ComQuery, CommandCode, Parameter};
use mynah_session::observe::{self, Command, LeftOut};
use mynah_session::sql::{Secrets, is_password_name};
use mynah_wire::Message as _;

use crate::trace::given::Given;
use crate::trace::redact::Rules;
use crate::trace::shown::Shown;
use crate::trace::values;

/// What comes with a command. Asked once for each, in their order.
pub(super) fn given(
    command: &Command,
    code: CommandCode,
    secrets: &Secrets,
    rules: Rules<'_>,
) -> Given {
    let (shared, set) = (command.capabilities, command.settings.character_set);
    match (code, &command.executed) {
        (CommandCode::QUERY, _) if shared.contains(Capabilities::QUERY_ATTRIBUTES) => {
            let query = ComQuery::from_payload_lenient(&command.payload, shared);
            let attributes = query.map_or_else(
                |_| Vec::new(),
                |(query, _)| query.attributes.iter().map_while(Result::ok).collect(),
            );
            Given {
                attributes: named(&attributes, rules, set),
                ..without_values(command)
            }
        }
        (CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE, Some(executed)) => {
            let given = executed.given(&command.payload, command.len, shared);
            given.map_or_else(
                |_| Given::default(),
                |given| shown(&given, secrets, rules, set),
            )
        }
        _ => without_values(command),
    }
}

/// What is given by a command without values: how much of it was cut off.
fn without_values(command: &Command) -> Given {
    Given {
        left_out: LeftOut {
            bytes: command.len.saturating_sub(command.payload.len() as u64),
            ..LeftOut::default()
        },
        ..Given::default()
    }
}

/// What may be shown of what an execution gives.
pub(super) fn shown(
    given: &observe::Given,
    secrets: &Secrets,
    rules: Rules<'_>,
    set: Option<&'static str>,
) -> Given {
    let visible = |value| match secrets.parameters && rules.hides {
        true => Shown::Hidden,
        false => rules.shown(value),
    };
    let parameters = given.parameters.iter();
    let rows = given.rows.iter().map(|row| {
        let values = row.iter().map(|(parameter_type, value)| match value {
            BulkValue::Null => Shown::Null,
            BulkValue::Default => Shown::Keyword("default"),
            BulkValue::Ignore => Shown::Keyword("ignore"),
            BulkValue::Value(bytes) => values::in_characters(
                visible(values::given(bytes, parameter_type)),
                parameter_type,
                set,
            ),
        });
        values.collect()
    });
    Given {
        parameters: parameters
            .map(|given| {
                values::in_characters(
                    visible(values::parameter(given)),
                    &given.parameter_type,
                    set,
                )
            })
            .collect(),
        rows: rows.collect(),
        attributes: named(&given.attributes, rules, set),
        left_out: given.left_out,
    }
}

fn named(
    attributes: &[Parameter],
    rules: Rules<'_>,
    set: Option<&'static str>,
) -> Vec<(Bytes, Shown)> {
    let attributes = attributes.iter().map(|attribute| {
        let Parameter { parameter_type, .. } = attribute;
        let name = parameter_type.name.clone();
        let value = match rules.hides && (is_password_name(&name) || rules.match_text(&name)) {
            true => Shown::Hidden,
            false => rules.shown(values::parameter(attribute)),
        };
        (name, values::in_characters(value, parameter_type, set))
    });
    attributes.collect()
}
