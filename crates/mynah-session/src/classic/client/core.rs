use std::collections::VecDeque;

use super::Options;
use super::event::Action;
use crate::classic::packet_exchange::PacketExchange;

/// What a client has in each of its states.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) exchange: PacketExchange,
    pub(super) actions: VecDeque<Action>,
    pub(super) options: Options,
}

impl Core {
    pub(super) fn new(options: Options) -> Self {
        Self {
            exchange: PacketExchange::new(options.max_packet_size as usize),
            actions: VecDeque::new(),
            options,
        }
    }
}
