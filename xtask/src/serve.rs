//! `cargo xtask serve`: from a clone to the running app with one command.
//!
//! It builds once and serves files; it does not watch. `trunk serve` is the edit-and-reload loop.

use crate::{page, run::Outcome};
use std::{io::ErrorKind, thread};
use xtask::{place, site::Site};

const PORT_DEFAULT: u16 = 8080;
/// How many ports after the wanted one are tried.
const PORTS_TRIED: u16 = 100;

pub fn serve(arguments: &[String]) -> Outcome {
    let wanted = wanted_port(arguments)?;
    let directory = place::scratch("serve");
    page::build_into(&directory)?;
    for port in wanted..=wanted.saturating_add(PORTS_TRIED) {
        match Site::start(&directory, port) {
            Ok(site) => {
                if port != wanted {
                    println!("Port {wanted} is taken, so this is the next free one.");
                }
                println!("\nReplicascope is at {}   (Ctrl-C ends it)", site.url());
                loop {
                    thread::park();
                }
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(format!("cannot serve on 127.0.0.1:{port}: {error}")),
        }
    }
    Err(format!("no port is free from {wanted} on; name another with --port"))
}

fn wanted_port(arguments: &[String]) -> Outcome<u16> {
    let text = match arguments {
        [] => return Ok(PORT_DEFAULT),
        [option] if option.starts_with("--port=") => &option["--port=".len()..],
        [option, value] if option == "--port" => value,
        _ => {
            return Err(format!("serve takes only --port P, but got `{}`", arguments.join(" ")));
        }
    };
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!("a port is a number from 1 to 65535, not `{text}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::wanted_port;

    fn port(words: &[&str]) -> Option<u16> {
        wanted_port(&words.iter().map(|word| word.to_string()).collect::<Vec<_>>()).ok()
    }

    #[test]
    fn the_port_is_read_in_both_spellings_and_nothing_else_is_accepted() {
        assert_eq!(port(&[]), Some(8080));
        assert_eq!(port(&["--port", "9000"]), Some(9000));
        assert_eq!(port(&["--port=9000"]), Some(9000));
        assert_eq!(port(&["--port", "0"]), None);
        assert_eq!(port(&["--prot", "9000"]), None);
    }
}
