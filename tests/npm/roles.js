// The roles of a split system as processes against one `arbees sim`, on free ports of 127.0.0.1.
//
//   const system = await startRoles(["kalshi-monitor", "crypto-shard"]);
//   system.endpoints.kalshi_pub              // "tcp://127.0.0.1:41234"
//   await system.stop();                     // in after(): SIGTERM, exit code 0 expected of all
//
// `settings` is more TOML for all of them.

import {spawn} from "node:child_process";
import {once} from "node:events";
import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {createServer} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {startSim, until} from "./sim.js";

const BOUND = ["spot_pub", "kalshi_pub", "polymarket_pub", "requests_pub", "results_pub", "contracts_pub", "more_requests"];

async function freePorts(count) {
  const servers = [];
  for (let i = 0; i < count; ++i) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export async function startRoles(roles, {settings = ""} = {}) {
  const folder = await mkdtemp(join(tmpdir(), "arbees-roles-"));
  const simFile = join(folder, "sim.toml");
  const busFile = join(folder, "bus.toml");
  const sim = await startSim({args: ["--seed", "7", "--config-out", simFile]});
  const ports = await freePorts(BOUND.length);
  const endpoints = Object.fromEntries(BOUND.map((key, i) => [key, `tcp://127.0.0.1:${ports[i]}`]));
  const bound = BOUND.filter((key) => key !== "more_requests").map((key) => `${key} = "${endpoints[key]}"`);
  const listened = `requests_sub = "${endpoints.requests_pub},${endpoints.more_requests}"`;
  await writeFile(busFile, `[bus]\n${bound.join("\n")}\n${listened}\n${settings}`, {mode: 0o600});

  const running = [];
  const system = {
    endpoints,
    folder,
    async stop() {
      for (const {child} of running) child.kill("SIGTERM");
      const ends = await Promise.all(running.map(({ended}) => ended));
      await sim.stop();
      await rm(folder, {recursive: true, force: true});
      running.forEach(({role, complaints}, i) => {
        if (ends[i] !== 0) throw new Error(`${role} ended with ${ends[i]}: ${complaints()}`);
      });
    },
  };
  for (const role of roles) {
    const words = [role, "--config", simFile, "--config", busFile, "--profile", "testing", "--data", join(folder, "data")];
    const child = spawn(process.env.ARBEES_PROGRAM, words, {stdio: ["ignore", "pipe", "pipe"]});
    let [out, complaints] = ["", ""];
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (complaints = (complaints + text).slice(-10_000)));
    const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
    running.push({role, child, ended, complaints: () => complaints});
    await until(() => out.includes("\n") || child.exitCode !== null, `${role} is ready`, 60_000);
    if (!out.startsWith('{"ready":true')) throw new Error(`${role}: ${complaints}`);
  }
  return system;
}
