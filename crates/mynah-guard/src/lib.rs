#![doc = include_str!("../README.md")]

mod allocator;
mod defer;
mod descriptor;
mod enlist;
mod enter;
mod guard;
mod local;
mod loss;
mod os;
mod red_zone;
mod shared;
mod stack;

pub use allocator::{Guarded, held};
pub use defer::{Deferred, defer};
pub use descriptor::{Descriptor, Lent};
pub use enlist::{Enlisted, enlist};
pub use enter::{Inside, enter};
pub use guard::Guard;
pub use loss::{Cause, Loss, Losses, Reporter, losses};
pub use stack::on_stack;
