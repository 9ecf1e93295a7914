//! Opens the proxy's page in a browser.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::{Command, Stdio};

use mynah_net::ListenAddress;

/// Has the system's browser show the page at this address. If there is none, the log says what to open.
pub(crate) fn open(address: &ListenAddress) {
    let Some(url) = url(address) else { return };
    let mut command = Command::new(OPENER);
    command.arg(&url);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match command.spawn() {
        Ok(mut child) => {
            // It ends at once, or with the browser: either way it must not stay behind as a zombie.
            std::thread::spawn(move || {
                let ended = child.wait();
                if !ended.is_ok_and(|status| status.success()) {
                    log::warn!("{OPENER} can't open a browser: open {url} yourself");
                }
            });
        }
        Err(error) => log::warn!("can't start {OPENER} ({error}): open {url} yourself"),
    }
}

/// The page's address for a browser on this machine.
fn url(address: &ListenAddress) -> Option<String> {
    let ListenAddress::Tcp(mut address) = *address else {
        return None;
    };
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    Some(format!("http://{address}/"))
}

/// The program that opens what a desktop has a program for.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_opened_where_it_can_be_reached() {
        for (listened_on, expected) in [
            ("127.0.0.1:9104", "http://127.0.0.1:9104/"),
            ("0.0.0.0:9104", "http://127.0.0.1:9104/"),
            ("[::]:9104", "http://[::1]:9104/"),
            ("192.0.2.1:80", "http://192.0.2.1:80/"),
        ] {
            let address = ListenAddress::Tcp(listened_on.parse().unwrap());
            assert_eq!(url(&address).unwrap(), expected);
        }
    }
}
