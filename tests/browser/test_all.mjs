// All browser tests, in one process, with one browser and one server:
//     node tests/browser/test_all.mjs        (PORTBOOK: the program; CHROMIUM: the browser)
// Screenshots go to a folder that is printed (SCREENSHOTS names another).
import "./test_pages.mjs";
import "./test_registry.mjs";
import "./test_history.mjs";
import "./test_chart.mjs";
import "./test_desk.mjs";
