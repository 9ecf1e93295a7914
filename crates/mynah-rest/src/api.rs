use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::CONTENT_RANGE;
use hyper::{Method, Request, StatusCode};
use mynah_net::{Connections, HttpReply, HttpService};
use mynah_script::Globals;

use crate::reply::{Refusal, Reply, empty, method_not_allowed, not_found, reason};
use crate::resource::{Nowhere, Resource};
use crate::{body, connections, globals, health, media, one_global};

/// The state that HTTP clients may read and change.
#[derive(Debug)]
pub(crate) struct Api {
    globals: Arc<Globals>,
    connections: Connections,
}

impl Api {
    pub(crate) fn new(globals: Arc<Globals>, connections: Connections) -> Self {
        Self {
            globals,
            connections,
        }
    }

    /// Checks a request in this order: path, method, headers, body. The first problem determines
    /// the answer.
    async fn route(&self, request: Request<Incoming>) -> Result<Reply, Refusal> {
        let resource = Resource::at(request.uri().path()).map_err(|nowhere| match nowhere {
            Nowhere::Unknown => not_found(),
            Nowhere::NotUtf8 => reason(StatusCode::BAD_REQUEST, "the path is no UTF-8"),
        })?;
        let (head, body) = request.into_parts();
        let allow = resource.allow();
        if !allow.split(", ").any(|known| known == head.method.as_str()) {
            return Err(method_not_allowed(allow).into());
        }
        if head.headers.contains_key(CONTENT_RANGE) {
            return Err(empty(StatusCode::NOT_IMPLEMENTED).into());
        }
        let body = if [Method::PUT, Method::PATCH].contains(&head.method) {
            media::check(&head.headers, &head.method)?;
            body::read(body).await?
        } else {
            Default::default()
        };
        match (resource, &head.method) {
            (Resource::Globals, &Method::GET) => globals::get(&self.globals, &head.headers),
            (Resource::Globals, &Method::PUT) => globals::put(&self.globals, &body),
            (Resource::Globals, _) => globals::patch(&self.globals, &body),
            (Resource::Global(key), &Method::GET) => one_global::get(&self.globals, &key),
            (Resource::Global(key), &Method::PUT) => one_global::put(&self.globals, &key, &body),
            (Resource::Global(key), _) => one_global::delete(&self.globals, &key),
            (Resource::Connections, &Method::GET) => connections::get(&self.connections),
            (Resource::Connections, _) => Ok(connections::close_all(&self.connections)),
            (Resource::Connection(id), _) => connections::close(&self.connections, &id),
            (Resource::Health, _) => Ok(health::health(&self.connections)),
            (Resource::Metrics, _) => Ok(health::metrics(&self.connections)),
        }
    }
}

impl HttpService for Api {
    async fn answer(&self, request: Request<Incoming>) -> HttpReply {
        self.route(request).await.unwrap_or_else(|refusal| *refusal)
    }
}
