use std::cell::Cell;
use std::rc::Rc;

/// What an evaluation depends on, or does, besides what the texts say.
pub(super) type Impure = Rc<Cell<Option<&'static str>>>;
