// One judge of bodies in node, as a process: node contestants.js NAME DOCUMENT BODIES
// It speaks as contestants.py does. NODE_PATH leads to its modules.
"use strict";

const fs = require("fs");
const readline = require("readline");
const YAML = require("yaml");

const URI = "https://document.test/openapi.json";
const CHECKED = 120; // bodies
const documentOf = (path) => YAML.parse(fs.readFileSync(path, "utf8"), { maxAliasCount: -1 });

const CONTESTANTS = {
  "json-parse": async () => (body) => () => JSON.parse(body.body) !== undefined,

  // Functions that Ajv writes as source ahead of time.
  ajv: async (path) => {
    const Ajv = require("ajv/dist/2020").default;
    const standalone = require("ajv/dist/standalone").default;
    const ajv = new Ajv({ code: { source: true }, strict: false });
    require("ajv-formats").default(ajv);
    ajv.addSchema({ $id: URI, ...documentOf(path) });
    const ofSchema = new Map();
    return (body) => {
      if (!ofSchema.has(body.schema)) {
        const validate = ajv.compile({ $ref: `${URI}#${body.schema}` });
        const source = { exports: {} };
        new Function("module", "exports", "require", standalone(ajv, validate))(source, source.exports, require);
        ofSchema.set(body.schema, source.exports.default || source.exports);
      }
      const validate = ofSchema.get(body.schema);
      return () => validate(JSON.parse(body.body));
    };
  },

  prism: async (path) => {
    const { getHttpOperationsFromSpec } = require("@stoplight/prism-http");
    const { validateOutput } = require("@stoplight/prism-http/dist/validator");
    const operations = await getHttpOperationsFromSpec(path);
    const headers = { "content-type": "application/json" };
    return (body) => {
      const resource = operations.find((each) => each.method === "get" && each.path === body.template);
      return () => {
        const element = { statusCode: body.status, headers, body: JSON.parse(body.body) };
        return validateOutput({ resource, element })._tag === "Right";
      };
    };
  },
};

const say = (figures) => process.stdout.write(JSON.stringify(figures) + "\n");
const now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function main() {
  const [name, path, bodiesPath] = process.argv.slice(2);
  const bodies = fs.readFileSync(bodiesPath, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  const judge = await CONTESTANTS[name](path);
  const verdicts = bodies.map(judge);
  const lengths = bodies.map((body) => Buffer.byteLength(body.body));
  let [alarms, misses] = [0, 0];
  for (const [index, body] of bodies.slice(0, CHECKED).entries()) {
    const verdict = verdicts[index]();
    if (body.is_valid && !verdict) alarms += 1;
    if (!body.is_valid && verdict) misses += 1;
  }
  say({ checked: Math.min(CHECKED, bodies.length), alarms, misses });
  let number = 0;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const began = now();
    let [count, size, elapsed] = [0, 0, 0];
    while ((elapsed = now() - began) < Number(line)) {
      for (let each = 0; each < 5; each += 1) {
        verdicts[number]();
        size += lengths[number];
        number = (number + 1) % verdicts.length;
      }
      count += 5;
    }
    say({ bodies: count, bytes: size, seconds: elapsed });
  }
}

main().catch((error) => {
  process.stderr.write(`${error.message.split("\n")[0]}\n`);
  process.exit(1);
});
