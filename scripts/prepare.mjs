// Makes a checkout ready: node scripts/prepare.mjs start|dev|test
// This file must parse on old Nodes, so it has no import line and no syntax newer than Node 12: it says which Node is
// needed instead of failing on a word that the old one does not know.
const needed = [20, 9];
const found = process.versions.node.split('.').map(Number);

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  console.error(
    `afterwatch: needs Node ${needed.join('.')} or newer, and this is Node ${process.versions.node}.`,
  );
  process.exitCode = 1;
} else {
  import('./lib/prepare.mjs').then((module) => module.prepare(process.argv.slice(2)));
}
