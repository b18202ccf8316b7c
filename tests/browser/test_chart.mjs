// The chart: mouse, keyboard, zoom, the editions played, what it is in words, and without scripts.
import assert from "node:assert/strict";
import { test } from "node:test";

import { PAGED, PHONE, audit, close, open as openPage, shoot } from "./setup.mjs";

async function open(path, options = {}) {
	const page = await openPage(path, { viewport: { width: 1280, height: 1000 }, ...options });
	if (options.javaScriptEnabled !== false)
		await page.waitForSelector("canvas");
	return page;
}

/* Waits for what the page says of the cell under the cursor. */
async function says(page, text) {
	await page.waitForFunction((wanted) => document.querySelector(".said").textContent.includes(wanted), text);
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

/* The middle of a cell of the whole map, for the mouse. */
async function cell(page, x, y) {
	const box = await page.evaluate(() => {
		const canvas = document.querySelector("canvas"), box = canvas.getBoundingClientRect();
		return { x: box.x + canvas.clientLeft, y: box.y + canvas.clientTop, width: canvas.clientWidth };
	});
	return [box.x + box.width * (x + .5) / 256, box.y + box.width * (y + .5) / 256];
}

test("chart: keyboard", async () => {
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
	await shoot(page, "chart-zoomed");
	await page.fill("[aria-label='Go to a port']", "2100");
	await page.keyboard.press("Enter");
	await says(page, "Port 2100/tcp, User Ports: assigned. paged-2100: One of many");
	await page.focus("canvas");
	await page.keyboard.press("Enter");
	await page.waitForURL("**/ports/2100/tcp");
	await close(page);
});

test("chart: mouse", async () => {
	const page = await open("/chart");
	// The upper right corner of the System Ports' square.
	await page.mouse.move(...await cell(page, 31, 0));
	await says(page, "Port 341/tcp");
	assert.equal(await colorAt(page, .75, .25), "252,243,214");
	assert.equal(await colorAt(page, .25, .75), "237,240,243");
	await page.mouse.click(...await cell(page, 255, 0));
	await page.waitForURL("**/ports/65535/tcp");
	await close(page);
});

test("chart: zoom by wheel and buttons, and drag", async () => {
	const page = await open("/chart");
	const zoomed = (wanted) => page.waitForFunction((is) =>
		document.querySelector("canvas").classList.contains("zoomed") === is, wanted);
	const corner = await cell(page, 255, 0);
	await page.mouse.move(...corner);
	await says(page, "Port 65535/tcp");
	await page.keyboard.down("Control");
	await page.mouse.wheel(0, -400);
	await page.keyboard.up("Control");
	await zoomed(true);
	// The cell under the mouse stays there, and all that is shown is the Dynamic Ports'.
	assert.equal(await colorAt(page, .1, .9), "252,243,214");
	await page.mouse.down();
	await page.mouse.move(corner[0] - 300, corner[1] + 100, { steps: 4 });
	await page.mouse.up();
	assert.match(page.url(), /\/chart$/);
	await page.click("[aria-label='Show all']");
	await zoomed(false);
	assert.equal(await colorAt(page, .25, .75), "237,240,243");
	await page.click("[aria-label='Zoom in']");
	await zoomed(true);
	await page.click("[aria-label='Zoom out']");
	await zoomed(false);
	await close(page);
});

test("chart: editions by slider, played, and over time", async () => {
	const page = await open("/chart");
	const count = (kind) => page.textContent(`[data-kind='${kind}']`);
	const counts = (kind, number) => page.waitForFunction(([kind, number]) =>
		document.querySelector(`[data-kind='${kind}']`).textContent.replace(/\D/g, "") === number, [kind, number]);
	assert.equal(await count(0), "2");
	await page.focus("input[type=range]");
	await page.keyboard.press("ArrowLeft");
	await counts("8", "0");
	assert.equal(await page.textContent("output"), "2020-02-15");
	await page.keyboard.press("Home");
	await counts("0", "1");
	assert.equal(await page.textContent("output"), "2020-01-15");
	await page.click("text=Play");
	await counts("8", "1");
	await page.waitForSelector("text=Play");
	assert.equal(await page.textContent("output"), "2020-03-15");
	const lines = page.locator("img[src='/chart/over-time.svg']");
	await lines.scrollIntoViewIfNeeded();
	await page.waitForFunction(() => document.querySelector("img[src='/chart/over-time.svg']").naturalWidth > 0);
	await close(page);
});

test("chart: in words", async () => {
	const page = await open("/chart?transport=tcp");
	const table = page.locator("table.chart-counts");
	assert.deepEqual((await table.locator("thead th").allInnerTexts()).map((text) => text.split("\n")[0]),
		["System Ports", "User Ports", "Dynamic Ports"]);
	const rows = await table.locator("tbody tr").evaluateAll((all) => all.map((row) => [row.querySelector("th")
		.textContent, ...Array.from(row.querySelectorAll("[data-kind]"), (cell) =>
		Number(cell.textContent.replace(/\D/g, "")))]));
	assert.equal(rows.length, 4);
	assert.deepEqual(rows[0], ["assigned", 2, PAGED.last - PAGED.first + 1, 1]);
	assert.equal(rows.flat().filter(Number.isInteger).reduce((a, b) => a + b), 65536);
	assert.match(await page.getAttribute("canvas", "aria-label"), /ports of TCP.*Arrow keys/);
	await close(page);
});

test("chart: dark, narrow, by finger", async () => {
	const page = await open("/chart?transport=udp", { viewport: PHONE, colorScheme: "dark", hasTouch: true });
	assert.equal(await colorAt(page, .75, .25), "56,51,31");
	await page.touchscreen.tap(...await cell(page, 255, 0));
	await says(page, "Port 65535/udp");
	assert.match(page.url(), /\/chart\?transport=udp$/);
	await page.click("#theme");
	await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
	assert.equal(await colorAt(page, .75, .25), "252,243,214");
	await page.click(".said a");
	await page.waitForURL("**/ports/65535/udp");
	await close(page);
});

test("chart: nobody is kept out", async () => {
	for (const [name, options] of Object.entries({ "wide-light": {}, "wide-dark": { colorScheme: "dark" },
		"phone-dark": { colorScheme: "dark", viewport: PHONE } })) {
		const page = await open("/chart", options);
		await audit(page, "chart-" + name);
		await close(page);
	}
});

test("chart: without scripts", async () => {
	const page = await open("/chart", { javaScriptEnabled: false });
	await page.selectOption("[name=as_of]", "2020-01-15");
	await page.selectOption("[name=transport]", "tcp");
	await page.click("text=Show");
	await page.waitForURL(/transport=tcp&as_of=2020-01-15$/);
	assert.equal(await page.getAttribute("#chart img", "src"),
		"/chart.svg?transport=tcp&as_of=2020-01-15");
	assert.equal(await page.textContent("[data-kind='0']"), "1");
	await shoot(page, "chart-no-scripts");
	await close(page);
});
