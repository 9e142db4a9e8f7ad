// A small group bot on grammY. It greets, deletes advertisements, bans with a button, and sends a picture.
// API is the simulator's address, TOKEN the bot's; with SECRET it listens for a webhook instead of asking.
import { createServer } from "node:http";
import { Bot, GrammyError, InlineKeyboard, InputFile, webhookCallback } from "grammy";

const bot = new Bot(process.env.TOKEN, { client: { apiRoot: process.env.API } });
const kinds = ["message", "edited_message", "chat_member", "callback_query", "message_reaction", "chat_join_request"];

bot.on("chat_member", async (ctx) => {
  const { old_chat_member: before, new_chat_member: after } = ctx.chatMember;
  if (before.status === "left" && after.status === "member") {
    await ctx.reply(`Welcome, <b>${after.user.first_name}</b>!`, { parse_mode: "HTML" });
  }
});
bot.on("chat_join_request", (ctx) => ctx.approveChatJoinRequest(ctx.from.id));
bot.command("picture", (ctx) =>
  ctx.replyWithPhoto(new InputFile(Buffer.from("a picture"), "one.png"), { caption: "here" }));
bot.command("refused", async (ctx) => {
  try {
    await ctx.api.deleteMessage(ctx.chat.id, 4711);
  } catch (error) {
    if (!(error instanceof GrammyError)) throw error;
    await ctx.reply(`${error.error_code} ${error.description}`);
  }
});
bot.on(["message:text", "edited_message:text"], async (ctx) => {
  if (ctx.msg.text.includes("BUY")) {
    await ctx.deleteMessage();
    const keyboard = new InlineKeyboard().text("Ban", `ban:${ctx.from.id}`).text("Leave it", "leave");
    await ctx.reply(`An advertisement of ${ctx.from.first_name} is gone.`, { reply_markup: keyboard });
  }
});
bot.callbackQuery(/^ban:(\d+)$/, async (ctx) => {
  await ctx.banChatMember(Number(ctx.match[1]));
  await ctx.answerCallbackQuery({ text: "Banned", show_alert: true });
  await ctx.editMessageText(`Banned by ${ctx.from.first_name}.`);
});
bot.on("message_reaction", async (ctx) => {
  const { emojiAdded } = ctx.reactions();
  if (emojiAdded.length > 0) await ctx.reply(`Seen: ${emojiAdded.join(" ")}`);
});
bot.catch((error) => {
  console.error(error);
  process.exit(3);
});

await bot.init();
if (process.env.SECRET) {
  const take = webhookCallback(bot, "http", { secretToken: process.env.SECRET });
  const server = createServer((request, response) => take(request, response));
  server.listen(0, "127.0.0.1", async () => {
    await bot.api.setWebhook(`http://127.0.0.1:${server.address().port}/hook`, {
      secret_token: process.env.SECRET,
      allowed_updates: kinds,
    });
    console.log("ready");
  });
} else {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => bot.stop());
  await bot.start({ allowed_updates: kinds, timeout: 1, onStart: () => console.log("ready") });
}
