// Each line is a PDU in hexadecimal: read it, write it again. What fails answers with its error.
const smpp = require("smpp");
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
for (const line of lines) {
  try {
    const pdu = new smpp.PDU(Buffer.from(line, "hex"));
    const content = pdu.short_message;
    if (content && Array.isArray(content.udh)) {
      // It reads a header as a list of elements, and writes one from its octets.
      const elements = Buffer.concat(content.udh);
      content.udh = Buffer.concat([Buffer.from([elements.length]), elements]);
    }
    console.log(pdu.toBuffer().toString("hex"));
  } catch (error) {
    console.log(`error: ${error.message}`);
  }
}
