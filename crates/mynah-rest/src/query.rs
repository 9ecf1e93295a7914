use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use mynah_expect::{Test, Tests, did_you_mean};
use mynah_filter::Filter;
use mynah_script::Answer;

use crate::field::Field;
use crate::refusal::Refusal;

/// The query of a request: `?filter=…&test=…`.
#[derive(Debug, Default)]
pub(crate) struct Query<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Query<'a> {
    /// Reads a query, whose keys must be among the known ones, each once.
    pub(crate) fn read(query: Option<&'a str>, known: &[&str]) -> Result<Self, Refusal> {
        let mut read = Self::default();
        for (key, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if !known.contains(&&*key) {
                let hint = match did_you_mean(&key, known.iter().copied()) {
                    Some(similar) => format!("did you mean '{similar}'?"),
                    None => format!("there are {}", known.join(", ")),
                };
                let key = key.escape_debug();
                return Err(Refusal::bad_request(format!(
                    "unknown parameter '{key}'; {hint}"
                )));
            }
            if read.get(&key).is_some() {
                return Err(Refusal::bad_request(format!("'{key}' is there twice")));
            }
            read.0.push((key, value));
        }
        Ok(read)
    }

    /// Reads what is known of a query, and ignores all else, as the original's routes do.
    pub(crate) fn find(query: Option<&'a str>, known: &[&str]) -> Self {
        let all = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self(all.filter(|(key, _)| known.contains(&&**key)).collect())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| &**value)
    }

    /// The test that is meant: the one of `test`, or the one that all share.
    pub(crate) fn test(&self, tests: &Tests<Answer>) -> Result<Arc<Test<Answer>>, Refusal> {
        Ok(match self.get("test") {
            Some(id) => tests.get(id)?,
            None => Arc::clone(tests.shared()),
        })
    }

    /// The condition of `filter`, if there is one.
    pub(crate) fn filter(&self) -> Result<Option<Filter<Field>>, Refusal> {
        let filter = self.get("filter").map(str::parse::<Filter<Field>>);
        let filter = filter.transpose();
        filter.map_err(|error| Refusal::bad_request(format!("filter, {error}")))
    }

    /// A number.
    pub(crate) fn number<N: FromStr>(&self, key: &str) -> Result<Option<N>, Refusal> {
        let number = self.get(key).map(|value| {
            value.parse().map_err(|_| {
                let value = value.escape_debug();
                Refusal::bad_request(format!("'{key}' is '{value}', and has to be a number"))
            })
        });
        number.transpose()
    }

    /// A time such as `500ms` or `10s`, up to a longest.
    pub(crate) fn time(&self, key: &str, longest: Duration) -> Result<Option<Duration>, Refusal> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let millis = |digits: &str, unit: u64| digits.parse::<u64>().ok()?.checked_mul(unit);
        let millis = match (value.strip_suffix("ms"), value.strip_suffix('s')) {
            (Some(digits), _) => millis(digits, 1),
            (None, Some(digits)) => millis(digits, 1000),
            (None, None) => None,
        };
        let time = millis.map(Duration::from_millis);
        match time.filter(|time| *time <= longest) {
            Some(time) => Ok(Some(time)),
            None => Err(Refusal::bad_request(format!(
                "'{key}' is '{}', and has to be a time like 500ms or 10s, up to {}s",
                value.escape_debug(),
                longest.as_secs()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(refusal: Refusal) -> String {
        format!("{refusal:?}")
    }

    #[test]
    fn parameters_are_decoded_and_unknown_ones_are_named() {
        let known = ["filter", "test", "timeout"];
        let query = Query::read(Some("test=a%2Bb&filter=sql+~+x"), &known).unwrap();
        assert_eq!(query.get("test"), Some("a+b"));
        assert_eq!(query.get("filter"), Some("sql ~ x"));
        let error = why(Query::read(Some("tset=a"), &known).unwrap_err());
        assert!(error.contains("did you mean 'test'?"), "{error}");
        let error = why(Query::read(Some("test=a&test=b"), &known).unwrap_err());
        assert!(error.contains("'test' is there twice"), "{error}");
    }

    #[test]
    fn times_have_a_unit_and_a_longest() {
        let time = |text: &str| {
            let text = format!("timeout={text}");
            let query = Query::read(Some(&text), &["timeout"]).unwrap();
            query.time("timeout", Duration::from_secs(60)).map_err(why)
        };
        assert_eq!(time("500ms"), Ok(Some(Duration::from_millis(500))));
        assert_eq!(time("10s"), Ok(Some(Duration::from_secs(10))));
        for wrong in ["10", "s", "-1s", "61s", "99999999999999999999s", "1.5s"] {
            assert!(time(wrong).unwrap_err().contains("500ms"), "{wrong}");
        }
    }
}
