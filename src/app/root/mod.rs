//! The whole page: one component that holds the player, takes every request, and draws the rest.

mod focus;
mod frame;
mod hands;
mod way;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use replication::player::{Beat, Mode, Msg, Player, Selection, caption};
use replication::policy::Preset;
use replication::words::stage as say;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{DragEvent, Element, Event};
use yew::{Component, Context, Html, Properties};

use self::frame::Drawn;
use super::announce::Announcer;
use super::element::{classes, el};
use super::loom::Loom;
use super::panel::{self, Compared, Shown};
use super::record::{self, Reel};
use super::sight::{Axis, Hands};
use super::stage::{self, StageView};
use super::tape::Tape;
use super::ui::{Act, Drawer, Theme, Ui};
use super::{act, browser, control, hooks, keys, lesson, memory, venue};

/// Between two redraws of the panels while time passes, in milliseconds.
const PANELS_MS: f64 = 100.0;
/// The speed, in hundredths, at which the selected link has a ruler.
const SLOW: u32 = 10;

/// What the page begins with.
#[derive(Properties)]
pub struct Opening {
    /// Where its address leads to.
    pub link: Rc<memory::Followed>,
}

impl PartialEq for Opening {
    fn eq(&self, other: &Opening) -> bool {
        Rc::ptr_eq(&self.link, &other.link)
    }
}

/// The page.
pub struct Root {
    player: Rc<RefCell<Player>>,
    ui: Ui,
    announcer: Announcer,
    tape: Tape,
    loom: Loom,
    hands: Hands,
    frame: Closure<dyn FnMut(f64)>,
    /// When the last frame was, in milliseconds; None before the first.
    last_ms: Option<f64>,
    drawn_ms: f64,
    drawn: Drawn,
    /// Inspector and drawer as they were last drawn, and when: while time passes they follow ten
    /// times a second, however much happens.
    panels: RefCell<Option<(f64, Html)>>,
    /// Whether the table of trade-offs is still being measured.
    measuring: Cell<bool>,
    /// Whether the packets have been drawn in the frame that asked for the views to be redrawn:
    /// Yew may draw those later when the machine is busy, and packets must not wait for it.
    painted: bool,
    /// Whether the playhead was on its way in the last frame, and who waits for it to come there.
    travels: bool,
    waiting: hooks::Waiting,
    /// Where in which lesson the person was when it was last drawn.
    place: Option<(String, Beat)>,
    /// What lay over the page when it was last drawn, and what had the focus before.
    overlay: Option<&'static str>,
    focus_before: Option<Element>,
    /// What has the focus, noted before each redraw.
    focused: Option<Element>,
    _keys: keys::Listener,
    _leaving: memory::Leaving,
}

impl Component for Root {
    type Message = Act;
    type Properties = Opening;

    fn create(ctx: &Context<Root>) -> Root {
        let mut ui = Ui {
            keys_on: true,
            embed: venue::embedded(),
            projector: venue::projected(),
            ..Ui::default()
        };
        memory::recall(&mut ui);
        let followed = &*ctx.props().link;
        // Whoever shares an instant means that, whatever lesson it was found in.
        lesson::opening(&mut ui.course, matches!(followed, Some(Ok(_))), ctx.link());
        show_venue(&ui);
        let less = less_motion(&ui);
        let mut player = memory::player(followed, &mut ui);
        player.update(Msg::StopAtSurprises(memory::stops_at_surprises()));
        player.update(Msg::ByEvents(less));
        if !less && !ui.embed && player.mode() == Mode::Story && ui.course.idle() {
            player.update(Msg::Play);
        }
        memory::look(&mut ui, &mut player);
        let drawn = Drawn::of(&mut player);
        let link = ctx.link().clone();
        let frame = Closure::new(move |ms| link.send_message(Act::Frame(ms)));
        browser::on_next_frame(&frame);
        let player = Rc::new(RefCell::new(player));
        let (tape, loom) = (Tape::default(), Loom::default());
        let dragged = Rc::clone(&loom.graph.dragged);
        Root {
            hands: Hands::new(ctx.link(), tape.canvas().clone(), dragged),
            _leaving: memory::Leaving::new(Rc::clone(&player)),
            player,
            ui,
            announcer: Announcer::default(),
            tape,
            loom,
            frame,
            last_ms: None,
            drawn_ms: 0.0,
            drawn,
            panels: RefCell::default(),
            measuring: Cell::new(false),
            painted: false,
            travels: false,
            waiting: hooks::Waiting::default(),
            place: None,
            overlay: None,
            focus_before: None,
            focused: None,
            _keys: keys::Listener::new(ctx.link().clone()),
        }
    }

    fn update(&mut self, ctx: &Context<Root>, act: Act) -> bool {
        if let Act::Look = act {
            let mut player = self.player.borrow_mut();
            let axis = self.axis(&player);
            self.loom.graph.paint(&mut player, axis);
            return false;
        }
        if self.overlay.is_none() && !matches!(act, Act::Frame(_)) {
            self.focused = browser::focused();
        }
        let act = match act {
            Act::SingleKey(act) if self.ui.keys_on => *act,
            Act::SingleKey(_) => return false,
            Act::Chosen(place, act) => {
                self.on_msg(Msg::CloseMenu);
                // Write and read act on what is selected.
                if matches!(*act, Act::Type(_)) {
                    self.on_msg(Msg::Select(place));
                }
                *act
            }
            act => act,
        };
        if !matches!(act, Act::Frame(_)) {
            self.panels.take();
            // What the last frame has drawn may be of another instant by now.
            self.painted = false;
        }
        let frozen = act::frozen(&mut self.ui, &self.player.borrow());
        let goes = matches!(
            act,
            Act::Player(Msg::Play | Msg::TogglePlay | Msg::StepForward | Msg::NextSurprise)
        );
        if frozen && goes {
            return false;
        }
        match act {
            Act::Frame(ms) => {
                if let Some(act) = act::due(&mut self.ui) {
                    ctx.link().send_message(act);
                }
                return self.on_frame(ms);
            }
            Act::Player(msg) => self.on_msg(msg),
            Act::Redraw => self.announcer.jumped(&self.player.borrow()),
            Act::Sight(ask) => {
                let player = self.player.borrow();
                let axis = self.axis(&player);
                let sight = &mut self.ui.sight;
                let msg = axis.and_then(|it| sight.carry_out(ask, &player, it.window.width));
                drop(player);
                if let Some(msg) = msg {
                    self.on_msg(msg);
                }
            }
            Act::Drawer(drawer) => {
                self.ui.help = false;
                self.ui.drawer = Some(drawer).filter(|_| self.ui.drawer != Some(drawer));
            }
            Act::Escape => self.on_escape(),
            Act::CloseInspector => {
                self.ui.inspector = false;
                self.player.borrow_mut().update(Msg::Select(Selection::None));
            }
            Act::Tab(tab) => self.ui.tab = Some(tab),
            Act::Sheet => self.ui.sheet = self.ui.sheet.next(),
            Act::Theme => {
                self.ui.theme = self.ui.theme.next();
                show_venue(&self.ui);
                memory::keep(&self.ui);
            }
            Act::Voice => {
                self.ui.voice = self.ui.voice.next();
                memory::keep(&self.ui);
            }
            Act::Help => self.ui.help = !self.ui.help,
            Act::KeysOn(on) => {
                self.ui.keys_on = on;
                memory::keep(&self.ui);
            }
            Act::LessMotion(less) => {
                self.ui.less_motion = Some(less);
                memory::keep(&self.ui);
                let mut player = self.player.borrow_mut();
                player.update(Msg::ByEvents(less));
            }
            Act::Type(writes) => {
                self.ui.line = None;
                self.ui.draft = Some(self.draft(writes));
            }
            Act::Typed(change, text) => {
                if let Some(draft) = &mut self.ui.draft {
                    change(draft, text);
                }
            }
            Act::Chosen(..) | Act::SingleKey(_) | Act::Look => {}
            Act::Send => self.send(),
            Act::Record => {
                self.ui.reel = Some(Reel::begun());
                record::start(&self.player, ctx.link());
            }
            Act::Reel(reel) => self.ui.reel = Some(reel),
            Act::CrashOrRestart => self.crash_or_restart(),
            Act::IsolateOrRejoin => self.isolate_or_rejoin(),
            Act::NextAck => {
                let current = self.player.borrow_mut().ack();
                let at = Preset::ALL.iter().position(|preset| Some(*preset) == current);
                let next = Preset::ALL[at.map_or(0, |at| (at + 1) % Preset::ALL.len())];
                self.on_msg(Msg::Ack(next));
            }
            Act::Lesson(ask) => {
                let player = &mut self.player.borrow_mut();
                lesson::carry_out(ask, &mut self.ui, player, ctx.link());
            }
            act @ (Act::Line(_)
            | Act::Past(_)
            | Act::Run
            | Act::Gallery
            | Act::OpenBuiltin(_)
            | Act::Scenarios(_)
            | Act::Incoming(..)
            | Act::Opened(_)
            | Act::NotOpened(_)
            | Act::Script(_)
            | Act::Share
            | Act::Told(_)
            | Act::Alarm(_)
            | Act::CopyReport
            | Act::Calm
            | Act::Beats(_)
            | Act::Dialog(_)
            | Act::Compare
            | Act::Sift(..)
            | Act::Save(_)
            | Act::Projector
            | Act::Blank) => {
                let link = ctx.link();
                let msg = act::carry_out(act, &mut self.ui, &mut self.player.borrow_mut(), link);
                if let Some(msg) = msg {
                    self.on_msg(msg);
                }
            }
        }
        self.turn_lesson();
        self.ui.sight.mind(&self.player.borrow(), false);
        self.drawn = Drawn::of(&mut self.player.borrow_mut());
        true
    }

    fn view(&self, ctx: &Context<Root>) -> Html {
        let mut player = self.player.borrow_mut();
        let moment = player.moment();
        let counted = self.ui.drawer == Some(Drawer::Metrics);
        if counted {
            player.measures();
        }
        let second_ago = if counted { player.second_ago() } else { None };
        let compared = Compared::of(&mut player);
        let weighed = panel::weighed(&mut player);
        self.measuring.set(panel::measuring(&weighed));
        let shown = Shown {
            player: &player,
            moment: &moment,
            measures: player.measured().filter(|_| counted),
            second_ago: second_ago.as_ref(),
            ui: &self.ui,
            link: ctx.link(),
        };
        let view = StageView {
            moment: moment.clone(),
            selection: player.selection(),
            follow: player.follow(),
            less_motion: less_motion(&self.ui),
            beats: self.ui.beats,
            slow: player.speed().hundredths() <= SLOW,
            theme: if self.ui.projector { "wall" } else { self.ui.theme.name() },
            number: 0,
            larger: venue::larger(self.ui.projector),
        };
        let lesson = self.ui.course.open.as_ref();
        let told = lesson.and_then(|(_, tutor)| tutor.caption()).map(str::to_string);
        let line = way::told(&player).or_else(|| self.ui.notice.clone()).or(told);
        let line = line.unwrap_or_else(|| caption(&player));
        let rail = lesson::rail(&shown);
        let class = classes([
            Some("app"),
            self.ui.inspector.then_some("with-inspector"),
            rail.is_some().then_some("with-rail"),
            (rail.is_some() || self.ui.inspector).then(|| self.ui.sheet.class()),
            self.ui.drawer.map(|_| "with-drawer"),
            (player.mode() == Mode::Story).then_some("in-story"),
        ]);
        let link = ctx.link().clone();
        let on_drop = move |event: Event| {
            event.prevent_default();
            let dropped = event.unchecked_ref::<DragEvent>().data_transfer();
            let files = dropped.and_then(|dropped| dropped.files());
            if let Some(file) = files.and_then(|files| files.get(0)) {
                panel::gallery::open(&file, &link);
            }
        };
        let stages = panel::stages(&shown, compared.as_ref(), view);
        let panes = el("div", format!("panes of-{}", stages.len())).each(stages);
        let stage = el("main", "stage")
            .set("id", "stage")
            .set("tabindex", "-1")
            .label(say::STAGE)
            .with(el("h2", "hidden").text(say::STAGE))
            .maybe(panel::alarm(&shown))
            .with(control::caption(&shown, line))
            .maybe(panel::strip(&shown))
            .with(panes)
            .maybe(compared.as_ref().map(|compared| panel::deltas(&shown, compared)));
        el("div", class)
            .on("drop", Box::new(on_drop))
            .on("dragover", Box::new(|event| event.prevent_default()))
            .with(el("header", "brand").with(el("h1", "").text(say::REPLICASCOPE)))
            .with(el("a", "skip").set("href", "#stage").text(say::SKIP_TO_THE_STAGE))
            .with(control::play(&shown))
            .maybe(rail)
            .with(stage)
            .with(control::transport(&shown, &self.tape))
            .with(self.panels(&shown))
            .with(control::settings(&shown))
            .with(panel::menu(&shown))
            .maybe(panel::form(&shown))
            .maybe(panel::command(&shown))
            .with(panel::gallery::gallery(&shown))
            .with(lesson::shelf(&shown))
            .with(lesson::sheet(&shown))
            .with(panel::help(&shown))
            .with(panel::dialog(&shown, &weighed))
            .with(
                el("div", "hidden")
                    .set("role", "status")
                    .set("aria-live", "polite")
                    .testid("announcer")
                    .text(self.announcer.text().to_string()),
            )
            .into()
    }

    fn rendered(&mut self, ctx: &Context<Root>, first: bool) {
        panel::place_menu();
        control::set_lists();
        self.move_focus();
        let mut player = self.player.borrow_mut();
        self.tape.paint(&player, &self.ui.sight, true);
        for canvas in self.loom.canvases().into_iter().chain([self.tape.canvas()]) {
            if let Some(canvas) = canvas.cast() {
                self.hands.listen(&canvas);
            }
        }
        let by_frame = std::mem::take(&mut self.painted);
        let at_once = !by_frame || !player.playing();
        let on = (&self.tape, &self.ui.sight);
        self.loom.paint(&mut player, on, self.last_ms.unwrap_or_default(), at_once);
        if !by_frame {
            stage::paint(&mut player);
        }
        drop(player);
        let place = self.ui.course.open.as_ref().map(|(name, tutor)| (name.clone(), tutor.beat));
        if place != self.place {
            browser::focus(if place.is_some() { "lesson-body" } else { "stage" });
            self.place = place;
        }
        if first {
            venue::settle_in(ctx.link());
            let (player, waiting) = (Rc::clone(&self.player), Rc::clone(&self.waiting));
            hooks::install(player, ctx.link().clone(), self.loom.clone(), waiting);
        }
    }
}

impl Root {
    fn axis(&self, player: &Player) -> Option<Axis> {
        self.tape.axis(player, &self.ui.sight)
    }

    /// Lets the lesson follow what was done, and says what it has to say.
    fn turn_lesson(&mut self) {
        let now_ms = self.last_ms.unwrap_or(0.0);
        if let Some(news) = lesson::turned(&mut self.ui, &mut self.player.borrow_mut()) {
            self.announcer.say(news, now_ms);
        }
    }

    /// Inspector and drawer.
    fn panels(&self, shown: &Shown) -> Html {
        let now_ms = self.last_ms.unwrap_or(0.0);
        let mut kept = self.panels.borrow_mut();
        if let Some((at_ms, panels)) = kept.as_ref()
            && shown.player.playing()
            && now_ms - at_ms < PANELS_MS
        {
            return panels.clone();
        }
        let inspector = panel::inspector(shown).map_or_else(Html::default, Html::from);
        let panels: Html =
            [inspector, panel::drawer(shown, &self.loom).into()].into_iter().collect();
        *kept = Some((now_ms, panels.clone()));
        panels
    }

    fn on_msg(&mut self, msg: Msg) {
        self.ui.notice = None;
        let now_ms = self.last_ms.unwrap_or(0.0);
        let mut player = self.player.borrow_mut();
        match &msg {
            Msg::Select(selection) => self.ui.look_at(*selection),
            Msg::Follow(op) => self.ui.look_at(Selection::Op(*op)),
            _ => {}
        }
        let stepped = matches!(
            msg,
            Msg::StepForward | Msg::StepBack | Msg::NextSurprise | Msg::PreviousSurprise
        );
        let acted = matches!(msg, Msg::Issue(_) | Msg::Ack(_));
        let fresh = matches!(
            msg,
            Msg::Topology(_) | Msg::Load(_) | Msg::Edited(_) | Msg::Story | Msg::Skip
        );
        let newest = msg == Msg::FollowNewest;
        if stepped {
            player.update(Msg::Pause);
        }
        if let Msg::StopAtSurprises(on) = msg {
            memory::keep_stop(on);
        }
        player.update(msg);
        if fresh {
            lesson::left(&mut self.ui);
            self.ui.node = None;
            self.ui.op = None;
            self.ui.link = None;
            self.ui.inspector = false;
        }
        if newest {
            self.ui.look_at(player.selection());
        }
        let there = player.heading().is_none();
        if there && (stepped || acted && !player.playing()) {
            self.announcer.step(&player, now_ms);
        } else {
            self.announcer.jumped(&player);
        }
    }

    /// Closes what is open, one thing at a time; then deselects.
    fn on_escape(&mut self) {
        let mut player = self.player.borrow_mut();
        if self.ui.dialog.take().is_some() {
            player.update(Msg::Weigh(false));
            return;
        }
        if std::mem::take(&mut self.ui.course.shelf)
            || std::mem::take(&mut self.ui.course.reads)
            || std::mem::take(&mut self.ui.gallery)
            || self.ui.line.take().is_some()
            || self.ui.draft.take().is_some()
        {
            return;
        }
        if player.menu().is_some() {
            player.update(Msg::CloseMenu);
        } else if self.ui.help {
            self.ui.help = false;
        } else if self.ui.inspector {
            self.ui.inspector = false;
        } else if self.ui.drawer.take().is_none() {
            player.update(Msg::Select(Selection::None));
            player.update(Msg::Unfollow);
        }
    }
}

/// Whether less motion is wanted, by the person or the system.
pub fn less_motion(ui: &Ui) -> bool {
    ui.less_motion.unwrap_or_else(|| browser::matches("(prefers-reduced-motion: reduce)"))
}

/// Marks the page with its theme, and with where it is shown; a wall is light unless asked to be
/// dark.
pub fn show_venue(ui: &Ui) {
    let theme = match ui.theme {
        Theme::Auto if ui.projector => Theme::Light,
        theme => theme,
    };
    // Setting an attribute on <html> cannot fail.
    let _ = browser::root().set_attribute("data-theme", theme.name());
    venue::mark("data-projector", ui.projector);
    venue::mark("data-embed", ui.embed);
}
