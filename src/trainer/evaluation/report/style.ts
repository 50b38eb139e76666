const LIGHT = `
  --page: #f6f7f9; --card: #ffffff; --ink: #1c2430; --soft: #5b6676; --line: #e1e5ea; --faint: #eef1f4;
  --good: #1a7f37; --good-bg: #e7f6ec; --warn: #8a5a00; --warn-bg: #fff4dc; --bad: #b3261e; --bad-bg: #fdeceb;
  --m0: #8a94a3; --m1: #b7791f; --m2: #7c5cbf; --m: #0b6bcb; --accent: #0b6bcb;`;
const DARK = `
  --page: #14171c; --card: #1c2027; --ink: #e6e9ee; --soft: #9aa5b4; --line: #2e343d; --faint: #242931;
  --good: #5fd38d; --good-bg: #15301f; --warn: #f0c674; --warn-bg: #33290f; --bad: #ff9d96; --bad-bg: #3a1b1a;
  --m0: #8d97a6; --m1: #e0a548; --m2: #b69cf0; --m: #62aefc; --accent: #62aefc;`;

/** The colours follow the system, and VS Code's theme where the report is shown in it. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
body.vscode-light, body.vscode-high-contrast-light { color-scheme: light; ${LIGHT} }
body.vscode-dark, body.vscode-high-contrast { color-scheme: dark; ${DARK} }
* { box-sizing: border-box; }
body { margin: 0; padding: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 4px 0 8px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 0 0 4px; }
h3 { font-size: 15px; margin: 0 0 8px; }
p { margin: 0 0 12px; max-width: 75ch; }
small, .soft { color: var(--soft); }
.eyebrow { color: var(--soft); font-size: 13px; letter-spacing: 0.06em; text-transform: uppercase; margin: 0; }
section, .verdict { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px; margin: 20px 0; }
.verdict { display: grid; grid-template-columns: 1fr auto; gap: 8px 32px; align-items: center; border-left: 6px solid var(--tone, var(--soft)); }
.verdict p { margin: 0; }
.verdict h2 { font-size: 22px; overflow-wrap: anywhere; }
.better { --tone: var(--good); } .unclear { --tone: var(--warn); } .worse { --tone: var(--bad); }
.figures { display: flex; gap: 28px; text-align: right; }
.figures b { display: block; font-size: 30px; line-height: 1.1; color: var(--tone, var(--ink)); }
.figures span { color: var(--soft); font-size: 13px; white-space: nowrap; }
.scroll { overflow: auto; max-height: 560px; border: 1px solid var(--line); border-radius: 8px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: 8px 12px; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-weight: 600; background: var(--card); position: sticky; top: 0; z-index: 1; vertical-align: bottom; }
td.n, th.n { text-align: right; } td.n { white-space: nowrap; }
.compare thead th.n { min-width: 104px; max-width: 160px; } .compare thead small { line-height: 1.35; }
td small, th small { display: block; font-weight: 400; font-size: 12px; }
.compare th[scope=row] { font-weight: 600; min-width: 220px; } .compare th[scope=row] small { max-width: 46ch; }
.compare td.last { font-weight: 700; }
.compare td.plot { width: 24%; min-width: 190px; padding: 6px 12px; vertical-align: middle; }
.key { display: inline-block; flex: none; width: 10px; height: 10px; border-radius: 50%; margin-right: 6px; background: currentColor; }
.c0 { color: var(--m0); } .c1 { color: var(--m1); } .c2 { color: var(--m2); } .cm { color: var(--m); }
thead th .name { color: var(--ink); white-space: normal; overflow-wrap: anywhere; }
details { margin-top: 16px; } summary { cursor: pointer; color: var(--accent); font-weight: 600; }
summary:focus-visible, button:focus-visible, .scroll:focus-visible, .wide:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
details > :not(summary) { margin-top: 12px; }
.columns { display: grid; grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr); gap: 32px; align-items: start; }
.columns > *, .verdict > * { min-width: 0; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 12px; font-family: inherit; }
svg .axis { stroke: var(--line); } svg .grid { stroke: var(--faint); }
svg path.curve { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
svg path.curve.cm { stroke-width: 3; }
svg .chance { stroke: var(--soft); stroke-dasharray: 3 4; fill: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 8px 0 0; padding: 0; list-style: none; font-size: 13px; }
.legend .key + span { color: var(--ink); }
.columns { margin-bottom: 20px; }
.callout { background: var(--faint); border-radius: 8px; padding: 14px 16px; margin: 0 0 16px; }
.callout b { font-size: 22px; }
.callout p { margin: 4px 0 0; font-size: 14px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 14px; padding: 0; margin: 16px 0 0; list-style: none; }
.cards li { border: 1px solid var(--line); border-radius: 10px; padding: 12px; }
.pair { display: flex; align-items: center; gap: 8px; margin-bottom: 8px; }
.pair img, .pair .gone { width: 84px; height: 84px; object-fit: contain; border-radius: 6px; background: #fff; border: 1px solid var(--line); }
.pair .gone { display: grid; place-items: center; color: var(--soft); font-size: 12px; background: var(--faint); }
.pair blockquote { flex: 1; min-width: 0; height: 108px; margin: 0; padding: 6px 8px; overflow: hidden; overflow-wrap: anywhere; white-space: pre-line; border-radius: 6px; background: var(--faint); font-size: 12px; line-height: 1.35; }
.pair .arrow { color: var(--soft); font-size: 18px; }
.cards .names { overflow-wrap: anywhere; } .cards small { display: block; }
th button { all: unset; cursor: pointer; } th button:hover { color: var(--accent); }
th button::after { content: " \\2195"; opacity: 0.45; } th[aria-sort=ascending] button::after { content: " \\2191"; opacity: 1; } th[aria-sort=descending] button::after { content: " \\2193"; opacity: 1; }
.scroll td { overflow-wrap: anywhere; } .scroll th.n { white-space: nowrap; }
td .bar { display: inline-block; vertical-align: middle; width: 40px; height: 8px; border-radius: 4px; background: var(--faint); margin-left: 8px; overflow: hidden; }
td .bar i { display: block; height: 100%; background: var(--m); }
.swatch { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 0; font-size: 14px; }
.swatch dt { color: var(--soft); } .swatch dd { margin: 0; }
@media (max-width: 800px) { .columns, .verdict { grid-template-columns: 1fr; } .figures { text-align: left; flex-wrap: wrap; } main { padding: 24px 14px; } section { padding: 16px; } }
@media print { .scroll { max-height: none; } section { break-inside: avoid; } }
`;
