// Each line is a PDU as JSON, octets in it as {"hex": "..."}: write it in hexadecimal.
const smpp = require("smpp");
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
const octets = (_, value) => (value && value.hex !== undefined ? Buffer.from(value.hex, "hex") : value);
for (const line of lines) {
  try {
    const { command, fields } = JSON.parse(line, octets);
    console.log(new smpp.PDU(command, fields).toBuffer().toString("hex"));
  } catch (error) {
    console.log(`error: ${error.message}`);
  }
}
