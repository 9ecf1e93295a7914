//! Edges of a session's diagram, of either protocol.

use std::fmt::Debug;

use mynah_session::SessionError;

/// A session, as far as its states are looked at.
pub(crate) trait Session: Debug {
    type Event;

    fn handle(&mut self, event: Self::Event) -> Result<(), SessionError>;

    /// Forgets what it asks and sends.
    fn forget(&mut self);

    /// An event that has no place in its state.
    fn misplaced(&self) -> Self::Event;
}

/// The state that a session is in: what it says to an event that has no place there.
pub(crate) fn state<S: Session>(mut server: S) -> &'static str {
    let misplaced = server.misplaced();
    match server.handle(misplaced) {
        Err(SessionError::Unexpected { state, .. }) => state,
        other => panic!("{other:?}: {server:?}"),
    }
}

/// A session to which all this has happened ends in the state.
pub(crate) fn arrives<S: Session>(
    mut server: S,
    events: impl IntoIterator<Item = S::Event>,
    expected: &str,
) {
    for event in events {
        server.forget();
        server.handle(event).unwrap();
    }
    assert_eq!(state(server), expected);
}

/// A test for each edge: what has happened before, what happens, and the state that it leads to.
macro_rules! edges {
    ($($name:ident: $from:expr, [$($event:expr),*] => $to:literal;)*) => {$(
        #[test]
        fn $name() {
            let mut events = $from;
            events.extend([$($event),*]);
            $crate::edge_support::arrives($crate::fresh(), events, $to);
        }
    )*};
}
pub(crate) use edges;
