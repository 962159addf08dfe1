/** Calls `tell` at every tenth of the way, once each. */
export function everyTenth(tell: (percent: number) => void): (share: number) => void {
  let told = -1;
  return (share) => {
    const tenth = Math.floor(share * 10);
    if (tenth === told) return;
    told = tenth;
    tell(tenth * 10);
  };
}
