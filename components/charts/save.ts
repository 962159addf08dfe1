'use client';

/** Offers a file to the reader. An object URL in a link is no load, so the content policy has no say in it. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the content over by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Puts text on the clipboard; false when the browser refuses. Pages without TLS have no clipboard of their own. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    const isDone = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (isDone) return true;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  return isDone;
}

/** `Redis GETs`, 00:50Z on 10 April 2026, `csv` → `redis-gets-20260410T0050Z.csv`. */
export function fileName(title: string, atMs: number, ending: string): string {
  const words = title
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const stamp = new Date(atMs).toISOString().slice(0, 16).replaceAll(/[-:]/g, '');
  return `${words === '' ? 'chart' : words}-${stamp}Z.${ending}`;
}
