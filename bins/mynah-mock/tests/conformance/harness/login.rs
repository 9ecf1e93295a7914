use mysql_common::scramble::{scramble_native, scramble_sha256};

/// Capability flags by their documented names.
pub(crate) mod capability {
    pub(crate) const CONNECT_WITH_DB: u32 = 1 << 3;
    pub(crate) const PROTOCOL_41: u32 = 1 << 9;
    pub(crate) const SSL: u32 = 1 << 11;
    pub(crate) const TRANSACTIONS: u32 = 1 << 13;
    pub(crate) const SECURE_CONNECTION: u32 = 1 << 15;
    pub(crate) const PLUGIN_AUTH: u32 = 1 << 19;
    pub(crate) const SESSION_TRACK: u32 = 1 << 23;
    pub(crate) const DEPRECATE_EOF: u32 = 1 << 24;
}

/// The user and the way of a login.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) schema: Option<String>,
    /// The client's own method; `None` for the greeting's.
    pub(crate) method: Option<String>,
    pub(crate) capabilities: u32,
}

impl Default for Login {
    fn default() -> Self {
        use capability::{
            DEPRECATE_EOF, PLUGIN_AUTH, PROTOCOL_41, SECURE_CONNECTION, SESSION_TRACK, TRANSACTIONS,
        };
        Self {
            user: "ada".to_owned(),
            password: String::new(),
            schema: None,
            method: None,
            capabilities: PROTOCOL_41
                | TRANSACTIONS
                | SECURE_CONNECTION
                | PLUGIN_AUTH
                | SESSION_TRACK
                | DEPRECATE_EOF,
        }
    }
}

impl Login {
    pub(crate) fn user(user: &str, password: &str) -> Self {
        Self {
            user: user.to_owned(),
            password: password.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn method(self, method: &str) -> Self {
        Self {
            method: Some(method.to_owned()),
            ..self
        }
    }

    pub(crate) fn without(self, flags: u32) -> Self {
        Self {
            capabilities: self.capabilities & !flags,
            ..self
        }
    }

    /// A `HandshakeResponse41`.
    pub(crate) fn response(&self, method: &str, nonce: &[u8]) -> Vec<u8> {
        let mut capabilities = self.capabilities;
        if self.schema.is_some() {
            capabilities |= capability::CONNECT_WITH_DB;
        }
        let mut payload = Self::head(capabilities);
        payload.extend(self.user.as_bytes());
        payload.push(0);
        let response = self.auth_response(method, nonce);
        payload.push(u8::try_from(response.len()).unwrap());
        payload.extend(response);
        if let Some(schema) = &self.schema {
            payload.extend(schema.as_bytes());
            payload.push(0);
        }
        payload.extend(method.as_bytes());
        payload.push(0);
        payload
    }

    /// An `SSLRequest`, which is also the start of a `HandshakeResponse41`.
    pub(crate) fn head(capabilities: u32) -> Vec<u8> {
        let mut payload = capabilities.to_le_bytes().to_vec();
        payload.extend((1_u32 << 24).to_le_bytes());
        payload.push(45);
        payload.extend([0; 23]);
        payload
    }

    /// The authentication response of a method.
    pub(crate) fn auth_response(&self, method: &str, nonce: &[u8]) -> Vec<u8> {
        let password = self.password.as_bytes();
        match method {
            "mysql_native_password" => {
                scramble_native(nonce, password).map_or(Vec::new(), |bytes| bytes.to_vec())
            }
            "caching_sha2_password" => {
                scramble_sha256(nonce, password).map_or(Vec::new(), |bytes| bytes.to_vec())
            }
            "mysql_clear_password" => [password, b"\0"].concat(),
            _ => Vec::new(),
        }
    }
}
