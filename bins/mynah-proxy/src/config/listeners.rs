//! The listeners of a file with their servers, as options.

use std::path::Path;

use super::Problem;
use super::names::{nearest, shown_name};
use super::problem::Place;
use super::words::Word;

/// A table below `listeners`.
#[derive(Debug)]
pub(super) struct Listener {
    place: Place,
    address: Option<(String, Place)>,
    servers: Option<(Vec<String>, Place)>,
    protocol: Option<String>,
    policy: Option<String>,
}

/// A table below `servers`.
#[derive(Debug)]
pub(super) struct Server {
    place: Place,
    pub(super) address: Option<String>,
}

impl Listener {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            address: None,
            servers: None,
            protocol: None,
            policy: None,
        }
    }

    pub(super) fn set(&mut self, path: &str, texts: Vec<String>, place: Place) {
        let mut all = texts.iter();
        let first = all.next().cloned();
        match path {
            "listeners.*.address" => self.address = first.map(|first| (first, place)),
            "listeners.*.servers" => self.servers = Some((texts, place)),
            "listeners.*.protocol" => self.protocol = first,
            "listeners.*.policy" => self.policy = first,
            _ => {}
        }
    }
}

impl Server {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            address: None,
        }
    }

    fn name(&self) -> &str {
        name(&self.place)
    }
}

/// The options of the routes: those that exist once for each are in the order of the listeners.
pub(super) fn words(
    file: &Path,
    listeners: &[Listener],
    servers: &[Server],
    problems: &mut Vec<Problem>,
) -> Vec<Word> {
    let mut words = Vec::new();
    // The option of a policy is for proxies that have several upstreams somewhere.
    let has_several = |servers: &(Vec<String>, Place)| servers.0.len() > 1;
    let has_policies = listeners.iter().any(|listener| {
        listener.policy.is_some() || listener.servers.as_ref().is_some_and(has_several)
    });
    let mut addresses: Vec<(&str, &Place)> = Vec::new();
    for listener in listeners {
        let (Some((address, at)), Some((names, servers_at))) =
            (&listener.address, &listener.servers)
        else {
            // It was said that one is missing, or wrong.
            continue;
        };
        let other = addresses.iter().find(|(other, _)| other == address);
        if let Some((_, other)) = other.filter(|_| !is_free_port(address)) {
            let text = format!(
                "the address is that of {} in line {}; use another",
                other.path, other.line
            );
            problems.push(at.problem(file, text));
        }
        addresses.push((address, at));
        let upstream = upstream(file, names, servers_at, servers, problems);
        let word = |option, value: &str, place: &Place| Word {
            option,
            value: Some(value.to_owned()),
            place: place.clone(),
        };
        let protocol = listener.protocol.as_deref().unwrap_or("auto");
        let policy = listener.policy.as_deref().unwrap_or("first-available");
        words.extend([
            word("--listen", address, at),
            word("--upstream", &upstream, servers_at),
            word("--protocol", protocol, &listener.place),
        ]);
        words.extend(has_policies.then(|| word("--upstream-policy", policy, &listener.place)));
    }
    words
}

/// The addresses of the servers with these names, separated by commas.
fn upstream(
    file: &Path,
    names: &[String],
    at: &Place,
    servers: &[Server],
    problems: &mut Vec<Problem>,
) -> String {
    let mut addresses: Vec<&str> = Vec::new();
    for wanted in names {
        let Some(server) = servers
            .iter()
            .find(|server| server.name() == shown_name(wanted))
        else {
            let known = servers.iter().map(Server::name);
            let remedy = match nearest(wanted, known.clone()) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("use {}", known.collect::<Vec<_>>().join(", ")),
            };
            let text = format!("there is no server '{}'; {remedy}", wanted.escape_debug());
            problems.push(at.problem(file, text));
            continue;
        };
        let Some(address) = server.address.as_deref() else {
            continue;
        };
        if addresses.contains(&address) {
            let text = format!(
                "the server '{wanted}' has the address of another of the list; leave one out"
            );
            problems.push(at.problem(file, text));
        }
        addresses.push(address);
    }
    addresses.join(",")
}

/// A server's name as it stands in its path.
fn name(place: &Place) -> &str {
    place.path.strip_prefix("servers.").unwrap_or(&place.path)
}

fn is_free_port(address: &str) -> bool {
    !address.contains('/') && (address == "0" || address.ends_with(":0"))
}
