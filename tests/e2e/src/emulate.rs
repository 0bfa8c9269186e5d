//! What kind of device and person the page believes it has before it.

use crate::browser::Browser;
use serde_json::json;

/// Size of the visible page in CSS pixels, and whether it is a touch screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewport {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// A touch screen has a coarse pointer and no hover.
    pub touch: bool,
}

/// A laptop's window.
pub const DESKTOP: Viewport = Viewport { width: 1440, height: 900, touch: false };
/// A telephone held upright.
pub const PHONE: Viewport = Viewport { width: 390, height: 844, touch: true };

impl Browser {
    /// Gives the page exactly this size, at one device pixel per CSS pixel, so that a screenshot's
    /// pixels are the page's.
    pub fn resize(&self, viewport: Viewport) {
        let Viewport { width, height, touch } = viewport;
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            &json!({
                "width": width, "height": height, "screenWidth": width, "screenHeight": height,
                "deviceScaleFactor": 1, "mobile": touch,
            }),
        );
        self.cdp(
            "Emulation.setTouchEmulationEnabled",
            &json!({ "enabled": touch, "maxTouchPoints": if touch { 5 } else { 1 } }),
        );
        // The empty first tab has no viewport element: as a phone it claims to be 980 pixels wide.
        self.wait(&format!(
            "screen.width === {width} && screen.height === {height}
             && (!location.protocol.startsWith('http')
                 || (innerWidth === {width} && innerHeight === {height}))"
        ));
    }

    /// Sets media features, such as `[("prefers-color-scheme", "light")]`, all at once: those not
    /// named return to the browser's default.
    pub fn media(&self, features: &[(&str, &str)]) {
        let features: Vec<_> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.cdp("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }
}
