// What the pages do beyond being there: a theme that is remembered, and results while typing.
// Runs in the head, so that a chosen theme is there before anything is painted.
"use strict";

(() => {
	const root = document.documentElement;
	const LIMIT = 8;
	const WAIT = 120; // milliseconds from the last key to the question

	const stored = () => {
		try {
			return localStorage.getItem("theme");
		} catch {
			return null;
		}
	};
	const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" :
		matchMedia("(prefers-color-scheme: dark)").matches;

	if (stored() === "dark" || stored() === "light")
		root.dataset.theme = stored();

	function themeButton() {
		const button = document.getElementById("theme");
		if (!button)
			return;
		const show = () => button.setAttribute("aria-pressed", String(isDark()));
		button.hidden = false;
		show();
		button.addEventListener("click", () => {
			root.dataset.theme = isDark() ? "light" : "dark";
			try {
				localStorage.setItem("theme", root.dataset.theme);
			} catch {
				// Then it holds for this page.
			}
			show();
		});
	}

	function element(name, className, text) {
		const made = document.createElement(name);
		if (className)
			made.className = className;
		if (text)
			made.textContent = text;
		return made;
	}

	const portsOf = (row) => row.first_port === null ? "no port" :
		row.first_port + (row.last_port > row.first_port ? "-" + row.last_port : "") +
		(row.transport ? "/" + row.transport : "");

	function addressOf(row) {
		if (row.name)
			return "/services/" + encodeURIComponent(row.name);
		return "/ports/" + row.first_port + (row.transport ? "/" + row.transport : "");
	}

	function item(row) {
		const li = element("li"), a = element("a");
		a.href = addressOf(row);
		a.append(element("span", "mono", portsOf(row)), element("b", "", row.name || row.description ||
			row.state));
		if (row.name && row.description)
			a.append(element("small", "", row.description));
		li.append(a);
		return li;
	}

	async function ask(parameters, signal) {
		const response = await fetch("/api/v1/rows?" + new URLSearchParams({limit: LIMIT, ...parameters}),
			{signal});
		if (!response.ok)
			return [];
		const answer = await response.json();
		return Array.isArray(answer) ? answer : answer.rows || [];
	}

	// A port first by its number, a name by itself; then wherever the text is.
	async function find(text, signal) {
		const questions = [];
		const port = /^(\d{1,5})(?:\/(\w+))?$/.exec(text);
		if (port && Number(port[1]) <= 65535)
			questions.push(ask(port[2] ? {port: port[1], transport: port[2]} : {port: port[1]}, signal));
		else if (/^[\w.+-]+$/.test(text))
			questions.push(ask({name: text}, signal));
		questions.push(ask({search: text}, signal));
		const seen = new Set(), found = [];
		for (const row of (await Promise.all(questions)).flat()) {
			const key = row.name + " " + portsOf(row);
			if (!seen.has(key) && found.length < LIMIT) {
				seen.add(key);
				found.push(row);
			}
		}
		return found;
	}

	function searchForm(form) {
		const input = form.querySelector("input");
		const list = element("ul"), status = element("p", "hidden");
		let timer = 0, current = null;

		list.id = form.id + "-results";
		list.className = "results";
		list.hidden = true;
		list.setAttribute("aria-label", "Results while typing");
		status.setAttribute("role", "status");
		form.append(list, status);

		const hide = () => { list.hidden = true; };
		const show = (rows, text) => {
			const all = element("li"), a = element("a", "more", "All that has “" + text + "”");
			a.href = "/?q=" + encodeURIComponent(text);
			all.append(a);
			list.replaceChildren(...rows.map(item), all);
			list.hidden = false;
			status.textContent = rows.length === 0 ? "Nothing found" : rows.length === 1 ?
				"1 result below" : rows.length + " results below";
		};
		const update = async () => {
			const text = input.value.trim();
			if (current)
				current.abort();
			current = new AbortController();
			if (!text) {
				hide();
				status.textContent = "";
				return;
			}
			try {
				show(await find(text, current.signal), text);
			} catch {
				// Asked anew meanwhile, or no network: the form still works.
			}
		};
		const move = (by) => {
			const stops = [input, ...list.querySelectorAll("a")];
			const next = stops[stops.indexOf(document.activeElement) + by];
			if (next)
				next.focus();
		};
		input.addEventListener("input", () => {
			clearTimeout(timer);
			timer = setTimeout(update, WAIT);
		});
		input.addEventListener("focus", () => { list.hidden = list.children.length === 0; });
		form.addEventListener("keydown", (event) => {
			if (event.key === "Escape") {
				input.focus();
				hide();
			} else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
				event.preventDefault();
				move(event.key === "ArrowDown" ? 1 : -1);
			}
		});
		form.addEventListener("submit", () => clearTimeout(timer));
		document.addEventListener("click", (event) => {
			if (!form.contains(event.target))
				hide();
		});
		form.addEventListener("focusout", (event) => {
			if (event.relatedTarget && !form.contains(event.relatedTarget))
				hide();
		});
	}

	// What a form asks for, without the fields that say nothing, lists with commas as links have them.
	function addressFrom(form) {
		const asked = new Map();
		for (const [name, value] of new FormData(form)) {
			if (value)
				asked.set(name, name !== "skey" && asked.has(name) ? asked.get(name) + "," + value : value);
		}
		const keys = new FormData(form).getAll("skey");
		asked.delete("skey");
		const query = new URLSearchParams([...asked, ...keys.map((key) => ["skey", key])]);
		return form.action + (query.size > 0 ? "?" + query.toString().replaceAll("%2C", ",") : "");
	}

	// The registry page: its results follow the form, which by itself asks for the same page.
	function registryForm(form) {
		const found = document.getElementById("found"), results = document.getElementById("results");
		let timer = 0, current = null;

		const update = async () => {
			const address = addressFrom(form);
			if (current)
				current.abort();
			current = new AbortController();
			results.setAttribute("aria-busy", "true");
			try {
				const response = await fetch(address, {headers: {Accept: "text/html"}, signal: current.signal});
				const page = new DOMParser().parseFromString(await response.text(), "text/html");
				const fresh = page.getElementById("results");
				results.removeAttribute("aria-busy");
				results.replaceChildren(...(fresh ? fresh.childNodes : []));
				// Where nothing could be found, the page says why.
				found.textContent = (page.getElementById("found") || page.querySelector("main p")).textContent;
				history.replaceState(null, "", address);
			} catch {
				// Asked anew meanwhile, or no network: the form still works.
			}
		};
		form.addEventListener("input", () => {
			clearTimeout(timer);
			timer = setTimeout(update, WAIT);
		});
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			clearTimeout(timer);
			location.assign(addressFrom(form));
		});
	}

	// "/" goes to the search box, as on many sites with one.
	function slashKey(input) {
		document.addEventListener("keydown", (event) => {
			if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey ||
			    /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName))
				return;
			event.preventDefault();
			input.focus();
		});
	}

	document.addEventListener("DOMContentLoaded", () => {
		themeButton();
		document.querySelectorAll("form.search").forEach(searchForm);
		document.querySelectorAll("form.registry").forEach(registryForm);
		const input = document.querySelector("form.search input");
		if (input)
			slashKey(input);
	});
})();
