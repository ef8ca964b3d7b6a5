import { fit, healthLines, stepLine, trailLines, type View } from './print.ts';

type Screen = Disposable & {
  show(view: View): void;
  trouble(text: string): void;
};

/** A terminal is drawn anew each time, and left as it was; anything else gets plain lines of what is new. */
export function openScreen(): Screen {
  return process.stdout.isTTY ? openTerminal() : openLines();
}

const [ALTERNATE, HIDE, HOME] = ['\u001b[?1049h', '\u001b[?25l', '\u001b[H'];
const [END_OF_LINE, BELOW] = ['\u001b[K', '\u001b[J'];
const LEAVE = '\u001b[?25h\u001b[?1049l';

function openTerminal(): Screen {
  const { stdout } = process;
  const draw = (lines: readonly string[]): void => {
    stdout.write(`${HOME}${lines.map((line) => `${line}${END_OF_LINE}`).join('\n')}${BELOW}`);
  };
  const leave = (): void => void stdout.write(LEAVE);
  process.once('exit', leave); // also when the command is ended by force
  stdout.write(`${ALTERNATE}${HIDE}`);
  let last: string[] = [];
  return {
    show({ prescription, steps, health }) {
      const head = [`erx-hub  ${new Date().toLocaleTimeString('sv')}  Ctrl-C ends`, '', ...healthLines(health)];
      last = fit(head, trailLines(prescription, steps), stdout.columns, stdout.rows);
      draw(last);
    },
    trouble: (text) => draw([...last, '', `✗ ${text}`].slice(-stdout.rows)),
    [Symbol.dispose]() {
      process.off('exit', leave);
      leave();
    },
  };
}

const HEALTH_EACH_MS = 10_000;

function openLines(): Screen {
  const printed = new Map<string, string>();
  let [title, healthAt] = ['', 0];
  return {
    show({ prescription, steps, health }) {
      const [heading = ''] = trailLines(prescription, []);
      if (heading !== title) console.log(heading);
      title = heading;
      const first = steps[0]?.createdAt.getTime() ?? 0;
      for (const step of steps) {
        const line = stepLine(step, first);
        if (printed.get(step.id) !== line) console.log(line);
        printed.set(step.id, line);
      }
      if (Date.now() - healthAt < HEALTH_EACH_MS) return;
      healthAt = Date.now();
      console.log(healthLines(health).join('\n'));
    },
    trouble: (text) => console.log(`✗ ${text}`),
    [Symbol.dispose]() {},
  };
}
