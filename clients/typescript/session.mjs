// A session of the official TypeScript SDK (1.x or 2.x): cuts, marks and renders through tool calls.
// It says on its last line, as JSON, what was agreed on and made.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const CALL_MILLISECONDS = 60_000;
// Each waits up to 20 s; the render takes a second or two.
const RENDER_CALLS = 6;
/** States of a job that has not ended. */
const GOES_ON = ["queued", "running"];
const ABOUT = { name: "acceptance", version: "1.0.0" };

const { values: options, positionals: command } = parseArgs({
  allowPositionals: true,
  options: {
    sdk: { type: "string" },
    era: { type: "string" },
    plan: { type: "string" },
    url: { type: "string" },
  },
});

/** The classes of the SDK that was asked for. */
async function sdk() {
  if (options.sdk === "2") {
    const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
    const { StdioClientTransport } = await import("@modelcontextprotocol/client/stdio");
    return { Client, StreamableHTTPClientTransport, StdioClientTransport };
  }
  const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
  const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/sdk/client/streamableHttp.js");
  const { StdioClientTransport } = await import("@modelcontextprotocol/sdk/client/stdio.js");
  return { Client, StreamableHTTPClientTransport, StdioClientTransport };
}

/** A connected client, and the version that was agreed on. */
async function connect() {
  const { Client, StreamableHTTPClientTransport, StdioClientTransport } = await sdk();
  const settings = options.era === "modern" ? { versionNegotiation: { mode: { pin: "2026-07-28" } } } : {};
  const client = new Client(ABOUT, settings);
  const headers = { Authorization: `Bearer ${process.env.DAVINCI_MCP_HTTP_TOKEN}` };
  const transport = options.url
    ? new StreamableHTTPClientTransport(new URL(options.url), { requestInit: { headers } })
    : new StdioClientTransport({ command: command[0], args: command.slice(1), env: process.env });
  // SDK 1.x keeps the version to itself, but tells its transport.
  let protocol;
  const told = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (version) => {
    protocol = version;
    told?.(version);
  };
  await client.connect(transport);
  return { client, protocol: client.getNegotiatedProtocolVersion?.() ?? protocol };
}

/** The result of a call, also of one that failed. */
function raw(client, name, args) {
  const patience = { timeout: CALL_MILLISECONDS };
  return options.sdk === "2"
    ? client.callTool({ name, arguments: args }, patience)
    : client.callTool({ name, arguments: args }, undefined, patience);
}

/** The value that a call answered, at once or as a job. */
async function call(client, name, args = {}) {
  let value = await valueOf(client, name, args);
  while (!name.startsWith("jobs_") && value.state === "running" && value.job) {
    const told = await valueOf(client, "jobs_read", { job: value.job, wait_s: 50 });
    if (!["running", "complete"].includes(told.state)) throw new Error(`${name} failed: ${JSON.stringify(told)}`);
    value = told.state === "running" ? told : told.result;
  }
  return value;
}

async function valueOf(client, name, args) {
  const result = await raw(client, name, args);
  const value = JSON.parse(result.content[0].text);
  if (result.isError) throw new Error(`${name} failed: ${JSON.stringify(value)}`);
  return value;
}

/** The session itself; gives the path of the film. */
async function work(client, plan) {
  const tools = new Set((await client.listTools()).tools.map((tool) => tool.name));
  for (const name of ["create_project", "import_media", "append_to_timeline", "queue_render", "start_render", "look"]) {
    if (!tools.has(name)) throw new Error(`the tool ${name} is missing`);
  }
  await call(client, "create_project", { name: plan.project, frame_rate: plan.rate });
  const { imported } = await call(client, "import_media", { paths: [plan.picture, plan.sound] });
  const [picture, sound] = imported.map((clip) => clip.id);
  await call(client, "create_timeline", { name: "Cut", frame_rate: plan.rate });
  const shots = plan.shots.map(([start, end]) => ({ media_pool_item: picture, start, end }));
  await call(client, "append_to_timeline", { clips: shots });
  const tone = { media_pool_item: sound, start: 0, end: plan.frames, media_type: "audio", record_frame: 0 };
  await call(client, "append_to_timeline", { clips: [tone] });
  await call(client, "add_marker", { position: 5, color: "Green", name: "from a client" });

  const failed = await raw(client, "add_marker", { position: 5, color: "Grün" });
  if (!failed.isError || JSON.parse(failed.content[0].text).code !== "invalid_argument") {
    throw new Error(`a wrong colour was answered with ${JSON.stringify(failed)}`);
  }

  const read = await call(client, "timeline_read");
  if (read.timeline.end.frames !== plan.frames || read.markers_total !== 1) {
    throw new Error(`the timeline has ${read.timeline.end.frames} frames and ${read.markers_total} markers`);
  }
  const sheet = await raw(client, "look", { count: 2 });
  if (sheet.content.filter((part) => part.type === "image").length !== 1) {
    throw new Error("look answered without a picture");
  }

  const { job } = await call(client, "queue_render", {
    directory: plan.output,
    file_name: plan.project,
    format: "mp4",
    codec: "H264",
  });
  await call(client, "start_render", { jobs: [job] });
  let status;
  for (let calls = 0; calls < RENDER_CALLS && (!status || GOES_ON.includes(status.state)); calls += 1) {
    status = await call(client, "jobs_read", { job, wait_s: 20 });
  }
  if (status.state !== "complete") throw new Error(`the render is ${status.state}: ${status.error ?? "no reason given"}`);
  return status.result.path;
}

/** The whole run, from the connection to its end. */
async function run() {
  const plan = JSON.parse(readFileSync(options.plan, "utf8"));
  const { client, protocol } = await connect();
  try {
    return { sdk: options.sdk, protocol, film: await work(client, plan) };
  } finally {
    await client.close();
  }
}

try {
  console.log(JSON.stringify(await run()));
} catch (error) {
  // The last line says why; what led there is above it.
  console.error(`${error.stack}\n${error.message}`);
  process.exitCode = 1;
}
