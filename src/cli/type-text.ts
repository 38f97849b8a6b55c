/** The types of a program's hello as a short text: `[i64]`, `{name: string, age?: u8}`, `string?`. */

/** Describes a type of design's `Type`: an atom, or a tuple of a constructor and its parts. */
export function describeType(type: unknown): string {
  if (!Array.isArray(type)) return String(type);
  const [kind, ...parts] = type as readonly unknown[];
  return own(CONSTRUCTORS, String(kind))?.(parts) ?? `${kind}(${parts.map(describeType).join(", ")})`;
}

/** What a program says may be the name of anything that objects have. */
export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

const CONSTRUCTORS: Readonly<Record<string, (parts: readonly unknown[]) => string>> = {
  option: ([type]) => `${describeType(type)}?`,
  list: ([type]) => `[${describeType(type)}]`,
  tuple: ([types]) => `{${asList(types).map(describeType).join(", ")}}`,
  map: ([key, value]) => `#{${describeType(key)} => ${describeType(value)}}`,
  result: ([value, error]) => `{ok, ${describeType(value)}} | {error, ${describeType(error)}}`,
  stream: ([type]) => `stream of ${describeType(type)}`,
  resource: ([name]) => `resource ${name}`,
  named: ([name]) => String(name),
  struct: ([fields]) => `#{${asList(fields).map(describeField).join(", ")}}`,
  enum: ([variants]) => asList(variants).map(describeVariant).join(" | "),
  one_of: ([types]) => asList(types).map(describeType).join(" | "),
  all: ([types]) => asList(types).map(describeType).join(" & "),
};

function describeField(field: unknown): string {
  const [name, type, need] = asList(field);
  return `${name}${need === "optional" ? "?" : ""}: ${describeType(type)}`;
}

function describeVariant(variant: unknown): string {
  const [tag, types] = asList(variant);
  const inner = asList(types);
  return inner.length === 0 ? String(tag) : `{${[tag, ...inner.map(describeType)].join(", ")}}`;
}

function asList(term: unknown): readonly unknown[] {
  return Array.isArray(term) ? term : [];
}
