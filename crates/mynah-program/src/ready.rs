use sd_notify::NotifyState;

/// Notifies the service manager (systemd), if there is one, that clients can connect.
pub fn notify_ready() {
    notify(&[NotifyState::Status("running"), NotifyState::Ready]);
}

/// Notifies the service manager (systemd), if there is one, that the program is ending. `status` is a text that the
/// service manager shows meanwhile.
pub fn notify_ending(status: &str) {
    notify(&[NotifyState::Status(status), NotifyState::Stopping]);
}

fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        log::warn!("can't notify the service manager: {error}");
    }
}
