// A Wechaty gateway for one account: a puppet behind the gRPC service that Groupkeeper speaks to.
//
// The one in Wechaty's own image reports to a server of the Wechaty project, and takes orders from it; this one speaks to
// who connects with the token, and to nobody else. And it keeps the account logged in when a client lets go of it.
//
//   WECHATY_PUPPET                the puppet's package, such as wechaty-puppet-wechat4u
//   WECHATY_TOKEN                 what a client has to know
//   WECHATY_PUPPET_SERVER_PORT    where to listen; 8788 if not said
//   GATEWAY_HOST                  at which address; 0.0.0.0 if not said, as in a container all others are its own
//   GATEWAY_SESSION               where the login is kept; /data/session if not said
// TLS is on; WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_SERVER=true switches it off. Puppets have variables of their own.
import { readFile } from "node:fs/promises";
import { MemoryCard } from "memory-card";
import { PuppetServer } from "wechaty-puppet-service";

const env = process.env;

function tell(event, more = {}) {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...more }));
}

// Puppets complain of the same thing again and again, some of them with a whole trace.
let complained = "";

function complain(about) {
  const why = String(about?.details ?? about?.message ?? about).split("\n")[0].slice(0, 300);
  if (why !== complained) tell("error", { why });
  complained = why;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function giveUp(why) {
  tell("cannot start", { why });
  process.exit(1);
}

async function puppetOf(name) {
  if (!name) giveUp("set WECHATY_PUPPET to the package of a puppet, such as wechaty-puppet-wechat4u");
  try {
    const { default: Puppet } = await import(name);
    return new Puppet();
  } catch (error) {
    if (error.code === "ERR_MODULE_NOT_FOUND" && error.message.includes(`'${name}'`)) {
      const { dependencies } = JSON.parse(await readFile(new URL("package.json", import.meta.url)));
      const there = Object.keys(dependencies).filter((each) => each.startsWith("wechaty-puppet-"));
      giveUp(`no puppet ${name} is installed here; there are ${there.join(", ")}`);
    }
    return giveUp(`${name}: ${error.message}`);
  }
}

async function open() {
  const token = env.WECHATY_TOKEN ?? "";
  if (token.length < 16) giveUp("set WECHATY_TOKEN to a long random word: openssl rand -hex 24");
  const puppet = await puppetOf(env.WECHATY_PUPPET);
  const memory = new MemoryCard({ name: env.GATEWAY_SESSION ?? "/data/session" });
  await memory.load();
  puppet.setMemory(memory);

  // An event without a listener would end the process. Whoever has a login code may log in with it: it is not logged.
  puppet.on("error", ({ data, gerror }) => complain(parsed(gerror ?? data)));
  puppet.on("scan", ({ status }) => tell("a login code is there, the bot shows it", { status }));
  puppet.on("login", ({ contactId }) => tell("logged in", { account: contactId }));
  puppet.on("logout", ({ data }) => tell("logged out", { why: data }));

  // A client that takes over asks to stop first. To wechat4u that is a logout, and the phone would be needed again.
  puppet.stop = async () => tell("a client let go");

  const port = Number(env.WECHATY_PUPPET_SERVER_PORT ?? 8788);
  const endpoint = `${env.GATEWAY_HOST ?? "0.0.0.0"}:${port}`;
  await new PuppetServer({ endpoint, puppet, token }).start();
  tell("listening", { endpoint, puppet: env.WECHATY_PUPPET });
}

// Puppets leave refusals of the network unanswered: the account is still there after them.
process.on("unhandledRejection", complain);
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    tell("ended", { by: signal });
    process.exit(0); // without a logout
  });
}
await open().catch((error) => giveUp(error.message));
