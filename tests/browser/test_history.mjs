// History: the editions, an edition, what changed, a port's history, and pages of another date.
import assert from "node:assert/strict";
import { test } from "node:test";

import { close, open } from "./setup.mjs";

const texts = (page, selector) => page.locator(selector).allInnerTexts();

test("history: from the editions to one, and what it changed", async () => {
	const page = await open("/");
	await page.click("nav[aria-label=Site] a:text-is('Editions')");
	await page.waitForURL("**/editions");
	assert.deepEqual((await texts(page, "tbody tr:has(td)")).map((row) => row.split(/\s+/)[0]),
		["2020-03-15", "2020-02-15", "2020-01-15"]);
	await page.click("tbody a:text-is('2020-02-15')");
	await page.waitForURL("**/editions/2020-02-15");
	assert.equal(await page.textContent("h1"), "2020-02-15");
	const changes = (await texts(page, ".changes li")).join("\n");
	assert.match(changes, /beta 23\/tcp assigned/);
	assert.match(changes, /alpha.*"The first, renamed"/);
	assert.doesNotMatch(changes, /gamma/);
	await page.click("main a:text-is('2020-01-15')");
	await page.waitForURL("**/editions/2020-01-15");
	assert.match(await page.innerText("main"), /earliest edition held/);
	await close(page);
});

test("history: what all editions changed", async () => {
	const page = await open("/");
	await page.click("nav[aria-label=Site] a:text-is('Changes')");
	await page.waitForURL("**/changes");
	assert.deepEqual(await texts(page, "h2"), ["2020-03-15", "2020-02-15"]);
	assert.match((await texts(page, ".changes"))[0], /gamma 50000\/tcp assigned/);
	assert.match((await texts(page, ".changes"))[1], /beta 23\/tcp assigned/);
	const feed = await page.request.get(await page.getAttribute("main a:text-is('feed')", "href"));
	assert.match(feed.headers()["content-type"], /^application\/atom\+xml/);
	assert.equal((await feed.text()).split("<entry>").length, 3);
	await page.click("h2 a:text-is('2020-02-15')");
	await page.waitForURL("**/editions/2020-02-15");
	await close(page);
});

test("history: of a port", async () => {
	const page = await open("/ports/22");
	await page.click("nav[aria-label=Neighbours] a:text-is('21')");
	await page.waitForURL(/ports\/21$/);
	const moments = await texts(page, ".history li");
	assert.equal(moments.length, 2);
	assert.match(moments[0], /2020-02-15.*description/s);
	assert.match(moments[1], /2020-01-15.*earliest edition held/s);
	await page.click(".facts a:text-is('alpha')");
	await page.waitForURL(/services\/alpha$/);
	assert.match(await page.textContent(".lead"), /renamed/);
	await close(page);
});

test("history: another date, which links keep until the newest is asked for", async () => {
	const page = await open("/editions/2020-01-15");
	await page.click("text=Search it");
	await page.waitForURL(/\/\?as_of=2020-01-15$/);
	await page.fill("main input[name=q]", "alpha");
	await page.press("main input[name=q]", "Enter");
	await page.waitForURL(/services\/alpha\?as_of=2020-01-15$/);
	assert.doesNotMatch(await page.textContent(".lead"), /renamed/);
	await page.click("table.rows .port a");
	await page.waitForURL(/ports\/21.*as_of=2020-01-15/);
	assert.match(await page.textContent(".note"), /2020-01-15/);
	await page.click(".note a");
	await page.waitForURL((url) => url.pathname === "/ports/21/tcp" && url.search === "");
	const answer = await page.goto("/ports/23?as_of=2020-01-31");
	assert.equal(answer.status(), 200);
	assert.match(await page.textContent("main"), /No row of the registry covers this port/);
	await close(page);
});
