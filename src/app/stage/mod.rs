//! The cluster's picture. A stand-in: servers as a row of buttons.

use replication::base::OpId;
use replication::player::{Msg, Player, Selection};
use replication::recording::Moment;
use yew::{Callback, Html, Properties, classes, function_component, html};

/// What the picture is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct StageView {
    /// The world at the playhead.
    pub moment: Moment,
    /// What is selected.
    pub selection: Selection,
    /// Which operation is followed.
    pub follow: Option<OpId>,
    /// Whether less motion is wanted.
    pub less_motion: bool,
    /// Changes with the theme, so that colours are read anew.
    pub theme: &'static str,
}

/// The stage's input.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StageProps {
    /// What is shown.
    pub view: StageView,
    /// Where requests go.
    pub on_msg: Callback<Msg>,
}

/// The cluster's picture.
#[function_component(Stage)]
pub fn stage(props: &StageProps) -> Html {
    let nodes = props.view.moment.nodes.iter().map(|node| {
        let id = node.id;
        let onclick = props
            .on_msg
            .reform(move |_| Msg::Select(Selection::Node(id)));
        html! {
            <button class={classes!("node")} data-node={id.to_string()} {onclick}>{ id.to_string() }</button>
        }
    });
    html! { <div class="stage-stub">{ for nodes }</div> }
}

/// Draws what moves, in every frame.
pub fn paint(_player: &mut Player) {}

/// Every packet that is drawn.
pub fn packets(_player: &mut Player) -> serde_json::Value {
    serde_json::json!([])
}
