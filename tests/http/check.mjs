// Validates the API's description (OpenAPI 3.1), and answers by it.
//     check.mjs DESCRIPTION ANSWERS
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// What is installed is in the folder that this runs in.
const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const { Validator } = await import(
	pathToFileURL(require.resolve("@seriousme/openapi-schema-validator")));
const Ajv = require("ajv/dist/2020").default;

const [description, answers] = process.argv.slice(2).map(path =>
	JSON.parse(readFileSync(path, "utf8")));
let complaints = 0;

function complain(...words) {
	console.log(...words);
	complaints++;
}

const result = await new Validator().validate(structuredClone(description));
if (!result.valid)
	complain("the description:", JSON.stringify(result.errors, null, 1));
else
	console.log("the description is valid OpenAPI");

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema({ $id: "api", components: description.components });

function resolve(object) {
	return object?.$ref
		? object.$ref.split("/").slice(1).reduce((at, key) => at[key], description)
		: object;
}

for (const { address, operation, status, type, body } of answers) {
	const responses = Object.values(description.paths).flatMap(Object.values)
		.find(({ operationId }) => operationId === operation).responses;
	const schema = resolve(responses[status])?.content?.[type]?.schema;
	if (!schema)
		complain(address, status, type, "is no answer that", operation, "has");
	else if (!ajv.validate({ $ref: `api${schema.$ref}` }, body))
		complain(address, status, ajv.errorsText(ajv.errors.slice(0, 5)));
}
console.log(answers.length, "answers,", complaints, "complaints");
process.exit(complaints || !answers.length ? 1 : 0);
