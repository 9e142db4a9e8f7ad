// What a test can make happen: one function for each operation, from the command to the fields of its answer.
import { KIND } from "./puppet.mjs";

const AT = "\u2005"; // WeChat ends the name in a mention with this space

// Where somebody speaks: in a room, or to the account alone.
function place(account, { who, room, alone }) {
  const from = account.id(who);
  return alone ? { from, listener: account.me } : { from, room: account.room(room).id };
}

function moment(account, { at, seconds }) {
  const now = at === undefined || at === null ? account.now() : at * 1000;
  return seconds ? Math.floor(now / 1000) : now;
}

function spoken(account, command) {
  const { text, mentions = [], listed = true } = command;
  const room = command.alone ? undefined : account.room(command.room);
  const ids = mentions.map((key) => account.id(key));
  const names = ids.map((id) => `@${room?.aliases[id] || account.contact(id).name}${AT}`);
  return {
    ...place(account, command), at: moment(account, command), type: KIND.text,
    text: names.join("") + text, mentions: listed ? ids : [],
  };
}

export function operations(gateway) {
  const told = (id) => ({ message: id });
  return {
    say: (command) => told(gateway.account.post(spoken(gateway.account, command), { heard: command.heard ?? true })),
    burst: ({ count, text, ...command }) => ({
      messages: Array.from({ length: count }, (_, index) =>
        gateway.account.post(spoken(gateway.account, { ...command, text: `${text} ${index + 1}` }))),
    }),
    // A message of any kind: `thing` is what it carries, `text` what the puppet says of it (often XML).
    send: (command) => {
      const { message_id: id, type, text = "", mentions = [], filename = "", thing, heard = true } = command;
      const message = {
        ...place(gateway.account, command), at: moment(gateway.account, command), type, text, filename,
        mentions: mentions.map((key) => gateway.account.id(key)), ...(id && { id }),
      };
      const carried = thing?.contact ? { contact: gateway.account.id(thing.contact) } : thing ?? undefined;
      return told(gateway.account.post(message, { thing: carried, heard }));
    },
    recall: ({ message }) => {
      const { from, room, listener } = gateway.account.message(message);
      gateway.account.message(message).recalled = true;
      return told(gateway.account.post({ from, room, listener, type: KIND.recalled, text: message }));
    },
    again: ({ message }) => {
      gateway.account.message(message);
      gateway.puppet.emit("message", { messageId: message });
    },
    join: ({ room, who, by, told: heard = true }) => gateway.account.join(room, who, by, heard),
    leave: ({ room, who, by, told: heard = true }) => gateway.account.leave(room, who, by, heard),
    rename: ({ room, topic, by }) => gateway.account.rename(room, topic, by),
    owner: ({ room, who }) => {
      gateway.account.room(room).owner = gateway.account.id(who);
      gateway.account.changed(gateway.account.room(room));
    },
    alias: ({ room, who, alias }) => {
      gateway.account.room(room).aliases[gateway.account.id(who)] = alias;
      gateway.account.changed(gateway.account.room(room));
    },
    new_contact: ({ who, name, friend }) => gateway.account.meet(who, name, friend),
    new_room: ({ room, topic, members, owner }) => void gateway.account.found(room, topic, members, owner),
    contact: ({ who, ...changes }) => {
      Object.assign(gateway.account.contact(who), changes);
      gateway.puppet.soil(2, gateway.account.id(who));
    },
    renumber: async () => {
      await gateway.puppet.logout();
      gateway.account.renumber();
      gateway.puppet.login(gateway.account.me);
    },
    friend_request: ({ who, hello }) => ({ friendship: gateway.account.requestFriendship(who, hello) }),
    room_invitation: ({ who, room, topic }) => ({ invitation: gateway.account.invite(who, room, topic) }),
    clock: ({ at }) => void (gateway.account.ahead = at * 1000 - Date.now()),
    scan: ({ status, qrcode }) => void gateway.puppet.emit("scan", { status, qrcode }),
    login: () => {
      gateway.account.online = true;
      gateway.puppet.login(gateway.account.me);
    },
    logout: async ({ reason }) => {
      gateway.account.online = false;
      await gateway.puppet.logout(reason);
    },
    emit: ({ event, payload }) => void gateway.puppet.emit(event, payload),
    fault: (command) => gateway.control.arrange(command),
    answers_ids: ({ on }) => void (gateway.account.answersIds = on),
    echo: ({ on }) => void (gateway.account.echo = on),
    queries: () => ({ counts: gateway.control.queries }),
    listening: () => ({ on: gateway.puppet.listenerCount("dong") > 0 }),
    close: () => gateway.close(),
    open: () => gateway.open(),
    reset: () => gateway.reset(),
  };
}
