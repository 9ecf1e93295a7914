use hyper::body::Incoming;
use hyper::header::{CONTENT_RANGE, HeaderMap};
use hyper::{Method, Request, StatusCode};
use mynah_net::{HttpReply, HttpService};
use mynah_script::Globals;

use crate::query::Query;
use crate::refusal::Refusal;
use crate::reply::{Reply, not_found};
use crate::resource::{Nowhere, Resource};
use crate::served::Served;
use crate::wait::Waiters;
use crate::{
    body, connections, events, expectations, globals, health, media, metrics, one_global, reset,
    script, statements, tests, unexpected, verify, wait,
};

/// Answers requests.
#[derive(Debug)]
pub(crate) struct Api {
    served: Served,
    waiters: Waiters,
}

/// A request whose path, method and headers are right.
struct Asked<'a> {
    method: &'a Method,
    headers: &'a HeaderMap,
    query: Option<&'a str>,
    body: &'a [u8],
}

impl Api {
    pub(crate) fn new(served: Served) -> Self {
        Self {
            served,
            waiters: Waiters::default(),
        }
    }

    /// Checks a request in this order: method, headers, body. The first problem determines the
    /// answer.
    async fn route(
        &self,
        resource: &Resource,
        request: Request<Incoming>,
    ) -> Result<Reply, Refusal> {
        let (head, body) = request.into_parts();
        if !resource.has(&head.method) {
            return Err(Refusal::method(resource.allow()));
        }
        // As the original mock answers: a part of a value must not be taken for the whole.
        if head.headers.contains_key(CONTENT_RANGE) {
            return Err(Refusal::bare(StatusCode::NOT_IMPLEMENTED));
        }
        let body = if [Method::PUT, Method::PATCH, Method::POST].contains(&head.method) {
            media::check(resource, &head.headers, &head.method)?;
            body::read(body).await?
        } else {
            Default::default()
        };
        let asked = Asked {
            method: &head.method,
            headers: &head.headers,
            query: head.uri.query(),
            body: &body,
        };
        self.about_state(resource, &asked)
            .await
            .unwrap_or_else(|| self.about_mock(resource, &asked))
    }

    /// Answers what is about tests; nothing if the resource is of another kind.
    async fn about_state(
        &self,
        resource: &Resource,
        asked: &Asked<'_>,
    ) -> Option<Result<Reply, Refusal>> {
        let known = match (resource, asked.method) {
            (Resource::Statements, &Method::GET) => statements::GET,
            (Resource::StatementCount, _) => statements::COUNT,
            (Resource::Wait, _) => wait::WAIT,
            (Resource::Events, _) => events::GET,
            (
                Resource::Statements
                | Resource::Verify
                | Resource::Unexpected
                | Resource::NearMisses
                | Resource::Expectations
                | Resource::Expectation(_)
                | Resource::Reset
                | Resource::Globals
                | Resource::Global(_)
                | Resource::Increment(_)
                | Resource::Push(_),
                _,
            ) => &["test"],
            _ => return None,
        };
        let tests = &self.served.tests;
        let query = match resource.is_original() {
            true => Ok(Query::find(asked.query, known)),
            false => Query::read(asked.query, known),
        };
        let found = query.and_then(|query| Ok((query.test(tests)?, query)));
        let (test, query) = match found {
            Ok(found) => found,
            Err(refusal) => return Some(Err(refusal)),
        };
        Some(match (resource, asked.method) {
            (Resource::Statements, &Method::GET) => statements::get(&test, &query),
            (Resource::Statements, _) => Ok(statements::delete(&test)),
            (Resource::StatementCount, _) => statements::count(&test, &query),
            (Resource::Wait, _) => wait::wait(&test, &query, &self.waiters).await,
            (Resource::Verify, _) => verify::post(&test, asked.body),
            (Resource::Unexpected, _) => unexpected::get(&test),
            (Resource::NearMisses, _) => unexpected::near_misses(&test, asked.body),
            (Resource::Events, _) => events::get(test, asked.headers, &self.waiters),
            (Resource::Expectations, &Method::GET) => expectations::get(&test),
            (Resource::Expectations, &Method::POST) => expectations::post(&test, asked.body),
            (Resource::Expectations, _) => Ok(expectations::delete_all(&test)),
            (Resource::Expectation(id), &Method::GET) => expectations::get_one(&test, id),
            (Resource::Expectation(id), _) => expectations::delete(&test, id),
            (Resource::Reset, _) => reset::post(&self.served, &test, asked.body),
            _ => return Self::about_globals(&self.served.globals.of_test(&test), resource, asked),
        })
    }

    /// Answers what is about globals, which are those of a test.
    fn about_globals(
        values: &Globals,
        resource: &Resource,
        asked: &Asked<'_>,
    ) -> Option<Result<Reply, Refusal>> {
        Some(match (resource, asked.method) {
            (Resource::Globals, &Method::GET) => globals::get(values, asked.headers),
            (Resource::Globals, &Method::PUT) => globals::put(values, asked.body),
            (Resource::Globals, _) => globals::patch(values, asked.body),
            (Resource::Global(key), &Method::GET) => one_global::get(values, key),
            (Resource::Global(key), &Method::PUT) => one_global::put(values, key, asked.body),
            (Resource::Global(key), _) => one_global::delete(values, key),
            (Resource::Increment(key), _) => one_global::increment(values, key, asked.body),
            (Resource::Push(key), _) => one_global::push(values, key, asked.body),
            _ => return None,
        })
    }

    /// Answers all else.
    fn about_mock(&self, resource: &Resource, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let Served {
            connections: open,
            tests: all,
            ..
        } = &self.served;
        match (resource, asked.method) {
            (Resource::Connections, &Method::GET) => connections::get(open),
            (Resource::Connections, _) => Ok(connections::close_all(open)),
            (Resource::Connection(id), _) => connections::close(open, id),
            (Resource::Tests, _) => tests::list(all),
            (Resource::Test(id), &Method::POST) => tests::post(all, id, asked.body),
            (Resource::Test(id), &Method::GET) => tests::get(all, id),
            (Resource::Test(id), _) => tests::delete(&self.served, id),
            (Resource::Part(name), _) => tests::begin_part(all, name),
            (Resource::Health, _) => Ok(health::health(&self.served)),
            (Resource::Ready, _) => health::ready(&self.served),
            (Resource::Metrics, _) => metrics::metrics(&self.served),
            _ => Err(Refusal::bare(StatusCode::NOT_FOUND)),
        }
    }
}

impl HttpService for Api {
    async fn answer(&self, request: Request<Incoming>) -> HttpReply {
        let resource = match Resource::at(request.uri().path()) {
            Ok(resource) => resource,
            Err(Nowhere::Unknown) => return not_found(),
            Err(Nowhere::NotUtf8) => {
                return Refusal::bad_request("the path is no UTF-8").into_problem();
            }
        };
        let is_script = resource == Resource::Script;
        let done = match is_script && resource.has(request.method()) {
            true => self.script(request).await,
            false => self.route(&resource, request).await,
        };
        done.unwrap_or_else(|refusal| shown(refusal, &resource))
    }

    fn refuse(&self, path: &str, status: StatusCode, why: &'static str) -> HttpReply {
        match Resource::at(path) {
            Ok(resource) if !resource.is_original() => Refusal::new(status, why).into_problem(),
            _ => Refusal::new(status, format!("{why}\n")).into_text(),
        }
    }
}

impl Api {
    async fn script(&self, request: Request<Incoming>) -> Result<Reply, Refusal> {
        let (head, body) = request.into_parts();
        if head.headers.contains_key(CONTENT_RANGE) {
            return Err(Refusal::bare(StatusCode::NOT_IMPLEMENTED));
        }
        let body = body::read(body).await?;
        script::put(self.served.script.as_ref(), &head.headers, &body).await
    }
}

/// A refusal as the resource's clients know it.
fn shown(refusal: Refusal, resource: &Resource) -> Reply {
    match resource.is_original() {
        true => refusal.into_text(),
        false => refusal.into_problem(),
    }
}
