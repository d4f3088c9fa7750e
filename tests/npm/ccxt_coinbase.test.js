// ccxt's coinbaseexchange (Exchange feed) and coinbase (Advanced Trade) against the loopback Coinbase.

import assert from "node:assert/strict";
import {after, before, test} from "node:test";

import ccxt from "ccxt";

import {checkRest, checkStreams, checkUnknownSymbol} from "./ccxt_checks.js";
import {startSim} from "./sim.js";

const SYMBOLS = ["BTC/USD", "ETH/USD", "SOL/USD"];

let sim;
let exchange;
let advanced;
before(async () => {
  sim = await startSim();
  const {rest, ws} = sim.ready.coinbase;
  // The loopback venue ignores credentials; ccxt insists on them for the book.
  exchange = new ccxt.pro.coinbaseexchange({apiKey: "key", secret: "c2VjcmV0", password: "password"});
  exchange.urls.api.public = rest;
  exchange.urls.api.ws = ws;
  advanced = new ccxt.pro.coinbase();
  advanced.urls.api.rest = rest;
  advanced.urls.api.ws = ws;
  for (const client of [exchange, advanced]) await client.loadHttpProxyAgent(); // ccxt wants this for plain ws://
});
after(async () => {
  await Promise.all([exchange?.close(), advanced?.close()]);
  await sim?.stop();
});

for (const [name, client] of [
  ["coinbaseexchange", () => exchange],
  ["coinbase", () => advanced],
]) {
  test(`${name}: markets and time`, async () => {
    await client().loadMarkets();
    assert.deepEqual(Object.keys(client().markets).sort(), SYMBOLS);
    const market = client().market("BTC/USD");
    assert.equal(market.active, true);
    assert.equal(market.precision.price, 0.01);
    assert.ok(Math.abs((await client().fetchTime()) - Date.now()) < 2_000);
  });
  checkRest(client, SYMBOLS);
  checkStreams(client, SYMBOLS);
  checkUnknownSymbol(client);
}
