// Prints its port; answers each text with an id of its own.
const smpp = require("smpp");
let number = 0;
const server = smpp.createServer((session) => {
  session.on("error", () => session.close());
  for (const bind of ["bind_transceiver", "bind_transmitter", "bind_receiver"])
    session.on(bind, (pdu) => session.send(pdu.response()));
  for (const plain of ["enquire_link", "unbind"])
    session.on(plain, (pdu) => session.send(pdu.response()));
  session.on("submit_sm", (pdu) => {
    number += 1;
    session.send(pdu.response({ message_id: `node-${number}` }));
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
