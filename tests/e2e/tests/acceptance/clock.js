// The page's clock in the hand of a test: it goes by what its frames tell it, and here they come
// when the test says, with the time that the test says. Put in place before the page's own scripts.

window.clock = {
  // The browser's own frames: what is drawn is drawn in these.
  frame: window.requestAnimationFrame.bind(window),
  now: 0,
  waiting: [],

  // One frame of the page, so many milliseconds after the one before.
  async tick(ms) {
    clock.now += ms;
    const due = clock.waiting.splice(0);
    for (const callback of due) callback(clock.now);
    // What a frame brings about by promises and timers of no time comes before the next.
    await new Promise((done) => setTimeout(done));
  },

  // Lets so many milliseconds pass, in frames of so many, and does something after each.
  async pass(ms, step, after = () => {}) {
    for (let passed = 0; passed < ms; passed += step) {
      await clock.tick(step);
      await after();
    }
  },
};

window.requestAnimationFrame = (callback) => clock.waiting.push(callback);
