// Stamps say what a folder was made from, so that nothing is made twice.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './project.mjs';

/** Not part of the product: tests and what they read. */
const IGNORED = /\.(test|live\.test|prop\.test)\.tsx?$|^recorded$|^node_modules$|^\./;

/** SHA-256 over names and contents of files and folders of the project (missing ones count as missing), and texts. */
export function hashOf({ paths = [], texts = [] }) {
  const hash = createHash('sha256');
  for (const path of paths) addPath(hash, path);
  for (const text of texts) hash.update(`text\0${text}\0`);
  return hash.digest('hex');
}

function addPath(hash, path) {
  const full = join(root, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat === undefined) hash.update(`missing\0${path}\0`);
  else if (stat.isDirectory()) {
    for (const name of readdirSync(full).sort()) {
      if (!IGNORED.test(name)) addPath(hash, `${path}/${name}`);
    }
  } else {
    hash.update(`file\0${path}\0`);
    hash.update(readFileSync(full));
  }
}

/** Files of the project's top folder whose name fits, sorted. */
export function topFiles(pattern) {
  return readdirSync(root)
    .filter((name) => pattern.test(name))
    .sort();
}

export function readStamp(path) {
  const full = join(root, path);
  return existsSync(full) ? readFileSync(full, 'utf8').trim() : null;
}

/** Writes a stamp; its folder is made when missing. */
export function writeStamp(path, hash) {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, `${hash}\n`);
}

export function removeStamp(path) {
  rmSync(join(root, path), { force: true });
}
