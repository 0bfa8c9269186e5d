//! Elements of the page, put together word by word.
//!
//! `html!` writes out at every element how each of its parts is made, and a tenth of the page was
//! just that. Here each part is one call, and views are as long as what they say.

use std::borrow::Cow;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Event;
use yew::html::BaseComponent;
use yew::virtual_dom::{Key, Listener, ListenerKind, VComp, VNode, VTag, VText};
use yew::{AttrValue, Html, NodeRef};

/// An element in the making.
pub struct El(Box<VTag>);

/// What an element does when it hears an event.
pub type Ear = Box<dyn Fn(Event)>;

/// A text of the program's, or one made for the occasion.
pub type Words = Cow<'static, str>;

/// An element of this class; of none if it is empty.
pub fn el(tag: &'static str, class: impl Into<Words>) -> El {
    let element = El(Box::new(VTag::new(AttrValue::Static(tag))));
    let class = class.into();
    if class.is_empty() { element } else { element.set("class", class) }
}

/// The classes that there are.
pub fn classes<const N: usize>(names: [Option<&str>; N]) -> String {
    let names: Vec<&str> = names.into_iter().flatten().collect();
    names.join(" ")
}

/// Several things in place of one.
pub fn group<const N: usize>(children: [El; N]) -> Html {
    children.into_iter().map(Html::from).collect()
}

/// A component.
pub fn component<C: BaseComponent>(props: C::Properties, key: Option<&str>) -> Html {
    VComp::new::<C>(props.into(), key.map(Key::from)).into()
}

impl El {
    /// With an attribute.
    pub fn set(self, name: &'static str, value: impl Into<Words>) -> El {
        self.attribute(name, value.into().into())
    }

    /// With an attribute that others have too.
    pub fn attribute(mut self, name: &'static str, value: AttrValue) -> El {
        self.0.add_attribute(name, value);
        self
    }

    /// With the name that assistive technology says.
    pub fn label(self, label: impl Into<Words>) -> El {
        self.set("aria-label", label)
    }

    /// With the name that tests find it by.
    pub fn testid(self, name: impl Into<Words>) -> El {
        self.set("data-testid", name)
    }

    /// With an attribute that says true or false.
    pub fn is(self, name: &'static str, yes: bool) -> El {
        self.set(name, if yes { "true" } else { "false" })
    }

    /// With an attribute that is there or is not.
    pub fn mark(self, name: &'static str, there: bool) -> El {
        if there { self.set(name, name) } else { self }
    }

    /// With an identity among its siblings.
    pub fn key(mut self, key: impl Into<Key>) -> El {
        self.0.key = Some(key.into());
        self
    }

    /// Known by a reference from now on.
    pub fn known_as(mut self, reference: &NodeRef) -> El {
        self.0.node_ref = reference.clone();
        self
    }

    /// An input with this text in it.
    pub fn value(mut self, value: String) -> El {
        self.0.set_value(value);
        self
    }

    /// A box that is checked or is not.
    pub fn checked(mut self, yes: bool) -> El {
        self.0.set_checked(yes);
        self
    }

    /// With an ear for an event, such as `click`.
    pub fn on(mut self, event: &'static str, ear: Ear) -> El {
        self.0.add_listener(std::rc::Rc::new(Listening { event, ear }));
        self
    }

    /// That acts when it is clicked.
    pub fn on_click(self, ear: Ear) -> El {
        self.on("click", ear)
    }

    /// With a text in it.
    pub fn text(self, text: impl Into<Words>) -> El {
        self.child(VText::new(text.into()).into())
    }

    /// With something in it.
    pub fn with(self, child: impl Into<Html>) -> El {
        self.child(child.into())
    }

    /// With something in it, or with its place kept free.
    pub fn maybe(self, child: Option<El>) -> El {
        self.child(child.map_or_else(Html::default, Html::from))
    }

    /// With all these things in it.
    pub fn each<T: Into<Html>>(mut self, children: impl IntoIterator<Item = T>) -> El {
        for child in children {
            self = self.child(child.into());
        }
        self
    }

    fn child(mut self, child: Html) -> El {
        self.0.add_child(child);
        self
    }
}

/// What is written or chosen in the field that an event is about.
pub fn value_of(event: &Event) -> String {
    property(event, "value").as_string().unwrap_or_default()
}

/// Whether the box that an event is about is checked.
pub fn is_checked(event: &Event) -> bool {
    property(event, "checked").is_truthy()
}

fn property(event: &Event, name: &str) -> JsValue {
    let target = event.target().map(JsValue::from).unwrap_or_default();
    // Nothing has no properties.
    Reflect::get(&target, &name.into()).unwrap_or_default()
}

impl From<El> for Html {
    fn from(element: El) -> Html {
        VNode::from(*element.0)
    }
}

struct Listening {
    event: &'static str,
    ear: Ear,
}

impl Listener for Listening {
    fn kind(&self) -> ListenerKind {
        // Yew has kinds of its own for what browsers know; their names do the same in less room.
        ListenerKind::other(self.event.into())
    }

    fn handle(&self, event: Event) {
        (self.ear)(event);
    }

    fn passive(&self) -> bool {
        false
    }
}
