// Binance's documented way to keep a local order book, with a plain WebSocket, and what else the streams promise.

import assert from "node:assert/strict";
import {after, before, test} from "node:test";

import {LocalBook, numbers} from "./local_book.js";
import {startSim} from "./sim.js";
import {Stream, getJson} from "./stream.js";

let sim;
let url;
before(async () => {
  sim = await startSim();
  url = sim.ready.binance;
});
after(() => sim?.stop());

// "How to manage a local order book correctly": buffer, snapshot, drop what it has, apply without a gap.
async function followBook(symbol, updates) {
  const stream = await Stream.open(`${url.ws}/ws/${symbol.toLowerCase()}@depth@100ms`);
  const first = await stream.next();
  const buffered = [first];
  let snapshot;
  do {
    snapshot = (await getJson(`${url.rest}/api/v3/depth?symbol=${symbol}&limit=5000`)).body;
  } while (snapshot.lastUpdateId < first.U);
  const book = new LocalBook();
  for (const side of ["bids", "asks"]) for (const [price, size] of snapshot[side]) book.set(side, price, size);
  let id = snapshot.lastUpdateId;
  const states = new Map([[id, {bids: book.levels("bids"), asks: book.levels("asks")}]]);
  for (let applied = 0; applied < updates; ) {
    const update = buffered.shift() ?? (await stream.next());
    if (update.u <= id) continue;
    assert.ok(update.U <= id + 1, `gap: ${update.U} after ${id}`);
    if (applied > 0) assert.equal(update.U, id + 1);
    assert.equal(update.e, "depthUpdate");
    assert.equal(update.s, symbol);
    for (const [price, size] of update.b) book.set("bids", price, size);
    for (const [price, size] of update.a) book.set("asks", price, size);
    id = update.u;
    assert.ok(!book.isCrossed(), `crossed at ${id}`);
    states.set(id, {bids: book.levels("bids"), asks: book.levels("asks")});
    ++applied;
  }
  return {stream, states};
}

test("a local book of every symbol equals REST depth at the same update id", async () => {
  for (const symbol of ["BTCUSDT", "ETHUSDT", "SOLUSDT"]) {
    const {stream, states} = await followBook(symbol, 30);
    // REST books between two updates of the stream have other ids: try until one falls on the end of an update.
    let compared = 0;
    const book = new LocalBook();
    const [lastId, state] = [...states].at(-1);
    for (const side of ["bids", "asks"]) for (const [price, size] of state[side]) book.set(side, price, size);
    let id = lastId;
    for (let attempt = 0; attempt < 60 && compared < 3; ++attempt) {
      const {body} = await getJson(`${url.rest}/api/v3/depth?symbol=${symbol}&limit=5000`);
      while (id < body.lastUpdateId) {
        const update = await stream.next();
        assert.equal(update.U, id + 1);
        for (const [price, size] of update.b) book.set("bids", price, size);
        for (const [price, size] of update.a) book.set("asks", price, size);
        id = update.u;
      }
      if (id !== body.lastUpdateId) continue;
      for (const side of ["bids", "asks"]) assert.deepEqual(book.levels(side), body[side]);
      ++compared;
    }
    stream.close();
    assert.ok(compared >= 3, `${symbol}: compared only ${compared} times`);
  }
});

test("commands are answered, unknown names stay silent", async () => {
  const stream = await Stream.open(`${url.ws}/ws/anything`);
  const isReply = (message) => "id" in message;
  stream.send({method: "SUBSCRIBE", params: ["btcusdt@bookTicker", "nothing@trade"], id: 1});
  assert.deepEqual(await stream.next(isReply), {result: null, id: 1});
  stream.send({method: "LIST_SUBSCRIPTIONS", id: "list"});
  assert.deepEqual(await stream.next(isReply), {result: ["btcusdt@bookTicker", "nothing@trade"], id: "list"});
  const ticker = await stream.next((message) => !isReply(message));
  assert.deepEqual(Object.keys(ticker), ["u", "s", "b", "B", "a", "A"]);
  assert.ok(Number(ticker.b) < Number(ticker.a));
  stream.send({method: "UNSUBSCRIBE", params: ["btcusdt@bookTicker"], id: 2});
  assert.deepEqual(await stream.next(isReply), {result: null, id: 2});
  stream.send("{");
  assert.equal((await stream.next()).code, 3);
  stream.close();
});

test("combined streams carry their names", async () => {
  const names = ["btcusdt@trade", "btcusdt@aggTrade", "ethusdt@miniTicker", "solusdt@ticker", "ethusdt@depth@100ms"];
  const stream = await Stream.open(`${url.ws}/stream?streams=${names.join("/")}`);
  const waiting = new Set(names);
  while (waiting.size > 0) {
    const message = await stream.next(({stream: name}) => waiting.has(name), 30_000);
    assert.equal(message.data.s, message.stream.split("@")[0].toUpperCase());
    waiting.delete(message.stream);
  }
  stream.close();
});

test("a frame over one mebibyte closes the connection with 1009", async () => {
  const stream = await Stream.open(`${url.ws}/ws`);
  const closed = new Promise((resolve) => stream.socket.once("close", resolve));
  stream.send("x".repeat(1024 * 1024 + 1));
  assert.equal(await closed, 1009);
});

test("errors have the venue's codes", async () => {
  const depth = await getJson(`${url.rest}/api/v3/depth?symbol=NOTHING`);
  assert.equal(depth.status, 400);
  assert.deepEqual(depth.body, {code: -1121, msg: "Invalid symbol."});
  assert.deepEqual((await getJson(`${url.rest}/api/v3/ping`)).body, {});
  const klines = (await getJson(`${url.rest}/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=120`)).body;
  assert.equal(klines.length, 120);
  for (let i = 1; i < klines.length; ++i) assert.equal(klines[i][0], klines[i - 1][0] + 60_000);
  assert.equal(numbers([[klines[0][1], klines[0][4]]])[0].every((n) => n > 0), true);
});
