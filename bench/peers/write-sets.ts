import { spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type SetShape, SyntheticFeed, type SyntheticSeries } from '../store/synthetic.ts';

const TEXT_BYTES = 4 * 2 ** 20;
/** Ticks of all series that one request to VictoriaMetrics carries. */
const TICKS_A_REQUEST = 360;

/** Labels as all peers keep them: our target is a label like any other. */
export function peerLabels({ labels, targetId }: SyntheticSeries): Readonly<Record<string, string>> {
  return { target: targetId, ...labels };
}

/** The set as OpenMetrics text with a time on each line. A file: it is larger than a text may be. */
export function writeOpenMetrics(
  file: string,
  shape: SetShape,
  progress: (share: number) => void = () => undefined,
): void {
  const feed = new SyntheticFeed(shape);
  const names = feed.series.map((one) => {
    const labels = Object.entries(peerLabels(one)).map(([name, value]) => `${name}="${value}"`);
    return `${one.metric}{${labels.join(',')}} `;
  });
  const descriptor = openSync(file, 'w');
  try {
    let text = '';
    for (let tick = 0; tick < shape.ticks; tick++) {
      const tail = ` ${feed.next() / 1000}\n`;
      for (let i = 0; i < names.length; i++) text += names[i] + String(feed.values[i]) + tail;
      if (text.length > TEXT_BYTES) {
        writeSync(descriptor, text);
        text = '';
      }
      if (tick % 1000 === 0) progress(tick / shape.ticks);
    }
    writeSync(descriptor, `${text}# EOF\n`);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes blocks of such a file with Prometheus's own tool: as few as it can, as after all compactions. */
export function makeBlocks(file: string, folder: string): Promise<void> {
  const words = [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--max-block-duration=500h',
    '-q',
    file,
    folder,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('promtool', words, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`promtool ended with ${code}: ${said}`)),
    );
  });
}

/** Sends the set to VictoriaMetrics in its JSON lines, and waits until it has merged what it holds. */
export async function importToVictoria(
  url: string,
  shape: SetShape,
  progress: (share: number) => void = () => undefined,
): Promise<void> {
  const feed = new SyntheticFeed(shape);
  const heads = feed.series.map((one) => JSON.stringify({ __name__: one.metric, ...peerLabels(one) }));
  for (let tick = 0; tick < shape.ticks; tick += TICKS_A_REQUEST) {
    const times: number[] = [];
    const values = feed.series.map((): number[] => []);
    for (let i = tick; i < Math.min(tick + TICKS_A_REQUEST, shape.ticks); i++) {
      times.push(feed.next());
      for (let s = 0; s < values.length; s++) values[s]?.push(feed.values[s] ?? 0);
    }
    const stamps = times.join(',');
    const lines = heads.map(
      (head, s) => `{"metric":${head},"values":[${values[s]?.join(',')}],"timestamps":[${stamps}]}\n`,
    );
    await post(`${url}/api/v1/import`, lines.join(''));
    progress(tick / shape.ticks);
  }
  await post(`${url}/internal/force_flush`, '');
  await post(`${url}/internal/force_merge`, '');
  await merged(url);
}

async function post(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body });
  if (!answer.ok)
    throw new Error(`VictoriaMetrics answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  await answer.arrayBuffer();
}

const QUIET_LOOKS = 6;
const MOST_LOOKS = 360;

/** Waits until no merge has run for some looks: 500 ms between two. */
async function merged(url: string): Promise<void> {
  for (let quiet = 0, looks = 0; quiet < QUIET_LOOKS && looks < MOST_LOOKS; looks++) {
    const text = await (await fetch(`${url}/metrics`)).text();
    const active = [...text.matchAll(/^vm_active_merges\{[^}]*\} (\d+)/gm)].some(([, n]) => Number(n) > 0);
    const pending = [...text.matchAll(/^vm_pending_rows\{[^}]*\} (\d+)/gm)].some(([, n]) => Number(n) > 0);
    quiet = active || pending ? 0 : quiet + 1;
    await wait(500);
  }
}
