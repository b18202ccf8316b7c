// The chart in a browser: mouse, keyboard, zoom, the editions played, and without scripts.
//     node --test tests/browser/test_chart.mjs        (as test_pages.mjs)
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
const folder = mkdtempSync(join(tmpdir(), "portbook-browser-"));
const shots = process.env.SCREENSHOTS || mkdtempSync(join(tmpdir(), "portbook-screenshots-"));
let browser, server, base;

function makeStore() {
	const editions = { "2020-01-15": "alpha 21/tcp\n", "2020-02-15": "alpha 21/tcp\nbeta 8080/tcp\n",
		"2020-03-15": "alpha 21/tcp\nbeta 8080/tcp\ngamma 50000/tcp\n" };
	const store = join(folder, "store.db");
	for (const [date, text] of Object.entries(editions)) {
		const path = join(folder, date + ".txt");
		writeFileSync(path, text);
		const done = spawnSync(PROGRAM, ["--store", store, "import", "--date", date, "--force", path],
			{ encoding: "utf8" });
		assert.equal(done.status, 0, done.stderr);
	}
	return store;
}

before(async () => {
	mkdirSync(shots, { recursive: true });
	console.log("screenshots: " + shots);
	server = spawn(PROGRAM, ["--store", makeStore(), "serve", "--listen", "127.0.0.1:0"]);
	base = await new Promise((resolve, reject) => {
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

async function open(path, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, baseURL: base,
		...options });
	const page = await context.newPage();
	page.complaints = [];
	page.on("console", (message) => page.complaints.push(message.text()));
	page.on("pageerror", (error) => page.complaints.push(error.message));
	await page.goto(path);
	if (options.javaScriptEnabled !== false)
		await page.waitForSelector("canvas");
	return page;
}

async function close(page) {
	assert.deepEqual(page.complaints, []);
	await page.context().close();
}

/* Waits for what the page says of the cell under the cursor. */
async function says(page, text) {
	await page.waitForFunction((wanted) => document.querySelector(".said").textContent.includes(wanted),
		text, { timeout: 5000 });
}

/* The colour of the map at a place, in parts of its side. */
function colorAt(page, x, y) {
	return page.evaluate(([left, top]) => {
		const canvas = document.querySelector("canvas"), at = (part) => Math.floor(part * canvas.width);
		const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
		pixel.drawImage(canvas, -at(left), -at(top));
		return Array.from(pixel.getImageData(0, 0, 1, 1).data).slice(0, 3).join(",");
	}, [x, y]);
}

test("keyboard", async () => {
	const page = await open("/chart");
	await page.focus("canvas");
	await says(page, "Port 0/tcp, System Ports: reserved");
	await page.keyboard.press("ArrowRight");
	await says(page, "Port 1/tcp, System Ports: unassigned");
	await page.keyboard.press("ArrowDown");
	await says(page, "Port 2/tcp");
	await page.keyboard.press("PageDown");
	await says(page, "Port 3/tcp");
	await page.keyboard.press("End");
	await says(page, "Port 65535/tcp, Dynamic Ports: unassigned");
	await page.keyboard.press("ArrowRight");
	await says(page, "Port 65535/tcp");
	await page.keyboard.press("Home");
	for (let i = 0; i < 5; i++)
		await page.keyboard.press("+");
	await page.screenshot({ path: join(shots, "chart-zoomed.png") });
	await page.fill("[aria-label='Go to a port']", "8080");
	await page.keyboard.press("Enter");
	await says(page, "Port 8080/tcp, User Ports: assigned. beta");
	await page.focus("canvas");
	await page.keyboard.press("Enter");
	await page.waitForURL("**/ports/8080/tcp");
	await close(page);
});

test("mouse", async () => {
	const page = await open("/chart");
	const box = await page.evaluate(() => {
		const canvas = document.querySelector("canvas"), box = canvas.getBoundingClientRect();
		return { x: box.x + canvas.clientLeft, y: box.y + canvas.clientTop, width: canvas.clientWidth };
	});
	// The upper right corner of the System Ports' square.
	await page.mouse.move(box.x + box.width * 31.5 / 256, box.y + box.width * .5 / 256);
	await says(page, "Port 341/tcp");
	assert.equal(await colorAt(page, .75, .25), "252,243,214");
	assert.equal(await colorAt(page, .25, .75), "237,240,243");
	await page.mouse.click(box.x + box.width * 255.5 / 256, box.y + box.width * .5 / 256);
	await page.waitForURL("**/ports/65535/tcp");
	await close(page);
});

test("editions", async () => {
	const page = await open("/chart");
	const assigned = () => page.textContent("[data-kind='4']");
	assert.equal(await assigned(), "1");
	await page.focus("input[type=range]");
	await page.keyboard.press("Home");
	await page.waitForFunction(() => document.querySelector("[data-kind='4']").textContent === "0");
	assert.equal(await page.textContent("output"), "2020-01-15");
	await page.click("text=Play");
	await page.waitForFunction(() => document.querySelector("[data-kind='8']").textContent === "1");
	await page.waitForSelector("text=Play");
	assert.equal(await page.textContent("output"), "2020-03-15");
	await close(page);
});

test("dark and narrow", async () => {
	const page = await open("/chart?transport=udp", { viewport: { width: 390, height: 844 },
		colorScheme: "dark" });
	assert.equal(await colorAt(page, .75, .25), "56,51,31");
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
	await page.screenshot({ path: join(shots, "chart-phone.png"), fullPage: true });
	await close(page);
});

test("nobody is kept out", async () => {
	for (const colorScheme of ["light", "dark"]) {
		const page = await open("/chart", { colorScheme });
		await page.screenshot({ path: join(shots, `chart-${colorScheme}.png`), fullPage: true });
		await page.evaluate(AXE);
		assert.deepEqual((await page.evaluate(() => axe.run())).violations.map((found) => found.id), []);
		await close(page);
	}
});

test("without scripts", async () => {
	const page = await open("/chart", { javaScriptEnabled: false });
	await page.selectOption("[name=as_of]", "2020-01-15");
	await page.selectOption("[name=transport]", "tcp");
	await page.click("text=Show");
	assert.match(page.url(), /transport=tcp&as_of=2020-01-15$/);
	assert.equal(await page.getAttribute("#chart img", "src"),
		"/chart.svg?transport=tcp&as_of=2020-01-15");
	assert.equal(await page.textContent("[data-kind='4']"), "0");
	await close(page);
});
