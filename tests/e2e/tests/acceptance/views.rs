//! Every view that the page has, and how a person gets there and back: for checks that must hold
//! in all of them.

use crate::{choose, settle};
use e2e::App;

/// One view.
pub struct View {
    pub name: &'static str,
    /// Keys that open it.
    keys: &'static str,
    /// What is pressed then, one after another.
    clicks: &'static [&'static str],
    /// Until this is true.
    shown: &'static str,
    /// Keys that lead back.
    back: &'static str,
}

const fn view(
    name: &'static str,
    keys: &'static str,
    shown: &'static str,
    back: &'static str,
) -> View {
    View { name, keys, clicks: &[], shown, back }
}

/// All of them, from the sandbox with a server selected.
pub const VIEWS: [View; 14] = [
    view("inspector", "", "document.querySelector('[data-testid=inspector]')", "Escape"),
    view("table", "T", "document.querySelector('.drawer:not(.hidden)')", "T"),
    view(
        "space-time",
        "S",
        "document.querySelector('[data-testid=space-time]')
            && replicascope.spaceTime()?.messages.length > 5",
        "S",
    ),
    view("charts", "G", "document.querySelector('[data-testid=charts] canvas')", "G"),
    view("log", "L", "document.querySelector('[data-testid=log] .line')", "L"),
    view("compare", "c", "document.querySelectorAll('.pane').length === 2", "c"),
    View {
        name: "trade-offs",
        keys: "c",
        clicks: &["[data-testid=weigh]"],
        shown: "document.querySelectorAll('[data-versus]').length === 8
            && !probe.text('[data-testid=weighed]').includes('measuring')",
        back: "Escape c",
    },
    view("branches", "b", "document.querySelector('[data-testid=branches]')", "Escape"),
    View {
        name: "share",
        keys: "",
        clicks: &["[data-testid=share]"],
        shown: "document.querySelector('[data-testid=share-list]')",
        back: "Escape",
    },
    view("gallery", "O", "document.querySelector('[data-testid=gallery] li')", "Escape"),
    View {
        name: "editor",
        keys: "O",
        clicks: &["[data-testid=edit]"],
        shown: "['script', 'close-script'].includes(document.activeElement.id)",
        back: "Escape",
    },
    view("lessons", "n", "document.querySelector('[data-testid=lessons-panel] li')", "Escape"),
    view("help", "?", "document.querySelector('[data-testid=help-panel]')", "Escape"),
    view("write form", "W", "document.querySelector('[data-testid=form]')", "Escape"),
];

/// Those of a lesson, by what leads on.
const BEATS: [&str; 4] = ["predict", "watch", "why", "try"];

impl View {
    /// Opens it.
    pub fn open(&self, page: &App) {
        if self.name == "inspector" {
            page.run("document.getElementById('figure-n2').focus()");
            page.press("Enter");
        }
        self.keys.split_whitespace().for_each(|key| page.press(key));
        for selector in self.clicks {
            page.wait(&format!("document.querySelector('{selector}')"));
            page.run(&format!("document.querySelector('{selector}').click()"));
        }
        page.wait(self.shown);
        settle(page);
    }

    /// Goes back.
    pub fn close(&self, page: &App) {
        self.back.split_whitespace().for_each(|key| page.press(key));
        page.wait(&format!("!({})", self.shown));
        settle(page);
    }
}

/// A busy moment with labels of every sort: a server down, one cut off and behind.
pub fn busy_moment(page: &App) {
    choose(page, "1", "star");
    page.seek(900_000.0);
    page.run(
        "replicascope.issue({ crash: 'n3' });
         replicascope.issue({ partition: { groups: [['n2']] } })",
    );
    page.seek(1_700_000.0);
    settle(page);
}

/// Looks at every view, and at every beat of a lesson.
pub fn each_view(page: &App, mut look: impl FnMut(&App, &str)) {
    for view in &VIEWS {
        view.open(page);
        look(page, view.name);
        view.close(page);
    }
    for beat in BEATS {
        page.load(&format!("?lesson=replication-lag&beat={beat}"));
        page.wait(&format!("document.querySelector('[data-testid=lesson][data-beat={beat}]')"));
        page.run("replicascope.pause()");
        settle(page);
        look(page, &format!("lesson, {beat}"));
    }
}
