// The venue's own TypeScript clients, today's and its predecessor, against the loopback Polymarket.

import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {after, before, test} from "node:test";

import * as v1 from "@polymarket/clob-client";
import {AssetType, ClobClient, OrderType, Side} from "@polymarket/clob-client-v2";
import {createWalletClient, http} from "viem";
import {generatePrivateKey, privateKeyToAccount} from "viem/accounts";
import {polygon} from "viem/chains";
import WebSocket from "ws";

import {startSim, until} from "./sim.js";

let sim;
let client; // signed in
let markets; // {plain, negRisk}: Gamma's documents

const json = async (url) => {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  return response.json();
};
const walletOf = (key) =>
  createWalletClient({account: privateKeyToAccount(key), chain: polygon, transport: http("http://127.0.0.1:9")});
const tokensOf = (market) => JSON.parse(market.clobTokenIds);
const best = (levels) => levels.at(-1);

async function signIn(Client, key) {
  const {clob, chain_id: chain} = sim.ready.polymarket;
  const signer = walletOf(key);
  if (Client === ClobClient) {
    const creds = await new ClobClient({host: clob, chain, signer}).deriveApiKey();
    return new ClobClient({host: clob, chain, signer, creds});
  }
  const creds = await new Client(clob, chain, signer).deriveApiKey();
  return new Client(clob, chain, signer, creds);
}

// A market that stays open for the test, with prices in the middle.
async function findMarkets() {
  const soon = new Date(Date.now() + 290_000).toISOString();
  const found = [];
  let cursor = "";
  do {
    const page = await json(
      `${sim.ready.polymarket.gamma}/markets/keyset?closed=false&limit=100&end_date_min=${soon}&after_cursor=${cursor}`,
    );
    found.push(...page.markets);
    cursor = page.next_cursor ?? "";
  } while (cursor);
  const isUsable = (market) => market.acceptingOrders && market.bestBid > 0.15 && market.bestAsk < 0.85;
  return {
    plain: found.find((market) => isUsable(market) && !market.negRisk),
    negRisk: found.find((market) => isUsable(market) && market.negRisk),
  };
}

before(async () => {
  sim = await startSim();
  client = await signIn(ClobClient, sim.ready.polymarket.private_key);
  // For a moment every market may be as good as decided.
  markets = await until(
    async () => {
      const found = await findMarkets();
      return found.plain && found.negRisk ? found : undefined;
    },
    "an ordinary and a neg-risk market with prices in the middle",
    150_000,
  );
});
after(() => sim?.stop());

test("terms and books are those of Gamma", async () => {
  assert.equal(await client.getOk(), "OK");
  assert.equal(await client.getVersion(), 2);
  for (const market of Object.values(markets)) {
    const [yes, no] = tokensOf(market);
    assert.equal(await client.getTickSize(yes), String(market.orderPriceMinTickSize));
    assert.equal(await client.getNegRisk(yes), market.negRisk);
    const info = await client.getClobMarketInfo(market.conditionId);
    assert.deepEqual(info.t.map(({t}) => t), [yes, no]);
    assert.equal(info.fd.r, market.feeSchedule.rate);
    const book = await client.getOrderBook(yes);
    assert.ok(Number(best(book.bids).price) < Number(best(book.asks).price));
    const {hash, ...rest} = book;
    const keys = Object.keys(book);
    const text = JSON.stringify(Object.fromEntries(keys.map((key) => [key, key === "hash" ? "" : rest[key]])));
    assert.equal(createHash("sha1").update(text).digest("hex"), hash);
    assert.equal((await client.getOrderBooks([{token_id: yes}, {token_id: no}])).length, 2);
  }
});

test("a resting order is listed, read and cancelled, in both kinds of market", async () => {
  for (const market of Object.values(markets)) {
    const [yes] = tokensOf(market);
    const order = {tokenID: yes, price: 0.02, size: 10, side: Side.BUY};
    const posted = await client.createAndPostOrder(order, undefined, OrderType.GTC);
    assert.equal(posted.status, "live", JSON.stringify(posted));
    const open = await client.getOpenOrders({asset_id: yes});
    assert.deepEqual(open.map(({id}) => id), [posted.orderID]);
    assert.equal((await client.getOrder(posted.orderID)).status, "LIVE");
    assert.deepEqual((await client.cancelOrder({orderID: posted.orderID})).canceled, [posted.orderID]);
    assert.deepEqual(await client.getOpenOrders({asset_id: yes}), []);
  }
});

test("a market order trades, is confirmed, and moves balances", async () => {
  for (const market of Object.values(markets)) {
    const [yes] = tokensOf(market);
    const before = Number((await client.getBalanceAllowance({asset_type: AssetType.COLLATERAL})).balance);
    const posted = await until(async () => {
      const answer = await client.createAndPostMarketOrder({tokenID: yes, amount: 10, side: Side.BUY}, undefined, OrderType.FAK);
      return answer.status === "matched" ? answer : undefined;
    }, "a match");
    assert.ok(posted.transactionsHashes.length > 0, "the client found the transaction");
    const trades = await until(async () => {
      const found = await client.getTrades({id: posted.tradeIDs[0]});
      return found[0]?.status === "CONFIRMED" ? found : undefined;
    }, "CONFIRMED");
    assert.equal(trades[0].taker_order_id, posted.orderID);
    const spent = before - Number((await client.getBalanceAllowance({asset_type: AssetType.COLLATERAL})).balance);
    assert.ok(spent >= Number(posted.makingAmount) * 1e6 && spent < Number(posted.makingAmount) * 1.08e6, `${spent}`);
    const held = Number((await client.getBalanceAllowance({asset_type: AssetType.CONDITIONAL, token_id: yes})).balance);
    assert.equal(held, Math.round(Number(posted.takingAmount) * 1e6));
  }
});

test("what the venue refuses is refused with its words", async () => {
  const [yes] = tokensOf(markets.plain);
  const order = {tokenID: yes, price: 0.02, size: 10, side: Side.BUY};
  const wrong = await client.createOrder(order, {tickSize: "0.01", negRisk: true});
  assert.match((await client.postOrder(wrong)).error, /invalid signature/);
  const later = await client.createOrder(order, {tickSize: "0.01", negRisk: false, version: 3});
  assert.match((await client.postOrder(later)).error, /order_version_mismatch/);
  const large = await client.createAndPostOrder({...order, price: 0.5, size: 1_000_000});
  assert.match(large.error, /not enough balance/);
  const stranger = await signIn(ClobClient, generatePrivateKey());
  assert.match((await stranger.createAndPostOrder(order)).error, /not enough balance/);
  const thief = new ClobClient({
    host: sim.ready.polymarket.clob,
    chain: sim.ready.polymarket.chain_id,
    signer: walletOf(sim.ready.polymarket.private_key),
    creds: {...client.creds, secret: Buffer.alloc(32).toString("base64")},
  });
  assert.equal((await thief.getApiKeys()).status, 401);
});

test("the predecessor reads books and may not trade", async () => {
  const old = await signIn(v1.ClobClient, sim.ready.polymarket.private_key);
  const [yes] = tokensOf(markets.plain);
  const book = await old.getOrderBook(yes);
  assert.equal(book.asset_id, yes);
  const answer = await old.createAndPostOrder({tokenID: yes, price: 0.02, size: 10, side: v1.Side.BUY});
  assert.equal(answer.status, 400);
  assert.match(answer.error, /order_version_mismatch/);
});

test("a plain WebSocket rebuilds the books that REST shows", async () => {
  const tokens = Object.values(markets).flatMap(tokensOf);
  const books = new Map();
  const socket = new WebSocket(`${sim.ready.polymarket.ws}/market`);
  const set = (side, {price, size}) => (Number(size) === 0 ? side.delete(Number(price)) : side.set(Number(price), size));
  const take = (event) => {
    if (event.event_type === "book") {
      const book = {BUY: new Map(), SELL: new Map(), hash: event.hash};
      event.bids.forEach((level) => set(book.BUY, level));
      event.asks.forEach((level) => set(book.SELL, level));
      books.set(event.asset_id, book);
    } else if (event.event_type === "price_change") {
      for (const change of event.price_changes) {
        const book = books.get(change.asset_id);
        set(book[change.side], change);
        book.hash = change.hash;
      }
    }
  };
  let frames = 0;
  socket.on("message", (data) => {
    ++frames;
    [JSON.parse(data)].flat().forEach(take);
  });
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(JSON.stringify({assets_ids: tokens, type: "market"}));
  await until(() => books.size === tokens.length && frames > 50, "frames");
  for (const token of tokens) {
    // The book may move between the two; with the same hash they are the same book.
    const shown = await until(async () => {
      const book = await client.getOrderBook(token);
      return book.hash === books.get(token).hash ? book : undefined;
    }, "a moment without change");
    const levels = (side) => [...books.get(token)[side]].sort(([a], [b]) => a - b).map(([price, size]) => `${price}:${size}`);
    assert.deepEqual(levels("BUY"), shown.bids.map(({price, size}) => `${Number(price)}:${size}`));
    assert.deepEqual(levels("SELL"), shown.asks.map(({price, size}) => `${Number(price)}:${size}`).reverse());
  }
  socket.close();
});

test("the user stream tells what the client does", async () => {
  const events = [];
  const socket = new WebSocket(`${sim.ready.polymarket.ws}/user`);
  socket.on("message", (data) => events.push(...[JSON.parse(data)].flat()));
  await new Promise((resolve) => socket.once("open", resolve));
  const {key: apiKey, secret, passphrase} = client.creds;
  socket.send(JSON.stringify({auth: {apiKey, secret, passphrase}, type: "user", markets: [markets.plain.conditionId]}));
  const [yes] = tokensOf(markets.plain);
  const posted = await until(async () => {
    const answer = await client.createAndPostOrder({tokenID: yes, price: 0.02, size: 10, side: Side.BUY});
    await client.cancelOrder({orderID: answer.orderID});
    return events.some(({id, type}) => id === answer.orderID && type === "PLACEMENT") ? answer : undefined;
  }, "an event");
  const ofIt = () => events.filter(({id}) => id === posted.orderID);
  await until(async () => (ofIt().length > 1 ? true : undefined), "the end of the order");
  const types = ofIt().map(({type}) => type);
  assert.deepEqual(types, ["PLACEMENT", "CANCELLATION"]);
  socket.close();
});
