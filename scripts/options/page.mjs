/** The text of docs/options.md. */

const HEAD = `<!-- Written by \`npm run options\` from the tables that check the options and the comments of their types. -->
# Options

Every option there is. Times are in ms and sizes in bytes. An option that is left out, or \`undefined\`, has its default. A name that is none is refused with the nearest one that is (\`TypeError\`), a value of the wrong type too, and a number out of range with a \`RangeError\`: before anything is started or sent, and at every level, as in \`heartbeat.timeout\`.
`;

/** What the type says already. */
const SAID_BY_TYPE =
  /^(anything|a string|a list of strings|true or false|a string or a number|an AbortSignal|a list|an object\b.*|.*\bfunction\b.*|\{.*)$/;

/** The clause of a comment that says the default: up to a full stop that is not within a number or code. */
const DEFAULT = /\s*\bDefault:? ((?:`[^`]*`|[^`.]|\.(?=\d))+)\./;

/**
 * @param interfaces see {@link readInterfaces}
 * @returns the text, and what does not fit together in words
 */
export function pageOf(groups, interfaces) {
  const faults = [];
  const index = groups.map(({ title }) => `[${title}](#${anchor(title)})`).join(" · ");
  const sections = groups.map((group) =>
    sectionOf(group, propertiesOf(group, interfaces), { groups, faults }),
  );
  return { text: `${HEAD}\n${index}\n\n${sections.join("\n")}`, faults };
}

function anchor(title) {
  return title.toLowerCase().replaceAll(" ", "-");
}

/** The properties of all interfaces of a group; one that stands in several has the types of all. */
function propertiesOf({ interfaces: names }, interfaces) {
  const properties = new Map();
  for (const property of names.flatMap((name) => interfaces.get(name) ?? [])) {
    const other = properties.get(property.name);
    properties.set(property.name, other === undefined ? property : both(other, property));
  }
  return properties;
}

function both(one, other) {
  return { ...one, type: `${one.type} | ${other.type}`, comment: `${one.comment} ${other.comment}` };
}

function sectionOf({ title, about, table }, properties, { groups, faults }) {
  const rows = Object.entries(table).map(([name, rule]) => {
    const property = properties.get(name);
    if (property === undefined || property.comment === "") {
      faults.push(`${title}: ${name} has no comment in its interface`);
      return "";
    }
    faults.push(...faultsOf(title, property, rule));
    return rowOf(property, rule, groups);
  });
  const head = "| option | type, range and unit | default | |\n| --- | --- | --- | --- |";
  return `## ${title}\n\n${about}\n\n${head}\n${rows.join("\n")}\n`;
}

function rowOf({ name, type, isOptional, comment }, rule, groups) {
  const [clause, said = ""] = DEFAULT.exec(comment) ?? [""];
  const sentence = comment.replace(clause, "").trim();
  const cells = [
    `\`${name}\``,
    [`\`${type}\``, rangeOf(type, rule), linkTo(type, groups)].filter((part) => part !== "").join(", "),
    isOptional || rule.fallback !== undefined ? said : "required",
    sentence,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** What the type does not say: the range and the unit, of a type with a name its words. */
function rangeOf(type, { takes = "", unit }) {
  const isSaid = SAID_BY_TYPE.test(takes) || (takes.startsWith("one of ") && type.includes('"'));
  const range = isSaid ? "" : grouped(shortened(takes));
  const hasUnit = unit === undefined || new RegExp(`\\b${unit}\\b`).test(range);
  return [range, hasUnit ? "" : `in ${unit}`].filter((part) => part !== "").join(", ");
}

/** Behind the type, which says that it is a number; without what stands in brackets. */
function shortened(takes) {
  return takes
    .replace(/^a whole number,? /, "whole, ")
    .replace(/^a number of ms/, "ms")
    .replace(/^a number, /, "")
    .replace("Infinity", "`Infinity`")
    .replace(/ \(.*\)$/, "");
}

/** To the group of the options that it holds. */
function linkTo(type, groups) {
  const held = groups.find(({ interfaces: [name] }) => new RegExp(`^(Partial<)?${name}\\b`).test(type));
  return held === undefined ? "" : `see [${held.title}](#${anchor(held.title)})`;
}

/** A default that a comment says is that of the table. */
function faultsOf(title, { name, comment }, { fallback, table }) {
  const said = DEFAULT.exec(comment)?.[1];
  const wanted = said?.startsWith("`{") ? objectAs(table) : writtenAs(fallback);
  if (wanted === undefined || said?.startsWith(wanted)) return [];
  return [`${title}: the default of ${name} is ${wanted}, and its comment says ${said ?? "none"}`];
}

const MiB = 1024 * 1024;

/** A default as comments write it; undefined where they tell it in words. */
function writtenAs(value) {
  if (value === Number.POSITIVE_INFINITY) return "`Infinity`";
  if (typeof value === "number" && value !== 0) {
    return value % MiB === 0 ? `${value / MiB} MiB` : grouped(String(value));
  }
  return typeof value === "string" || typeof value === "boolean" ? `\`${JSON.stringify(value)}\`` : undefined;
}

/** The defaults of the options that an option holds. */
function objectAs(table = {}) {
  const parts = Object.entries(table).map(
    ([name, { fallback }]) => `${name}: ${grouped(String(fallback), "_")}`,
  );
  return `\`{ ${parts.join(", ")} }\``;
}

/** Numbers of five digits and more in groups of three. */
function grouped(text, by = " ") {
  return text.replaceAll(/\d{5,}/g, (digits) => digits.replaceAll(/\B(?=(\d{3})+$)/g, by));
}
