// Binds to PORT as NAME, submits COUNT texts at once, prints how many were accepted.
const [, , port, name, password, count] = process.argv;
const smpp = require("smpp");
const session = smpp.connect({ url: `smpp://127.0.0.1:${port}` }, () => {
  session.bind_transceiver({ system_id: name, password }, (bound) => {
    if (bound.command_status !== 0) process.exit(1);
    let accepted = 0;
    let answered = 0;
    const heed = (answer) => {
      accepted += answer.command_status === 0 ? 1 : 0;
      answered += 1;
      if (answered < Number(count)) return submit();
      console.log(accepted);
      session.unbind(() => session.close());
    };
    const submit = () =>
      session.submit_sm(
        {
          source_addr_ton: 1,
          source_addr_npi: 1,
          source_addr: "15017122661",
          dest_addr_ton: 1,
          dest_addr_npi: 1,
          destination_addr: "15558675310",
          short_message: "node",
        },
        heed,
      );
    submit();
  });
});
session.on("deliver_sm", (pdu) => session.send(pdu.response()));
