//! The page's icons: lines on a grid of 24, drawn in the colour of the text around them.

use super::element::{El, el};

/// One icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Let time pass.
    Play,
    /// Let time stand still.
    Pause,
    /// From the beginning.
    Replay,
    /// To the beginning.
    Home,
    /// To the event before.
    Back,
    /// To the next event.
    Forward,
    /// Slower.
    Minus,
    /// Faster.
    Plus,
    /// Close.
    Close,
    /// More that can be done.
    More,
    /// Dark.
    Moon,
    /// Light.
    Sun,
    /// As the system says.
    Half,
    /// Keys and settings.
    Help,
    /// One primary and its replicas.
    Star,
    /// One after another.
    Chain,
    /// One after another and round.
    Ring,
    /// Over relays.
    Tree,
    /// Lessons.
    Book,
    /// Take back.
    Undo,
    /// All of it.
    Fit,
    /// Scenarios and files.
    Folder,
    /// Copy a link.
    Share,
    /// Type a command.
    Prompt,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Play => "M7 4.5v15l12-7.5z",
            Icon::Pause => "M8 5v14M16 5v14",
            Icon::Replay => "M5 12a7 7 0 1 0 2.2-5.1M7 3v4.2h4.2",
            Icon::Home => "M6 5v14M19 5l-9 7 9 7z",
            Icon::Back => "M16 5l-9 7 9 7",
            Icon::Forward => "M8 5l9 7-9 7",
            Icon::Minus => "M6 12h12",
            Icon::Plus => "M6 12h12M12 6v12",
            Icon::Close => "M6 6l12 12M18 6L6 18",
            Icon::More => "M5 12h.01M12 12h.01M19 12h.01",
            Icon::Moon => "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z",
            Icon::Sun => {
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2\
                 M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4\
                 M17.3 6.7l1.4-1.4"
            }
            Icon::Half => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 4v16M12 8h5M12 12h8M12 16h5",
            Icon::Help => {
                "M9 9.2a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1-1.4 2.2M12 17.5h.01\
                 M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"
            }
            Icon::Star => {
                "M9 12h-3M9 12l8-6M9 12h8M9 12l8 6M3 10h4v4H3zM18.5 4.5h.01M18.5 12h.01\
                 M18.5 19.5h.01"
            }
            Icon::Chain => "M2.5 10h4v4h-4zM7 12h3M14 12h3M12 12h.01M19 12h.01",
            Icon::Ring => {
                "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM12 5h.01M19 12h.01M12 19h.01M5 12h.01"
            }
            Icon::Tree => {
                "M10 3h4v4h-4zM12 7v3M12 10l-5 3M12 10l5 3M7 13l-3 6M7 13l2.5 6\
                 M17 13l3 6M17 13l-2.5 6"
            }
            Icon::Fit => "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
            Icon::Book => {
                "M12 6v14M12 6c-2-1.5-5-2-8-2v14c3 0 6 .5 8 2 2-1.5 5-2 8-2V4c-3 0-6 .5-8 2"
            }
            Icon::Folder => "M3 6h6l2 3h10v10H3z",
            Icon::Prompt => "M5 7l5 5-5 5M12 18h7",
            Icon::Share => "M9 15l6-6M10 6l2-2a5 5 0 0 1 7 7l-2 2M14 18l-2 2a5 5 0 0 1-7-7l2-2",
            Icon::Undo => "M8 5L4 9l4 4M4 9h9a5.5 5.5 0 0 1 0 11H9",
        }
    }

    /// The icon as a picture without a name: the button around it has one.
    pub fn html(self) -> El {
        let class = match self {
            Icon::Play => "icon icon-solid",
            Icon::More | Icon::Ring | Icon::Star | Icon::Chain => "icon icon-dots",
            _ => "icon",
        };
        el("svg", class)
            .set("viewBox", "0 0 24 24")
            .set("aria-hidden", "true")
            .set("focusable", "false")
            .with(el("path", "").set("d", self.path()))
    }
}
