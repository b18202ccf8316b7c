// The chart beyond a picture: zoom, a cursor that mouse and arrow keys move, what the cell under it
// is, and the editions played one after the other. Without this script the page has the picture.
"use strict";

(() => {
	const SIDE = 256, PORTS = SIDE * SIDE, SYSTEM = 32, ZOOM_MAX = 32;
	const MARKS = ["assigned", "assigned, unauthorized use reported", "reserved", "unassigned"];
	const RANGES = ["System Ports", "User Ports", "Dynamic Ports"];

	// The curve, as src/chart/chart.c has it.
	function turned(x, y, side, right, low) {
		if (low)
			return [x, y];
		return right ? [side - 1 - y, side - 1 - x] : [y, x];
	}

	function placeOf(port) {
		let x = 0, y = 0;
		for (let side = 1; side < SIDE; side *= 2, port >>= 2) {
			const right = (port >> 1) & 1, low = (port ^ (port >> 1)) & 1;
			[x, y] = turned(x, y, side, right, low);
			x += right * side;
			y += low * side;
		}
		return [x, y];
	}

	function portOf(x, y) {
		let port = 0;
		for (let side = SIDE / 2; side > 0; side >>= 1) {
			const right = x & side ? 1 : 0, low = y & side ? 1 : 0;
			port += side * side * (right ? 3 - low : low);
			[x, y] = turned(x & (side - 1), y & (side - 1), side, right, low);
		}
		return port;
	}

	const figure = document.getElementById("chart");
	if (!figure)
		return;
	const transport = figure.dataset.transport;
	let asOf = figure.dataset.asOf;
	let kinds = null; // of each port
	let cursor = 0;	  // a port
	let colors = [];  // "rgb(...)" of each kind
	const view = {x: 0, y: 0, zoom: 1}; // the upper left cell, and how many times larger

	const element = (name, properties, ...children) => {
		const made = Object.assign(document.createElement(name), properties);
		made.append(...children);
		return made;
	};
	const button = (text, label, act) => {
		const made = element("button", {type: "button", onclick: act}, text);
		made.setAttribute("aria-label", label);
		return made;
	};

	const whole = element("canvas", {width: SIDE, height: SIDE}); // a pixel a port
	const canvas = element("canvas", {tabIndex: 0});
	const said = element("p", {className: "said"});
	const goTo = element("input", {type: "number", min: 0, max: PORTS - 1, placeholder: "Go to port"});
	canvas.setAttribute("role", "application");
	canvas.setAttribute("aria-label", "Map of the ports of " + transport.toUpperCase() +
		". Arrow keys move a cell, Page Up and Page Down a port, Enter opens the port's page, " +
		"plus, minus and 0 zoom.");
	said.setAttribute("role", "status");
	goTo.setAttribute("aria-label", "Go to a port");

	const addressOf = (port) => "/ports/" + port + "/" + transport +
		(asOf ? "?as_of=" + encodeURIComponent(asOf) : "");

	// What is under the cursor: at once what the map knows, then the names.
	const names = new Map();
	let timer = 0;

	async function namesOf(port) {
		const key = port + " " + asOf;
		if (!names.has(key)) {
			const response = await fetch("/api/v1" + addressOf(port));
			const answer = response.ok ? await response.json() : [];
			const rows = Array.isArray(answer) ? answer : answer.rows || [];
			names.set(key, rows.map((row) => [row.name, row.description].filter(Boolean).join(": "))
				.filter(Boolean).join("; "));
		}
		return names.get(key);
	}

	function say() {
		const port = cursor, kind = kinds[port];
		const link = element("a", {href: addressOf(port)}, "Port " + port + "/" + transport);
		said.replaceChildren(link, ", " + RANGES[kind >> 2] + ": " + MARKS[kind & 3] + ". ");
		clearTimeout(timer);
		if ((kind & 3) > 1)
			return;
		timer = setTimeout(async () => {
			try {
				const text = await namesOf(port);
				if (text && port === cursor)
					said.append(text);
			} catch {
				// The state is there all the same.
			}
		}, 200);
	}

	function draw() {
		const size = canvas.width, cell = size / SIDE * view.zoom;
		const context = canvas.getContext("2d");
		const left = (x) => (x - view.x) * cell, top = (y) => (y - view.y) * cell;

		context.imageSmoothingEnabled = false;
		context.clearRect(0, 0, size, size);
		context.drawImage(whole, left(0), top(0), SIDE * cell, SIDE * cell);
		context.strokeStyle = getComputedStyle(canvas).color;
		context.lineWidth = Math.max(1, size / 800);
		context.strokeRect(left(0), top(0), SYSTEM * cell, SYSTEM * cell);
		context.strokeRect(left(SIDE / 2), top(0), SIDE / 2 * cell, SIDE / 2 * cell);
		if (cell > 36 * devicePixelRatio) {
			context.font = Math.floor(cell / 4) + "px system-ui, sans-serif";
			context.textAlign = "center";
			context.textBaseline = "middle";
			for (let y = Math.floor(view.y); y < view.y + SIDE / view.zoom && y < SIDE; y++)
				for (let x = Math.floor(view.x); x < view.x + SIDE / view.zoom && x < SIDE; x++)
					label(context, portOf(x, y), left(x + .5), top(y + .5));
		}
		const [x, y] = placeOf(cursor);
		const room = Math.max(2, size / 400);
		for (const [color, width] of [["#fff", 3], ["#000", 1.2]]) {
			context.strokeStyle = color;
			context.lineWidth = width * Math.max(1, size / 800);
			context.strokeRect(left(x) - room, top(y) - room, cell + 2 * room, cell + 2 * room);
		}
		canvas.classList.toggle("zoomed", view.zoom > 1);
	}

	function label(context, port, x, y) {
		const [r, g, b] = colors[kinds[port]].match(/[\d.]+/g).map(Number);
		context.fillStyle = r * .3 + g * .59 + b * .11 > 140 ? "#000" : "#fff";
		context.fillText(port, x, y);
	}

	// The colours are those of the legend, which the style sheet and the theme give.
	function paint() {
		colors = [];
		for (const swatch of document.querySelectorAll(".chart-counts [data-kind]"))
			colors[swatch.dataset.kind] = getComputedStyle(swatch.previousElementSibling).backgroundColor;
		const context = whole.getContext("2d");
		for (let port = 0; port < PORTS; port++) {
			context.fillStyle = colors[kinds[port]];
			context.fillRect(...placeOf(port), 1, 1);
		}
		draw();
	}

	function keepInside() {
		const most = SIDE - SIDE / view.zoom;
		view.x = Math.min(Math.max(view.x, 0), most);
		view.y = Math.min(Math.max(view.y, 0), most);
	}

	// Zooms so that the cell at x, y (fractions are within cells) stays where it is.
	function zoom(factor, x, y) {
		const now = Math.min(Math.max(view.zoom * factor, 1), ZOOM_MAX);
		view.x = x - (x - view.x) * view.zoom / now;
		view.y = y - (y - view.y) * view.zoom / now;
		view.zoom = now;
		keepInside();
		draw();
	}

	// The cursor's cell in the middle, unless it is to be seen as a whole.
	function reveal() {
		const [x, y] = placeOf(cursor), shown = SIDE / view.zoom;
		if (x < view.x || x + 1 > view.x + shown)
			view.x = x + .5 - shown / 2;
		if (y < view.y || y + 1 > view.y + shown)
			view.y = y + .5 - shown / 2;
		keepInside();
		draw();
	}

	function zoomAtCursor(factor) {
		zoom(factor, ...placeOf(cursor).map((at) => at + .5));
		reveal();
	}

	function moveTo(port) {
		cursor = port;
		reveal();
		say();
	}

	function step(dx, dy) {
		const [x, y] = placeOf(cursor);
		if (x + dx >= 0 && x + dx < SIDE && y + dy >= 0 && y + dy < SIDE)
			moveTo(portOf(x + dx, y + dy));
	}

	const keys = {
		ArrowLeft: () => step(-1, 0),
		ArrowRight: () => step(1, 0),
		ArrowUp: () => step(0, -1),
		ArrowDown: () => step(0, 1),
		PageUp: () => moveTo(Math.max(cursor - 1, 0)),
		PageDown: () => moveTo(Math.min(cursor + 1, PORTS - 1)),
		Home: () => moveTo(0),
		End: () => moveTo(PORTS - 1),
		Enter: () => { location.href = addressOf(cursor); },
		"+": () => zoomAtCursor(2),
		"=": () => zoomAtCursor(2),
		"-": () => zoomAtCursor(.5),
		0: () => zoomAtCursor(1 / ZOOM_MAX),
	};
	canvas.addEventListener("keydown", (event) => {
		if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey)
			return;
		event.preventDefault();
		keys[event.key]();
	});

	const cellAt = (event) => {
		const box = canvas.getBoundingClientRect(), cell = canvas.clientWidth / SIDE * view.zoom;
		const inside = (at) => Math.min(Math.max(at, 0), SIDE - .001);
		return [inside(view.x + (event.clientX - box.left - canvas.clientLeft) / cell),
			inside(view.y + (event.clientY - box.top - canvas.clientTop) / cell)];
	};
	let drag = null;
	canvas.addEventListener("pointerdown", (event) => {
		drag = {x: event.clientX, y: event.clientY, left: view.x, top: view.y, moved: false};
		if (view.zoom > 1)
			canvas.setPointerCapture(event.pointerId);
	});
	canvas.addEventListener("pointermove", (event) => {
		if (!drag || view.zoom === 1) {
			const port = portOf(...cellAt(event).map(Math.floor));
			if (event.pointerType === "mouse" && port !== cursor)
				moveTo(port);
			return;
		}
		const cell = canvas.clientWidth / SIDE * view.zoom;
		const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
		drag.moved = drag.moved || Math.hypot(dx, dy) > 4;
		if (drag.moved) {
			view.x = drag.left - dx / cell;
			view.y = drag.top - dy / cell;
			keepInside();
			draw();
		}
	});
	canvas.addEventListener("pointerup", (event) => {
		const moved = drag && drag.moved;
		drag = null;
		if (moved || event.button !== 0)
			return;
		moveTo(portOf(...cellAt(event).map(Math.floor)));
		// A finger has no hover: it chooses, and the link below the map opens.
		if (event.pointerType === "mouse")
			location.href = addressOf(cursor);
	});
	canvas.addEventListener("pointercancel", () => { drag = null; });
	// With a key held, and as touchpads pinch: else the page would not scroll over the map.
	canvas.addEventListener("wheel", (event) => {
		if (!event.ctrlKey && !event.metaKey)
			return;
		event.preventDefault();
		zoom(Math.exp(-event.deltaY / 200), ...cellAt(event));
	}, {passive: false});

	goTo.addEventListener("keydown", (event) => {
		const port = Number(goTo.value);
		if (event.key === "Enter" && goTo.value !== "" && Number.isInteger(port) && port >= 0 &&
		    port < PORTS) {
			if (view.zoom < 8)
				zoomAtCursor(8 / view.zoom);
			moveTo(port);
		}
	});

	// Editions that were shown stay, so that going back and forth asks once.
	const maps = new Map();

	async function load(date) {
		if (!maps.has(date)) {
			const query = new URLSearchParams(date ? {transport, as_of: date} : {transport});
			const response = await fetch("/chart/cells?" + query);
			if (!response.ok)
				throw new Error(response.statusText);
			const {runs} = await response.json();
			const map = new Uint8Array(PORTS);
			for (let i = 0, port = 0; i < runs.length; port += runs[i + 1], i += 2)
				map.fill(runs[i], port, port + runs[i + 1]);
			maps.set(date, map);
		}
		return maps.get(date);
	}

	function show(map) {
		kinds = map;
		const counts = new Uint32Array(RANGES.length * MARKS.length);
		for (const kind of kinds)
			counts[kind]++;
		for (const count of document.querySelectorAll(".chart-counts [data-kind]"))
			count.textContent = counts[count.dataset.kind].toLocaleString("en");
		paint();
		say();
	}

	// The choice of an edition becomes a slider, and a button that plays what follows.
	function timeline(select) {
		const dates = Array.from(select.options, (option) => option.value);
		const slider = element("input", {type: "range", min: 0, max: dates.length - 1,
			value: select.selectedIndex});
		const date = element("output", {}, select.value);
		const play = element("button", {type: "button"}, "Play");
		let playing = false, wanted = 0;

		slider.setAttribute("aria-label", "Edition");
		const tell = () => {
			date.textContent = dates[slider.value];
			slider.setAttribute("aria-valuetext", dates[slider.value]);
			select.selectedIndex = slider.value;
		};
		const go = async () => {
			const mine = ++wanted, label = dates[slider.value];
			tell();
			const map = await load(label);
			if (mine !== wanted)
				return;
			asOf = label;
			show(map);
		};
		const stop = () => {
			playing = false;
			play.textContent = "Play";
		};
		slider.addEventListener("input", () => {
			stop();
			go().catch(() => {});
		});
		play.addEventListener("click", async () => {
			if (playing) {
				stop();
				return;
			}
			playing = true;
			play.textContent = "Pause";
			if (Number(slider.value) === dates.length - 1)
				slider.value = 0;
			try {
				while (playing) {
					await go();
					if (Number(slider.value) === dates.length - 1)
						break;
					await new Promise((done) => setTimeout(done, 150));
					if (playing)
						slider.value = Number(slider.value) + 1;
				}
			} catch {
				// What is shown stays.
			}
			stop();
		});
		tell();
		const time = element("span", {className: "time"}, play, slider, date);
		select.closest("label").hidden = true;
		select.form.append(time);
	}

	async function start() {
		kinds = await load(asOf);
		const port = /^#(\d{1,5})$/.exec(location.hash);
		if (port && Number(port[1]) < PORTS)
			cursor = Number(port[1]);
		const stage = element("div", {className: "stage"},
			element("div", {className: "tools"},
				button("+", "Zoom in", () => zoomAtCursor(2)),
				button("\u2212", "Zoom out", () => zoomAtCursor(.5)),
				button("All", "Show all", () => zoomAtCursor(1 / ZOOM_MAX)), goTo),
			canvas, said);
		figure.replaceChildren(stage);
		new ResizeObserver(() => {
			const size = Math.round(canvas.clientWidth * devicePixelRatio);
			if (size > 0 && size !== canvas.width) {
				canvas.width = canvas.height = size;
				draw();
			}
		}).observe(canvas);
		canvas.width = canvas.height = Math.round(canvas.clientWidth * devicePixelRatio) || SIDE;
		show(kinds);
		const select = document.querySelector(".chart-form [name=as_of]");
		if (select && select.options.length > 1)
			timeline(select);
		matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
		new MutationObserver(paint).observe(document.documentElement,
			{attributeFilter: ["data-theme"]});
	}

	start().catch(() => {
		// The picture stays.
	});
})();
