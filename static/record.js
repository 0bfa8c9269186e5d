// Records the stage as WebM; fetched when somebody asks for it.
//
// `frame(words, done)` gives the stage as it is now, as SVG, or nothing once the run stands still.
// It is told how far the recording is, and what has become of it in the end.

const LONGEST_S = 180;
const BITS_PER_S = 6e6;
const TELL_MS = 500;
const FLUSH_MS = 5e3;
// The lighter to make first: the run is drawn by the same machine.
const KINDS = ["video/webm;codecs=vp8", "video/webm"];

window.recordStage = async (frame) => {
  const can = window.MediaRecorder && HTMLCanvasElement.prototype.captureStream;
  const mimeType = can && KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  if (!mimeType) {
    frame("This browser cannot record WebM. The stage can be saved as SVG or PNG instead.", true);
    return;
  }
  try {
    await record(frame, mimeType);
  } catch (error) {
    frame(`The recording has failed: ${error.message}`, true);
  }
};

async function record(frame, mimeType) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  await draw(canvas, pen, frame());
  const parts = [];
  const recorder = new MediaRecorder(canvas.captureStream(), {
    mimeType,
    videoBitsPerSecond: BITS_PER_S,
  });
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((done) => (recorder.onstop = done));
  recorder.start(TELL_MS);
  const began = performance.now();
  let told = began;
  for (;;) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    const due = now - told > TELL_MS;
    if (due) told = now;
    const svg = frame(due ? `Recording: ${size(now - began, parts)}` : undefined);
    if (!svg || now - began > LONGEST_S * 1e3) break;
    await draw(canvas, pen, svg);
  }
  // A recording that was stopped at once waits for what has been filmed to be written.
  const ended = performance.now();
  while (!parts.some(({ size }) => size) && performance.now() - ended < FLUSH_MS) {
    pen.drawImage(canvas, 0, 0);
    await new Promise(requestAnimationFrame);
  }
  recorder.stop();
  await stopped;
  if (!parts.some(({ size }) => size)) throw new Error("the browser has written nothing");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "video/webm" }));
  link.download = "stage.webm";
  link.click();
  frame(`Saved as stage.webm: ${size(performance.now() - began, parts)}.`, true);
}

async function draw(canvas, pen, svg) {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  image.src = address;
  await image.decode();
  URL.revokeObjectURL(address);
  // The first picture says how large all are; video wants even numbers.
  if (!canvas.dataset.ready) {
    canvas.dataset.ready = "yes";
    canvas.width = Math.ceil(image.naturalWidth / 2) * 2;
    canvas.height = Math.ceil(image.naturalHeight / 2) * 2;
  }
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
}

function size(ms, parts) {
  const bytes = parts.reduce((sum, part) => sum + part.size, 0);
  return `${(ms / 1e3).toFixed(1)} s, ${Math.ceil(bytes / 1e3)} kB`;
}
