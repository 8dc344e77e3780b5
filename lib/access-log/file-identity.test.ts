import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../domain/checkpoint';
import { type Candidate, matchFiles } from './file-identity';

const LOG = '/l/access.log';

function file(
  suffix: string,
  inode: number,
  content: string,
  more: Partial<Candidate> = {},
): Candidate {
  return {
    path: LOG + suffix,
    log: LOG,
    device: 1,
    inode,
    size: content.length,
    compressed: suffix.endsWith('.gz'),
    rotated: suffix !== '',
    fingerprint: Buffer.from(content).subarray(0, 1024),
    ...more,
  };
}

function record(
  number: number,
  inode: number,
  content: string,
  more: Partial<Checkpoint> = {},
): Checkpoint {
  return {
    file: number,
    log: LOG,
    path: LOG,
    device: 1,
    inode,
    fingerprint: Buffer.from(content).subarray(0, 1024).toString('base64'),
    offset: content.length,
    retired: false,
    ...more,
  };
}

function match(found: Candidate[], known: Checkpoint[], backfill = true) {
  const { assignments, retired, waiting } = matchFiles(found, known, { backfill });
  return {
    read: assignments
      .filter((one) => !one.retired)
      .map((one) => [one.file.path.slice(LOG.length), one.known, one.from]),
    retired,
    waiting: waiting.map((one) => one.path.slice(LOG.length)),
  };
}

const A = 'a1\na2\n';
const B = 'b1\n';
const C = 'c1\n';

describe('a known file goes on where it was', () => {
  it('in place, and its fingerprint grows with it', () => {
    const { assignments } = matchFiles([file('', 1, `${A}a3\n`)], [record(7, 1, A)], {
      backfill: true,
    });
    expect(assignments).toMatchObject([
      {
        known: 7,
        from: A.length,
        fingerprint: Buffer.from(`${A}a3\n`).toString('base64'),
        final: false,
      },
    ]);
  });

  it('renamed once, the old one before the new one', () => {
    expect(match([file('.1', 1, `${A}a3\n`), file('', 2, B)], [record(7, 1, A)])).toEqual({
      read: [
        ['.1', 7, A.length],
        ['', null, 0],
      ],
      retired: [],
      waiting: [],
    });
  });

  it('renamed twice between two looks, the file in the middle is new', () => {
    expect(
      match([file('.2', 1, A), file('.1', 2, B), file('', 3, C)], [record(7, 1, A)]).read,
    ).toEqual([
      ['.2', 7, A.length],
      ['.1', null, 0],
      ['', null, 0],
    ]);
  });

  it('renamed twice and compressed', () => {
    expect(
      match([file('.2.gz', 9, A, { size: 3 }), file('.1', 2, B), file('', 3, C)], [record(7, 1, A)])
        .read,
    ).toEqual([
      ['.2.gz', 7, A.length],
      ['.1', null, 0],
      ['', null, 0],
    ]);
  });

  it('under other device and inode numbers (a reboot, another filesystem)', () => {
    expect(match([file('', 5, `${A}a3\n`, { device: 2 })], [record(7, 1, A)]).read).toEqual([
      ['', 7, A.length],
    ]);
  });
});

describe('copytruncate', () => {
  it('the copy waits until the original is truncated', () => {
    const looked = match([file('.1', 2, A), file('', 1, A)], [record(7, 1, A)]);
    expect(looked).toEqual({ read: [['', 7, A.length]], retired: [], waiting: ['.1'] });
  });

  it('a copy still shorter than what was read waits, and nothing is retired meanwhile', () => {
    const looked = match([file('.1', 2, 'a1\n'), file('', 1, B)], [record(7, 1, A)]);
    expect(looked).toEqual({ read: [['', null, 0]], retired: [], waiting: ['.1'] });
  });

  it('while we were away: the copy is read on, the log starts anew', () => {
    expect(match([file('.1', 2, `${A}a3\n`), file('', 1, B)], [record(7, 1, A)])).toEqual({
      read: [
        ['.1', 7, A.length],
        ['', null, 0],
      ],
      retired: [],
      waiting: [],
    });
  });

  it('without any copy: the old record is retired', () => {
    expect(match([file('', 1, B)], [record(7, 1, A)])).toMatchObject({ retired: [7] });
  });

  it('truncated and begun again with the same line: it is new content', () => {
    expect(match([file('', 1, 'a1\n')], [record(7, 1, A)])).toMatchObject({
      read: [['', null, 0]],
      retired: [7],
    });
  });

  it('an unreadable neighbour may be the copy: nothing is retired on this evidence', () => {
    const { retired } = matchFiles([file('', 1, B)], [record(7, 1, A)], {
      backfill: true,
      incomplete: new Set([LOG]),
    });
    expect(retired).toEqual([]);
  });
});

describe('what is not the same', () => {
  it('an inode used again for other content', () => {
    expect(match([file('', 1, `${B}b2\nb3\n`)], [record(7, 1, A)])).toEqual({
      read: [['', null, 0]],
      retired: [7],
      waiting: [],
    });
  });

  it('two files that begin with the same line, after two rotations', () => {
    expect(
      match([file('.2', 1, 'x\n'), file('.1', 2, 'x\n'), file('', 3, 'x\n')], [record(7, 1, 'x\n')])
        .read,
    ).toEqual([
      ['.2', 7, 2],
      ['.1', null, 0],
      ['', null, 0],
    ]);
  });

  it('a gzip in the making beside its original waits, on a first start too', () => {
    const found = [file('.2', 1, A), file('.2.gz', 2, 'a1\n'), file('', 3, C)];
    expect(match(found, []).waiting).toEqual(['.2.gz']);
    expect(match(found, [record(7, 1, A)]).waiting).toEqual(['.2.gz']);
  });

  it('an empty file, and one without a whole line yet, cannot be identified', () => {
    expect(match([file('', 1, '')], []).waiting).toEqual(['']);
    expect(match([file('', 1, 'a')], []).waiting).toEqual(['']);
  });
});

describe('retired records', () => {
  it('keep their file from being read as new, wherever it goes', () => {
    const known = [record(7, 1, A, { retired: true }), record(8, 2, B)];
    expect(match([file('.3.gz', 9, A), file('', 2, B)], known).read).toEqual([['', 8, B.length]]);
  });

  it('give way to the record in use', () => {
    const known = [record(7, 1, A, { retired: true }), record(8, 1, 'a1\n')];
    expect(match([file('', 1, `${A}a3\n`)], known).read).toEqual([['', 8, 3]]);
  });

  it('are not made of files that are merely gone', () => {
    expect(match([file('', 2, B)], [record(7, 1, A)]).retired).toEqual([]);
  });
});

describe('a first start', () => {
  const found = [file('.2.gz', 1, A), file('.1', 2, B), file('', 3, C)];
  it('reads everything, oldest first', () => {
    expect(match(found, []).read).toEqual([
      ['.2.gz', null, 0],
      ['.1', null, 0],
      ['', null, 0],
    ]);
  });

  it('that leaves the past alone starts at the end and remembers the neighbours as done', () => {
    const { assignments } = matchFiles(found, [], { backfill: false });
    expect(assignments.map((one) => [one.retired, one.from])).toEqual([
      [true, 0],
      [true, 0],
      [false, C.length],
    ]);
  });
});

it('every record and every file is used once, whatever lies there', () => {
  const contents = ['x\n', 'x\ny\n', 'z\n', '', 'x\ny\nw\n'];
  for (let n = 0; n < 3_000; n++) {
    const pick = (salt: number) => Math.floor(Math.abs(Math.sin(n * 31 + salt)) * 1000);
    const found = ['.3.gz', '.2', '.1', ''].map((suffix, at) =>
      file(suffix, at < 2 ? pick(at) % 4 : at, contents[pick(at + 9) % 5] ?? ''),
    );
    const known = [0, 1, 2].map((at) =>
      record(at + 1, pick(at + 20) % 4, contents[pick(at + 30) % 3] ?? '', {
        retired: pick(at + 40) % 4 === 0,
      }),
    );
    const { assignments, retired } = matchFiles(found, known, { backfill: true });
    const used = assignments.flatMap((one) => one.known ?? []);
    expect(new Set(used).size).toBe(used.length);
    expect(new Set(assignments.map((one) => one.file.path)).size).toBe(assignments.length);
    expect(used.filter((number) => retired.includes(number))).toEqual([]);
  }
});
