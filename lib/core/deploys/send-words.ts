/** The command that sends a summary to this server, to copy. `base` is its own address, without a slash at the end. */
export function sendCommand(base: string): string {
  return [
    `curl -X POST "${base}/api/deploys?release=v1" \\`,
    '  -H "Authorization: Bearer $AFTERWATCH_TOKEN" \\',
    "  -H 'Content-Type: text/markdown' \\",
    '  --data-binary @SUMMARY.md',
  ].join('\n');
}
