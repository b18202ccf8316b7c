// The pages in a browser: Debian's chromium, driven by playwright-core; axe-core finds nothing.
//     node --test tests/browser/test_pages.mjs        (PORTBOOK: the program; CHROMIUM: the browser)
// Screenshots go to a folder that is printed (SCREENSHOTS names another).
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

const PROGRAM = process.env.PORTBOOK || "build/portbook";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDE = { width: 1280, height: 900 }, PHONE = { width: 390, height: 844 };

const folder = mkdtempSync(join(tmpdir(), "portbook-browser-"));
const shots = process.env.SCREENSHOTS || mkdtempSync(join(tmpdir(), "portbook-screenshots-"));
let browser, server, base;

const record = (name, port, text) => `<record><name>${name}</name><protocol>tcp</protocol>` +
	`<xref type="person" data="Ada_Example"/><description>${text}</description>` +
	`<number>${port}</number><note>Defined TXT keys: a=1</note></record>\n`;

/* Two editions: a service comes, another gets a new description; and many rows to page through. */
function edition(date, more) {
	let rows = record("alpha", 21, date < "2020-02" ? "The first" : "The first, renamed");
	for (let port = 2000; port < 2250; port++)
		rows += record("paged-" + port, port, "One of many");
	return `<?xml version='1.0' encoding='UTF-8'?>\n<registry xmlns="http://www.iana.org/assignments"` +
		` id="service-names-port-numbers">\n<title>Service Name and Transport Protocol Port Number ` +
		`Registry</title>\n<updated>${date}</updated>\n${rows}${more}` +
		`<record><name>&lt;img src=x onerror=alert(1)&gt;</name><protocol>udp</protocol>` +
		`<description>&lt;b&gt;bold&lt;/b&gt;</description><number>666</number></record>\n` +
		`<people><person id="Ada_Example"><name>Ada Example</name><org>Examples</org>` +
		`<uri>mailto:ada&amp;example.org</uri></person></people>\n</registry>\n`;
}

function makeStore() {
	const files = [["2020-01-15", ""], ["2020-02-15", record("beta", 23, "The second")]].map(([date, more]) => {
		const path = join(folder, date + ".xml");
		writeFileSync(path, edition(date, more));
		return path;
	});
	const store = join(folder, "store.db");
	const done = spawnSync(PROGRAM, ["--store", store, "import", ...files], { encoding: "utf8" });
	assert.equal(done.status, 0, done.stderr);
	return store;
}

/* On a free port of loopback, which it tells. */
function serve(store) {
	server = spawn(PROGRAM, ["--store", store, "serve", "--listen", "127.0.0.1:0"]);
	return new Promise((resolve, reject) => {
		let said = "";
		const listen = (data) => {
			const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said += data);
			if (found)
				resolve(found[0]);
		};
		server.stdout.on("data", listen);
		server.stderr.on("data", listen);
		server.on("exit", () => reject(new Error("the server ended: " + said)));
	});
}

before(async () => {
	mkdirSync(shots, { recursive: true });
	console.log("screenshots: " + shots);
	base = await serve(makeStore());
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
		// A container's root has no sandbox to give; anybody else has.
		args: process.getuid() === 0 ? ["--no-sandbox"] : [],
	});
});

after(async () => {
	await browser?.close();
	server?.kill();
	rmSync(folder, { recursive: true, force: true });
});

/* A page whose console must stay silent, and which asks nobody but the server. */
async function open(path, options = {}) {
	const context = await browser.newContext({ viewport: WIDE, baseURL: base, ...options });
	const page = await context.newPage();
	page.complaints = [];
	page.on("console", (message) => page.complaints.push(message.text()));
	page.on("pageerror", (error) => page.complaints.push(error.message));
	page.on("request", (request) => {
		if (!request.url().startsWith(base))
			page.complaints.push("asked for " + request.url());
	});
	page.answer = await page.goto(path);
	return page;
}

async function close(page, complaints = 0) {
	assert.equal(page.complaints.length, complaints, page.complaints.join("\n"));
	await page.context().close();
}

/* Nothing on the page keeps anybody out; and it is no wider than the screen. */
async function audit(page, name) {
	const path = join(shots, name + ".png");
	await page.screenshot({ path });
	const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	assert.ok(wider <= 0, `${name} is ${wider} wider than the screen`);
	// By the debugger: the page's own policy allows no such thing.
	await page.evaluate(AXE);
	const found = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
	assert.deepEqual(found.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html).join("; ")), [], name);
}

const PAGES = {
	front: "/",
	search: "/?q=one+of+many",
	nothing: "/?q=nothing+has+this",
	port: "/ports/21",
	transport: "/ports/21/tcp",
	unassigned: "/ports/22",
	service: "/services/alpha",
	past: "/services/alpha?as_of=2020-01-20",
	person: "/people/Ada_Example",
	edition: "/editions/2020-02-15",
	registry: "/assignments/service-names-port-numbers?search=one+of+many",
};
const MISSING = { "no-service": "/services/alpja" };

// All pages as most see them, and of the rest what differs.
const { front, search, port, service, person, edition: dated, registry } = PAGES;
const LOOKS = [
	["wide", WIDE, "light", { ...PAGES, ...MISSING }],
	["phone", PHONE, "dark", { front, search, port, service, person, dated, registry }],
	["wide", WIDE, "dark", { front, service }],
	["phone", PHONE, "light", { front, service }],
];

for (const [size, viewport, colorScheme, pages] of LOOKS) {
	test(`how pages look, ${size}, ${colorScheme}`, async () => {
		const page = await open("/", { viewport, colorScheme });
		let missing = 0;
		for (const [name, path] of Object.entries(pages)) {
			const answer = await page.goto(path);
			assert.equal(answer.status(), name in MISSING ? 404 : 200, path);
			missing += name in MISSING;
			await audit(page, `${name}-${size}-${colorScheme}`);
		}
		// The browser itself says of each that it was not found.
		await close(page, missing);
	});
}

test("a port, a name, a text", async () => {
	const page = await open("/");
	const search = async (text) => {
		await page.fill("main input[name=q]", text);
		await page.press("main input[name=q]", "Enter");
		await page.waitForURL((url) => url.pathname !== "/" || url.search !== "");
	};
	await search("21");
	assert.equal(new URL(page.url()).pathname, "/ports/21");
	await page.goto("/");
	await search("ALPHA");
	assert.equal(new URL(page.url()).pathname, "/services/ALPHA");
	assert.equal(await page.textContent("h1"), "alpha");
	await page.goto("/");
	await search("one of many");
	assert.match(await page.textContent("h2"), /^250 rows/);
	await close(page);
});

test("paging", async () => {
	const page = await open("/?q=one+of+many");
	assert.equal(await page.locator("table.rows tbody tr").count(), 100);
	await page.click("nav[aria-label=Pages] a:text-is('3')");
	await page.waitForURL(/page=3/);
	assert.equal(await page.locator("table.rows tbody tr").count(), 50);
	assert.equal(await page.textContent("[aria-current=page]"), "3");
	await close(page);
});

test("neighbours and history", async () => {
	const page = await open("/ports/22");
	await page.click("nav[aria-label=Neighbours] a:text-is('21')");
	await page.waitForURL(/ports\/21$/);
	assert.match(await page.textContent(".history"), /2020-02-15.*description/s);
	await page.click(".facts a:text-is('alpha')");
	await page.waitForURL(/services\/alpha$/);
	assert.match(await page.textContent(".lead"), /renamed/);
	await page.goto("/services/alpha?as_of=2020-01-20");
	assert.doesNotMatch(await page.textContent(".lead"), /renamed/);
	await page.click("table.rows .port a");
	await page.waitForURL(/as_of=2020-01-20/);
	await page.click(".note a");
	await page.waitForURL((url) => url.search === "");
	await close(page);
});

test("results while typing, by keyboard", async () => {
	const page = await open("/");
	await page.keyboard.press("/");
	await page.keyboard.type("alph");
	await page.waitForSelector(".results a[href='/services/alpha']");
	await audit(page, "typing-wide-light");
	await page.keyboard.press("ArrowDown");
	assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "/services/alpha");
	await page.keyboard.press("Escape");
	assert.ok(await page.isHidden(".results"));
	await page.fill("main input[name=q]", "23/tcp");
	await page.waitForSelector(".results a[href='/services/beta']");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await page.waitForURL(/services\/beta$/);
	await close(page);
});

test("names that are markup stay text", async () => {
	const page = await open("/");
	await page.fill("main input[name=q]", "666");
	await page.waitForSelector(".results b");
	assert.equal(await page.textContent(".results b"), "<img src=x onerror=alert(1)>");
	await page.goto("/ports/666");
	assert.equal(await page.locator("img").count(), 0);
	assert.equal(await page.textContent("table.rows .what"), "<b>bold</b>");
	await page.click("table.rows th a");
	assert.equal(await page.textContent("h1"), "<img src=x onerror=alert(1)>");
	await close(page);
});

test("a theme is remembered", async () => {
	const page = await open("/", { colorScheme: "light" });
	const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await ground();
	await page.click("#theme");
	const dark = await ground();
	assert.notEqual(dark, light);
	await page.goto("/ports/21");
	assert.equal(await ground(), dark);
	assert.equal(await page.getAttribute("#theme", "aria-pressed"), "true");
	await page.click("#theme");
	assert.equal(await ground(), light);
	await close(page);
});

test("without scripts", async () => {
	const page = await open("/", { javaScriptEnabled: false });
	assert.ok(await page.isHidden("#theme"));
	await page.fill("main input[name=q]", "beta");
	await page.click("main form button");
	await page.waitForURL(/services\/beta$/);
	await page.screenshot({ path: join(shots, "no-scripts.png") });
	await close(page);
});

test("by keyboard: past the header, and where the focus is", async () => {
	const page = await open("/ports/21");
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
	assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0));
	await page.keyboard.press("Enter");
	assert.equal(await page.evaluate(() => document.activeElement.id), "main");
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "solid");
	await close(page);
});

test("light enough", async () => {
	const context = await browser.newContext({ baseURL: base });
	const page = await context.newPage();
	const answers = [];
	page.on("response", (answer) => answers.push(answer));
	await page.goto("/", { waitUntil: "load" });
	const sizes = await Promise.all(answers.map(async (answer) => (await answer.body()).length));
	const bytes = sizes.reduce((a, b) => a + b, 0);
	console.log(`the front page and the ${sizes.length - 1} files it loads: ${bytes} bytes`);
	assert.ok(sizes.length >= 3 && bytes < 100 * 1024, bytes + " bytes");
	await context.close();
});
