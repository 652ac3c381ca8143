// What Python prints, on its way to the page: at once, unless it is so much that the page would drown in messages.

const AT_ONCE = 100; // messages that may go out in a burst
const PER_SECOND = 40; // and from then on
const MOST = 200_000; // characters that a cell may show: more would stop the browser

export class Printer {
  // send: called with text for the page.
  constructor(send) {
    this.send = send;
    this.waiting = "";
    this.allowed = AT_ONCE;
    this.since = performance.now();
    this.begin();
  }

  // Another cell prints from now on.
  begin() {
    this.flush();
    this.left = MOST;
  }

  print(text) {
    if (this.left <= 0) return;
    this.waiting += text.slice(0, this.left);
    this.left -= text.length;
    if (this.left <= 0) {
      this.waiting += "\n… This cell prints more than is shown here.";
      this.flush();
      return;
    }
    const now = performance.now();
    this.allowed = Math.min(AT_ONCE, this.allowed + ((now - this.since) / 1000) * PER_SECOND);
    this.since = now;
    if (this.allowed >= 1) {
      this.allowed -= 1;
      this.flush();
    }
  }

  flush() {
    if (this.waiting) this.send(this.waiting);
    this.waiting = "";
  }
}
