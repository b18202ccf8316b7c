// The registry page: search, page links, sorting by each column, other formats, without scripts.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ORDERED, PAGED, REGISTRY, audit, close, open, shoot } from "./setup.mjs";

const ROWS = "table.sortable_srv tbody tr";

/* The texts of a column, counted from 1. */
function cells(page, column) {
	return page.locator(`${ROWS} td:nth-child(${column})`).allInnerTexts();
}

async function search(page, text) {
	await page.fill("#search", text);
	// Results may have come while typing, with their address; this asks for the page.
	await Promise.all([page.waitForEvent("load"), page.press("#search", "Enter")]);
	assert.equal(new URL(page.url()).searchParams.get("search"), text);
}

// As the publisher's, a page begins with the last row of the one before.
test("registry: search and page links", async () => {
	const page = await open(REGISTRY);
	assert.equal(await page.locator(ROWS).count(), 100);
	await search(page, "paged-");
	assert.equal((await cells(page, 1))[0], "paged-2000");
	await page.click(".pagination >> nth=0 >> a:text-is('3')");
	await page.waitForURL(/page=3/);
	assert.equal(await page.locator(ROWS).count(), PAGED.last - PAGED.first + 1 - 199);
	assert.equal((await cells(page, 1))[0], "paged-2199");
	await page.click(".pagination >> nth=1 >> a:text-is('1')");
	await page.waitForURL(/page=1/);
	assert.equal((await cells(page, 1))[0], "paged-2000");
	assert.match(await page.innerText("main"), /Contact Information.*Dee Fourth/s);
	await search(page, "nothing has this");
	assert.equal(await page.locator(ROWS).count(), 0);
	await close(page);
});

async function sortsBy(page, columns) {
	await search(page, "ordered");
	const titles = await page.locator("table.sortable_srv thead th").allInnerTexts();
	assert.equal(titles.length, 12);
	const numeric = (a, b) => parseInt(a, 10) - parseInt(b, 10);
	const orders = new Set();
	for (const column of columns) {
		const before = await cells(page, column);
		assert.equal(new Set(before).size, ORDERED.length, titles[column - 1]);
		const wanted = [...before].sort(/Port|Code/.test(titles[column - 1]) ? numeric : undefined);
		// The other way round as well, for some.
		for (const descending of column % 5 === 1 ? [false, true] : [false]) {
			await page.click(`table.sortable_srv thead th:nth-child(${column}) a`);
			await page.waitForURL((url) => url.searchParams.get("skey") === String(descending ? -column : column));
			assert.deepEqual(await cells(page, column), descending ? [...wanted].reverse() : wanted,
				`${titles[column - 1]}, ${descending ? "descending" : "ascending"}`);
		}
		orders.add((await cells(page, 1)).join());
	}
	assert.ok(orders.size > 1, "orders tell columns apart");
}

/* Waits until these are found, by name, and their number said. */
async function found(page, names) {
	await page.waitForFunction(([selector, wanted]) => {
		const said = parseInt(document.getElementById("found").textContent, 10);
		const shown = Array.from(document.querySelectorAll(selector), (cell) => cell.textContent);
		return said === wanted.length && JSON.stringify(shown) === JSON.stringify(wanted);
	}, [ROWS + " td:first-child", names]);
}

test("registry: results follow the filters, which links keep", async () => {
	const page = await open(REGISTRY);
	await page.check("[name=unauthorized_use]");
	await found(page, ORDERED.map((row) => row.name));
	await page.check("[name=transport][value=udp]");
	await found(page, ["ordered-b"]);
	assert.match(page.url(), /transport=udp/);
	await page.reload();
	await found(page, ["ordered-b"]);
	assert.ok(await page.isChecked("[name=unauthorized_use]"));
	await page.uncheck("[name=unauthorized_use]");
	await found(page, ["ordered-b", "<img src=x onerror=alert(1)>"]);
	await page.click("table.sortable_srv thead th:nth-child(2) a");
	await page.waitForURL(/transport=udp.*skey=2/);
	await found(page, ["<img src=x onerror=alert(1)>", "ordered-b"]);
	await page.uncheck("[name=transport][value=udp]");
	await page.check("[name=portless]");
	await found(page, ["without-port"]);
	await page.uncheck("[name=portless]");
	await page.check("[name=state][value=reserved]");
	await found(page, [""]);
	await page.uncheck("[name=state][value=reserved]");
	await page.check("[name=range] >> nth=2");
	await found(page, ["gamma"]);
	await page.fill("#search", "nothing has this");
	await found(page, []);
	await close(page);
});

test("registry: sorted by each column", async () => {
	const page = await open(REGISTRY);
	await sortsBy(page, Array.from({ length: 12 }, (_, i) => i + 1));
	await close(page);
});

test("registry: page links keep the order", async () => {
	const page = await open(REGISTRY + "?search=paged-&skey=-2");
	assert.equal((await cells(page, 2))[0], String(PAGED.last));
	await page.click(".pagination >> nth=0 >> a:text-is('2')");
	await page.waitForURL(/page=2/);
	assert.equal((await cells(page, 2))[0], String(PAGED.last - 99));
	await close(page);
});

test("registry: other formats, of the date that is shown", async () => {
	const page = await open(REGISTRY + "?as_of=2020-01-15");
	assert.doesNotMatch(await page.innerText("main"), /beta/);
	const csv = await page.request.get(await page.getAttribute("#results > .links a:text-is('CSV')", "href"));
	assert.equal(csv.status(), 200);
	assert.match(await csv.text(), /^alpha,21,tcp,The first,/m);
	await close(page);
});

test("registry: results while typing and choosing", async () => {
	const page = await open(REGISTRY);
	const found = (rows) => page.locator("#found", { hasText: new RegExp(`^${rows} rows?$`) }).waitFor();
	assert.ok(await page.isVisible(".about dl"));
	await page.fill("#search", "alpha");
	await found(1);
	assert.deepEqual(await cells(page, 1), ["alpha"]);
	assert.ok(await page.isHidden(".about dl"));
	await page.check("[name=transport][value=udp]");
	await found(0);
	await page.check("[name=transport][value=tcp]");
	await found(1);
	await page.waitForURL(/search=alpha&transport=tcp,udp$/);
	await page.fill("[name=as_of]", "2020-01-20");
	await page.locator("#results > .note").waitFor();
	assert.deepEqual(await cells(page, 4), ["The first"]);
	await page.click("a:text-is('Permanent link')");
	await page.waitForURL(/search=alpha&transport=tcp,udp&as_of=2020-01-15$/);
	assert.deepEqual(await cells(page, 4), ["The first"]);
	assert.ok(await page.isChecked("[name=transport][value=udp]"));
	await close(page);
});

test("registry: how to ask for an assignment", async () => {
	const page = await open(REGISTRY + "?search=alpha");
	await page.click("#results > .links a:text-is('Request an Assignment')");
	await page.waitForURL(/desk\/apply$/);
	await audit(page, "apply");
	await close(page);
});

test("registry: without scripts", async () => {
	const page = await open(REGISTRY, { javaScriptEnabled: false });
	await sortsBy(page, [2, 1, 7]);
	await page.fill("#search", "");
	await page.check("[name=transport][value=udp]");
	await page.check("[name=transport][value=sctp]");
	await Promise.all([page.waitForEvent("load"), page.click("form.registry button")]);
	assert.match(page.url(), /transport=udp&transport=sctp/);
	assert.equal(await page.innerText("#found"), "3 rows");
	assert.deepEqual([...await cells(page, 3)].sort(), ["sctp", "udp", "udp"]);
	await shoot(page, "registry-no-scripts");
	await close(page);
});
