// A real Wechaty gateway before a made-up WeChat account, on this machine only.
//   node gateway.mjs PORT TOKEN [tls]
// Commands are lines of JSON on standard input, {"id": 1, "op": "say", ...}. Lines on standard output that begin
// with "@@ " are JSON: ready, answer, call, performed, done, room, ids. It ends when its input does.
import readline from "node:readline";
import { PuppetServer } from "wechaty-puppet-service";
import { Account } from "./account.mjs";
import { Control, say } from "./control.mjs";
import { operations } from "./operations.mjs";
import { AccountPuppet } from "./puppet.mjs";

const [port, token, tls] = process.argv.slice(2);

class Gateway {
  // Everything new: the account, the puppet, the record of calls.
  async begin() {
    this.account = new Account();
    this.control = new Control();
    this.account.on("ids", () => this.showIds());
    this.account.on("room", (room) => this.showRoom(room));
    this.showIds();
    for (const room of this.account.rooms.values()) this.showRoom(room);
    this.puppet = new AccountPuppet(this.account, this.control);
    this.puppet.on("error", () => {}); // an event without a listener would end the process
    await this.puppet.start();
    await this.open();
  }

  async open() {
    const options = { endpoint: `127.0.0.1:${port}`, puppet: this.puppet, token, tls: { disable: tls !== "tls" } };
    for (let left = 50; ; left -= 1) {
      this.server = new PuppetServer(options);
      try {
        await this.server.start();
        return;
      } catch (error) {
        if (!left) throw error; // the port is not free at once after a close
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async close() {
    // Not its own stop: that of 0.25 waits for clients to go.
    this.server.grpcServer.forceShutdown();
    await this.server.urnRegistry?.destroy();
  }

  async reset() {
    await this.close();
    this.account.removeAllListeners();
    await this.puppet.stop();
    say({ ev: "forget" });
    await this.begin();
  }

  showIds() {
    say({ ev: "ids", ids: Object.fromEntries(this.account.current) });
  }

  showRoom({ id, topic, announcement, owner, members }) {
    say({ ev: "room", id, topic, announcement, owner, members });
  }
}

const gateway = new Gateway();
const known = operations(gateway);

async function obey(line) {
  const { id, op, ...command } = JSON.parse(line);
  try {
    if (!known[op]) throw new Error(`no operation is called ${op}`);
    say({ ev: "answer", id, ok: true, ...(await known[op](command)) });
  } catch (error) {
    say({ ev: "answer", id, ok: false, error: error.stack ?? String(error) });
  }
}

process.on("unhandledRejection", (error) => say({ ev: "fault", error: error?.stack ?? String(error) }));
await gateway.begin();
let last = Promise.resolve(); // one after another, in the order they came
const obeyInTurn = (line) => (last = last.then(() => obey(line)));
readline.createInterface({ input: process.stdin }).on("line", obeyInTurn).on("close", () => process.exit(0));
say({ ev: "ready", port: Number(port), pid: process.pid });
