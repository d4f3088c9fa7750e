// Starts `arbees sim` on free ports for one test file and reads its ready line.
//
//   const sim = await startSim();            // or startSim({args: ["--seed", "7"]})
//   sim.ready.binance.rest                   // the ready line, parsed
//   await sim.stop();                        // in after(): SIGTERM, exit code 0 expected
//
// The program is $ARBEES_PROGRAM. Its data folder is a temporary one, removed by stop().

import {spawn} from "node:child_process";
import {webcrypto} from "node:crypto";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {createInterface} from "node:readline";

// Node 18 has it, but not as a global, where newer clients look for it.
globalThis.crypto ??= webcrypto;

const FREE_PORTS = ["kalshi", "polymarket", "gamma", "coinbase", "binance"].flatMap((venue) => [`--${venue}-port`, "0"]);
const READY_WITHIN_MS = 90_000;

export async function startSim({args = [], ports = FREE_PORTS} = {}) {
  const program = process.env.ARBEES_PROGRAM;
  if (!program) throw new Error("ARBEES_PROGRAM is not set: the path of the built program");
  const folder = await mkdtemp(join(tmpdir(), "arbees-sim-"));
  const child = spawn(program, ["sim", ...ports, ...args], {
    cwd: folder,
    env: {...process.env, ARBEES_DATA_DIR: folder},
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.on("data", (text) => (complaints = (complaints + text).slice(-10_000)));
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({code, signal})));

  const line = await firstLine(child, ended);
  if (!line) {
    child.kill("SIGKILL");
    await rm(folder, {recursive: true, force: true});
    throw new Error(`${program} sim was not ready within ${READY_WITHIN_MS} ms: ${complaints}`);
  }
  return {
    ready: JSON.parse(line),
    pid: child.pid,
    folder,
    async stop() {
      child.kill("SIGTERM");
      const {code, signal} = await ended;
      await rm(folder, {recursive: true, force: true});
      if (code !== 0) throw new Error(`sim ended with ${signal ?? code}: ${complaints}`);
    },
  };
}

// The first line on stdout; undefined if the program ends or waits too long before.
function firstLine(child, ended) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), READY_WITHIN_MS);
    const finish = (line) => {
      clearTimeout(timer);
      resolve(line);
    };
    createInterface({input: child.stdout}).once("line", finish);
    ended.then(() => finish(undefined));
  });
}

// Waits until `condition()` gives something true; fails with `what` if it takes longer than `withinMs`.
export async function until(condition, what, withinMs = 90_000) {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
