// Books kept from both of Coinbase's feeds with a plain WebSocket, compared with REST at the same instant.

import assert from "node:assert/strict";
import {after, before, test} from "node:test";

import {LocalBook, numbers} from "./local_book.js";
import {startSim} from "./sim.js";
import {Stream, getJson} from "./stream.js";

const PRODUCTS = ["BTC-USD", "ETH-USD", "SOL-USD"];
const SIDES = {buy: "bids", sell: "asks", bid: "bids", offer: "asks"};

let sim;
let url;
before(async () => {
  sim = await startSim();
  url = sim.ready.coinbase;
});
after(() => sim?.stop());

// Applies changes until one is later than the REST book's time, which then must equal the book as it was before.
async function compareWithRest({product, restPath, restLevels, book, nextChange}) {
  for (let compared = 0; compared < 3; ++compared) {
    const {body} = await getJson(url.rest + restPath);
    const rest = restLevels(body);
    let pending = await nextChange();
    while (pending.time <= rest.time) {
      for (const [side, price, size] of pending.levels) book.set(side, price, size);
      pending = await nextChange();
    }
    for (const side of ["bids", "asks"]) {
      assert.deepEqual(numbers(book.levels(side)), numbers(rest[side]), `${product} ${side} at ${rest.time}`);
    }
    assert.ok(!book.isCrossed());
    for (const [side, price, size] of pending.levels) book.set(side, price, size);
  }
}

test("Exchange: level2_batch equals REST at the same time", async () => {
  for (const product of PRODUCTS) {
    const stream = await Stream.open(url.ws);
    stream.send({type: "subscribe", product_ids: [product], channels: ["level2_batch"]});
    assert.deepEqual((await stream.next()).type, "subscriptions");
    const snapshot = await stream.next();
    assert.equal(snapshot.type, "snapshot");
    const book = new LocalBook();
    for (const side of ["bids", "asks"]) for (const [price, size] of snapshot[side]) book.set(side, price, size);
    await compareWithRest({
      product,
      restPath: `/products/${product}/book?level=2`,
      restLevels: (body) => body,
      book,
      nextChange: async () => {
        const {time, changes} = await stream.next(({type}) => type === "l2update");
        return {time, levels: changes.map(([side, price, size]) => [SIDES[side], price, size])};
      },
    });
    stream.close();
  }
});

test("Advanced Trade: level2 equals REST at the same time, and every message is numbered", async () => {
  for (const product of PRODUCTS) {
    const stream = await Stream.open(url.ws);
    let expected = 0;
    const next = async (channel) => {
      for (;;) {
        const message = await stream.next();
        assert.equal(message.sequence_num, expected++);
        if (message.channel === channel) return message;
      }
    };
    stream.send({type: "subscribe", product_ids: [product], channel: "level2"});
    stream.send({type: "subscribe", channel: "heartbeats"});
    const snapshot = (await next("l2_data")).events[0];
    assert.equal(snapshot.type, "snapshot");
    const book = new LocalBook();
    const levelsOf = (updates) => updates.map((u) => [SIDES[u.side], u.price_level, u.new_quantity]);
    for (const [side, price, size] of levelsOf(snapshot.updates)) book.set(side, price, size);
    await compareWithRest({
      product,
      restPath: `/api/v3/brokerage/market/product_book?product_id=${product}`,
      restLevels: ({pricebook}) => ({
        time: pricebook.time,
        bids: pricebook.bids.map(({price, size}) => [price, size]),
        asks: pricebook.asks.map(({price, size}) => [price, size]),
      }),
      book,
      nextChange: async () => {
        const {timestamp, events} = await next("l2_data");
        return {time: `${timestamp.slice(0, -4)}Z`, levels: events.flatMap(({updates}) => levelsOf(updates))};
      },
    });
    const heartbeats = [await next("heartbeats"), await next("heartbeats")].map(({events}) => events[0]);
    assert.equal(heartbeats[1].heartbeat_counter, heartbeats[0].heartbeat_counter + 1);
    stream.close();
  }
});

test("Exchange: matches are counted, last_match gives the start, sides are opposite to the ticker's", async () => {
  const stream = await Stream.open(url.ws);
  stream.send({type: "subscribe", product_ids: ["BTC-USD"], channels: ["matches", "ticker", "heartbeat"]});
  let last = (await stream.next(({type}) => type === "last_match")).trade_id;
  for (let seen = 0; seen < 3; ) {
    const message = await stream.next(({type}) => ["match", "ticker", "heartbeat"].includes(type), 30_000);
    if (message.type === "match") {
      assert.equal(message.trade_id, ++last);
      const ticker = await stream.next(({type, trade_id: id}) => type === "ticker" && id === last);
      assert.notEqual(ticker.side, message.side);
      ++seen;
    } else if (message.type === "heartbeat") {
      assert.equal(message.last_trade_id, last);
    }
  }
  stream.close();
});

test("a frame over one mebibyte closes the connection with 1009", async () => {
  const stream = await Stream.open(url.ws);
  const closed = new Promise((resolve) => stream.socket.once("close", resolve));
  stream.send("x".repeat(1024 * 1024 + 1));
  assert.equal(await closed, 1009);
});

test("errors are the venue's", async () => {
  const missing = await getJson(`${url.rest}/products/NO-USD/book`);
  assert.equal(missing.status, 404);
  assert.deepEqual(missing.body, {message: "NotFound"});
  const stream = await Stream.open(url.ws);
  stream.send({type: "subscribe", product_ids: ["NO-USD"], channels: ["ticker"]});
  assert.deepEqual(await stream.next(), {
    type: "error",
    message: "Failed to subscribe",
    reason: "NO-USD is not a valid product",
  });
  stream.close();
});
