// The pages: how they look, search, paging, results while typing, keyboard, theme, weight.
import assert from "node:assert/strict";
import { test } from "node:test";

import { HUGE, PAGED, PHONE, REGISTRY, WIDE, audit, close, open, shoot } from "./setup.mjs";

const PAGES = {
	front: "/",
	search: "/?q=one+of+many&page=3",
	nothing: "/?q=nothing+has+this",
	port: "/ports/21",
	transport: "/ports/21/tcp",
	unassigned: "/ports/22",
	service: "/services/alpha",
	portless: "/services/without-port",
	past: "/services/alpha?as_of=2020-01-20",
	person: "/people/Ada_Example",
	changes: "/changes",
	editions: "/editions",
	edition: "/editions/2020-02-15",
	registry: REGISTRY + "?search=one+of+many&page=3",
	sorted: REGISTRY + "?search=ordered&skey=-2",
	empty: REGISTRY + "?search=nothing+has+this",
	filtered: REGISTRY + "?transport=udp,sctp&unauthorized_use=true",
};
const MISSING = { "no-service": "/services/alpja" };

// All pages as most see them, and of the rest what differs.
const { front, search, port, service, person, changes, editions, edition, registry, sorted } = PAGES;
const LOOKS = [
	["wide", WIDE, "light", { ...PAGES, ...MISSING }],
	["phone", PHONE, "dark", { front, search, port, service, person, changes, edition, registry, sorted }],
	["wide", WIDE, "dark", { service, sorted }],
	["phone", PHONE, "light", { front, editions }],
	["huge", HUGE, "light", { front, registry }],
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
	assert.match(await page.textContent("h2"), new RegExp(`^${PAGED.last - PAGED.first + 1} rows`));
	await close(page);
});

test("paging", async () => {
	const page = await open("/?q=one+of+many");
	assert.equal(await page.locator("table.rows tbody tr").count(), 100);
	await page.click("nav[aria-label=Pages] a:text-is('3')");
	await page.waitForURL(/page=3/);
	assert.equal(await page.locator("table.rows tbody tr").count(), PAGED.last - PAGED.first + 1 - 200);
	assert.equal(await page.textContent("[aria-current=page]"), "3");
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
	await shoot(page, "no-scripts");
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
