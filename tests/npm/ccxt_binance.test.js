// ccxt's binance, REST and WebSocket, against the loopback Binance.

import assert from "node:assert/strict";
import {after, before, test} from "node:test";

import ccxt from "ccxt";

import {checkRest, checkStreams, checkUnknownSymbol} from "./ccxt_checks.js";
import {startSim} from "./sim.js";

const SYMBOLS = ["BTC/USDT", "ETH/USDT", "SOL/USDT"];

let sim;
let exchange;
before(async () => {
  sim = await startSim();
  const {rest, ws} = sim.ready.binance;
  exchange = new ccxt.pro.binance({options: {defaultType: "spot", fetchMarkets: {types: ["spot"]}}});
  exchange.urls.api.public = `${rest}/api/v3`;
  exchange.urls.api.ws.spot = `${ws}/ws`;
  await exchange.loadHttpProxyAgent(); // ccxt wants this for plain ws://
});
after(async () => {
  await exchange?.close();
  await sim?.stop();
});

test("markets have steps and limits", async () => {
  await exchange.loadMarkets();
  assert.deepEqual(Object.keys(exchange.markets).sort(), SYMBOLS);
  const market = exchange.market("BTC/USDT");
  assert.equal(market.spot, true);
  assert.equal(market.active, true);
  assert.equal(market.precision.price, 0.01);
  assert.ok(market.precision.amount > 0 && market.limits.amount.min > 0 && market.limits.cost.min > 0);
});

test("the server's time is ours", async () => {
  assert.ok(Math.abs((await exchange.fetchTime()) - Date.now()) < 2_000);
});

checkRest(() => exchange, SYMBOLS);
checkStreams(() => exchange, SYMBOLS, {name: "ticker"});
checkUnknownSymbol(() => exchange);

test("bars, small tickers and best prices are streamed", async () => {
  assert.ok((await exchange.watchTicker("SOL/USDT")).last > 0);
  const bars = await exchange.watchOHLCV("BTC/USDT", "1m");
  assert.equal(bars.at(-1)[0] % 60_000, 0);
  const quotes = await exchange.watchBidsAsks(["ETH/USDT"]);
  assert.ok(quotes["ETH/USDT"].bid < quotes["ETH/USDT"].ask);
});

test("all tickers come at once", async () => {
  const tickers = await exchange.fetchTickers(SYMBOLS);
  assert.deepEqual(Object.keys(tickers).sort(), SYMBOLS);
});
