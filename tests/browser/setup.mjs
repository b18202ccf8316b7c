// What all browser tests share: one server over a small store, one browser (Debian's chromium, driven
// by playwright-core), pages that must not complain, and what holds of each of them.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before } from "node:test";

import { chromium } from "playwright-core";

const PROGRAM = resolve(process.env.PORTBOOK || "build/portbook");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// Beside the program: each run replaces those of the last.
const SHOTS = resolve(process.env.SCREENSHOTS || join(dirname(PROGRAM), "screenshots"));
const PATIENCE = 60000; // milliseconds; machines may be busy

export const WIDE = { width: 1280, height: 900 };
export const HUGE = { width: 2560, height: 1300 };
export const PHONE = { width: 360, height: 740 };
export const REGISTRY = "/assignments/service-names-port-numbers";

const folder = mkdtempSync(join(tmpdir(), "portbook-browser-"));
const servers = [];
let browser, base;

const element = (name, text) => text === undefined ? "" : `<${name}>${text}</${name}>`;
const person = (id) => id ? `<xref type="person" data="${id}"/>` : "";

function record(row) {
	const dates = [["date", row.registered], ["updated", row.modified]].filter(([, date]) => date)
		.map(([name, date]) => ` ${name}="${date}"`).join("");
	return `<record${dates}>` + element("name", row.name) + element("protocol", row.transport || "tcp") +
		element("assignee", row.assignee && person(row.assignee)) + person(row.contact) +
		(row.rfc ? `<xref type="rfc" data="rfc${row.rfc}"/>` : "") +
		element("description", row.description) + element("number", row.port) +
		element("sc", row.code) + element("unauthorized", row.unauthorized) +
		element("note", row.note) + "</record>\n";
}

// Each column orders these otherwise.
export const ORDERED = [
	{ name: "ordered-b", port: 900, transport: "udp", description: "Ordered, two", assignee: "Cy_Third",
		contact: "Ada_Example", registered: "2001-05-05", modified: "2012-03-03", rfc: 2222,
		code: 12, unauthorized: "Used by a", note: "Third" },
	{ name: "ordered-c", port: 1000, transport: "tcp", description: "Ordered, one", assignee: "Ada_Example",
		contact: "Bo_Second", registered: "2003-05-05", modified: "2011-03-03", rfc: 1111,
		code: 13, unauthorized: "Used by c", note: "First" },
	{ name: "ordered-a", port: 80, transport: "sctp", description: "Ordered, three", assignee: "Bo_Second",
		contact: "Cy_Third", registered: "2002-05-05", modified: "2013-03-03", rfc: 3333,
		code: 11, unauthorized: "Used by b", note: "Second" },
];

// Two pages of rows, and a few.
export const PAGED = { first: 2000, last: 2204 };

// Three editions: of two each a service comes, and one gets a new description; many rows to page
// through; a name that is markup; ports that are reserved, and a name without one.
function edition(date) {
	let rows = record({ name: "alpha", port: 21, note: "Defined TXT keys: a=1", assignee: "Ada_Example",
		description: date < "2020-02" ? "The first" : "The first, renamed" });
	if (date >= "2020-02")
		rows += record({ name: "beta", port: 23, description: "The second" });
	rows += record({ port: 24, description: "Reserved" });
	rows += ORDERED.map(record).join("");
	for (let port = PAGED.first; port <= PAGED.last; port++)
		rows += record({ name: "paged-" + port, port, description: "One of many", contact: "Dee_Fourth" });
	if (date >= "2020-03")
		rows += record({ name: "gamma", port: 50000, description: "The third" });
	rows += record({ name: "without-port", description: "Known by its name alone", assignee: "Bo_Second" });
	rows += record({ name: "&lt;img src=x onerror=alert(1)&gt;", port: 666, transport: "udp",
		description: "&lt;b&gt;bold&lt;/b&gt;" });
	const people = [["Ada_Example", "Ada Example"], ["Bo_Second", "Bo Second"], ["Cy_Third", "Cy Third"],
		["Dee_Fourth", "Dee Fourth"]]
		.map(([id, name]) => `<person id="${id}"><name>${name}</name><org>Examples</org>` +
			`<uri>mailto:${id.toLowerCase()}&amp;example.org</uri></person>`);
	return `<?xml version='1.0' encoding='UTF-8'?>\n<registry xmlns="http://www.iana.org/assignments"` +
		` id="service-names-port-numbers">\n<title>Service Name and Transport Protocol Port Number ` +
		`Registry</title>\n<updated>${date}</updated>\n<note>A made-up edition.</note>\n${rows}` +
		`<people>${people.join("\n")}</people>\n</registry>\n`;
}

function makeStore() {
	const files = ["2020-01-15", "2020-02-15", "2020-03-15"].map((date) => {
		const path = join(folder, date + ".xml");
		writeFileSync(path, edition(date));
		return path;
	});
	const store = join(folder, "store.db");
	const done = spawnSync(PROGRAM, ["--store", store, "import", ...files], { encoding: "utf8" });
	assert.equal(done.status, 0, done.stderr);
	return store;
}

/* The program's answer to a command, for a store in the folder of the tests. */
export function run(store, args, input) {
	const done = spawnSync(PROGRAM, ["--store", join(folder, store), ...args],
		{ encoding: "utf8", input });
	assert.equal(done.status, 0, args.join(" ") + ": " + done.stderr);
	return done.stdout;
}

/* Another store of that folder, on a server of its own. */
export function serveStore(store) {
	return serve(join(folder, store));
}

/* On a free port of loopback, which it tells. */
function serve(store) {
	const server = spawn(PROGRAM, ["--store", store, "serve", "--listen", "127.0.0.1:0"]);
	servers.push(server);
	return new Promise((resolve, reject) => {
		let said = "";
		const listen = (data) => {
			const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said += data);
			if (found)
				resolve(found[0]);
		};
		server.stdout.on("data", listen);
		server.stderr.on("data", listen);
		server.on("error", reject);
		server.on("exit", () => reject(new Error("the server ended: " + said)));
	});
}

before(async () => {
	rmSync(SHOTS, { recursive: true, force: true });
	mkdirSync(SHOTS, { recursive: true });
	console.log("screenshots: " + SHOTS);
	[base, browser] = await Promise.all([serve(makeStore()), chromium.launch({
		executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
		timeout: PATIENCE,
		// A container's root has no sandbox to give; anybody else has.
		args: process.getuid() === 0 ? ["--no-sandbox"] : [],
	})]);
});

after(async () => {
	await browser?.close();
	servers.forEach((server) => server.kill());
	rmSync(folder, { recursive: true, force: true });
});

/* A page whose console must stay silent, and which asks nobody but the server. */
export async function open(path, options = {}) {
	const context = await browser.newContext({ viewport: WIDE, baseURL: base, ...options });
	context.setDefaultTimeout(PATIENCE);
	const page = await context.newPage();
	page.complaints = [];
	page.on("console", (message) => page.complaints.push(message.text()));
	page.on("pageerror", (error) => page.complaints.push(error.message));
	page.on("request", (request) => {
		if (!request.url().startsWith(options.baseURL || base))
			page.complaints.push("asked for " + request.url());
	});
	await page.goto(path);
	return page;
}

export async function close(page, complaints = 0) {
	assert.equal(page.complaints.length, complaints, page.complaints.join("\n"));
	await page.context().close();
}

export async function shoot(page, name) {
	await page.screenshot({ path: join(SHOTS, name + ".png"), fullPage: true });
}

/* All that the page loaded, not compressed; what the chart and its lines show is data. */
async function weigh(page, name) {
	const sizes = await page.evaluate(() => ["navigation", "resource"].flatMap((type) =>
		performance.getEntriesByType(type)).filter((entry) => !/\/chart[./][^/]*$/.test(entry.name))
		.map((entry) => entry.decodedBodySize));
	const bytes = sizes.reduce((a, b) => a + b, 0);
	console.log(`${name} and the ${sizes.length - 1} files it loads: ${bytes} bytes`);
	assert.ok(sizes.length >= 3 && !sizes.includes(0) && bytes < 100 * 1024, `${name}: ${sizes} bytes`);
}

/* Nothing on the page keeps anybody out; it is light, and no wider than the screen. */
export async function audit(page, name) {
	await weigh(page, name);
	await shoot(page, name);
	const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	assert.ok(wider <= 0, `${name} is ${wider} wider than the screen`);
	// By the debugger: the page's own policy allows no such thing.
	await page.evaluate(AXE);
	const found = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
	assert.deepEqual(found.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html).join("; ")), [], name);
}
