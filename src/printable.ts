/**
 * Text of a program on its way to a terminal: its name, its log messages, its lines on stderr, the text of its errors.
 * A control character in it could forge a line of another program's, move the cursor or retype what stands there, so each
 * one is shown as its escape. Events and results keep the text as it came.
 */

/** Control characters, what changes the direction of the text around it, and Unicode's own ends of a line. */
const SPECIAL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** The text on one line: tabs stay, line feeds are escaped too. */
export function printable(text: string): string {
  return text.replace(SPECIAL, escaped);
}

/** Text of several lines: line feeds stay, and CRLF becomes one. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join("\n");
}

/** JSON text, which stays JSON: what could be special in it stands inside of strings, and has an escape there. */
export function printableJson(text: string): string {
  return printableLines(text);
}

/** Text of several lines inside of a message: what follows the first line is indented, so that it cannot pass for another message. */
export function printableBlock(text: string): string {
  return printableLines(text).replaceAll("\n", "\n    ");
}

function escaped(character: string): string {
  if (character === "\t") return character;
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
