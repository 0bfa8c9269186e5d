//! A static file server for the built page, on 127.0.0.1 only.
//!
//! One thread per connection and one response per connection: enough for one reader. It can also
//! misbehave on request (delay or break a file), and it remembers what was asked of it, so that a
//! browser test can see a slow network, a failed download, and the weight of the page. It is not a
//! server for the open net.

use crate::weight::gzip_bytes;
use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    thread,
    time::Duration,
};

/// A fault to put on every file whose path ends in a given suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answer only after this long.
    Delay(Duration),
    /// Promise the whole file and close the connection half-way.
    Abort,
    /// Answer 404.
    Missing,
    /// Close the connection without a word, as if there were no network.
    Silent,
}

/// One request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Path as asked, with its leading slash and without the query.
    pub path: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// What was sent.
    pub body: Vec<u8>,
}

impl Request {
    /// Size of the body in bytes after gzip. Computed when asked: compressing while a page loads
    /// would slow down the very thing that a test measures.
    pub fn gzip_bytes(&self) -> u64 {
        gzip_bytes(&self.body)
    }
}

/// A running server. It serves until the process ends.
#[derive(Clone)]
pub struct Site {
    address: SocketAddr,
    mount: String,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    faults: Vec<(String, Fault)>,
    requests: Vec<Request>,
}

impl Site {
    /// Serves `directory` at `/` of 127.0.0.1. Port 0 lets the system choose a free one.
    pub fn start(directory: &Path, port: u16) -> io::Result<Self> {
        Self::start_under(directory, port, "/")
    }

    /// Serves `directory` under `mount`, a path that begins and ends with a slash. Everything
    /// outside it is 404, as on a host where the page is only one of many.
    pub fn start_under(directory: &Path, port: u16, mount: &str) -> io::Result<Self> {
        assert!(mount.starts_with('/') && mount.ends_with('/'), "a mount is written /like/this/");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let site = Self {
            address: listener.local_addr()?,
            mount: mount.to_string(),
            shared: Arc::default(),
        };
        let (server, directory) = (site.clone(), directory.to_path_buf());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (server, directory) = (server.clone(), directory.clone());
                // A browser that hangs up early is not a fault of this server.
                thread::spawn(move || drop(server.answer(&directory, stream)));
            }
        });
        Ok(site)
    }

    /// The address to open in a browser.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.mount)
    }

    /// Host and port, as a URL names them.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// From now on, files whose path ends in `suffix` have this fault.
    pub fn inject(&self, suffix: &str, fault: Fault) {
        self.shared().faults.push((suffix.to_string(), fault));
    }

    /// Takes all faults away.
    pub fn mend(&self) {
        self.shared().faults.clear();
    }

    /// What was asked since the start or the last `forget`, in the order of the answers.
    pub fn requests(&self) -> Vec<Request> {
        self.shared().requests.clone()
    }

    /// Empties the list of requests.
    pub fn forget(&self) {
        self.shared().requests.clear();
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        // A panic elsewhere leaves plain lists behind, which are still good to read.
        self.shared.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn answer(&self, directory: &Path, mut stream: TcpStream) -> io::Result<()> {
        let Some(path) = requested_path(&stream)? else {
            return Ok(());
        };
        let fault = self.fault_on(&path);
        if let Some(Fault::Delay(delay)) = fault {
            thread::sleep(delay);
        }
        if fault == Some(Fault::Silent) {
            return Ok(());
        }
        let body = match fault {
            Some(Fault::Missing) => None,
            _ => self.file_at(directory, &path).and_then(|file| fs::read(file).ok()),
        };
        let (status, body) = match body {
            Some(body) => (200, body),
            None => (404, b"Not found\n".to_vec()),
        };
        self.shared().requests.push(Request { path: path.clone(), status, body: body.clone() });
        write!(
            stream,
            "HTTP/1.1 {status} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
             Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n\
             Connection: close\r\n\r\n",
            if status == 200 { "OK" } else { "Not Found" },
            if status == 200 { content_type(&path) } else { "text/plain; charset=utf-8" },
            body.len(),
        )?;
        let sent = if fault == Some(Fault::Abort) { body.len() / 2 } else { body.len() };
        stream.write_all(&body[..sent])?;
        stream.flush()
    }

    fn fault_on(&self, path: &str) -> Option<Fault> {
        let shared = self.shared();
        shared.faults.iter().rev().find(|(suffix, _)| path.ends_with(suffix)).map(|(_, f)| *f)
    }

    /// The file behind a path; None when the path leads outside of the directory or the mount.
    fn file_at(&self, directory: &Path, path: &str) -> Option<PathBuf> {
        let inside = PathBuf::from(path.strip_prefix(&self.mount)?);
        if !inside.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let file = directory.join(&inside);
        Some(if path.ends_with('/') { file.join("index.html") } else { file })
    }
}

/// Reads one request's head and returns its path, or None when the peer only opened a connection.
fn requested_path(stream: &TcpStream) -> io::Result<Option<String>> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let target = first.split_whitespace().nth(1);
    Ok(target.map(|target| target.split(['?', '#']).next().unwrap_or(target).to_string()))
}

/// The MIME type by a file's extension. WebAssembly is only compiled while it streams in when its
/// type is right, and a module script is only run when its type is.
fn content_type(path: &str) -> &'static str {
    let name = if path.ends_with('/') { "index.html" } else { path };
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" | "toml" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Site};
    use std::{
        io::{Read, Write},
        net::TcpStream,
        path::Path,
    };

    fn fetch(site: &Site, path: &str) -> String {
        let mut stream = TcpStream::connect(site.host()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", site.host()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn here() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn a_file_is_served_under_the_mount_and_nowhere_else() {
        let site = Site::start_under(here(), 0, "/a/b/").unwrap();
        assert!(fetch(&site, "/a/b/Cargo.toml?x=1").starts_with("HTTP/1.1 200"));
        assert!(fetch(&site, "/Cargo.toml").starts_with("HTTP/1.1 404"));
        assert_eq!(site.requests().iter().map(|r| r.status).collect::<Vec<_>>(), [200, 404]);
    }

    #[test]
    fn a_path_that_climbs_out_of_the_directory_is_not_found() {
        let site = Site::start(&here().join("src"), 0).unwrap();
        assert!(fetch(&site, "/lib.rs").starts_with("HTTP/1.1 200"));
        assert!(fetch(&site, "/../Cargo.toml").starts_with("HTTP/1.1 404"));
        assert!(fetch(&site, "//etc/hostname").starts_with("HTTP/1.1 404"));
    }

    #[test]
    fn an_injected_fault_is_met_and_can_be_mended() {
        let site = Site::start(here(), 0).unwrap();
        site.inject(".toml", Fault::Missing);
        assert!(fetch(&site, "/Cargo.toml").starts_with("HTTP/1.1 404"));
        site.mend();
        let whole = fetch(&site, "/Cargo.toml");
        assert!(whole.starts_with("HTTP/1.1 200"));
        site.inject(".toml", Fault::Abort);
        let half = fetch(&site, "/Cargo.toml");
        assert!(half.starts_with("HTTP/1.1 200") && half.len() < whole.len(), "{half}");
    }
}
