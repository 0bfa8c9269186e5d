//! JSON over HTTP to a server on this machine: the part of HTTP/1.1 that chromedriver speaks.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

/// How long one answer may take. Above every wait inside the page, so that those report first.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(180);

/// Sends one request and returns the `value` of the answer, or the error's message.
pub fn ask(port: u16, method: &str, path: &str, body: &Value) -> Result<Value, String> {
    let answer = exchange(port, method, path, body).map_err(|error| error.to_string())?;
    let mut answer: Value = serde_json::from_str(&answer)
        .map_err(|error| format!("{method} {path} answered {answer:?}: {error}"))?;
    let value = answer["value"].take();
    match value.get("error").and_then(Value::as_str) {
        Some(kind) => Err(format!("{kind}: {}", value["message"].as_str().unwrap_or_default())),
        None => Ok(value),
    }
}

fn exchange(port: u16, method: &str, path: &str, body: &Value) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(ANSWER_TIME_MAX))?;
    let body = if method == "POST" { body.to_string() } else { String::new() };
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut reader = BufReader::new(stream);
    let mut length = None;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? <= 2 {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let mut content = Vec::new();
    match length {
        Some(length) => reader.take(length).read_to_end(&mut content)?,
        None => reader.read_to_end(&mut content)?,
    };
    Ok(String::from_utf8_lossy(&content).into_owned())
}
