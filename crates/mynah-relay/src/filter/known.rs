//! What a field can be, so that a condition that can never hold is refused.

use std::sync::LazyLock;

use mynah_classic::command::CommandCode;
use mynah_session::observe::CommandKind;
use mynah_x::ClientMessageType;

use super::{Match, NumberField, Order, TextField};

/// What has its place where a text stands that its field never has; nothing if it may have it.
pub(super) fn unmet_text(field: TextField, how: Match, wanted: &str) -> Option<&'static str> {
    match field {
        TextField::Command => {
            let is_known = COMMANDS.iter().any(|name| match how {
                Match::Is | Match::IsNot => name.eq_ignore_ascii_case(wanted),
                Match::Contains | Match::ContainsNot => name.contains(&wanted.to_ascii_uppercase()),
            });
            (!is_known).then_some(&**LIST_OF_COMMANDS)
        }
        TextField::State => {
            let is_whole = matches!(how, Match::Is | Match::IsNot);
            let fits = if is_whole {
                wanted.len() == 5 || wanted.is_empty()
            } else {
                wanted.len() <= 5
            };
            (!fits).then_some("an SQL state of five characters")
        }
        _ => None,
    }
}

/// The same of a number.
pub(super) fn unmet_number(field: NumberField, order: Order, wanted: u64) -> Option<&'static str> {
    let most = match field {
        NumberField::Error | NumberField::Warnings => u64::from(u16::MAX),
        NumberField::Connection => u64::from(u32::MAX),
        _ => u64::MAX,
    };
    let can_hold = match order {
        Order::Less => wanted > 0,
        Order::More => wanted < most,
        Order::Equal | Order::NotEqual | Order::AtLeast => wanted <= most,
        Order::AtMost => true,
    };
    (!can_hold).then_some("a number that it can have")
}

/// The names of all commands, of both protocols.
static COMMANDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let classic = (0..=u8::MAX).map(|code| CommandKind::Classic(CommandCode(code)));
    let x = ClientMessageType::ALL
        .iter()
        .map(|kind| CommandKind::X(*kind));
    let mut names: Vec<_> = classic.chain(x).map(CommandKind::name).collect();
    names.sort_unstable();
    names.dedup();
    names
});

static LIST_OF_COMMANDS: LazyLock<String> =
    LazyLock::new(|| format!("a command (one of {})", COMMANDS.join(", ")));
