//! Numbers of MySQL's errors that a mock or a proxy answers with, by MySQL's names.
//!
//! All errors that MySQL and MariaDB send, with their SQL states, are in the module `tables`, which the feature
//! `tables` adds.

macro_rules! error_codes {
    ($($name:ident = $code:literal,)*) => {
        $(
            #[doc = concat!("The number of the server's error `", stringify!($name), "`.")]
            pub const $name: u16 = $code;
        )*

        #[cfg(test)]
        const ALL: &[(&str, u16)] = &[$((stringify!($name), $code)),*];
    };
}

error_codes! {
    ER_CON_COUNT_ERROR = 1040,
    ER_HANDSHAKE_ERROR = 1043,
    ER_DBACCESS_DENIED_ERROR = 1044,
    ER_ACCESS_DENIED_ERROR = 1045,
    ER_NO_DB_ERROR = 1046,
    ER_UNKNOWN_COM_ERROR = 1047,
    ER_BAD_NULL_ERROR = 1048,
    ER_BAD_DB_ERROR = 1049,
    ER_TABLE_EXISTS_ERROR = 1050,
    ER_BAD_TABLE_ERROR = 1051,
    ER_SERVER_SHUTDOWN = 1053,
    ER_BAD_FIELD_ERROR = 1054,
    ER_DUP_ENTRY = 1062,
    ER_PARSE_ERROR = 1064,
    ER_EMPTY_QUERY = 1065,
    ER_NO_SUCH_THREAD = 1094,
    ER_KILL_DENIED_ERROR = 1095,
    ER_UNKNOWN_ERROR = 1105,
    ER_UNKNOWN_CHARACTER_SET = 1115,
    ER_NO_SUCH_TABLE = 1146,
    ER_NET_PACKET_TOO_LARGE = 1153,
    ER_NET_PACKETS_OUT_OF_ORDER = 1156,
    ER_NET_READ_INTERRUPTED = 1159,
    ER_UNKNOWN_SYSTEM_VARIABLE = 1193,
    ER_TOO_MANY_USER_CONNECTIONS = 1203,
    ER_LOCK_WAIT_TIMEOUT = 1205,
    ER_LOCK_TABLE_FULL = 1206,
    ER_WRONG_ARGUMENTS = 1210,
    ER_LOCK_DEADLOCK = 1213,
    ER_USER_LIMIT_REACHED = 1226,
    ER_SPECIFIC_ACCESS_DENIED_ERROR = 1227,
    ER_LOCAL_VARIABLE = 1228,
    ER_GLOBAL_VARIABLE = 1229,
    ER_WRONG_VALUE_FOR_VAR = 1231,
    ER_WRONG_TYPE_FOR_VAR = 1232,
    ER_NOT_SUPPORTED_YET = 1235,
    ER_INCORRECT_GLOBAL_LOCAL_VAR = 1238,
    ER_UNKNOWN_STMT_HANDLER = 1243,
    ER_NOT_SUPPORTED_AUTH_MODE = 1251,
    ER_COLLATION_CHARSET_MISMATCH = 1253,
    ER_WARN_DATA_OUT_OF_RANGE = 1264,
    ER_UNKNOWN_COLLATION = 1273,
    ER_WARN_DEPRECATED_SYNTAX = 1287,
    ER_OPTION_PREVENTS_STATEMENT = 1290,
    ER_UNSUPPORTED_PS = 1295,
    ER_UNKNOWN_TIME_ZONE = 1298,
    ER_SP_DOES_NOT_EXIST = 1305,
    ER_SP_BADSELECT = 1312,
    ER_QUERY_INTERRUPTED = 1317,
    ER_TRUNCATED_WRONG_VALUE_FOR_FIELD = 1366,
    ER_PS_MANY_PARAM = 1390,
    ER_DATA_TOO_LONG = 1406,
    ER_STMT_HAS_NO_OPEN_CURSOR = 1421,
    ER_ROW_IS_REFERENCED_2 = 1451,
    ER_NO_REFERENCED_ROW_2 = 1452,
    ER_MAX_PREPARED_STMT_COUNT_REACHED = 1461,
    ER_PLUGIN_IS_NOT_LOADED = 1524,
    ER_XA_RBDEADLOCK = 1614,
    ER_VARIABLE_IS_READONLY = 1621,
    ER_MALFORMED_PACKET = 1835,
    ER_INVALID_JSON_TEXT = 3140,
    ER_SECURE_TRANSPORT_REQUIRED = 3159,
    ER_DEPRECATED_UTF8_ALIAS = 3719,
    ER_WARN_DEPRECATED_UTF8MB3_COLLATION = 3778,
    ER_CLIENT_LOCAL_FILES_DISABLED = 3948,
    ER_CLIENT_INTERACTION_TIMEOUT = 4031,
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::tables::{Product, ServerError};

    #[test]
    fn each_has_the_number_that_servers_have() {
        for (name, code) in ALL {
            let found = ServerError::by_name(Product::MySql, name);
            assert_eq!(found.map(|error| error.code), Some(*code), "{name}");
        }
    }
}
