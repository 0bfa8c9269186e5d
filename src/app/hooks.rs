//! `window.replicascope`: the page's own hooks for tests, scripts and the curious. Every call acts
//! and answers at once, from the same player that the views read. `url` gives a promise, and
//! `longUrl` the same at once, several times as long; `seek` to where much is to be simulated first
//! gives a promise of the instant too, and `ready` comes once the playhead is where the address
//! leads to.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, JSON, Object, Promise, Reflect};
use replication::api;
use replication::base::SimTime;
use replication::check::{Heard, Load, Vitals, loads, vitals};
use replication::form::{Form, ToForm};
use replication::player::{Figure, Msg, Player, Speed};
use replication::recording::{Narrator, read_live_command, read_scenario};
use replication::scene::Strips;
use replication::sim::{Judge, standings_form};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsError, JsValue};
use yew::html::Scope;

use super::browser::window;
use super::loom::Loom;
use super::memory;
use super::panel::{Row, table_row};
use super::root::Root;
use super::stage;
use super::ui::Act;

const NAME: &str = "replicascope";
const READY: &str = "ready";

type Answer = Result<JsValue, JsValue>;

/// What is to be called once the playhead is where it was asked to be.
pub type Waiting = Rc<RefCell<Vec<Function>>>;

/// The player, shared with the page, and the page to redraw.
#[derive(Clone)]
struct Handle {
    player: Rc<RefCell<Player>>,
    link: Scope<Root>,
    loom: Loom,
    waiting: Waiting,
}

/// Calls those who wait for the playhead.
pub fn arrived(waiting: &Waiting, t: SimTime) {
    if let Ok(hooks) = Reflect::get(&window(), &NAME.into()) {
        set(hooks.unchecked_ref(), READY, &JsValue::TRUE);
    }
    for waits in waiting.take() {
        // What keeps a promise cannot fail.
        let _ = waits.call1(&JsValue::UNDEFINED, &(t as f64).into());
    }
}

/// Puts the hooks in place.
pub fn install(player: Rc<RefCell<Player>>, link: Scope<Root>, loom: Loom, waiting: Waiting) {
    let there = player.borrow().heading().is_none();
    let handle = Handle { player, link, loom, waiting };
    let hooks = Object::new();
    set(&hooks, READY, &there.into());
    handle.method(&hooks, "t", |handle, _| Ok((handle.player.borrow().t() as f64).into()));
    handle.method(&hooks, "seek", |handle, t| {
        handle.update(Msg::Seek(number(&t, "a time in microseconds")? as u64))?;
        let player = handle.player.borrow();
        if player.heading().is_none() {
            return Ok((player.t() as f64).into());
        }
        let wait = &mut |kept, _| handle.waiting.borrow_mut().push(kept);
        Ok(Promise::new(wait).into())
    });
    handle.method(&hooks, "step", step);
    handle.method(&hooks, "hash", |handle, _| {
        let digest = handle.player.borrow_mut().moment().digest();
        Ok(format!("{digest:016x}").into())
    });
    handle.method(&hooks, "speed", |handle, speed| {
        if !speed.is_undefined() {
            let hundredths = (number(&speed, "a factor")? * 100.0) as u32;
            handle.update(Msg::SetSpeed(Speed::nearest(hundredths)))?;
        }
        let speed = handle.player.borrow().speed();
        Ok((f64::from(speed.hundredths()) / 100.0).into())
    });
    handle.method(&hooks, "play", |handle, _| handle.update(Msg::Play));
    handle.method(&hooks, "pause", |handle, _| handle.update(Msg::Pause));
    handle.method(&hooks, "playing", |handle, _| Ok(handle.player.borrow().playing().into()));
    handle.method(&hooks, "skipIdle", |handle, on| handle.update(Msg::SkipIdle(on.is_truthy())));
    handle.method(&hooks, "undo", |handle, _| handle.update(Msg::Undo));
    handle.method(&hooks, "redo", |handle, _| handle.update(Msg::Redo));
    handle.method(&hooks, "issue", |handle, command| {
        let text = json_text(&command)?;
        let command = {
            let player = handle.player.borrow();
            read_live_command(&text, player.recording().scenario()).map_err(error)?
        };
        handle.update(Msg::Issue(command))
    });
    handle.method(&hooks, "load", |handle, scenario| {
        let scenario = read_scenario(&json_text(&scenario)?).map_err(error)?;
        handle.update(Msg::Load(Box::new(scenario)))
    });
    handle.method(&hooks, "alarm", |handle, text| {
        let text = text.as_string().unwrap_or_default();
        handle.link.send_message(Act::Alarm(text));
        Ok(JsValue::UNDEFINED)
    });
    handle.method(&hooks, "events", |handle, _| parsed(&handle.events()));
    handle.method(&hooks, "marks", |handle, _| parsed(&handle.marks()));
    handle.method(&hooks, "nodes", |handle, _| parsed(&handle.nodes()));
    handle.method(&hooks, "packets", |handle, _| {
        parsed(&stage::packets(&mut handle.player.borrow_mut()))
    });
    handle.method(&hooks, "drawing", |_, _| Ok(stage::drawn().into()));
    handle.method(&hooks, "draw", |handle, _| {
        stage::paint(&mut handle.player.borrow_mut());
        Ok(JsValue::UNDEFINED)
    });
    handle.method(&hooks, "spaceTime", |handle, _| {
        parsed(&handle.loom.drawn(handle.player.borrow().recording().trace()))
    });
    handle.method(&hooks, "metrics", |handle, beside| {
        parsed(&handle.metrics(beside.as_f64().unwrap_or_default() as usize))
    });
    handle.method(&hooks, "url", |handle, _| handle.url());
    handle.method(&hooks, "longUrl", |handle, _| {
        Ok(full(&memory::link(&handle.player.borrow()).long()).into())
    });
    set(&window(), NAME, &hooks);
}

fn step(handle: &Handle, count: JsValue) -> Answer {
    let count = if count.is_undefined() { 1.0 } else { number(&count, "a number of steps")? };
    handle.update(Msg::Pause)?;
    for _ in 0..count.abs() as u32 {
        let msg = if count > 0.0 { Msg::StepForward } else { Msg::StepBack };
        handle.player.borrow_mut().update(msg);
    }
    handle.link.send_message(Act::Redraw);
    Ok((handle.player.borrow().t() as f64).into())
}

impl Handle {
    fn method(&self, hooks: &Object, name: &str, act: fn(&Handle, JsValue) -> Answer) {
        let handle = self.clone();
        let closure: Closure<dyn Fn(JsValue) -> Answer> =
            Closure::new(move |value| act(&handle, value));
        // The hooks live as long as the page.
        set(hooks, name, closure.into_js_value().unchecked_ref::<Function>());
    }

    fn update(&self, msg: Msg) -> Answer {
        self.player.borrow_mut().update(msg);
        self.link.send_message(Act::Redraw);
        Ok(JsValue::UNDEFINED)
    }

    /// What has happened up to the playhead.
    fn events(&self) -> Form {
        let player = self.player.borrow();
        let recording = player.recording();
        let narrator = Narrator::of(recording);
        let records = recording.trace().between(0, player.t() + 1);
        Form::list(records.map(|(number, record)| narrator.line(number, &record).to_form()))
    }

    fn marks(&self) -> Form {
        let player = self.player.borrow();
        Form::list(player.marks().until(player.t()).iter().map(|mark| {
            Form::table(&[
                ("at_us", &mark.at),
                ("kind", &mark.kind.name()),
                ("record", &mark.record),
            ])
        }))
    }

    fn nodes(&self) -> Form {
        let mut player = self.player.borrow_mut();
        let moment = player.moment();
        let t = player.t();
        let vitals = vitals(&moment, player.recording().trace(), t);
        let strips = Strips::new(&moment, false);
        let rows = moment.nodes.iter().zip(vitals);
        Form::list(
            rows.map(|(node, vitals)| node_form(&table_row(&moment, &strips, node, vitals, t), t)),
        )
    }

    /// Numbers of the run looked at, or of the one beside it with this number, from 1 on.
    fn metrics(&self, beside: usize) -> Form {
        let mut player = self.player.borrow_mut();
        let t = player.t();
        let (moment, second_ago, score, measures) = match beside.checked_sub(1) {
            None => (player.moment(), player.second_ago(), player.score(), player.measured()),
            Some(at) => {
                let Some(rival) = player.rivals_mut().get_mut(at) else {
                    return Form::Nothing;
                };
                (rival.moment(t), rival.second_ago(t), rival.score(t), rival.measured())
            }
        };
        let Some(measures) = measures else { return Form::Nothing };
        let traffic = moment.network.traffic;
        let figures = Figure::ALL.map(|figure| (figure.id(), score.get(figure)));
        let mut fields: Vec<(&str, &dyn ToForm)> =
            figures.iter().map(|(id, figure)| (*id, figure as &dyn ToForm)).collect();
        let (write, commit, read) = (
            measures.write_latency_us.summary(),
            measures.commit_latency_us.summary(),
            measures.read_latency_us.summary(),
        );
        let messages = Form::table(&[
            ("sent", &traffic.sent),
            ("delivered", &traffic.delivered),
            ("lost", &traffic.lost),
            ("duplicated", &traffic.duplicated),
        ]);
        let bytes = Form::table(&[
            ("log", &traffic.log_bytes),
            ("ack", &traffic.ack_bytes),
            ("control", &traffic.control_bytes),
        ]);
        let loads = loads(&moment, second_ago.as_deref());
        let links = Form::list(loads.iter().map(load_form));
        let ledger = standings_form(&Judge::new(&moment).count());
        fields.push(("write_latency_us", &write));
        fields.push(("commit_latency_us", &commit));
        fields.push(("read_latency_us", &read));
        fields.push(("reads_served", &score.reads));
        fields.push(("messages", &messages));
        fields.push(("bytes", &bytes));
        fields.push(("links", &links));
        fields.push(("ledger", &ledger));
        Form::table(&fields)
    }

    /// This page's address with everything in it that leads back here.
    fn url(&self) -> Answer {
        let link = memory::link(&self.player.borrow());
        api::written(link, |link| full(&link).into()).map(JsValue::from)
    }
}

fn node_form(row: &Row, t: SimTime) -> Form {
    let Vitals { received, logged, applied, to_apply, answered, heard, alone } = row.vitals;
    let heard_us = match heard {
        Heard::Nobody | Heard::Never | Heard::Before(_) => None,
        Heard::At(at) => Some(t - at),
    };
    Form::table(&[
        ("id", &row.node),
        ("role", &row.role),
        ("state", &row.state),
        ("epoch", &row.epoch),
        ("applied", &row.applied),
        ("lag", &row.lag_entries),
        ("lag_us", &row.lag_us),
        ("last", &row.last),
        ("trouble", &row.trouble),
        ("stale_us", &row.stale_us),
        ("reports_s", &row.reports_s),
        ("received_lsn", &received),
        ("logged_lsn", &logged),
        ("applied_lsn", &applied),
        ("to_apply", &to_apply),
        ("writes_per_s", &answered.map(|[writes, _]| writes)),
        ("reads_per_s", &answered.map(|[_, reads]| reads)),
        ("heard_us", &heard_us),
        ("only_here", &alone),
    ])
}

fn load_form(load: &Load) -> Form {
    Form::table(&[
        ("from", &load.from),
        ("to", &load.to),
        ("messages", &load.messages),
        ("bytes", &load.bytes),
        ("bytes_per_s", &load.lately),
        ("in_flight", &load.in_flight),
        ("percent", &load.percent),
    ])
}

/// This page's address with a link behind it.
fn full(link: &str) -> String {
    let href = window().location().href().unwrap_or_default();
    format!("{}{link}", href.split('#').next().unwrap_or_default())
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object takes any property.
    let _ = Reflect::set(object, &name.into(), value);
}

fn number(value: &JsValue, expected: &str) -> Result<f64, JsValue> {
    let number = value.as_f64().filter(|number| number.is_finite());
    number.ok_or_else(|| JsError::new(&format!("expected {expected}")).into())
}

fn error(problem: impl std::fmt::Display) -> JsValue {
    JsError::new(&problem.to_string()).into()
}

/// A text as it is; anything else as JSON.
fn json_text(value: &JsValue) -> Result<String, JsValue> {
    match value.as_string() {
        Some(text) => Ok(text),
        None => JSON::stringify(value).map(String::from),
    }
}

fn parsed(value: &Form) -> Answer {
    JSON::parse(&value.to_string())
}
