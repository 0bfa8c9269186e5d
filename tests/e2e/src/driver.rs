//! The chromedriver process: started on a port of its own choosing, ended with its owner.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
};

/// Ports that chromedriver may choose before something else must be wrong.
const PORTS_TRIED: u32 = 8;

/// A running chromedriver.
pub struct Driver {
    process: Child,
    /// The port it listens on.
    pub port: u16,
}

impl Driver {
    /// Starts the program that `CHROMEDRIVER` names, or the one on the PATH.
    ///
    /// It takes one number for IPv4 and IPv6 and ends at once where another program has it on
    /// either: then it is started anew, to choose another.
    pub fn start() -> Self {
        let mut attempts = (0..PORTS_TRIED).filter_map(|_| Self::on_a_free_port());
        attempts.next().expect("chromedriver says on which port it listens")
    }

    fn on_a_free_port() -> Option<Self> {
        let program = env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_string());
        let mut process = Command::new(&program)
            // Port 0: several engineers and test binaries run at once, so no number is safe.
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "`{program}` cannot be started ({error}); `cargo xtask test e2e` installs it"
                )
            });
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| port_in(&line));
        // It must never block on a full pipe.
        thread::spawn(move || lines.for_each(drop));
        let port = port.or_else(|| {
            // It has ended by itself, or says nothing any more.
            let _ = process.kill();
            let _ = process.wait();
            None
        })?;
        Some(Self { process, port })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Already ended is fine: that is what we want.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `ChromeDriver was started successfully on port 43567.`
fn port_in(line: &str) -> Option<u16> {
    let after = line.split_once("started successfully on port ")?.1;
    after.trim_end_matches('.').parse().ok()
}
