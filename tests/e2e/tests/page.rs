//! The page as a file on a web host: it loads anywhere, alone, quietly, and fails plainly.

use e2e::{App, DESKTOP, Fault, PHONE, Site, dist};
use std::time::Duration;
use xtask::weight::PAGE_GZIP_BYTES_MAX;

#[test]
fn the_page_loads_without_an_error_in_the_console() {
    for viewport in [DESKTOP, PHONE] {
        let page = App::open(viewport);
        assert_eq!(page.eval::<String>("document.title"), "Replicascope");
        let size: (u32, u32) = page.eval("[innerWidth, innerHeight]");
        assert_eq!(size, (viewport.width, viewport.height), "nothing is wider than the screen");
        page.finish();
    }
}

#[test]
fn the_page_asks_no_other_host_for_anything() {
    let page = App::open(DESKTOP);
    let addresses = page.addresses();
    assert!(addresses.iter().any(|a| a.ends_with(".wasm")), "the log saw the page: {addresses:?}");
    let own = page.site().url();
    let foreign: Vec<_> = addresses.iter().filter(|a| !a.starts_with(&own)).collect();
    assert!(foreign.is_empty(), "asked of other hosts: {foreign:?}");
    let missing: Vec<_> = page.site().requests().into_iter().filter(|r| r.status != 200).collect();
    assert!(missing.is_empty(), "files that the page names but does not have: {missing:?}");
    page.finish();
}

#[test]
fn the_security_policy_forbids_inline_script_and_the_page_has_none() {
    let page = App::open(DESKTOP);
    let policy: String =
        page.eval("document.querySelector('meta[http-equiv=\"Content-Security-Policy\"]').content");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    let inline: u32 = page.eval("document.querySelectorAll('script:not([src])').length");
    assert_eq!(inline, 0, "inline scripts in the page");
    // And the browser enforces it: an injected script does not run.
    page.run(
        "const script = document.createElement('script');
         script.textContent = 'window.injected = true';
         document.body.append(script);",
    );
    assert!(!page.eval::<bool>("window.injected === true"));
    page.finish_despite(&["Content Security Policy"]);
}

#[test]
fn the_page_works_under_a_sub_path() {
    let site = Site::start_under(&dist(), 0, "/some/where/").expect("a free port");
    let page = App::on(site, DESKTOP);
    page.load("");
    page.finish();
}

#[test]
fn the_page_weighs_no_more_than_it_may() {
    let page = App::open(DESKTOP);
    let weight: u64 = page.site().requests().iter().map(|request| request.gzip_bytes()).sum();
    assert!(weight > 0 && weight <= PAGE_GZIP_BYTES_MAX, "{weight} bytes gzipped");
    page.finish();
}

#[test]
fn a_page_without_its_wasm_says_so_and_what_to_do() {
    for fault in [Fault::Abort, Fault::Missing] {
        let page = App::closed(DESKTOP);
        page.site().inject(".wasm", fault);
        page.goto(&page.site().url());
        page.wait("!document.getElementById('boot-alert').hidden");
        let alert = page.text("#boot-alert");
        assert!(alert.contains("could not be loaded") && alert.contains("Reload"), "{alert}");
        // The browser itself reports the failed download; nothing else may go wrong.
        page.finish_despite(&["net::ERR", "404"]);
    }
}

#[test]
fn the_page_opens_again_without_a_network() {
    let page = App::open(DESKTOP);
    page.run(
        "const cache = await caches.open('replicascope');
         const kept = async () => (await cache.keys()).some((file) => file.url.endsWith('.wasm'));
         while (!(await kept())) await new Promise(requestAnimationFrame);",
    );
    page.wait("navigator.serviceWorker.controller");
    page.site().inject("", Fault::Silent);
    page.load("");
    assert!(page.eval::<u32>("document.querySelectorAll('[data-node]').length") >= 4);
    page.finish();
}

#[test]
fn an_embedded_page_keeps_nothing() {
    let page = App::closed(DESKTOP);
    page.load("?embed=1");
    let kept: (u32, u32) = page.eval(
        "(async () => {
            const workers = await navigator.serviceWorker.getRegistrations();
            return [(await caches.keys()).length, workers.length];
        })()",
    );
    assert_eq!(kept, (0, 0));
    page.finish();
}

#[test]
fn the_page_starts_once_a_slow_download_arrives() {
    let page = App::closed(DESKTOP);
    page.site().inject(".wasm", Fault::Delay(Duration::from_secs(2)));
    page.start_loading(&page.site().url());
    page.wait("document.documentElement.dataset.boot === 'loading'");
    page.wait_until_ready();
    page.finish();
}
