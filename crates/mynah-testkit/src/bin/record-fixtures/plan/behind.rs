use mynah_testkit::servers::RealServer;

use super::Side;
use crate::asked::Asked;

/// Every command followed by no, one and five extra bytes, and handshake responses in the forms
/// that clients have written them in.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let commands = COMMANDS
        .iter()
        .map(|&(name, before, command)| behind(side, name, before, command));
    let mut plan: Vec<Asked> = commands.collect();
    plan.push(behind(side, "change-user", &[], &change_user(side, "")));
    plan.push(
        behind(
            side,
            "change-user-attributes",
            &[],
            &change_user(side, ATTRIBUTES),
        )
        .options(&["flags=0018a20d"]),
    );
    plan.push(
        behind(side, "stmt-execute-attributes", &[DO_1], EXECUTE_ATTRIBUTES)
            .options(&["flags=0808a20d"]),
    );
    for rest in BEHIND {
        let count = rest.len() / 2;
        for (name, command) in LAST {
            let what = format!("{name} with {count} bytes behind it");
            plan.push(
                side.raw(&format!("behind-{name}-{count}"), &what)
                    .with([format!("{command}{rest}")]),
            );
        }
    }
    plan.extend(forms(side));
    plan
}

/// Commands that stop the server.
pub(crate) fn end(side: Side) -> Asked {
    behind(side, "shutdown", &[], "0800")
}

fn behind(side: Side, name: &str, before: &[&str], command: &str) -> Asked {
    let what = format!("{name} with 0, 1 and 5 bytes behind it");
    let before = before.iter().map(|command| (*command).to_owned());
    side.raw(&format!("behind-{name}"), &what)
        .with(before.chain(BEHIND.iter().map(|rest| format!("{command}{rest}"))))
}

/// COM_CHANGE_USER to the account without a password, by the server's own method.
fn change_user(side: Side, attributes: &str) -> String {
    format!(
        "116e6f626f64790000{SCHEMA}00ff00{}00{attributes}",
        hex(method(side))
    )
}

/// Each form as the bytes after the first 32, which carry the capabilities `flags`.
fn forms(side: Side) -> Vec<Asked> {
    let method = hex(method(side));
    let user = "6e6f626f6479";
    // Longer than the first letter of a method's name, taken as a length.
    let long_attributes = format!("5a03666f6f55{}", "61".repeat(0x55));
    [
        ("schema-nul", "flags=00088200", format!("{user}000000{method}00"), "a NUL where there is no schema"),
        (
            "schema-nul-attributes",
            "flags=00188200",
            format!("{user}000000{method}00{long_attributes}"),
            "a NUL where there is no schema, and attributes",
        ),
        (
            "schema-nul-short-attributes",
            "flags=00188200",
            format!("{user}000000{method}00{ATTRIBUTES}"),
            "a NUL where there is no schema, and attributes shorter than the first byte of the method's name",
        ),
        ("schema-unannounced", "flags=00088200", format!("{user}0000{SCHEMA}00{method}00"), "a schema without CONNECT_WITH_DB"),
        ("schema-without-nul", "flags=00088208", format!("{user}0000{SCHEMA}"), "nothing behind the schema, nor its NUL"),
        ("two-nuls", "flags=00088200", format!("{user}0000{method}0000"), "two NULs behind the method's name"),
        (
            "two-nuls-attributes",
            "flags=00188200",
            format!("{user}0000{method}0000{ATTRIBUTES}"),
            "two NULs behind the method's name, and attributes",
        ),
        (
            "attributes-unannounced",
            "flags=00088200",
            format!("{user}0000{method}00{ATTRIBUTES}"),
            "attributes without CONNECT_ATTRS",
        ),
        ("method-without-nul", "flags=00088200", format!("{user}0000{method}"), "a method's name without its NUL"),
        ("method-missing", "flags=00088200", format!("{user}0000"), "no method's name"),
        ("method-unannounced", "flags=00008200", format!("{user}0000{method}00"), "a method's name without PLUGIN_AUTH"),
        ("bytes-behind", "flags=00088200", format!("{user}0000{method}000102030405"), "five bytes behind it"),
        (
            "bytes-behind-attributes",
            "flags=00188200",
            format!("{user}0000{method}00{ATTRIBUTES}0102030405"),
            "five bytes behind its attributes",
        ),
        (
            "attributes-cut",
            "flags=00188200",
            format!("{user}0000{method}0009"),
            "attributes cut short",
        ),
        ("user-without-nul", "flags=00088200", user.to_owned(), "a user's name without its NUL"),
        ("response-missing", "flags=00088200", format!("{user}00"), "nothing behind the user's name"),
        ("response-cut", "flags=00088200", format!("{user}000a616263"), "an authentication response cut short"),
    ]
    .into_iter()
    .map(|(name, flags, response, what)| {
        side.raw(&format!("login-form-{name}"), &format!("a handshake response with {what}"))
            .options(&[flags, "may-fail", &format!("response={response}")])
            .with(["0e"])
    })
    .collect()
}

fn method(side: Side) -> &'static str {
    if side.is(RealServer::MySql97) {
        "caching_sha2_password"
    } else {
        "mysql_native_password"
    }
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The extra bytes.
const BEHIND: [&str; 3] = ["", "01", "0102030405"];
/// `test`.
const SCHEMA: &str = "74657374";
/// One attribute, `foo` with the value `barx`.
const ATTRIBUTES: &str = "0903666f6f0462617278";
/// `DO 1`.
const DO_1: &str = "16444f2031";
/// `DO ?`.
const DO_PARAMETER: &str = "16444f203f";
/// `SELECT 1 UNION SELECT 2 UNION SELECT 3`.
const SELECT_3: &str =
    "1653454c454354203120554e494f4e2053454c454354203220554e494f4e2053454c4543542033";
/// An execution that states its number of parameters: one attribute `a`.
const EXECUTE_ATTRIBUTES: &str = "17{stmt}080100000001000103000161aa000000";

/// Name, commands to send before, and the command.
const COMMANDS: [(&str, &[&str], &str); 35] = [
    ("sleep", &[], "00"),
    ("init-db", &[], "0274657374"),
    ("query", &[], "03444f2031"),
    ("field-list", &[], "0474657374006100"),
    ("create-db", &[], "0578"),
    ("drop-db", &[], "0678"),
    ("refresh", &[], "0702"),
    ("statistics", &[], "09"),
    ("process-info", &[], "0a"),
    ("connect", &[], "0b"),
    ("process-kill", &[], "0c00286bee"),
    ("debug", &[], "0d"),
    ("ping", &[], "0e"),
    ("time", &[], "0f"),
    ("delayed-insert", &[], "10"),
    ("table-dump", &[], "13"),
    ("connect-out", &[], "14"),
    (
        "register-slave",
        &[],
        "150200000000000000000000000000000000",
    ),
    ("stmt-prepare", &[], DO_1),
    ("stmt-execute", &[DO_1], "17{stmt}0001000000"),
    (
        "stmt-execute-parameter",
        &[DO_PARAMETER],
        "17{stmt}000100000000010300aa000000",
    ),
    (
        "stmt-execute-null",
        &[DO_PARAMETER],
        "17{stmt}000100000001010600",
    ),
    (
        "stmt-execute-text",
        &[DO_PARAMETER],
        "17{stmt}00010000000001fd000161",
    ),
    ("stmt-send-long-data", &[DO_PARAMETER], "18{stmt}000061"),
    (
        "stmt-close",
        &[
            DO_1,
            "19{stmt}",
            DO_1,
            "19{stmt}01",
            DO_1,
            "19{stmt}0102030405",
        ],
        "17{stmt}0001000000",
    ),
    ("stmt-reset", &[DO_1], "1a{stmt}"),
    ("set-option", &[], "1b0000"),
    (
        "stmt-fetch",
        &[SELECT_3, "17{stmt}0101000000"],
        "1c{stmt}01000000",
    ),
    ("daemon", &[], "1d"),
    ("reset-connection", &[], "1f"),
    ("clone", &[], "20"),
    ("multi", &[], "fe"),
    (
        "stmt-bulk-execute",
        &[DO_PARAMETER],
        "fa{stmt}8000030000aa000000",
    ),
    ("set-option-unknown", &[], "1b0200"),
    ("unknown", &[], "99"),
];

/// Commands that may close the connection.
const LAST: [(&str, &str); 4] = [
    ("quit", "01"),
    ("binlog-dump", "12040000000100020000006e6f7768657265"),
    (
        "binlog-dump-gtid",
        "1e010002000000070000006e6f77686572650400000000000000080000000000000000000000",
    ),
    ("subscribe-group-replication-stream", "21"),
];
