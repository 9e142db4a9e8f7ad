// What the test sees and sets of the bot's calls: their record, and which of the next ones fail, hang or take long.
const MARK = "@@ ";

export const say = (line) => process.stdout.write(`${MARK}${JSON.stringify(line)}\n`);

export class Control {
  constructor() {
    this.number = 0;
    this.queries = {};
    this.faults = new Map();
  }

  called(name, args) {
    this.number += 1;
    say({ ev: "call", n: this.number, name, args });
    return this.number;
  }

  asked(name) {
    this.queries[name] = (this.queries[name] ?? 0) + 1;
    return null;
  }

  performed(call, result) {
    if (call !== null) say({ ev: "performed", n: call, result: result ?? null });
  }

  done(call, error) {
    if (call !== null) say({ ev: "done", n: call, ...(error && { error: error.message ?? String(error) }) });
  }

  // The next `times` calls of `name`: fail with `error`, never answer (`hang`), answer after `ms`;
  // with `delivered` the call is performed all the same before it fails or hangs.
  arrange({ name, error = "", hang = false, ms = 0, times = 1, delivered = false }) {
    const waiting = this.faults.get(name) ?? [];
    for (let count = 0; count < times; count += 1) waiting.push({ error, hang, ms, delivered });
    this.faults.set(name, waiting);
  }

  async suffer(name, perform) {
    const fault = this.faults.get(name)?.shift();
    if (!fault) return perform();
    if (fault.ms) await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const result = fault.delivered && (await perform());
    if (fault.hang) return new Promise(() => {});
    if (fault.error) throw new Error(fault.error);
    return fault.delivered ? result : perform();
  }
}
