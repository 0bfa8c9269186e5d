// Looks at the page from inside. Put in place before the page's own scripts.

window.probe = {
  // A frame of the browser, also where a test holds the page's clock.
  frame: () => new Promise((done) => (window.clock?.frame ?? requestAnimationFrame)(done)),

  // Comes after every callback of a frame, their microtasks and the frame's painting: the page
  // moves its playhead in frames only, so until the next one the screen shows the playhead.
  async drawn() {
    const at = await probe.frame();
    await new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    });
    return at;
  },

  // Comes after every timer of no time that was set before.
  turn: () => new Promise((done) => setTimeout(done)),

  // Comes when two frames have been drawn and no transition that ends is still under way. What
  // takes Yew longer than a frame it puts off until a timer, and on a busy machine frames may
  // overtake that.
  async settled() {
    const ends = (animation) =>
      animation.playState === "running"
      && Number.isFinite(animation.effect.getComputedTiming().endTime);
    await probe.drawn();
    do {
      await probe.drawn();
      await probe.turn();
      await probe.turn();
    } while (document.getAnimations().some(ends));
  },

  text: (selector) => document.querySelector(selector)?.textContent ?? "",

  // Everything on the stage that stands still, as text. In what order attributes were set does not
  // show, so it does not count.
  still() {
    const text = (node) => {
      if (node.nodeType !== Node.ELEMENT_NODE) return node.data;
      const words = [...node.attributes].map(({ name, value }) => `${name}="${value}"`).sort();
      return `<${node.tagName} ${words.join(" ")}>${[...node.childNodes].map(text).join("")}`;
    };
    return text(document.querySelector('[data-testid="scene"]'));
  },

  // What is drawn on the stage's canvas, as a number.
  moving() {
    const canvas = document.querySelector(".stage canvas");
    const pen = canvas.getContext("2d");
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    const words = new Uint32Array(data.buffer);
    let digest = 2166136261;
    for (const word of words) digest = Math.imul(digest ^ word, 16777619);
    return digest;
  },

  // Whether anything is drawn on the stage's canvas at a place of the stage.
  inked(x, y) {
    const canvas = document.querySelector(".stage canvas");
    const ratio = canvas.width / canvas.getBoundingClientRect().width;
    const pen = canvas.getContext("2d");
    const { data } = pen.getImageData(Math.round(x * ratio) - 4, Math.round(y * ratio) - 4, 9, 9);
    return data.some((value, at) => at % 4 === 3 && value > 0);
  },
};
