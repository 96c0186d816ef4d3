// rules.js - the rules of the specification about what must load and what must not: rules/index.json and its files.
//
// Each rule has two files that differ in one thing: RULE.accept.json or .gltf, and RULE.reject of the same kind. The
// table says what the rule is, and, for the refusal, `code`, `at` (a JSON Pointer) and `message`; for the other file
// what it logs when it runs, and the codes of its `warnings`. `cases` are the ids that the Khronos suite has for the rule.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness.js';

const FOLDER = join(ROOT, 'tests/khr/rules');
const names = readdirSync(FOLDER).filter((name) => name !== 'index.json');

/** The file of a rule, or undefined. */
const fileOf = (rule, kind) => names.find((name) => name.startsWith(`${rule}.${kind}.`));

/**
 * @typedef {{rule: string, cases?: string[], says: string, code: string, at: string, message: string, log: string[],
 *   warnings?: string[]}} Rule
 */

/** @returns {(Rule & {accept: string, reject: string})[]} with paths of its files */
export function rules() {
  const table = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8'));
  const pathOf = (rule, kind) => join(FOLDER, fileOf(rule, kind) ?? `${rule}.${kind}`);
  return table.map((row) => ({ ...row, accept: pathOf(row.rule, 'accept'), reject: pathOf(row.rule, 'reject') }));
}

/** Files that no row of the table names. */
export function strays() {
  const known = new Set(rules().flatMap(({ accept, reject }) => [accept, reject]));
  return names.filter((name) => !known.has(join(FOLDER, name)));
}

/** What is said about a file: [code, pointer, message] of its errors, and the codes of its warnings. */
const errorsOf = (diagnostics) => diagnostics.filter(({ severity }) => severity === 'error').map(({ code, pointer = '', message }) => [code, pointer, message]);
const warningsOf = (diagnostics) => diagnostics.filter(({ severity }) => severity !== 'error').map(({ code }) => code);

/** Fails unless this is what must be said about the file that holds the rule. */
export function assertAccepted({ rule, warnings = [] }, { ok, diagnostics }) {
  assert.deepEqual(errorsOf(diagnostics), [], rule);
  assert.deepEqual(warningsOf(diagnostics), warnings, rule);
  assert.equal(ok, true, rule);
}

/** Fails unless the run of that file did what the rule says. */
export function assertRan({ rule, log }, report, how) {
  assert.ok(['done', 'idle'].includes(report.status), `${rule}: ${report.status} ${report.reason}, ${how}`);
  assert.deepEqual(report.log.map(({ text }) => text), log, `${rule}, ${how}`);
}

/** Fails unless this is what must be said about the file that breaks the rule: one error, for the reason meant. */
export function assertRefused({ rule, code, at, message }, { ok, diagnostics }) {
  assert.deepEqual(errorsOf(diagnostics), [[code, at, message]], rule);
  assert.equal(ok, false, rule);
}
