// The words that docs/GLOSSARY.md rules out, for scripts/check-words.mjs.

/**
 * `word` is a pattern for whole words, ignoring case; a space in it also matches the end of a line. `instead` is what
 * to write. `allow` is a pattern of correct phrases around it. `within` and `outside` are folders: the word is looked
 * for only in the former, and not in the latter. `names` also looks for it in names of declarations and files.
 * @typedef {{
 *   word: string, instead: string, allow?: RegExp, within?: string[], outside?: string[], names?: boolean
 * }} Rule
 */

/** The folders about log files and histories, where these words are ambiguous: elsewhere they are everyday words. */
const ENGINE = ['lib/access-log', 'lib/collect', 'lib/rollup', 'lib/runtime', 'lib/store'];

/** The folders where Tailscale's own words apply, and where its programs are built or faked. */
const TAILSCALE = ['lib/tailscale', 'lab', 'sidecar', 'e2e/fakes', 'docs/TAILSCALE_LOGS.md'];

/** @type {Rule[]} */
export const RULES = [
  // One word for each thing.
  {
    word: 'nodes?',
    instead: 'device',
    // Tailscale's own words, Node itself, and public names: API fields, parameters and paths.
    allow:
      /\bNode\b|[Nn]odes? (keys?|ids?)|([Ee]xit|ingress|peer) nodes?|--?node|nodes? (are|is) (locked out|up)|node:|[/=$?]nodes?|\{ nodes \}|\.nodes|axios\|node/,
    outside: [...TAILSCALE, 'scripts', 'bench', 'docs/adr'],
  },
  {
    word: 'visits?',
    instead: 'access (what counts) or hit (a line)',
    allow: /first visit|\/visit\//i,
    outside: ['bench', 'lab'],
  },
  { word: 'refused lines?', instead: 'rejected line' },
  { word: 'published views?', instead: 'snapshot' },
  { word: 'wish(es)?', instead: 'command', names: true },
  { word: 'fulfil(s|led|ling|ment)?', instead: 'process, carry out', names: true },
  { word: 'boards?', instead: 'HTTP, or the part by its name', names: true },
  { word: 'doors?', instead: 'gate', allow: /front door/i, names: true },
  { word: 'strangers?', instead: 'caller' },
  { word: 'normals', instead: 'baseline', names: true },
  { word: 'ladders?', instead: 'resolutions', names: true },
  { word: 'finest', instead: 'the shortest resolution', names: true },
  {
    word: 'cells?',
    instead: 'roll-up row',
    allow: /(table|grid|csv) cells?|cells? of (a|the) (table|row|grid)/i,
    outside: ['app', 'bench', 'e2e'],
    names: true,
  },
  { word: 'cover(s|ed|ing)?', instead: 'range plan; include', within: ENGINE, names: true },
  {
    word: 'cuts?',
    instead: 'partial hours; divide',
    allow: /cut[- ]?off|cuts? (off|short)|cut -f/i,
    within: ENGINE,
    names: true,
  },
  { word: 'pieces?', instead: 'part of a range plan', within: ENGINE, names: true },
  {
    word: 'places?',
    instead: 'log position',
    allow: /in place( of)?|tak(es?|en) (\w+ )?place|in (one|two|many) places?|first place/i,
    within: ENGINE,
    names: true,
  },
  {
    word: 'marks?',
    instead: 'checkpoint',
    allow: /(question|quotation) marks?/i,
    within: ENGINE,
    names: true,
  },
  {
    word: 'heads?',
    instead: 'fingerprint',
    // The column of the table keeps its name.
    allow: /HEAD\b|request heads?|heads? of|SELECT head|prepare\('SELECT head/,
    within: ENGINE,
    names: true,
  },
  { word: 'powers', instead: 'command services', names: true },

  // English.
  { word: 'told', instead: 'notified; reported; receives', allow: /told apart/i, names: true },
  { word: 'somebody( else)?', instead: 'who it is: a caller, a user, another process' },
  { word: 'whoever', instead: 'callers who …, the process that …' },
  { word: 'none of ours', instead: 'not from this service, unknown' },
  { word: 'so many', instead: 'the number, or `count`' },
  { word: 'will not have it', instead: 'rejects it' },
  { word: '(go|goes|going|gone|went) on with', instead: 'continue' },
  { word: 'by (the )?hand of', instead: 'by' },
  { word: '(an)?other hand', instead: 'another process', allow: /on the other hand/i },
  { word: 'stand(s|ing)? for', instead: 'is, replaces, fakes' },
  { word: 'stood for', instead: 'was, replaced' },
  { word: 'bears?', instead: 'carries, has', allow: /bear in mind/i },
  {
    word: 'house(hold|holds)?',
    instead: 'the project, this service',
    allow: /moving house|\/house/,
  },
  { word: 'hear of', instead: 'be notified of' },
  { word: 'kept from', instead: 'prevented from' },
  { word: 'mends?|mended', instead: 'fix' },
  { word: 'thousand million', instead: 'billion' },
  { word: 'nobody need be anybody', instead: 'without authentication' },
];

/** Files and folders left out: other people's wording, and files that name these words because they are about them. */
export const EXEMPT = [
  '.git',
  '.next',
  'data',
  'fixtures',
  'node_modules',
  'test-results',
  'docs/GLOSSARY.md',
  'scripts/words/find.test.ts',
  'scripts/words/rules.mjs',
];
