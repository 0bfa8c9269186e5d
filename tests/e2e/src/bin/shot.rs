//! Takes a screenshot of the page, or of any address on this machine, in a true viewport.
//!
//! `cargo run -p e2e --bin shot -- --help` lists the options. Each run has its own server, driver,
//! browser and profile, so that any number can run at once.

use e2e::{Browser, PATIENCE, Site, Viewport};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

const HELP: &str = "\
shot (--dist DIR | --url URL) [options]

  --dist DIR         serve this directory and open it (default: $REPLICASCOPE_DIST)
  --url URL          open this address instead
  --tail TEXT        put this after the address, such as '?embed=1' or '#s=...'
  --size WxH         viewport in CSS pixels, one device pixel each (default 1440x900)
  --touch            a touch screen, with a coarse pointer
  --dark, --light    the person's colour scheme (default dark)
  --reduced-motion   the person wants less motion
  --press KEYS       press keys one after another, once ready: 'Space . . Shift+Tab'
  --click SELECTOR   click the middle of an element, once ready
  --js CODE          run statements in the page, once ready; `return X` prints X as JSON
  --wait CONDITION   then wait until this JavaScript is true
  --wait-ms N        then let N milliseconds pass (default 300)
  --crop SELECTOR    keep only this element
  --full             the whole document, not only the viewport
  --out FILE         where to write the PNG (default shot.png)

--press, --click, --js and --wait may come several times and are done in the order given. The
console is printed; the exit code is 1 when it has an error.";

enum Act {
    Press(String),
    Click(String),
    Run(String),
    Wait(String),
}

struct Options {
    dist: Option<PathBuf>,
    url: Option<String>,
    tail: String,
    viewport: Viewport,
    light: bool,
    reduced_motion: bool,
    acts: Vec<Act>,
    wait_ms: u64,
    crop: Option<String>,
    full: bool,
    out: PathBuf,
}

fn main() -> ExitCode {
    match options(std::env::args().skip(1)) {
        Ok(Some(options)) => shoot(&options),
        Ok(None) => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("shot: {message}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

fn options(words: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options {
        dist: std::env::var_os("REPLICASCOPE_DIST").map(PathBuf::from),
        url: None,
        tail: String::new(),
        viewport: e2e::DESKTOP,
        light: false,
        reduced_motion: false,
        acts: Vec::new(),
        wait_ms: 300,
        crop: None,
        full: false,
        out: PathBuf::from("shot.png"),
    };
    let mut words = words;
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} wants a value"));
        match word.as_str() {
            "--dist" => options.dist = Some(value()?.into()),
            "--url" => options.url = Some(value()?),
            "--tail" => options.tail = value()?,
            "--size" => {
                let size = value()?;
                let (width, height) = size_in(&size).ok_or(format!("a size is WxH, not {size}"))?;
                options.viewport = Viewport { width, height, ..options.viewport };
            }
            "--touch" => options.viewport.touch = true,
            "--dark" => options.light = false,
            "--light" => options.light = true,
            "--reduced-motion" => options.reduced_motion = true,
            "--press" => options.acts.push(Act::Press(value()?)),
            "--click" => options.acts.push(Act::Click(value()?)),
            "--js" => options.acts.push(Act::Run(value()?)),
            "--wait" => options.acts.push(Act::Wait(value()?)),
            "--wait-ms" => {
                options.wait_ms = value()?.parse().map_err(|_| "--wait-ms wants a number")?;
            }
            "--crop" => options.crop = Some(value()?),
            "--full" => options.full = true,
            "--out" => options.out = value()?.into(),
            "--help" | "-h" => return Ok(None),
            unknown => return Err(format!("there is no option {unknown}")),
        }
    }
    if options.url.is_none() && options.dist.is_none() {
        return Err("name the page with --dist or --url".to_string());
    }
    Ok(Some(options))
}

fn size_in(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

fn shoot(options: &Options) -> ExitCode {
    let browser = Browser::start();
    browser.resize(options.viewport);
    browser.media(&[
        ("prefers-color-scheme", if options.light { "light" } else { "dark" }),
        ("prefers-reduced-motion", if options.reduced_motion { "reduce" } else { "no-preference" }),
    ]);
    let address = options.url.clone().unwrap_or_else(|| served(options.dist.as_deref()));
    browser.goto(&format!("{address}{}", options.tail));
    // Another page than ours has no such mark, and is ready once it is loaded.
    browser.wait_at_most(
        PATIENCE,
        "!document.documentElement.dataset.boot
         || document.documentElement.dataset.boot === 'failed'
         || (document.documentElement.dataset.boot === 'running'
             && (!window.replicascope || window.replicascope.ready))",
    );
    options.acts.iter().for_each(|act| perform(&browser, act));
    let pause = Duration::from_millis(options.wait_ms).as_millis();
    browser.run(&format!("await new Promise(done => setTimeout(done, {pause}))"));
    save(&browser, options);
    let console = browser.console();
    console.iter().for_each(|message| println!("console: {} {}", message.level, message.text));
    println!("{}", options.out.display());
    ExitCode::from(u8::from(console.iter().any(e2e::Message::is_error)))
}

fn served(directory: Option<&Path>) -> String {
    let directory = directory.expect("either an address or a directory is given");
    Site::start(directory, 0).expect("a free port on 127.0.0.1").url()
}

fn perform(browser: &Browser, act: &Act) {
    match act {
        Act::Press(keys) => keys.split_whitespace().for_each(|key| browser.press(key)),
        Act::Click(selector) => browser.click(selector),
        Act::Wait(condition) => browser.wait(condition),
        Act::Run(code) => {
            let value: serde_json::Value = browser.eval(&format!("(async () => {{ {code} }})()"));
            if !value.is_null() {
                println!("{value:#}");
            }
        }
    }
}

fn save(browser: &Browser, options: &Options) {
    if options.full {
        let height: u32 = browser.eval("document.documentElement.scrollHeight");
        let height = height.max(options.viewport.height);
        browser.resize(Viewport { height, ..options.viewport });
    }
    match &options.crop {
        None => browser.save_screenshot(&options.out),
        Some(selector) => browser.save_screenshot_of(selector, &options.out),
    }
}
