/** One step of a script that tries what users do. */

/** Each step counts as one test: its command succeeds, and its output has these texts. */
export function step(title, command, cwd, { env = {}, shows = [] } = {}) {
  const count = (code, stdout) => {
    const missing = shows.filter((text) => !stdout.includes(text));
    for (const text of missing) process.stdout.write(`not in the output: ${text}\n`);
    const passes = code === 0 && missing.length === 0;
    return passes ? { passed: 1 } : { failures: [title] };
  };
  return { name: title, command, cwd, env, count };
}
