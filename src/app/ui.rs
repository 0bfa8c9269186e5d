//! What belongs to the person rather than to the run: theme, open panels, the form being filled in.

use std::rc::Rc;

use replication::base::{NodeId, OpId, SimTime};
use replication::player::{Msg, Selection, Sieve};
use replication::recording::Reader;
use replication::sim::Scenario;
use replication::words::bar as say;
use web_sys::Event;

use super::announce::Voice;
use super::lesson::{Ask, Course};
use super::panel::gallery::Entry;
use super::record::Reel;
use super::script::{Asked, Script};
use super::sight::{self, Sight};

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Theme {
    /// Its name, for storage, `data-theme` and the button.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Dark => "dark",
            Theme::Light => "light",
        }
    }

    /// The one of this name; Auto for anything else.
    pub fn named(name: &str) -> Theme {
        match name {
            "dark" => Theme::Dark,
            "light" => Theme::Light,
            _ => Theme::Auto,
        }
    }

    /// The one that the button goes to.
    pub fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Dark,
            Theme::Dark => Theme::Light,
            Theme::Light => Theme::Auto,
        }
    }
}

/// What the drawer above the transport shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    /// The space-time diagram.
    SpaceTime,
    /// The cluster as a table.
    Table,
    /// Numbers of the run.
    Metrics,
    /// What happened, line by line.
    Log,
}

impl Drawer {
    /// Every one, in the order of the tabs.
    pub const ALL: [Drawer; 4] = [Drawer::SpaceTime, Drawer::Table, Drawer::Metrics, Drawer::Log];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Drawer::SpaceTime => say::SPACE_TIME,
            Drawer::Table => say::TABLE,
            Drawer::Metrics => say::METRICS,
            Drawer::Log => say::LOG,
        }
    }
}

/// A panel over the page that is about the run as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Every future that is kept.
    Branches,
    /// What each rule and each topology costs.
    Weigh,
    /// Links and files to hand to somebody else.
    Share,
}

/// Something to hand to somebody else, as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// The scenario, live commands included.
    Scenario,
    /// What a run up to the playhead comes to.
    Report,
    /// What the clients did and heard, for Jepsen's checkers.
    History,
    /// The stage.
    Stage {
        /// As pixels rather than as shapes.
        pixels: bool,
    },
    /// The space-time diagram.
    SpaceTime {
        /// As pixels rather than as shapes.
        pixels: bool,
    },
}

impl Dialog {
    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Dialog::Branches => say::BRANCHES,
            Dialog::Weigh => say::TRADE_OFFS,
            Dialog::Share => say::SHARE,
        }
    }
}

/// What the inspector shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// A server.
    Node,
    /// A write or a read.
    Write,
    /// A link.
    Link,
    /// Everything that is set.
    Cluster,
}

/// How much of the screen the inspector takes where it is a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    /// Its first lines.
    Peek,
    /// Somewhat less than half of the screen.
    #[default]
    Half,
    /// All but the transport.
    Full,
}

impl Sheet {
    /// Its class in style sheets.
    pub fn class(self) -> &'static str {
        match self {
            Sheet::Peek => "sheet-peek",
            Sheet::Half => "sheet-half",
            Sheet::Full => "sheet-full",
        }
    }

    /// The one that the handle goes to.
    pub fn next(self) -> Sheet {
        match self {
            Sheet::Peek => Sheet::Half,
            Sheet::Half => Sheet::Full,
            Sheet::Full => Sheet::Peek,
        }
    }
}

/// A write or a read that is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Whether it writes.
    pub writes: bool,
    /// The client's name.
    pub client: String,
    /// The key.
    pub key: String,
    /// The value, if it writes.
    pub value: String,
    /// Which server is asked; None leaves it to the client's rule.
    pub to: Option<NodeId>,
}

/// The command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What is typed.
    pub text: String,
    /// Whether it was to be run and could not be read.
    pub tried: bool,
    /// What became of the one before.
    pub said: String,
}

/// A rule of the simulation that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Which, and what was found.
    pub text: String,
    /// When.
    pub at: SimTime,
    /// In which past, by the player's count of changes.
    pub of: u32,
}

/// The person's side of the page.
#[derive(Clone, Debug, Default)]
pub struct Ui {
    /// Light or dark.
    pub theme: Theme,
    /// How much the one voice says.
    pub voice: Voice,
    /// Whether single keys act.
    pub keys_on: bool,
    /// Whether less motion is wanted; None asks the system.
    pub less_motion: Option<bool>,
    /// Whether the inspector is open.
    pub inspector: bool,
    /// The tab chosen by hand; None follows the selection.
    pub tab: Option<Tab>,
    /// How tall the inspector is where it is a sheet.
    pub sheet: Sheet,
    /// What the drawer shows; None if it is closed.
    pub drawer: Option<Drawer>,
    /// Whether the page is part of another one.
    pub embed: bool,
    /// Whether it is shown on a wall.
    pub projector: bool,
    /// Whether the keys and settings are shown.
    pub help: bool,
    /// The panel that is open about the run as a whole.
    pub dialog: Option<Dialog>,
    /// What is being typed.
    pub draft: Option<Draft>,
    /// The command line, if it is open.
    pub line: Option<Line>,
    /// Commands run before, the newest last, and which of them is shown.
    pub past: (Vec<String>, usize),
    /// Whether the scenarios to choose from are shown.
    pub gallery: bool,
    /// These, once they have been fetched.
    pub scenarios: Option<Rc<Vec<Entry>>>,
    /// The text of a scenario that is being edited.
    pub script: Script,
    /// What was not opened, and why.
    pub not_opened: Option<String>,
    /// What did not hold, until the run is another one.
    pub alarm: Option<Alarm>,
    /// The recording of the stage that is made, or was last.
    pub reel: Option<Reel>,
    /// Whether heartbeats are drawn.
    pub beats: bool,
    /// A file that is being read: its name, its text, and what reads it.
    pub incoming: Option<(String, String, Reader)>,
    /// What is to be looked at once the playhead is where the address leads to.
    pub view: Option<String>,
    /// Something to say about the person's last request, until the next one.
    pub notice: Option<String>,
    /// The newest server, operation and link looked at, for the inspector's tabs.
    pub node: Option<NodeId>,
    /// See `node`.
    pub op: Option<OpId>,
    /// See `node`.
    pub link: Option<(NodeId, NodeId)>,
    /// What stretch of the run is looked at.
    pub sight: Sight,
    /// Where the person stands in lessons.
    pub course: Course,
}

/// What a person can ask of the page.
#[derive(Clone, Debug)]
pub enum Act {
    /// Something of the player.
    Player(Msg),
    /// A frame at this time, in milliseconds.
    Frame(f64),
    /// The player was changed from outside.
    Redraw,
    /// Another instant of the charts is looked at, and nothing else has changed.
    Look,
    /// Something of the stretch of the run that is looked at.
    Sight(sight::Ask),
    /// Open or close a drawer.
    Drawer(Drawer),
    /// Close the drawer, menus and panels, one at a time; then deselect.
    Escape,
    /// Choose a tab of the inspector.
    Tab(Tab),
    /// Make the sheet taller or less tall.
    Sheet,
    /// The next theme.
    Theme,
    /// The voice says more or less.
    Voice,
    /// Show or hide the keys and settings.
    Help,
    /// Whether single keys act.
    KeysOn(bool),
    /// Whether less motion is wanted.
    LessMotion(bool),
    /// Begin to type a write (true) or a read.
    Type(bool),
    /// Change what is being typed.
    Typed(fn(&mut Draft, String), String),
    /// Send what was typed.
    Send,
    /// Crash the selected server, or restart it.
    CrashOrRestart,
    /// Isolate the selected server, or let it rejoin.
    IsolateOrRejoin,
    /// The next ack rule.
    NextAck,
    /// Close the inspector.
    CloseInspector,
    /// Something chosen from the menu of this.
    Chosen(Selection, Box<Act>),
    /// What a single key asks for, if single keys act.
    SingleKey(Box<Act>),
    /// Type this into the command line; opens it.
    Line(String),
    /// Show the command run before (true), or after.
    Past(bool),
    /// Run the command line.
    Run,
    /// Show or hide the scenarios.
    Gallery,
    /// Open a built-in scenario by its number.
    OpenBuiltin(usize),
    /// The scenarios were fetched, or why not.
    Scenarios(Result<String, String>),
    /// A file of this name has come, with this in it.
    Incoming(String, String),
    /// A scenario was read from a file.
    Opened(Box<Scenario>),
    /// A file could not be opened, and why.
    NotOpened(String),
    /// Something of the text that is being edited.
    Script(Asked),
    /// Copy a link that leads here.
    Share,
    /// Something that was asked for is done, or cannot be: what there is to say of it.
    Told(&'static str),
    /// Something did not hold.
    Alarm(String),
    /// Copy a report of it.
    CopyReport,
    /// Go on in spite of it.
    Calm,
    /// Whether heartbeats are drawn.
    Beats(bool),
    /// Something of lessons.
    Lesson(Ask),
    /// Open or close a panel about the run as a whole.
    Dialog(Dialog),
    /// Look at another run beside this one, or no longer.
    Compare,
    /// Be interested in something else, by what an event says.
    Sift(fn(&Event, &mut Sieve), Event),
    /// Save a file.
    Save(Export),
    /// Record the stage.
    Record,
    /// How far the recording is.
    Reel(Reel),
    /// Show the page on a wall, or no longer.
    Projector,
    /// Show nothing, or everything again.
    Blank,
}

impl Ui {
    /// Remembers what has been selected, opens the inspector on it, and follows it with the tab.
    pub fn look_at(&mut self, selection: Selection) {
        match selection {
            Selection::None => return,
            Selection::Node(node) => self.node = Some(node),
            Selection::Op(op) => self.op = Some(op),
            Selection::Link(from, to) => self.link = Some((from, to)),
            Selection::Client(_) => {}
        }
        self.inspector = true;
        self.tab = None;
    }
}
