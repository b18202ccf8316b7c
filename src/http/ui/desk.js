// A password can be looked at while it is typed, and a new one says about how hard it is to guess.
// Without this script it is typed as it is elsewhere.
"use strict";

(() => {
	function addLook(input) {
		const button = document.createElement("button");
		button.type = "button";
		button.className = "look";
		button.textContent = "Show";
		button.setAttribute("aria-controls", input.id);
		button.setAttribute("aria-label", "Show the password");
		const turn = (shown) => {
			input.type = shown ? "text" : "password";
			button.textContent = shown ? "Hide" : "Show";
			button.setAttribute("aria-label", button.textContent + " the password");
		};
		button.addEventListener("click", () => turn(input.type === "password"));
		// What is sent is no text that browsers would offer again.
		input.form.addEventListener("submit", () => turn(false));
		const both = document.createElement("div");
		both.className = "looked";
		input.replaceWith(both);
		both.append(input, button);
	}

	// Long is good; the same few characters again and again are not.
	function addMeter(input) {
		const label = document.createElement("label"), meter = document.createElement("meter");
		[meter.min, meter.max, meter.low, meter.high, meter.optimum] = [0, 24, 12, 18, 24];
		label.className = "strength";
		label.append("How hard it is to guess: ", meter);
		input.addEventListener("input", () => {
			meter.value = Math.min(input.value.length, 2 * new Set(input.value).size);
		});
		input.closest(".field").append(label);
	}

	for (const input of document.querySelectorAll('main input[type="password"]')) {
		addLook(input);
		if (input.autocomplete === "new-password")
			addMeter(input);
	}
})();
