//! Routes with several upstreams: which one a client gets, which are up, and what HTTP clients see and change of them.
//! The decisions are in `balancer/`, without sockets and with the time as a value.

mod balancer;
mod check;
mod checker;
mod duration;
mod handle;
mod lease;
mod options;
mod problem;
mod settings;
mod view;
mod x_question;

pub(crate) use balancer::NoRoom;
pub(crate) use checker::Checker;
pub(crate) use duration::duration;
pub(crate) use handle::{Known, Members, TwoProtocols, Upstreams};
pub(crate) use lease::Lease;
pub use options::{CheckAccount, UpstreamOptions, UpstreamPolicy};
pub(crate) use problem::{Problem, of_error_packet, read_error, serves_none};
pub(crate) use settings::CheckSettings;
pub(crate) use view::UpstreamView;
pub(crate) use x_question::{Answer, ask_for_capabilities, of_error_frame};
