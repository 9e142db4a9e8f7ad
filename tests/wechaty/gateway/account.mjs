// The made-up WeChat that one account sees: people, rooms, messages, requests. It says what changed and knows no wire.
import { EventEmitter } from "node:events";

const CAST = {
  bot: ["Bot", true], ann: ["Ann", true], bo: ["Bo", true], cy: ["Cy", false], sam: ["Sam", true],
};
const ROOMS = {
  "r1@chatroom": ["Reading", ["bot", "ann", "bo"]],
  "r2@chatroom": ["Writing", ["bot", "ann"]],
};
const LINK_ABOVE = 40; // WeChat sends an invitation instead of adding where a room is larger

export class Account extends EventEmitter {
  constructor() {
    super();
    this.online = true;
    this.echo = true;
    this.answersIds = true;
    this.logins = 1;
    this.ahead = 0; // ms by which WeChat's time is ahead of the machine's
    this.run = Date.now().toString(36); // ids differ from those of a gateway that ran before
    this.numbered = 0;
    this.current = new Map(); // what tests call somebody or a room, to the id it has now
    this.contacts = new Map();
    this.rooms = new Map();
    this.messages = new Map();
    this.things = new Map(); // message id to its file, card, link or mini program
    this.requests = new Map();
    this.invitations = new Map();
    for (const [id, [name, friend]] of Object.entries(CAST)) this.meet(id, name, friend);
    for (const [id, [topic, members]] of Object.entries(ROOMS)) this.found(id, topic, members);
  }

  next(kind) {
    this.numbered += 1;
    return `${kind}-${this.run}-${this.numbered}`;
  }

  id(key) {
    const id = this.current.get(key) ?? key;
    if (!this.contacts.has(id) && !this.rooms.has(id)) throw new Error(`nobody and no room is called ${key}`);
    return id;
  }

  get me() {
    return this.id("bot");
  }

  contact(key) {
    const contact = this.contacts.get(this.id(key));
    if (!contact) throw new Error(`${key} is a room`);
    return contact;
  }

  room(key) {
    const room = this.rooms.get(this.current.get(key) ?? key);
    if (!room) throw new Error(`no room is called ${key}`);
    return room;
  }

  changed(room) {
    this.emit("room", room);
    return room;
  }

  meet(id, name, friend) {
    this.contacts.set(id, { id, name, friend, alias: "" });
    this.current.set(id, id);
    this.emit("ids");
  }

  found(id, topic, members, owner = "bot") {
    const present = members.map((key) => this.id(key));
    const room = { id, topic, announcement: "", owner: this.id(owner), members: present, aliases: {} };
    this.rooms.set(id, room);
    this.current.set(id, id);
    this.emit("ids");
    return this.changed(room);
  }

  // A message of anybody; the account hears of it unless told otherwise.
  post(message, { thing, heard = true } = {}) {
    const id = message.id ?? this.next("message");
    if (this.messages.has(id)) throw new Error(`there is a message ${id} already`);
    this.messages.set(id, { at: this.now(), text: "", mentions: [], filename: "", ...message, id });
    if (thing !== undefined) this.things.set(id, thing);
    if (heard) this.emit("heard", "message", { messageId: id });
    return id;
  }

  message(id) {
    const message = this.messages.get(id);
    if (!message) throw new Error(`no message ${id}`);
    return message;
  }

  thing(id) {
    this.message(id);
    if (!this.things.has(id)) throw new Error(`message ${id} carries nothing`);
    return this.things.get(id);
  }

  // What the account itself says, to a room it is in or to a friend.
  send(to, message, thing) {
    if (!this.online) throw new Error("not logged in");
    const room = this.rooms.get(to);
    if (room && !room.members.includes(this.me)) throw new Error(`the account is not in the room ${to}`);
    if (!room && !this.contacts.has(to)) throw new Error(`no contact or room ${to}`);
    if (!room && !this.contact(to).friend) throw new Error("对方开启了朋友验证，你还不是他（她）朋友 (not friends)");
    const where = room ? { room: to } : { listener: to };
    return this.post({ from: this.me, ...where, ...message }, { thing, heard: this.echo });
  }

  recall(id) {
    const message = this.messages.get(id);
    if (!message || message.from !== this.me || message.recalled) return false;
    message.recalled = true;
    return true;
  }

  join(key, who, by, told = true) {
    const room = this.room(key);
    const [id, inviter] = [this.id(who), this.id(by)];
    if (room.members.includes(id)) throw new Error(`${who} is in the room already`);
    room.members.push(id);
    this.changed(room);
    if (told) this.tell("room-join", { roomId: room.id, inviteeIdList: [id], inviterId: inviter });
  }

  leave(key, who, by, told = true) {
    const room = this.room(key);
    const [id, remover] = [this.id(who), this.id(by)];
    if (!room.members.includes(id)) throw new Error(`${who} is not in the room`);
    room.members = room.members.filter((member) => member !== id);
    this.changed(room);
    if (told) this.tell("room-leave", { roomId: room.id, removeeIdList: [id], removerId: remover });
  }

  rename(key, topic, by) {
    const room = this.room(key);
    const oldTopic = room.topic;
    room.topic = topic;
    this.changed(room);
    this.tell("room-topic", { roomId: room.id, newTopic: topic, oldTopic, changerId: this.id(by) });
  }

  announce(key, text) {
    const room = this.room(key);
    room.announcement = text;
    this.changed(room);
  }

  // The account adds somebody: at once, or by a link that somebody has to press.
  add(key, who, linkOnly) {
    const room = this.room(key);
    if (!this.contact(who).friend) throw new Error(`${who} is not a friend`);
    if (!linkOnly && room.members.length <= LINK_ABOVE) this.join(key, who, "bot");
  }

  mayKeep(key) {
    if (this.room(key).owner !== this.me) throw new Error("only the room's owner may do this");
  }

  now() {
    return Date.now() + this.ahead;
  }

  tell(event, payload) {
    this.emit("heard", event, { timestamp: this.now(), ...payload });
  }

  requestFriendship(who, hello) {
    const id = this.next("friendship");
    const request = { id, contactId: this.id(who), hello, timestamp: this.now(), ticket: `ticket-${id}` };
    this.requests.set(id, { ...request, type: 2, scene: 14, stranger: "" });
    this.emit("heard", "friendship", { friendshipId: id });
    return id;
  }

  acceptFriendship(id) {
    const request = this.requests.get(id);
    if (!request) throw new Error(`no friend request ${id}`);
    this.contact(request.contactId).friend = true;
    this.emit("dirty", 2, request.contactId);
    this.requests.set(`${id}-accepted`, { ...request, id: `${id}-accepted`, type: 1 });
    this.emit("heard", "friendship", { friendshipId: `${id}-accepted` });
  }

  invite(who, room, topic) {
    const id = this.next("invitation");
    this.invitations.set(id, { id, inviterId: this.id(who), room, topic, timestamp: this.now() });
    this.emit("heard", "room-invite", { roomInvitationId: id });
    return id;
  }

  acceptInvitation(id) {
    const invitation = this.invitations.get(id);
    if (!invitation) throw new Error(`no invitation ${id}`);
    const { room, topic, inviterId } = invitation;
    if (!this.rooms.has(room)) this.found(room, topic, [inviterId], inviterId);
    this.join(room, "bot", inviterId);
  }

  // As wechat4u at a new login: everybody and every room has another id, and nothing older can be read.
  renumber() {
    this.logins += 1;
    const fresh = new Map();
    for (const [key, id] of this.current) {
      fresh.set(id, `${this.rooms.has(id) ? "@@" : "@"}${key.split("@")[0]}${this.logins}`);
    }
    const renewed = (id) => fresh.get(id) ?? id;
    const contacts = [...this.contacts.values()].map((one) => ({ ...one, id: renewed(one.id) }));
    this.contacts = new Map(contacts.map((one) => [one.id, one]));
    this.rooms = new Map([...this.rooms.values()].map((room) => [renewed(room.id), {
      ...room, id: renewed(room.id), owner: renewed(room.owner), members: room.members.map(renewed),
      aliases: Object.fromEntries(Object.entries(room.aliases).map(([id, alias]) => [renewed(id), alias])),
    }]));
    this.current = new Map([...this.current].map(([key, id]) => [key, renewed(id)]));
    for (const kept of [this.messages, this.things, this.requests, this.invitations]) kept.clear();
    this.emit("ids");
    for (const room of this.rooms.values()) this.changed(room);
  }
}
