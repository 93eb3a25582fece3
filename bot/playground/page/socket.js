/** The page's line to the playground: JSON frames in, and it comes back by itself after a loss. */

const FIRST_WAIT = 300;
const LONGEST_WAIT = 3000;

/** A websocket for one person. `onframe(type, data)` gets each frame, `onstate("open" | "lost")` each change. */
export class Socket {
  constructor(onframe, onstate) {
    this.onframe = onframe;
    this.onstate = onstate;
    this.person = null;
    this.line = null;
    this.wait = FIRST_WAIT;
    this.timer = 0;
  }

  /** Speak as this person from now on; null lets the playground choose. */
  open(person) {
    this.person = person;
    clearTimeout(this.timer);
    const old = this.line;
    this.line = null;
    old?.close();
    this.#connect();
  }

  /** Try at once instead of at the end of the present wait. */
  hurry() {
    if (this.line && this.line.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.timer);
    this.#connect();
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = this.person ? `?person=${encodeURIComponent(this.person)}` : "";
    const line = new WebSocket(`${scheme}://${location.host}/play/socket${query}`);
    this.line = line;
    line.addEventListener("message", (event) => {
      if (this.line !== line) return;
      const { t, d } = JSON.parse(event.data);
      if (t === "HELLO") {
        this.wait = FIRST_WAIT;
        this.onstate("open");
      }
      this.onframe(t, d);
    });
    line.addEventListener("close", () => {
      if (this.line !== line) return;
      this.line = null;
      this.onstate("lost");
      this.timer = setTimeout(() => this.#connect(), this.wait);
      this.wait = Math.min(this.wait * 1.6, LONGEST_WAIT);
    });
  }
}
