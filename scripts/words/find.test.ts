import { describe, expect, it } from 'vitest';
import { faultsIn } from './find.mjs';

/** Returns every fault as `line: word`. */
const faults = (file: string, content: string) =>
  faultsIn(file, content).map(({ line, found }) => `${line}: ${found}`);

describe('words that the glossary rules out are found', () => {
  it('in comments of every kind, also over the end of a line', () => {
    const content = `// Somebody asks.
/** One. */
const a = 1; // whoever
/**
 * An address that is none
 * of ours.
 */
export const b = a;
`;
    expect(faults('lib/x.ts', content)).toEqual(['1: Somebody', '3: whoever', '5: none of ours']);
  });

  it('in texts: strings, templates and what a page says', () => {
    const content = `export const Page = ({ n }: { n: number }) => (
  <p title="who was told">
    {\`\${n} told\`} {'Told once'}
    <b>The strangers</b> {/* a wish */}
  </p>
);
`;
    expect(faults('app/page.tsx', content)).toEqual([
      '2: told',
      '3: told',
      '3: Told',
      '4: strangers',
      '4: wish',
    ]);
  });

  it('in names of declarations, parts of names, keys and files', () => {
    const content = `export const hangDoor = () => 1;
export type WishBoard = { doors: number; doorway: number };
const use = hangDoor();
export const key = 'told';
`;
    expect(faults('lib/ladder.ts', content)).toEqual([
      '1: ladder',
      '1: hangDoor',
      '2: WishBoard',
      '2: WishBoard',
      '2: doors',
      '4: told',
    ]);
  });

  it('in documentation, but for code, and in comments of shell scripts and YAML', () => {
    const page = 'Somebody runs `whoever`.\n\n    told once\n\n```\ntold\n```\n\n- told\n  twice\n';
    expect(faults('docs/X.md', page)).toEqual(['1: Somebody', '9: told']);
    expect(faults('sidecar/x.sh', '#!/bin/sh\necho told # told\n')).toEqual(['2: told']);
    expect(faults('docker-compose.yml', '# told\nkey: told\n')).toEqual(['1: told']);
  });
});

describe('words are left alone', () => {
  it('that only begin or end like one of them', () => {
    expect(faults('lib/x.ts', '// The dashboard, on a keyboard; retold.')).toEqual([]);
  });

  it('in phrases where they are right', () => {
    expect(faults('README.md', 'The front door. Told apart by colour.')).toEqual([]);
    expect(faults('app/x.ts', '// Node 20; the node key of a node.')).toEqual(['1: node']);
  });

  it('where the rule does not apply: in another part of the project, in SQL, in imports', () => {
    expect(faults('app/x.ts', '// The place of a chart, and its table cells.')).toEqual([]);
    expect(faults('lib/store/x.ts', '// The place of a hit.')).toEqual(['1: place']);
    expect(faults('lib/tailscale/x.ts', '// A node.')).toEqual([]);
    expect(faults('lib/store/x.ts', "const q = 'SELECT cells, head FROM rollups';")).toEqual([]);
    expect(faults('lib/x.ts', "import { a } from './wish';\nexport * from './told';")).toEqual([]);
  });
});
