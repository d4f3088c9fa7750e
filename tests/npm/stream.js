// A WebSocket of the package ws whose JSON messages wait in a queue.

import WebSocket from "ws";

export class Stream {
  static async open(url) {
    const stream = new Stream(url);
    await new Promise((resolve, reject) => {
      stream.socket.once("open", resolve);
      stream.socket.once("error", reject);
    });
    return stream;
  }

  constructor(url) {
    this.queue = [];
    this.waiting = undefined;
    this.closed = undefined;
    this.socket = new WebSocket(url);
    this.socket.on("message", (text) => this.#deliver(JSON.parse(text)));
    this.socket.on("close", (code) => {
      this.closed = code;
      this.waiting?.reject(new Error(`closed with ${code}`));
    });
  }

  #deliver(message) {
    if (!this.waiting) return this.queue.push(message);
    const {resolve} = this.waiting;
    this.waiting = undefined;
    resolve(message);
  }

  send(message) {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  // The next message; with a condition, the next one that fulfils it (others are dropped).
  async next(condition = () => true, withinMs = 90_000) {
    const end = Date.now() + withinMs;
    for (;;) {
      const message = this.queue.length > 0 ? this.queue.shift() : await this.#wait(end - Date.now());
      if (condition(message)) return message;
    }
  }

  #wait(ms) {
    if (this.closed !== undefined) throw new Error(`closed with ${this.closed}`);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting = undefined;
        reject(new Error("no message in time"));
      }, ms);
      this.waiting = {
        resolve: (message) => {
          clearTimeout(timer);
          resolve(message);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
    });
  }

  close() {
    this.socket.terminate();
  }
}

export async function getJson(url) {
  const response = await fetch(url);
  return {status: response.status, headers: response.headers, body: await response.json()};
}
