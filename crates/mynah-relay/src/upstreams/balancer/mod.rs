//! Chooses upstreams, without sockets; the time comes in as a value.

mod health;
mod rotation;
mod schedule;
mod slow_start;
mod state;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use super::{UpstreamOptions, UpstreamPolicy, UpstreamView};
use rotation::Rotation;
use state::{UpstreamState, after};

/// The upstreams of all routes that have several, and what is known of them.
///
/// A caller chooses an upstream, tries to connect, and says whether it was [`reached`](Self::reached) or has
/// [failed](Self::fail); in the end the caller always [releases](Self::release) it. Checks that are due are begun by
/// [`begin_checks`](Self::begin_checks), and each is ended by [`end_check`](Self::end_check); an upstream has no more than
/// one at a time.
#[derive(Debug)]
pub(crate) struct Balancer {
    options: UpstreamOptions,
    upstreams: Vec<UpstreamState>,
    routes: Vec<RouteState>,
}

/// A route, with the numbers of its upstreams in their order.
#[derive(Debug)]
struct RouteState {
    policy: UpstreamPolicy,
    members: Vec<usize>,
    rotation: Rotation,
}

/// Why an upstream can't have another connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoRoom {
    Drained,
    /// It has this many connections, as many as it may have.
    Full(usize),
}

impl Balancer {
    pub(crate) fn new(options: UpstreamOptions) -> Self {
        Self {
            options,
            upstreams: Vec::new(),
            routes: Vec::new(),
        }
    }

    /// Adds an upstream, and returns its number. `is_checked` says whether it is checked also while it is up.
    pub(crate) fn add_upstream(&mut self, is_checked: bool, now: Instant) -> usize {
        let state = UpstreamState::new(is_checked, &self.options, now);
        self.upstreams.push(state);
        self.upstreams.len() - 1
    }

    /// Adds a route to these upstreams, and returns its number.
    pub(crate) fn add_route(&mut self, policy: UpstreamPolicy, members: Vec<usize>) -> usize {
        self.routes.push(RouteState {
            policy,
            rotation: Rotation::new(members.len()),
            members,
        });
        self.routes.len() - 1
    }

    /// Chooses an upstream for a new connection, of those that weren't tried for it: one that is up, if there is any, else
    /// one that is down. Never one that is drained or has as many connections as it may have. `None` if there is none.
    pub(crate) fn choose(&mut self, route: usize, tried: &[usize], now: Instant) -> Option<usize> {
        let (options, upstreams) = (&self.options, &mut self.upstreams);
        let RouteState {
            policy,
            members,
            rotation,
        } = self.routes.get_mut(route)?;
        let can_be = |number: usize| {
            let state = upstreams.get(number);
            let state = state.filter(|state| !tried.contains(&number) && state.has_room(options));
            state.map(UpstreamState::is_up)
        };
        let states: Vec<Option<bool>> = members.iter().map(|&number| can_be(number)).collect();
        let is_ready = |position: usize| states.get(position) == Some(&Some(true));
        let mut takes_turn = |position: usize| {
            let number = members.get(position).copied().unwrap_or(usize::MAX);
            let state = upstreams.get_mut(number);
            state.is_some_and(|state| state.takes_turn(now))
        };
        let ready = match policy {
            UpstreamPolicy::FirstAvailable => {
                let mut ready = (0..members.len()).filter(|&position| is_ready(position));
                let first = ready.next();
                match first {
                    Some(first) if takes_turn(first) => Some(first),
                    _ => ready.find(|&position| takes_turn(position)).or(first),
                }
            }
            UpstreamPolicy::RoundRobin => rotation.next(is_ready, takes_turn),
        };
        // What is known of those that are down may be old: better to try one than to refuse the client.
        let down = || states.iter().position(|&state| state == Some(false));
        let number = members.get(ready.or_else(down)?).copied()?;
        self.upstreams.get_mut(number)?.take();
        Some(number)
    }

    /// Why an upstream that wasn't tried can't be chosen; `None` if it can.
    pub(crate) fn no_room(&self, number: usize) -> Option<NoRoom> {
        let state = self.upstreams.get(number)?;
        if state.is_drained() {
            return Some(NoRoom::Drained);
        }
        let most = self.options.max_connections?;
        state.is_full(&self.options).then_some(NoRoom::Full(most))
    }

    /// A chosen upstream has greeted. Returns whether it is up only now.
    pub(crate) fn reached(&mut self, number: usize, now: Instant) -> bool {
        let state = self.upstreams.get_mut(number);
        state.is_some_and(|state| state.reached(now, &self.options))
    }

    /// An upstream that was chosen at a time can't be used by this client. If `is_down`, it is used by no other client
    /// either, until it is up again; but if it was seen to serve since it was chosen, it is only checked soon. Returns
    /// whether it is down only now.
    pub(crate) fn fail(
        &mut self,
        number: usize,
        is_down: bool,
        why: String,
        chosen: Instant,
        now: Instant,
    ) -> bool {
        let Some(state) = self.upstreams.get_mut(number) else {
            return false;
        };
        state.count_failure();
        is_down && state.fail(chosen, now, why)
    }

    /// A connection to a chosen upstream has ended, or wasn't made.
    pub(crate) fn release(&mut self, number: usize) {
        if let Some(state) = self.upstreams.get_mut(number) {
            state.release();
        }
    }

    /// An upstream has lost a connection, or is silent, and is checked soon.
    pub(crate) fn suspect(&mut self, number: usize, now: Instant) {
        if let Some(state) = self.upstreams.get_mut(number) {
            state.suspect(now);
        }
    }

    /// Begins the checks that are due, and returns their upstreams.
    pub(crate) fn begin_checks(&mut self, now: Instant) -> Vec<usize> {
        let mut begun = Vec::new();
        for (number, state) in self.upstreams.iter_mut().enumerate() {
            if state.due().is_some_and(|due| due <= now) {
                state.begin_check(now);
                begun.push(number);
            }
        }
        begun
    }

    /// A check takes too long, which counts as a failed one, and continues. Returns whether the upstream is down only now.
    pub(crate) fn note_late_check(&mut self, number: usize, why: String, now: Instant) -> bool {
        let state = self.upstreams.get_mut(number);
        state.is_some_and(|state| state.note_late_check(now, why, &self.options))
    }

    /// A check was passed, or failed for this reason, or says nothing of the upstream. Returns whether the upstream is up
    /// now, if that has changed.
    pub(crate) fn end_check(
        &mut self,
        number: usize,
        result: Option<Result<(), String>>,
        now: Instant,
    ) -> Option<bool> {
        let state = self.upstreams.get_mut(number)?;
        let has_changed = state.end_check(now, result, &self.options);
        has_changed.then_some(state.is_up())
    }

    /// An upstream gets no further connections. Its open ones are closed after this time, or stay without one.
    pub(crate) fn drain(&mut self, number: usize, close_after: Option<Duration>, now: Instant) {
        if let Some(state) = self.upstreams.get_mut(number) {
            state.begin_drain(after(now, close_after));
        }
    }

    /// An upstream gets connections again. Returns whether it was drained.
    pub(crate) fn undrain(&mut self, number: usize, now: Instant) -> bool {
        let state = self.upstreams.get_mut(number);
        state.is_some_and(|state| state.end_drain(now, &self.options))
    }

    /// The drained upstreams whose connections are to be closed now.
    pub(crate) fn take_closing(&mut self, now: Instant) -> Vec<usize> {
        let mut closing = Vec::new();
        for (number, state) in self.upstreams.iter_mut().enumerate() {
            if state.close_at().is_some_and(|close_at| close_at <= now) {
                state.note_closed();
                closing.push(number);
            }
        }
        closing
    }

    /// When there is something to do next.
    pub(crate) fn next_time(&self) -> Option<Instant> {
        let times = self.upstreams.iter();
        times
            .flat_map(|state| [state.due(), state.close_at()])
            .flatten()
            .min()
    }

    pub(crate) fn view(&self, number: usize, now: Instant) -> Option<UpstreamView> {
        Some(self.upstreams.get(number)?.view(now))
    }
}
