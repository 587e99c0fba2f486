/** The style of report pages: for light and dark, narrow and wide, and paper. */
export const PAGE_STYLE = `
:root {
  --text: #1b1f24; --muted: #57606a; --page: #ffffff; --panel: #f3f5f8; --line: #d0d7de;
  --link: #0b57d0; --high: #b3261e; --medium: #9a5b00; --low: #1f6f43; --info: #45607a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e9ee; --muted: #a3adba; --page: #14171c; --panel: #1e232b; --line: #3a424d;
    --link: #8ab4f8; --high: #ff8a80; --medium: #ffb95c; --low: #7ddba0; --info: #a9c1da;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem 1.5rem 4rem; max-width: 76rem;
  font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  overflow-wrap: anywhere;
}
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; } h3 { margin: 0 0 0.25rem; }
h4 { margin: 0.75rem 0 0.25rem; }
a { color: var(--link); } nav a { margin-right: 1rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.rule { padding: 0.9rem 1rem; margin: 0 0 0.75rem; background: var(--panel); border-radius: 8px; }
.findings { margin: 0.5rem 0 0; padding-left: 1.2rem; } .findings li { margin: 0.25rem 0; }
.findings .warning strong { color: var(--medium); } .findings .error strong { color: var(--high); }
.place, .rows, .range { color: var(--muted); font-size: 0.875rem; }
.badge {
  display: inline-block; padding: 0 0.5rem; border: 1px solid currentColor; border-radius: 999px;
  font-size: 0.8125rem; color: var(--info);
}
.badge.High { color: var(--high); } .badge.Medium { color: var(--medium); } .badge.Low { color: var(--low); }
.timeline { display: grid; grid-template-columns: minmax(8rem, 18rem) 1fr; gap: 1rem; }
.lanes { list-style: none; margin: 0; padding: 0; }
.lanes li {
  height: 26px; line-height: 26px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis;
  font-size: 0.875rem;
}
.timeline svg { width: 100%; height: 100%; }
.lane { stroke: var(--line); } .mark { fill: var(--info); } .mark.High { fill: var(--high); }
.mark.Medium { fill: var(--medium); } .mark.Low { fill: var(--low); }
.range { display: flex; justify-content: space-between; margin: 0.25rem 0 0; padding-left: min(19rem, 40%); }
@media (max-width: 40rem) {
  .timeline { display: block; } .timeline svg { height: 6rem; } .range { padding-left: 0; }
}
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.875rem; }
th, td {
  padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  max-width: 26rem; overflow-wrap: break-word;
}
.group { content-visibility: auto; contain-intrinsic-size: auto 230rem; font-variant-numeric: tabular-nums; }
.line { margin: 0; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
.alert { border-bottom: 1px solid var(--line); }
.alert > summary { padding: 0.4rem 0; cursor: pointer; }
.alert > p { white-space: pre-line; }
b { color: var(--info); } b.High { color: var(--high); }
b.Medium { color: var(--medium); } b.Low { color: var(--low); }
pre {
  margin: 0.5rem 0; padding: 0.6rem 0.8rem; background: var(--panel); border-radius: 8px;
  font: 0.8125rem/1.5 ui-monospace, monospace; white-space: pre-wrap;
}
@media print {
  :root { --text: #000; --page: #fff; --panel: #fff; --muted: #333; --line: #999; }
  nav { display: none; } .alert, .rule { break-inside: avoid; } .group { content-visibility: visible; }
  body { max-width: none; padding: 0; }
}
`
