use hyper::StatusCode;
use hyper::header::{ALLOW, CONNECTION, HeaderName, RETRY_AFTER};
use mynah_expect::TestError;

/// Why a request isn't done.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// A sentence for people, if there is more to say than the status does.
    pub(crate) why: Option<String>,
    pub(crate) header: Option<(HeaderName, &'static str)>,
}

impl Refusal {
    /// With a status, and a sentence for people.
    pub(crate) fn new(status: StatusCode, why: impl ToString) -> Self {
        Self {
            status,
            why: Some(why.to_string()),
            header: None,
        }
    }

    /// With nothing but a status.
    pub(crate) fn bare(status: StatusCode) -> Self {
        Self {
            status,
            why: None,
            header: None,
        }
    }

    /// Something in the path or the query is wrong.
    pub(crate) fn bad_request(why: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, why)
    }

    /// What the path names isn't there.
    pub(crate) fn absent(why: impl ToString) -> Self {
        Self::new(StatusCode::NOT_FOUND, why)
    }

    /// Something in the body is wrong.
    pub(crate) fn unprocessable(why: impl ToString) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, why)
    }

    /// The resource hasn't got this method.
    pub(crate) fn method(allow: &'static str) -> Self {
        Self::bare(StatusCode::METHOD_NOT_ALLOWED).with(ALLOW, allow)
    }

    /// As many requests of a kind are open as may be.
    pub(crate) fn busy(why: impl ToString) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, why).with(RETRY_AFTER, "1")
    }

    pub(crate) fn with(self, name: HeaderName, value: &'static str) -> Self {
        Self {
            header: Some((name, value)),
            ..self
        }
    }

    /// The rest of the body stays unread, so the connection can't be used for another request.
    pub(crate) fn closing(self) -> Self {
        self.with(CONNECTION, "close")
    }
}

impl From<TestError> for Refusal {
    fn from(error: TestError) -> Self {
        let status = match error {
            TestError::Unknown(_) | TestError::Ended(_) | TestError::NoPart(_) => {
                StatusCode::NOT_FOUND
            }
            TestError::TooMany(_) => StatusCode::INSUFFICIENT_STORAGE,
            _ => StatusCode::CONFLICT,
        };
        Self::new(status, error)
    }
}
