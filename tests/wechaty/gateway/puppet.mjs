// The puppet before the made-up account: every call of PuppetMock is answered from the account, recorded, made to fail.
import * as files from "file-box";
import { PuppetMock } from "wechaty-puppet-mock";

export const FileBox = files.FileBox ?? files.default.FileBox;

const EFFECTS = {
  messageSendText: ["to", "text", "mentions"],
  messageSendFile: ["to", "file"],
  messageSendContact: ["to", "contact"],
  messageSendUrl: ["to", "link"],
  messageSendMiniProgram: ["to", "program"],
  messageForward: ["to", "message"],
  messageRecall: ["message"],
  roomAdd: ["room", "contact", "link_only"],
  roomDel: ["room", "contact"],
  roomTopic: ["room", "text"],
  roomAnnounce: ["room", "text"],
  roomQuit: ["room"],
  roomCreate: ["contacts", "topic"],
  friendshipAdd: ["contact", "hello"],
  friendshipAccept: ["friendship"],
  roomInvitationAccept: ["invitation"],
  contactAlias: ["contact", "alias"],
};
const QUERIES = [
  "contactList", "contactPayload", "roomList", "roomPayload", "roomMemberList", "roomMemberPayload", "messagePayload",
  "messageFile", "messageImage", "messageUrl", "messageMiniProgram", "messageContact", "friendshipPayload",
  "roomInvitationPayload", "start", "stop", "logout",
];
const SENDING = /^message(Send|Forward)/;

// Wechaty's number of a kind of message.
export const KIND = { file: 1, contact: 3, image: 6, text: 7, miniProgram: 9, recalled: 13, link: 14 };

async function told(value) {
  if (typeof value?.toBuffer !== "function") return value ?? null;
  const data = await value.toBuffer();
  return { name: value.name, size: data.length, base64: data.toString("base64") };
}

export class AccountPuppet extends PuppetMock {
  constructor(account, control) {
    super({ timeoutSeconds: 86_400, timeout: 86_400 }); // a minute without heartbeats would restart the puppet
    this.mocker.use(() => this.begin());
    this.account = account;
    this.control = control;
    account.on("heard", (event, payload) => this.emit(event, payload));
    account.on("dirty", (kind, id) => this.soil(kind, id));
    account.on("room", (room) => {
      this.soil(3, room.id);
      this.soil(4, room.id);
    });
    for (const name of [...Object.keys(EFFECTS), ...QUERIES]) this.watch(name);
  }

  // A payload changed: forget ours and have clients forget theirs.
  soil(kind, id) {
    if (!this.started) return;
    const names = { 2: "contact", 3: "room", 4: "roomMember" };
    const kept = this.cache ?? { // puppets of 2021 keep them apart
      contact: this.cacheContactPayload, room: this.cacheRoomPayload, roomMember: this.cacheRoomMemberPayload,
    };
    kept[names[kind]]?.clear();
    this.emit("dirty", { payloadType: kind, payloadId: id });
  }

  watch(name) {
    const perform = this[name].bind(this);
    this[name] = async (...args) => {
      const call = EFFECTS[name] ? await this.recorded(name, args) : this.control.asked(name);
      const performed = async () => {
        const result = await perform(...args);
        this.control.performed(call, result);
        return result;
      };
      try {
        const result = await this.control.suffer(name, performed);
        this.control.done(call);
        return SENDING.test(name) && !this.account.answersIds ? undefined : result;
      } catch (error) {
        this.control.done(call, error);
        throw error;
      }
    };
  }

  async recorded(name, args) {
    const values = {};
    for (const [index, key] of EFFECTS[name].entries()) values[key] = await told(args[index]);
    return this.control.called(name, values);
  }

  // At every start that a client asks for, too.
  begin() {
    this.started = true;
    if (this.account.online && !this.logonoff()) this.login(this.account.me);
    return () => {
      this.started = false;
    };
  }

  ding(data) {
    this.emit("dong", { data: data ?? "" });
  }

  async contactList() {
    return [...this.account.contacts.keys()];
  }

  async contactRawPayload(id) {
    const { name, friend, alias, type = 1 } = this.account.contact(id);
    return { id, name, friend, alias, avatar: "", gender: 0, type, phone: [] };
  }

  async contactAlias(id, alias) {
    const contact = this.account.contact(id);
    if (alias === undefined) return contact.alias;
    contact.alias = alias ?? "";
    this.soil(2, id);
    return undefined;
  }

  async messageRawPayload(id) {
    const one = this.account.message(id);
    const { from, listener, room: roomId, text, at: timestamp, type, mentions: mentionIdList, filename } = one;
    const people = { talkerId: from, fromId: from, listenerId: listener, toId: listener }; // by both their names
    return { id, ...people, roomId, text, timestamp, type, mentionIdList, filename };
  }

  async messageFile(id) {
    const { name, base64 } = this.account.thing(id);
    return FileBox.fromBase64(base64, name);
  }

  async messageImage(id) {
    return this.messageFile(id);
  }

  async messageUrl(id) {
    return this.account.thing(id);
  }

  async messageMiniProgram(id) {
    return this.account.thing(id);
  }

  async messageContact(id) {
    return this.account.thing(id).contact;
  }

  async messageSendText(to, text, mentions = []) {
    return this.account.send(to, { type: KIND.text, text, mentions: mentions ?? [] });
  }

  async messageSendFile(to, file) {
    const data = await file.toBuffer();
    const type = /\.(png|jpe?g|gif)$/i.test(file.name) ? KIND.image : KIND.file;
    return this.account.send(to, { type, filename: file.name }, { name: file.name, base64: data.toString("base64") });
  }

  async messageSendContact(to, contact) {
    return this.account.send(to, { type: KIND.contact }, { contact });
  }

  async messageSendUrl(to, link) {
    return this.account.send(to, { type: KIND.link }, link);
  }

  async messageSendMiniProgram(to, program) {
    return this.account.send(to, { type: KIND.miniProgram }, program);
  }

  async messageForward(to, id) {
    const { type, text, filename } = this.account.message(id);
    return this.account.send(to, { type, text, filename }, this.account.things.get(id));
  }

  async messageRecall(id) {
    return this.account.recall(id);
  }

  async roomList() {
    const { rooms, me } = this.account;
    return [...rooms.values()].filter((room) => room.members.includes(me)).map((room) => room.id);
  }

  async roomRawPayload(id) {
    const { topic, owner, members } = this.account.room(id);
    return { id, topic, avatar: "", ownerId: owner, adminIdList: [], memberIdList: [...members] };
  }

  async roomMemberList(id) {
    return [...this.account.room(id).members];
  }

  async roomMemberRawPayload(roomId, id) {
    const room = this.account.room(roomId);
    if (!room.members.includes(id)) return undefined;
    return { id, name: this.account.contact(id).name, roomAlias: room.aliases[id] ?? "", avatar: "", inviterId: "" };
  }

  async roomDel(room, contact) {
    this.account.mayKeep(room);
    this.account.leave(room, contact, "bot");
  }

  async roomAdd(room, contact, linkOnly) {
    this.account.add(room, contact, linkOnly);
  }

  async roomTopic(room, text) {
    if (text === undefined) return this.account.room(room).topic;
    this.account.rename(room, text, "bot");
    return undefined;
  }

  async roomAnnounce(room, text) {
    if (text === undefined) return this.account.room(room).announcement;
    this.account.mayKeep(room);
    this.account.announce(room, text);
    return undefined;
  }

  async roomQuit(room) {
    this.account.leave(room, "bot", "bot");
  }

  async friendshipRawPayload(id) {
    const request = this.account.requests.get(id);
    if (!request) throw new Error(`no friend request ${id}`);
    return request;
  }

  async friendshipAccept(id) {
    this.account.acceptFriendship(id);
  }

  async roomInvitationRawPayload(id) {
    const invitation = this.account.invitations.get(id);
    if (!invitation) throw new Error(`no invitation ${id}`);
    const { inviterId, topic, timestamp } = invitation;
    const place = { topic, avatar: "", memberCount: 1, memberIdList: [inviterId] };
    return { id, inviterId, timestamp, invitation: id, receiverId: this.account.me, ...place };
  }

  async roomInvitationAccept(id) {
    this.account.acceptInvitation(id);
  }
}
