/** Says what was reached, one line each. */
export type Progress = (text: string) => void;

/** Lines with the seconds since the start; the time is dimmed on a terminal only. */
export function startProgress(write: (line: string) => void = console.log): Progress {
  const started = Date.now();
  const [dim, plain] = process.stdout.isTTY ? ['\u001b[2m', '\u001b[0m'] : ['', ''];
  return (text) => {
    const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
    write(`${dim}${seconds} s${plain}  ${text}`);
  };
}

export const silent: Progress = () => {};
