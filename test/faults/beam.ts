/** Which tests hold which faults. A row is an id and `file: title` for each test; the file's path begins at the root. */
export const beam: Readonly<Record<string, readonly string[]>> = {};
