// The main job by the official Node SDK, pointed at Magpie by recipe B: one line a product.
const [, , base, from, to, media, callback] = process.argv;
const client = require("twilio")(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
client.api.baseUrl = base;

async function main() {
  const made = await client.messages.create({
    from,
    to,
    body: "from Node",
    mediaUrl: [media],
    statusCallback: callback,
  });
  let message = made;
  while (!["delivered", "failed", "undelivered"].includes(message.status)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    message = await client.messages(made.sid).fetch();
  }
  const listed = await client.messages.list({ from, pageSize: 1 });
  const refused = await client.messages.create({ from, to: "12", body: "x" }).catch((e) => e);
  console.log(
    JSON.stringify({
      sid: made.sid,
      first: made.status,
      last: message.status,
      dateSent: message.dateSent instanceof Date,
      listed: listed.map((one) => one.sid),
      refused: { code: refused.code, status: refused.status },
    }),
  );
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
