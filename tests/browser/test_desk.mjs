// The desk: a request of each kind from the form to its end, as applicant, reviewer, registrar and
// approver, on a phone and a wide screen; by keys alone; without scripts.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";

import { PHONE, WIDE, audit, open, run, serveStore } from "./setup.mjs";

const STORE = "desk.db";
const PEOPLE = { ann: null, rev: "reviewer", reg: "registrar", app: "approver", adm: "administrator" };
const password = (login) => "a very long word of " + login;
let desk;

// The rules of the public registry, but that comments are called for without a time to wait for.
function policy() {
	const rules = JSON.parse(readFileSync(new URL("../../data/policies/rfc6335.json", import.meta.url)));
	rules.policy = "try";
	rules.deadlines.call = 0;
	const path = join(tmpdir(), `portbook-policy-${process.pid}.json`);
	writeFileSync(path, JSON.stringify(rules));
	return path;
}

before(async () => {
	run(STORE, ["request", "init", "--as", "root", "--policy", policy()]);
	for (const [login, role] of Object.entries(PEOPLE)) {
		run(STORE, ["request", "account", "add", login, "--as", "root", "--email", login + "@example.org",
			"--name", login + " Example"]);
		run(STORE, ["request", "account", "password", login, "--as", "root"], password(login) + "\n");
		if (role)
			run(STORE, ["request", "account", "grant", login, role, "--as", "root"]);
	}
	desk = await serveStore(STORE);
});

/* A page of somebody who is logged in: they stay so. */
const pages = {};
async function enter(login, options = {}) {
	const key = login + JSON.stringify(options);
	pages[key] ??= await logIn(login, options);
	return pages[key];
}

async function logIn(login, options) {
	const page = await open("/desk/login", { baseURL: desk, ...options });
	await page.fill("#f-login", login);
	await page.fill("#f-password", password(login));
	await page.click("main button.first");
	await page.waitForURL(/\/desk$/);
	return page;
}

/* What is refused has a status that the browser itself tells of. */
function leave(page) {
	const complaints = page.complaints.filter((text) => !/status of 4/.test(text));
	page.complaints = [];
	assert.deepEqual(complaints, []);
}

async function fill(page, fields) {
	for (const summary of await page.locator("form.application summary").all())
		await summary.click();
	for (const [name, value] of Object.entries(fields)) {
		if (name !== "transports") {
			await page.fill("#f-" + name, value);
			continue;
		}
		for (const transport of value.split(" "))
			await page.check(`[name=transports][value=${transport}]`);
	}
}

/* Files what the form has, also where more is recommended; the number of the request. */
async function file(page) {
	await page.click("button[value=file]");
	await page.waitForLoadState();
	if (await page.locator("#f-anyway").count()) {
		await page.check("#f-anyway");
		await page.click("button[value=file]");
		await page.waitForLoadState();
	}
	const found = /\/desk\/requests\/(\d+)/.exec(page.url());
	assert.ok(found, await page.textContent("main"));
	return Number(found[1]);
}

async function act(page, number, action, note) {
	await page.goto("/desk/requests/" + number);
	await page.check("#a-" + action);
	if (note)
		await page.fill("#f-note", note);
	await page.click("form.act button.first");
	await page.waitForURL(new RegExp("done=" + action));
}

const state = (page) => page.textContent(".facts .step");

const SERVICE = { transports: "tcp", description: "Coffee machines of offices",
	reference: "https://example.org/coffee", broadcast: "It uses none of them.",
	why_port: "Firewalls of all offices are opened for it by its number.",
	security: "TLS 1.3 from the first byte on.", versioning: "Both sides begin with a version." };

// A kind, who files it with which fields, who does what with it, and what it is in the end.
const WALKS = [
	["port", "ann", { name: "coffee", ports: "4711", ...SERVICE },
		[["reg", "return", "Which offices?"], ["ann", "answer", "Those of our customers."],
			["reg", "validate"], ["rev", "comment", "Looks right."], ["rev", "approve"], ["reg", "grant"]],
		"Assigned"],
	["transport", "ann", { subject: "coffee 4711/tcp", transports: "udp", reference: "https://example.org/coffee",
		description: "Coffee machines of offices", broadcast: "None.",
		why_port: "It finds the machines that are in the office.", why_transports: "UDP asks which are there.",
		udp_traffic: "One packet a minute.", reason: "Machines are found by it." },
	[["reg", "validate"], ["rev", "approve"], ["reg", "grant"]], "Assigned"],
	["service-code", "ann", { name: "beans-dccp", description: "Streams of beans", service_code: "\"BEAN\"",
		reference: "https://example.org/beans" }, [["reg", "validate"], ["reg", "grant"]], "Assigned"],
	["early", "ann", { name: "brewing", ports: "4712", ...SERVICE, reference: "draft-ietf-brew-protocol-03" },
		[["reg", "validate"], ["rev", "approve"], ["reg", "grant"]], "Assigned"],
	["renewal", "ann", { subject: "brewing 4712/tcp", reason: "The draft waits for another one of its group." },
		[["reg", "validate"], ["reg", "grant"]], "Renewed"],
	["reuse", "ann", { subject: "coffee 4711/tcp", name: "espresso", ...SERVICE,
		description: "Espresso machines of offices", reason: "Nobody makes the others any more." },
	[["reg", "validate"], ["rev", "approve"], ["reg", "grant"]], "Assigned"],
	["de-assignment", "ann", { subject: "brewing 4712/tcp", reason: "The draft was given up by its group." },
		[["reg", "validate"], ["reg", "grant"]], "De-assigned"],
	["revocation", "reg", { subject: "espresso 4711/tcp", reason: "No machine was seen for ten years." },
		[["reg", "validate"], ["reg", "call"], ["reg", "comment", "Nobody objects."], ["app", "decide"],
			["app", "approve"], ["reg", "grant"]], "Revoked"],
];

for (const [index, [procedure, who, fields, steps, end]] of WALKS.entries()) {
	const phone = index % 2 === 0;
	test(`a request for ${procedure}, ${phone ? "from a phone" : "from a desk"}`, async () => {
		const size = phone ? "phone" : "wide";
		const those = { [who]: await enter(who, { viewport: phone ? PHONE : WIDE }) };
		await those[who].goto("/desk/apply/" + procedure);
		await audit(those[who], `desk-${procedure}-form-${size}`);
		await fill(those[who], fields);
		const number = await file(those[who]);
		if (index === 0)
			await audit(those[who], `desk-${procedure}-filed-${size}`);
		for (const [login, action, note] of steps) {
			those[login] ??= await enter(login, { viewport: phone ? WIDE : PHONE,
				colorScheme: phone ? "light" : "dark" });
			await act(those[login], number, action, note);
		}
		const last = steps[steps.length - 1][0];
		await audit(those[last], `desk-${procedure}-done-${phone ? "wide" : "phone"}`);
		assert.equal(await state(those[last]), end);
		for (const page of Object.values(those))
			leave(page);
	});
}

test("a transfer is refused, with what to do instead", async () => {
	const page = await enter("ann", { viewport: PHONE });
	await page.goto("/desk/apply/transfer");
	await audit(page, "desk-transfer-form-phone");
	await fill(page, { subject: "beans", assignee_name: "Bob Buyer", assignee_email: "bob@example.org",
		reason: "It was sold." });
	await page.click("button[value=file]");
	await page.waitForSelector("[role=alert]");
	assert.match(await page.textContent("[role=alert]"), /RFC 6335, section 8\.5/);
	assert.equal(await page.inputValue("#f-assignee_name"), "Bob Buyer");
	await audit(page, "desk-transfer-refused-phone");
	leave(page);
});

/* Goes from one place to the next until it is there. */
async function tabTo(page, selector) {
	for (let i = 0; i < 120; i++) {
		await page.keyboard.press("Tab");
		if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector))
			return;
	}
	assert.fail(`${selector} is not reached by keys`);
}

test("a request for a name by keys alone, and an appeal", async () => {
	const page = await enter("ann");
	await page.goto("/desk/apply/name");
	for (const [name, value] of [["name", "beans"], ["transports", " "], ["description", "Sorts of beans"],
		["broadcast", "It uses none of them."]]) {
		await tabTo(page, "#f-" + name);
		await page.keyboard.type(value);
	}
	await tabTo(page, "button[value=file]");
	await page.keyboard.press("Enter");
	await page.waitForSelector("[role=alert]");
	/* From what is wrong to where it is. */
	await tabTo(page, "[href='#f-reference']");
	await page.keyboard.press("Enter");
	assert.equal(await page.evaluate(() => document.activeElement.id), "f-reference");
	await page.keyboard.type("https://example.org/beans");
	for (let i = 0; i < 2 && !/requests/.test(page.url()); i++) {
		if (await page.locator("#f-anyway").count()) {
			await tabTo(page, "#f-anyway");
			await page.keyboard.press("Space");
		}
		await tabTo(page, "button[value=file]");
		await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
	}
	const found = /requests\/(\d+)/.exec(page.url());
	assert.ok(found, await page.textContent("main"));
	const number = Number(found[1]);
	const registrar = await enter("reg", { viewport: PHONE });
	await act(registrar, number, "refuse", "Beans have names enough.");
	assert.equal(await state(registrar), "Refused");
	await page.goto("/desk/apply/appeal");
	await audit(page, "desk-appeal-form-wide");
	await fill(page, { subject: String(number), reason: "Nobody looked at which beans they are." });
	const appeal = await file(page);
	await act(registrar, appeal, "validate");
	const reviewer = await enter("rev");
	await act(reviewer, appeal, "approve");
	const approver = await enter("app", { viewport: PHONE });
	await act(approver, appeal, "approve");
	await act(registrar, appeal, "grant");
	await audit(registrar, "desk-appeal-done-phone");
	assert.equal(await state(registrar), "Upheld");
	await registrar.goto("/desk/requests/" + number);
	assert.equal(await state(registrar), "Expert Review");
	for (const each of [page, registrar, reviewer, approver])
		leave(each);
});

test("a modification without scripts", async () => {
	const options = { javaScriptEnabled: false, viewport: PHONE };
	const page = await enter("ann", options);
	await page.goto("/desk/apply/port");
	await fill(page, { name: "grinder", ports: "4720", ...SERVICE, description: "Grinders" });
	const first = await file(page);
	const registrar = await enter("reg", options), reviewer = await enter("rev", options);
	await act(registrar, first, "validate");
	await act(reviewer, first, "approve");
	await act(registrar, first, "grant");
	await page.goto("/desk/apply/modification");
	await page.fill("#f-subject", "grinder 4720/tcp");
	await page.fill("#f-description", "Grinders of beans");
	await page.fill("#f-reason", "It was too short.");
	const second = await file(page);
	await act(registrar, second, "validate");
	await act(registrar, second, "grant");
	assert.equal(await state(registrar), "Modified");
	await page.goto("/services/grinder");
	assert.match(await page.textContent("main"), /Grinders of beans/);
	for (const each of [page, registrar, reviewer])
		leave(each);
});

test("passwords are looked at, and said to be hard to guess or not", async () => {
	const page = await enter("ann", { viewport: WIDE });
	await page.goto("/desk/me");
	const type = () => page.getAttribute("#f-password", "type");
	const value = () => page.locator(".strength meter").evaluate((meter) => meter.value);
	assert.equal(await page.locator(".look").count(), 2);
	assert.equal(await page.locator(".strength meter").count(), 1);
	await page.fill("#f-password", "aaaaaaaaaaaaaaaaaaaa");
	assert.ok(await value() < 12);
	await page.fill("#f-password", "geese over a wild river");
	assert.ok(await value() > 18);
	assert.equal(await type(), "password");
	await page.locator(".look").nth(1).click();
	assert.equal(await type(), "text");
	await page.locator(".look").nth(1).click();
	assert.equal(await type(), "password");
	leave(page);
});

test("how the desk's pages look", async () => {
	const looks = [
		[null, WIDE, "light", ["/desk", "/desk/apply", "/desk/login"]],
		[null, PHONE, "dark", ["/desk", "/desk/requests/1"]],
		["ann", PHONE, "light", ["/desk/me"]],
		["rev", WIDE, "dark", ["/desk/queue"]],
		["adm", WIDE, "light", ["/desk/admin"]],
		["adm", PHONE, "dark", ["/desk/admin/accounts/2"]],
	];
	for (const [login, viewport, colorScheme, paths] of looks) {
		const options = { viewport, colorScheme, baseURL: desk };
		const page = login ? await enter(login, options) : await open("/desk", options);
		for (const path of paths) {
			await page.goto(path);
			await audit(page, "desk" + path.replace(/\W+/g, "-") + `-${login || "nobody"}-` +
				(viewport === PHONE ? "phone-" : "wide-") + colorScheme);
		}
		leave(page);
	}
});
