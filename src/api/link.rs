//! Links in JavaScript, whose platforms deflate and inflate by themselves: in a while, not at once.
//!
//! What is inflated is counted as it comes: what unpacks to more than a scenario may be is given up
//! before it fills the memory.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};

use crate::recording::{Link, LinkError, Sealed, UNPACKED_MAX};

/// What zip files are made of as well: no header, no checksum.
const FORMAT: &str = "deflate-raw";
/// Why a good link does not open.
const NOT_HERE: &str = "this browser is too old to unpack links";

#[wasm_bindgen]
extern "C" {
    /// A promise.
    #[wasm_bindgen(js_name = Promise)]
    #[derive(Debug)]
    pub type Later;
    /// What is to be called when it is kept, and when it is broken; the promise of what those give.
    #[wasm_bindgen(method)]
    pub fn then(this: &Later, kept: &JsValue, broken: &JsValue) -> Later;
    #[wasm_bindgen(static_method_of = Later, js_class = "Promise")]
    fn resolve(value: JsValue) -> Later;
    #[wasm_bindgen(static_method_of = Later, js_class = "Promise")]
    fn reject(why: JsValue) -> Later;

    type Response;
    #[wasm_bindgen(constructor)]
    fn new(content: &JsValue) -> Response;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Response) -> Stream;
    #[wasm_bindgen(method, js_name = arrayBuffer)]
    fn bytes(this: &Response) -> Later;

    type Stream;
    #[wasm_bindgen(method, js_name = pipeThrough)]
    fn through(this: &Stream, change: &JsValue) -> Stream;
    #[wasm_bindgen(method, js_name = pipeTo)]
    fn pipe_to(this: &Stream, sink: &JsValue) -> Later;

    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;

    type WritableStream;
    #[wasm_bindgen(constructor)]
    fn new(sink: &JsValue) -> WritableStream;
}

impl Later {
    /// The promise of what is known already.
    pub fn settled(known: Result<JsValue, JsValue>) -> Later {
        match known {
            Ok(value) => Later::resolve(value),
            Err(why) => Later::reject(why),
        }
    }
}

/// Deflates a link and hands it over, from `#` on; the promise is of what is made of it then. The
/// error is the platform's, which cannot do it.
pub fn written(
    link: Link,
    then: impl FnOnce(String) -> JsValue + 'static,
) -> Result<Later, JsValue> {
    let deflate = CompressionStream::new(FORMAT)?;
    let packed = Response::new(&stream(&link.content()).through(&deflate)).bytes();
    let done = Closure::once_into_js(move |packed: JsValue| {
        then(link.around(&Uint8Array::new(&packed).to_vec()))
    });
    Ok(packed.then(&done, &JsValue::UNDEFINED))
}

/// Inflates a link and hands over what it says, or why it does not open; the promise is of what
/// becomes of that.
pub fn opened(
    sealed: Sealed,
    then: impl FnOnce(Result<Link, String>) -> Result<JsValue, JsValue> + 'static,
) -> Later {
    let Ok(inflate) = DecompressionStream::new(FORMAT) else {
        return Later::settled(then(Err(NOT_HERE.to_string())));
    };
    let content = Rc::new(RefCell::new(Vec::new()));
    let gathered = Rc::clone(&content);
    let write: Closure<dyn FnMut(Uint8Array) -> Result<(), JsValue>> =
        Closure::new(move |chunk: Uint8Array| {
            let mut content = gathered.borrow_mut();
            let known = content.len();
            let all = known + chunk.length() as usize;
            if all > UNPACKED_MAX {
                return Err(JsValue::NULL);
            }
            content.resize(all, 0);
            chunk.copy_to(&mut content[known..]);
            Ok(())
        });
    let sink = Object::new();
    // A plain object takes any property.
    let _ = Reflect::set(&sink, &"write".into(), write.as_ref());
    let packed = stream(&sealed.packed);
    // Called with nothing at the end, with null from above, with an error by the platform.
    let ended = Closure::once_into_js(move |why: JsValue| {
        drop(write);
        let link = match (why.is_undefined(), why.is_null()) {
            (true, _) => sealed.open(&content.take()),
            (_, true) => Err(LinkError::TooLong),
            (false, false) => Err(LinkError::Damaged),
        };
        then(link.map_err(|error| error.to_string()))
    });
    packed.through(&inflate).pipe_to(&WritableStream::new(&sink)).then(&ended, &ended)
}

fn stream(bytes: &[u8]) -> Stream {
    Response::new(&Uint8Array::from(bytes)).body()
}
