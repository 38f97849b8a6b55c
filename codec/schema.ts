/** Checking what was decoded with any validator that speaks Standard Schema (Zod, Valibot, ArkType, …); none is depended on. */

import { wrongArgument } from "./arguments.ts";
import { EtfError } from "./error.ts";
import { about, atIndex, atKey } from "./path.ts";

/** A part of a path to a fault. */
export type SchemaPathPart = PropertyKey | { readonly key: PropertyKey };

/** A fault that a validator found. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly SchemaPathPart[] | undefined;
}

/** What a validator answers. */
export type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** A validator that speaks Standard Schema, version 1 (https://standardschema.dev). */
export interface Schema<T> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<T> | Promise<SchemaResult<T>>;
  };
}

/**
 * What `schema` makes of `value`.
 * @throws EtfError ETF_SCHEMA with the path of the first fault; ETF_OPTION when the validator is asynchronous.
 */
export function validate<T>(schema: Schema<T>, value: unknown): T {
  checkSchema(schema);
  const result = schema["~standard"].validate(value);
  if (isThenable(result)) {
    result.then(undefined, () => undefined); // nobody waits for it: its failure must not end the process
    throw new EtfError("ETF_OPTION", "the schema validates asynchronously; decode needs its answer at once");
  }
  if (result.issues === undefined) return result.value;
  const path = pathOf(result.issues[0]);
  const messages = result.issues.map((issue) => about(pathOf(issue), issue.message));
  throw new EtfError("ETF_SCHEMA", messages.join("; "), { path });
}

/** A promise of any realm, or whatever else `await` would wait for. */
function isThenable<T>(
  result: SchemaResult<T> | PromiseLike<SchemaResult<T>>,
): result is PromiseLike<SchemaResult<T>> {
  return typeof (result as { readonly then?: unknown } | null)?.then === "function";
}

/** @throws TypeError when it is no validator, such as the options of a codec. */
function checkSchema(schema: Schema<unknown>): void {
  if (typeof schema?.["~standard"]?.validate === "function") return;
  const takes = "a validator of Standard Schema (options are given to `new Codec`)";
  wrongArgument("schema", takes, schema);
}

function pathOf(issue: SchemaIssue | undefined): string {
  let path = "";
  for (const part of issue?.path ?? []) {
    const key = typeof part === "object" ? part.key : part;
    path = typeof key === "number" ? atIndex(path, key) : atKey(path, String(key));
  }
  return path;
}
