// Runs the tools behind a step: quietly, with their words shown only when they fail.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import { PlainError, root } from './project.mjs';

const TAIL_LINES = 40;

/**
 * Prints `title …`, runs `act`, adds the seconds. A failing step ends the line before its error goes on.
 * `out` is where progress goes: never stdout for a command whose stdout is data.
 */
export async function step(title, act, out = process.stdout) {
  const startedMs = performance.now();
  out.write(`afterwatch: ${title} … `);
  try {
    const result = await act();
    out.write(`${seconds(performance.now() - startedMs)}\n`);
    return result;
  } catch (error) {
    out.write('failed\n');
    throw error;
  }
}

/** `4.2 s`, `31 s`, `2 min 05 s`. */
export function seconds(ms) {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const whole = Math.round(ms / 1_000);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** Runs a command with its output held back; on failure the end of it goes into a `PlainError`. */
export async function runQuietly(command, args, { env = {}, isInBackground, failure } = {}) {
  const lines = [];
  const keep = (chunk) => {
    lines.push(chunk);
    if (lines.length > 2_000) lines.splice(0, 1_000);
  };
  const code = await runProcess(command, args, { env, isInBackground, onOutput: keep });
  if (code === 0) return;
  const tail = lines.join('').trimEnd().split('\n').slice(-TAIL_LINES);
  throw new PlainError(failure ?? `${command} ended with code ${code}`, tail.join('\n'));
}

/**
 * Runs a command in the project folder and gives its exit code: 127 when it cannot be started, 128 + the signal's
 * number as shells have it when a signal ended it. Without `onOutput` it shares our terminal. In the background it gets
 * the processor only while nobody else wants it.
 */
export function runProcess(command, args, { env = {}, isInBackground = false, onOutput, timeoutMs } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      env: cleanEnv(env),
      stdio: onOutput ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    if (isInBackground && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    child.stdout?.setEncoding('utf8').on('data', onOutput);
    child.stderr?.setEncoding('utf8').on('data', onOutput);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGTERM'), timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      onOutput?.(`${command}: ${error.code}\n`);
      done(127);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      done(code ?? 143);
    });
  });
}

/** npm as a command: the one that runs us, else the one on the path. */
export function npm(...args) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, [script, ...args]] : ['npm', args];
}

/**
 * The environment for tools, without what would change what they do: `NODE_ENV` picks other builds and leaves out
 * packages, and npm hands its own settings of one command down to the next as variables.
 */
function cleanEnv(extra) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  for (const name of [
    'NODE_ENV',
    'npm_config_omit',
    'npm_config_production',
    'npm_config_global',
    'npm_config_dry_run',
  ]) {
    delete env[name];
  }
  return { ...env, ...extra };
}
