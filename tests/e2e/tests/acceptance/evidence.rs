//! Checks 7 and 19: the diagram is to scale, branches come back, runs are compared by one clock,
//! what is handed on is the run, and the page holds its manners inside of another and on a wall.

use crate::{choose, issue, open, settle};
use e2e::{App, DESKTOP, PHONE, Viewport};
use serde_json::json;

/// Keeps what the page hands to the browser to save: name, kind, and text or address.
const CATCH: &str = "
    window.caught = [];
    const blobs = new Map();
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob) => {
        const address = make(blob);
        blobs.set(address, blob);
        return address;
    };
    const click = HTMLElement.prototype.click;
    HTMLElement.prototype.click = function () {
        if (!this.download) return click.call(this);
        const blob = blobs.get(this.href);
        const keep = (text) => window.caught.push({ name: this.download, text });
        if (blob) blob.text().then(keep); else keep(this.href);
    };";

/// Asks for a file in the open panel, and gives its name and text.
fn saved(page: &App, testid: &str) -> (String, String) {
    page.run("window.caught.length = 0");
    page.run(&format!("document.querySelector('[data-testid={testid}]').click()"));
    page.wait("window.caught.length === 1");
    page.eval("[window.caught[0].name, window.caught[0].text]")
}

#[test]
fn the_space_time_diagram_is_to_scale_and_shares_the_timelines_playhead() {
    let page = open(DESKTOP);
    choose(&page, "4", "tree");
    page.seek(2_500_000.0);
    page.press("S");
    page.wait("replicascope.spaceTime()?.messages.length > 20");
    settle(&page);
    let faults: Vec<String> = page.eval(
        "(() => {
            const drawn = replicascope.spaceTime();
            const faults = [];
            for (const it of drawn.messages) {
                const long = (it.at_us - it.sent_us) / 1e6 * drawn.px_per_s;
                if (it.x1 <= it.x0) faults.push('arrives before it is sent: ' + JSON.stringify(it));
                if (it.at_us !== null && Math.abs(it.x1 - it.x0 - long) > 1)
                    faults.push('not to scale: ' + JSON.stringify(it));
            }
            const weave = document.querySelector('.weave canvas').getBoundingClientRect();
            const tape = document.querySelector('.tape canvas').getBoundingClientRect();
            const slider = document.querySelector('[data-testid=tape]');
            const share = slider.ariaValueNow / slider.ariaValueMax;
            const head = tape.left + 10 + (tape.width - 20) * share;
            if (Math.abs(weave.left + drawn.playhead_x - head) > 1)
                faults.push('playheads at ' + (weave.left + drawn.playhead_x) + ' and ' + head);
            return faults;
        })()",
    );
    assert_eq!(faults, Vec::<String>::new());
    page.finish();
}

/// Faults of the strip: what it says must be the difference of the runs' metrics.
const STRIP: &str = "(() => {
    const [own, other] = [replicascope.metrics(), replicascope.metrics(1)];
    const cells = [...document.querySelectorAll('[data-testid=difference] td')];
    const wrong = cells.filter((cell) => {
        const { figure, delta } = cell.dataset;
        if (own[figure] === null || other[figure] === null) return delta !== undefined;
        return Number(delta) !== other[figure] - own[figure];
    });
    return [cells.length, wrong.map((cell) => cell.outerHTML)];
})()";

#[test]
fn a_star_and_a_chain_are_compared_by_one_clock_and_the_strip_is_their_difference() {
    for viewport in [DESKTOP, PHONE] {
        let page = open(viewport);
        choose(&page, "1", "star");
        page.seek(2_000_000.0);
        page.press("c");
        page.wait("document.querySelectorAll('.pane').length === 2");
        page.run(
            "const list = document.querySelector('[data-testid=versus]');
             list.value = [...list.options].find((one) => one.text === 'Chain').value;
             list.dispatchEvent(new Event('change', { bubbles: true }));",
        );
        page.wait("document.querySelectorAll('[data-pane=\"1\"] [data-kind=relay]').length === 2");
        // What is done to the one is done to the other at the same instant.
        issue(&page, &json!({ "crash": "n3" }));
        for t in [2_000_000.0, 4_000_000.0, 3_000_000.0] {
            page.seek(t);
            settle(&page);
            let down = "document.querySelectorAll('[data-node=n3][data-state=down]').length";
            assert_eq!(page.eval::<u32>(down), 2, "at {t}");
            let (cells, wrong): (u32, Vec<String>) = page.eval(STRIP);
            assert_eq!((cells, wrong), (7, Vec::new()), "at {t}");
        }
        page.press("c");
        page.wait("document.querySelectorAll('.pane').length === 1");
        page.finish();
    }
}

#[test]
fn all_four_topologies_stand_side_by_side_on_a_wide_screen() {
    let page = open(Viewport { width: 1680, height: 1000, touch: false });
    choose(&page, "1", "star");
    page.seek(2_000_000.0);
    page.press("c");
    page.wait("document.querySelector('[data-testid=versus]')");
    page.run(
        "const list = document.querySelector('[data-testid=versus]');
         list.value = 'shapes';
         list.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    page.wait("document.querySelectorAll('.pane svg.scene .figure').length === 4 * 6");
    let names: Vec<String> = page.eval(
        "[...document.querySelectorAll('.pane svg.scene')].map((it) => it.ariaLabel.split(',')[0])",
    );
    assert_eq!(names, ["Star", "Chain", "Ring", "Tree"]);
    page.finish();
}

#[test]
fn what_each_rule_costs_is_measured_and_each_run_can_be_opened() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(4_000_000.0);
    page.press("c");
    page.click("[data-testid=weigh]");
    page.wait(
        "document.querySelectorAll('[data-versus]').length === 8
         && !probe.text('[data-testid=weighed]').includes('measuring')",
    );
    let acks: u32 = page.eval("replicascope.metrics().writes_acknowledged");
    let row = page.text("[data-versus=Async]");
    assert!(row.contains(&format!("of {acks}, ")) && row.contains("this run"), "{row}");
    page.click("[data-testid=weigh-All]");
    page.press("Escape");
    page.wait("document.querySelector('[data-testid=versus]').selectedOptions[0].text === 'All'");
    let told: [u32; 2] =
        page.eval("[0, 1].map((run) => replicascope.metrics(run).writes_acknowledged)");
    assert_eq!(told[0], acks);
    page.finish();
}

#[test]
fn acting_in_the_past_is_taken_back_and_done_again_by_keys_and_branches_are_named_and_left() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(2_000_000.0);
    let before = page.hash();
    page.seek(800_000.0);
    issue(&page, &json!({ "crash": "n1" }));
    page.seek(2_000_000.0);
    let after = page.hash();
    assert_ne!(before, after);
    page.press("Control+z");
    page.wait("document.querySelector('[data-testid=redo]')");
    assert_eq!(page.hash(), before);
    page.press("Control+Shift+Z");
    page.wait("!document.querySelector('[data-testid=redo]')");
    assert_eq!(page.hash(), after);
    page.press("b");
    page.wait("document.querySelectorAll('[data-testid=branches] li').length === 2");
    page.run(
        "const name = document.querySelector('[data-testid=branch-name-0]');
         name.value = 'calm';
         name.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    page.click("[data-testid=branch-return-0]");
    page.wait("document.querySelector('li[aria-current] input').value === 'calm'");
    assert_eq!(page.hash(), before);
    page.click("[data-testid=branch-delete-1]");
    page.wait("document.querySelectorAll('[data-testid=branches] li').length === 1");
    assert_eq!(page.hash(), before);
    page.finish();
}

#[test]
fn every_file_that_can_be_saved_is_of_this_very_run() {
    let page = App::closed(DESKTOP);
    page.before_load(include_str!("probe.js"));
    page.before_load(CATCH);
    page.load("");
    choose(&page, "1", "star");
    page.seek(1_500_000.0);
    issue(&page, &json!({ "crash": "n2" }));
    page.seek(2_000_000.0);
    settle(&page);
    let (hash, sent) = (
        page.hash(),
        page.eval::<usize>("replicascope.events().filter((it) => it.event === 'sent').length"),
    );
    page.click("[data-testid=share]");
    page.wait("document.querySelector('[data-testid=share-list]')");
    let (name, text) = saved(&page, "save-scenario-toml");
    assert_eq!(name, "scenario.toml");
    assert!(text.contains("crash = \"n2\""), "{text}");
    let (name, text) = saved(&page, "save-report-json");
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((name.as_str(), &report["digest"]), ("report.json", &json!(hash)));
    assert_eq!(report["until_us"], 2_000_000);
    let (name, text) = saved(&page, "save-history-edn");
    assert_eq!(name, "history.edn");
    assert_eq!(text.matches(":type :invoke").count(), sent);
    for what in ["stage", "space-time"] {
        let (name, text) = saved(&page, &format!("save-{what}-svg"));
        assert_eq!(name, format!("{what}.svg"));
        assert!(text.matches("<path").count() > 10, "{what}: {text}");
        // It needs nothing from anywhere.
        assert_eq!(text.matches("://").count(), text.matches("http://www.w3.org/").count());
        let decoded: bool = page.eval(&format!(
            "(async () => {{
                const image = new Image();
                image.src = 'data:image/svg+xml,' + encodeURIComponent({});
                await image.decode();
                return image.width > 500;
            }})()",
            json!(text)
        ));
        assert!(decoded, "{what}: a browser can show it");
        let (name, address) = saved(&page, &format!("save-{what}-png"));
        assert_eq!(name, format!("{what}.png"));
        let (wide, colours): (u32, usize) = page.eval(&format!(
            "(async () => {{
                const image = new Image();
                image.src = {};
                await image.decode();
                const canvas = document.createElement('canvas');
                [canvas.width, canvas.height] = [image.width, image.height];
                const pen = canvas.getContext('2d');
                pen.drawImage(image, 0, 0);
                const all = pen.getImageData(0, 0, image.width, image.height).data;
                return [image.width, new Set(new Uint32Array(all.buffer)).size];
            }})()",
            json!(address)
        ));
        assert!(wide > 1_000 && colours > 20, "{what}: {wide} px, {colours} colours");
    }
    page.finish();
}

#[test]
fn the_log_shows_what_is_asked_for_and_play_stops_there() {
    let page = open(DESKTOP);
    choose(&page, "1", "star");
    page.seek(6_000_000.0);
    page.press("L");
    let choose_in = |testid: &str, text: &str| {
        page.run(&format!(
            "const list = document.querySelector('[data-testid={testid}]');
             list.value = [...list.options].find((one) => one.text === '{text}').value;
             list.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        ));
    };
    let lines = "[...document.querySelectorAll('[data-testid=log] .line span')]";
    choose_in("sieve-kind", "applies");
    choose_in("sieve-place", "n3");
    page.wait(&format!(
        "{lines}.length > 3 && {lines}.every((line) => line.textContent.startsWith('n3 '))"
    ));
    page.run(
        "const key = document.querySelector('[data-testid=sieve-key]');
         key.value = 'no such key';
         key.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    page.wait("!document.querySelector('[data-testid=log] .line')");
    page.run(
        "const key = document.querySelector('[data-testid=sieve-key]');
         key.value = '';
         key.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    page.wait("document.querySelector('[data-testid=log] .line')");
    let first: f64 = page.eval(
        "replicascope.events().find((it) => it.place === 'n3' && it.event === 'received').at_us",
    );
    page.click("[data-testid=sieve-stops]");
    page.run("replicascope.seek(0); replicascope.speed(5); replicascope.play()");
    page.wait("!replicascope.playing()");
    assert_eq!(page.t(), first);
    page.finish();
}

#[test]
fn an_embedded_page_minds_its_own_keys_keeps_nothing_and_leads_to_the_whole() {
    let page = App::closed(Viewport { width: 640, height: 420, touch: false });
    page.before_load(include_str!("probe.js"));
    page.before_load(
        "window.told = []; window.addEventListener('message', (it) => window.told.push(it.data));",
    );
    page.load("?embed=1&t=300ms");
    assert_eq!(page.t(), 300_000.0);
    page.wait("window.told.some((it) => it.source === 'replicascope' && it.height >= 240)");
    page.press(".");
    page.press("Space");
    settle(&page);
    assert_eq!((page.t(), page.eval::<bool>("replicascope.playing()")), (300_000.0, false));
    page.click("[data-testid=forward]");
    let t = page.t();
    assert!(t > 300_000.0);
    // Now it has the focus.
    page.press(",");
    page.wait(&format!("replicascope.t() < {t}"));
    let kept: usize = page.eval("localStorage.length + sessionStorage.length");
    assert_eq!(kept, 0);
    let (hash, t) = (page.hash(), page.t());
    page.run(
        "const link = document.querySelector('[data-testid=open-full]');
         link.addEventListener('click', (it) => it.preventDefault());
         link.click();",
    );
    let tail: String = page.eval("document.querySelector('[data-testid=open-full]').hash");
    page.load(&tail);
    assert_eq!((page.hash(), page.t()), (hash, t));
    page.wait("document.querySelector('.settings').getBoundingClientRect().width > 0");
    page.finish();
}

#[test]
fn on_a_wall_everything_is_large_and_remotes_play_and_blank() {
    let page = App::closed(Viewport { width: 1920, height: 1080, touch: false });
    page.before_load(include_str!("probe.js"));
    page.load("?projector=1");
    page.run("replicascope.pause(); replicascope.seek(700000)");
    settle(&page);
    let small: Vec<String> = page.eval(
        "(() => {
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const small = [];
            for (let text = walker.nextNode(); text; text = walker.nextNode()) {
                const at = text.parentElement;
                const range = document.createRange();
                range.selectNodeContents(text);
                const box = range.getBoundingClientRect();
                if (!text.data.trim() || box.width < 2 || at.closest('.hidden')) continue;
                const own = at.getBoundingClientRect();
                const scene = at.closest('svg.scene');
                const scale = scene
                    ? scene.getBoundingClientRect().width / scene.viewBox.baseVal.width
                    : at.currentCSSZoom ?? 1;
                const size = parseFloat(getComputedStyle(at).fontSize) * scale;
                if (size < 20) small.push(size.toFixed(1) + ': ' + text.data.trim());
            }
            return small;
        })()",
    );
    assert_eq!(small, Vec::<String>::new());
    assert_eq!(page.eval::<String>("document.documentElement.dataset.theme"), "light");
    page.press(".");
    page.wait("replicascope.playing() || document.querySelector('.caption.ended')");
    page.press("b");
    page.wait("getComputedStyle(document.querySelector('.app')).visibility === 'hidden'");
    page.press("b");
    page.press("p");
    page.wait("document.querySelector('.settings').getBoundingClientRect().width > 0");
    page.finish();
}
