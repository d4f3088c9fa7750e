// Shows what /api/stream sends, and asks for the fills when their number has changed.
"use strict";

const token = new URLSearchParams(location.hash.slice(1)).get("token") || "";
const byId = (id) => document.getElementById(id);
let fillsSeen = -1;
let isLive = false;

function api(path, options = {}) {
  return fetch(path, { ...options, headers: { Authorization: `Bearer ${token}` } });
}

// Rows of cells; a cell is a text, or [text, class]. Text only: nothing from outside becomes markup.
function fill(table, rows) {
  table.replaceChildren(...rows.map((cells) => {
    const row = document.createElement("tr");
    for (const cell of cells) {
      const td = document.createElement("td");
      td.textContent = Array.isArray(cell) ? cell[0] : String(cell);
      if (Array.isArray(cell)) td.className = cell[1];
      row.append(td);
    }
    return row;
  }));
}

function total(name, value) {
  const box = document.createElement("div");
  const number = document.createElement("b");
  number.textContent = String(value);
  box.append(number, name);
  return box;
}

async function showFills(count) {
  if (count === fillsSeen) return;
  fillsSeen = count;
  const answer = await api("/api/fills");
  if (!answer.ok) return;
  const { fills } = await answer.json();
  fill(byId("fills"), fills.slice(-20).reverse().map((f) =>
    [f.time.slice(11, 19), `${f.symbol} ${f.outcome}`, f.side, f.quantity, f.price]));
}

function show(status) {
  byId("mode").textContent = (status.label || status.mode).toUpperCase();
  const state = status.flatten ? "flattening" : status.trading_state || "active";
  isLive = status.mode === "live";
  byId("state").textContent = status.halted ? "HALTED" : state.toUpperCase();
  byId("state").className = `badge ${status.halted ? "halted" : "active"}`;
  const left = status.flatten ? `${status.flatten.sold} sold, ${status.flatten.left.length} positions left` : "";
  byId("reason").textContent = status.halt_reason || left;
  byId("connection").textContent = `process ${status.pid}, ${new Date(status.written_at).toLocaleTimeString()}`;
  byId("totals").replaceChildren(
    total("events", status.events), total("requests", status.requests), total("fills", status.fills),
    total("settled", status.settled), total("fees", status.fees), total("result", status.pnl.total),
    total("contracts tradable", `${status.contracts.tradable} of ${status.contracts.listed}`));
  fill(byId("feeds"), status.feeds.map((f) =>
    [f.venue, [f.status, f.status], f.age_ms < 0 ? "–" : `${f.age_ms} ms`, f.gaps, f.resyncs]));
  const counts = [...Object.entries(status.opportunities), ...Object.entries(status.rejected).map(([k, v]) => [`rejected: ${k}`, v])];
  fill(byId("opportunities"), counts.map(([name, count]) => [name, count]));
  showFills(status.fills);
}

function listen() {
  const socket = new WebSocket(`ws://${location.host}/api/stream`, ["arbees", token]);
  socket.onmessage = (message) => show(JSON.parse(message.data));
  socket.onclose = () => {
    byId("connection").textContent = token ? "connection lost, trying again …" : "no token: open the address that the program printed";
    if (token) setTimeout(listen, 1000);
  };
}

async function change(path, reason) {
  const answer = await api(path, { method: "POST", body: JSON.stringify(reason ? { reason } : {}) });
  if (answer.ok) return;
  const told = await answer.json().catch(() => ({}));
  byId("reason").textContent = `refused: ${told.error ? told.error.message : answer.status}`;
}

byId("halt").onclick = () => change("/api/halt");
byId("resume").onclick = () => {
  if (!isLive) return change("/api/resume");
  const reason = prompt("Why may trading go on?");
  if (reason && reason.trim()) change("/api/resume", reason.trim());
};
byId("flatten").onclick = () => {
  if (confirm("Sell all positions at the bids, and buy nothing more until resumed?")) change("/api/flatten");
};
listen();
