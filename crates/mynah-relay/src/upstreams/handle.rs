use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::balancer::{Balancer, NoRoom};
use super::{UpstreamOptions, UpstreamPolicy, UpstreamView};
use crate::{Address, Protocol};

/// The upstreams of all routes that have several. A clone is another handle to them.
#[derive(Clone, Debug)]
pub(crate) struct Upstreams(Arc<Shared>);

/// The upstreams of all routes that have several, before clients are served.
#[derive(Debug)]
pub(crate) struct Members {
    balancer: Balancer,
    known: Vec<Known>,
    /// The upstreams of each route.
    routes: Vec<Vec<usize>>,
    /// Whether upstreams of the classic protocol are checked also while they are up.
    has_account: bool,
}

/// What doesn't change of an upstream.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) address: Address,
    /// The address as text.
    pub(crate) name: Arc<str>,
    /// The protocol of its routes; `Auto` only if none of them names one.
    pub(crate) protocol: Protocol,
    /// The addresses of the listeners that lead to it, as text.
    pub(crate) listeners: Vec<Arc<str>>,
}

#[derive(Debug)]
struct Shared {
    known: Vec<Known>,
    /// The upstreams of each route.
    routes: Vec<Vec<usize>>,
    changing: Mutex<Changing>,
    /// Wakes the checker: something may be due earlier than it was.
    wake: Notify,
}

#[derive(Debug)]
struct Changing {
    balancer: Balancer,
    /// The connections of each upstream, and what is cancelled to close one.
    connections: Vec<HashMap<u32, CancellationToken>>,
    /// Whether each upstream was seen to speak the X Protocol; `None` if it wasn't seen yet.
    speak_x: Vec<Option<bool>>,
}

/// An upstream is of the classic protocol by one route, and of the X Protocol by another.
#[derive(Debug)]
pub(crate) struct TwoProtocols;

impl Members {
    pub(crate) fn new(options: &UpstreamOptions) -> Self {
        Self {
            balancer: Balancer::new(options.clone()),
            known: Vec::new(),
            routes: Vec::new(),
            has_account: options.check_account.is_some(),
        }
    }

    /// Adds an upstream of a route, unless another route has it already. Returns its number.
    ///
    /// # Errors
    /// If another route names another protocol for it.
    pub(crate) fn add(
        &mut self,
        address: &Address,
        protocol: Protocol,
        listener: &Arc<str>,
    ) -> Result<usize, TwoProtocols> {
        let mut known = self.known.iter_mut().enumerate();
        if let Some((number, known)) = known.find(|(_, known)| known.address == *address) {
            known.protocol = match (known.protocol, protocol) {
                (one, Protocol::Auto) => one,
                (Protocol::Auto, other) => other,
                (one, other) if one == other => one,
                _ => return Err(TwoProtocols),
            };
            known.listeners.push(Arc::clone(listener));
            return Ok(number);
        }
        self.known.push(Known {
            address: address.clone(),
            name: address.to_string().into(),
            protocol,
            listeners: vec![Arc::clone(listener)],
        });
        Ok(self.known.len() - 1)
    }

    /// Adds a route to these upstreams. Returns its number.
    pub(crate) fn add_route(&mut self, policy: UpstreamPolicy, members: Vec<usize>) -> usize {
        self.routes.push(members.clone());
        self.balancer.add_route(policy, members)
    }

    /// The upstreams as connections use them; `None` if there are none.
    pub(crate) fn upstreams(mut self) -> Option<Upstreams> {
        if self.known.is_empty() {
            return None;
        }
        // Only now their protocols are known. They are numbered in this order, too.
        for known in &self.known {
            let is_checked = self.has_account || known.protocol == Protocol::X;
            self.balancer.add_upstream(is_checked, Instant::now());
        }
        let connections = self.known.iter().map(|_| HashMap::new()).collect();
        let speak_x = vec![None; self.known.len()];
        Some(Upstreams(Arc::new(Shared {
            known: self.known,
            routes: self.routes,
            changing: Mutex::new(Changing {
                balancer: self.balancer,
                connections,
                speak_x,
            }),
            wake: Notify::new(),
        })))
    }
}

impl Upstreams {
    pub(crate) fn known(&self) -> &[Known] {
        &self.0.known
    }

    /// The number of the upstream with this name.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.0.known.iter().position(|known| *known.name == *name)
    }

    /// Chooses an upstream for a connection that has tried these already; `None` if there is none. The connection counts
    /// until it is [released](Self::release), and is to be closed when what is returned with it is cancelled.
    pub(super) fn choose(
        &self,
        route: usize,
        tried: &[usize],
        connection: u32,
        now: Instant,
    ) -> Option<(usize, CancellationToken)> {
        let mut changing = self.changing();
        let upstream = changing.balancer.choose(route, tried, now)?;
        let closing = CancellationToken::new();
        if let Some(connections) = changing.connections.get_mut(upstream) {
            connections.insert(connection, closing.clone());
        }
        Some((upstream, closing))
    }

    /// Why an upstream that wasn't tried couldn't be chosen.
    pub(crate) fn no_room(&self, upstream: usize) -> Option<NoRoom> {
        self.changing().balancer.no_room(upstream)
    }

    /// An upstream has greeted by one of the protocols.
    pub(super) fn note_reached(&self, upstream: usize, is_x: bool) {
        self.note_protocol(upstream, is_x);
        let is_back = self.changing().balancer.reached(upstream, Instant::now());
        if is_back {
            self.log_change(upstream, None);
        }
    }

    pub(super) fn note_failed(&self, upstream: usize, is_down: bool, why: &str, chosen: Instant) {
        let now = Instant::now();
        let mut changing = self.changing();
        let balancer = &mut changing.balancer;
        let is_gone = balancer.fail(upstream, is_down, why.to_owned(), chosen, now);
        drop(changing);
        if is_gone {
            self.log_change(upstream, Some(why));
        }
        self.0.wake.notify_one();
    }

    /// An upstream was seen to speak the X Protocol, or the classic one.
    pub(super) fn note_protocol(&self, upstream: usize, is_x: bool) {
        if let Some(speaks_x) = self.changing().speak_x.get_mut(upstream) {
            *speaks_x = Some(is_x);
        }
    }

    /// Whether an upstream speaks the X Protocol, as far as is known: by its routes, by its connections, or by those of
    /// the other upstreams of its routes. `None` if nothing is known, or if these differ.
    pub(super) fn speaks_x(&self, upstream: usize) -> Option<bool> {
        match self.0.known.get(upstream)?.protocol {
            Protocol::X => return Some(true),
            Protocol::Classic => return Some(false),
            Protocol::Auto => {}
        }
        let changing = self.changing();
        let seen = |number: &usize| changing.speak_x.get(*number).copied().flatten();
        seen(&upstream).or_else(|| {
            let routes = self.0.routes.iter();
            let routes = routes.filter(|members| members.contains(&upstream));
            let mut others = routes.flatten().filter_map(seen);
            let first = others.next()?;
            others.all(|other| other == first).then_some(first)
        })
    }

    /// An upstream may be gone, which a check is to show.
    pub(super) fn suspect(&self, upstream: usize) {
        self.changing().balancer.suspect(upstream, Instant::now());
        self.0.wake.notify_one();
    }

    pub(super) fn release(&self, upstream: usize, connection: u32) {
        let mut changing = self.changing();
        changing.balancer.release(upstream);
        if let Some(connections) = changing.connections.get_mut(upstream) {
            connections.remove(&connection);
        }
    }

    /// An upstream gets no further connections; its open ones are closed after this time, if there is one.
    pub(crate) fn drain(&self, upstream: usize, close_after: Option<Duration>) {
        let now = Instant::now();
        self.changing().balancer.drain(upstream, close_after, now);
        self.0.wake.notify_one();
    }

    /// An upstream gets connections again.
    pub(crate) fn undrain(&self, upstream: usize) {
        self.changing().balancer.undrain(upstream, Instant::now());
    }

    /// The upstreams whose checks begin now.
    pub(super) fn begin_checks(&self) -> Vec<usize> {
        self.changing().balancer.begin_checks(Instant::now())
    }

    /// A check takes too long, and continues.
    pub(super) fn note_late_check(&self, upstream: usize, why: String) {
        let now = Instant::now();
        let mut changing = self.changing();
        let balancer = &mut changing.balancer;
        let is_gone = balancer.note_late_check(upstream, why.clone(), now);
        drop(changing);
        if is_gone {
            self.log_change(upstream, Some(&why));
        }
    }

    /// A check was passed, or failed for this reason, or says nothing.
    pub(super) fn end_check(&self, upstream: usize, result: Option<Result<(), String>>) {
        let why = result
            .as_ref()
            .and_then(|result| result.as_ref().err().cloned());
        let now = Instant::now();
        let changed = self.changing().balancer.end_check(upstream, result, now);
        if changed.is_some() {
            self.log_change(upstream, why.as_deref());
        }
        self.0.wake.notify_one();
    }

    /// Has the connections closed whose upstream is drained, and whose time is over.
    pub(super) fn close_drained(&self) {
        let mut changing = self.changing();
        for upstream in changing.balancer.take_closing(Instant::now()) {
            let connections = changing.connections.get(upstream);
            for closing in connections.into_iter().flat_map(HashMap::values) {
                closing.cancel();
            }
        }
    }

    /// Waits until something is due, or may be due earlier than it was.
    pub(super) async fn wait(&self) {
        let next = self.changing().balancer.next_time();
        let woken = self.0.wake.notified();
        match next {
            Some(next) => {
                let _late = tokio::time::timeout_at(next.into(), woken).await;
            }
            None => woken.await,
        }
    }

    /// The facts about each upstream.
    pub(crate) fn list(&self) -> Vec<(&Known, UpstreamView)> {
        let numbers = 0..self.0.known.len();
        numbers.filter_map(|number| self.view(number)).collect()
    }

    /// The facts about an upstream.
    pub(crate) fn view(&self, upstream: usize) -> Option<(&Known, UpstreamView)> {
        let known = self.0.known.get(upstream)?;
        let view = self.changing().balancer.view(upstream, Instant::now())?;
        Some((known, view))
    }

    /// Logs that an upstream is up, or down for this reason.
    fn log_change(&self, upstream: usize, why: Option<&str>) {
        let name = self.0.known.get(upstream).map_or("", |known| &known.name);
        match why {
            // A warning, too: it ends what the warning before has said.
            None => log::warn!("the upstream {name} is up again"),
            Some(why) => log::warn!("the upstream {name} is down: {why}"),
        }
    }

    fn changing(&self) -> MutexGuard<'_, Changing> {
        let changing = self.0.changing.lock();
        changing.unwrap_or_else(PoisonError::into_inner)
    }
}
