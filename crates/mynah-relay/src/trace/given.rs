//! What a command brings besides its text.

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::{BulkValue, ComQuery, CommandCode, Parameter};
use mynah_session::observe::{self, Asked, LeftOut};
use mynah_session::sql::{Secrets, is_password_name};
use mynah_wire::Message as _;

use super::redact::Rules;
use super::shown::Shown;
use super::values;

/// Values, as they are shown.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) parameters: Vec<Shown>,
    /// Those of each row of a bulk execution.
    pub(crate) rows: Vec<Vec<Shown>>,
    /// By their names.
    pub(crate) attributes: Vec<(Bytes, Shown)>,
    pub(crate) left_out: LeftOut,
}

impl Given {
    /// No values.
    pub(crate) const NOTHING: Self = Self {
        parameters: Vec::new(),
        rows: Vec::new(),
        attributes: Vec::new(),
        left_out: LeftOut {
            parameters: 0,
            rows: 0,
            bytes: 0,
        },
    };

    /// Whether one of them is hidden, so that an error must not quote it.
    pub(super) fn has_hidden(&self) -> bool {
        let attributes = self.attributes.iter().map(|(_, value)| value);
        let rows = self.rows.iter().flatten();
        let mut all = self.parameters.iter().chain(rows).chain(attributes);
        all.any(|value| *value == Shown::Hidden)
    }
}

/// What comes with a command. Asked once for each, in their order.
pub(super) fn given(
    asked: &Asked,
    shared: Capabilities,
    secrets: &Secrets,
    rules: Rules<'_>,
) -> Given {
    let set = asked.settings.character_set;
    match (asked.code, &asked.executed) {
        (CommandCode::QUERY, _) if shared.contains(Capabilities::QUERY_ATTRIBUTES) => {
            let query = ComQuery::from_payload_lenient(&asked.payload, shared);
            let attributes = query.map_or_else(
                |_| Vec::new(),
                |(query, _)| query.attributes.iter().map_while(Result::ok).collect(),
            );
            Given {
                attributes: named(&attributes, rules, set),
                ..Given::default()
            }
        }
        (CommandCode::STMT_EXECUTE | CommandCode::STMT_BULK_EXECUTE, Some(executed)) => {
            let given = executed.given(&asked.payload, asked.len, shared);
            given.map_or_else(
                |_| Given::default(),
                |given| shown(&given, secrets, rules, set),
            )
        }
        _ => Given::default(),
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
