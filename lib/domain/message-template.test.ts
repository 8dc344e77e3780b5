import { describe, expect, it } from 'vitest';
import { filledLines, templateFault } from './message-template';

const VALUES = {
  ...{ title: 'git is offline', severity: 'critical', device: 'git', rule: 'offline' },
  ...{ since: '04:00', duration: '5 min', evidence: 'Pings: none\nPath: direct' },
};

describe('a template', () => {
  it('names what there is, and breaks lines at \\n', () => {
    expect(templateFault('{title} [{severity}]\\n{evidence}')).toBeNull();
    expect(filledLines('{title} [{severity}]\\n{evidence}\\nsince {since}', VALUES)).toEqual([
      'git is offline [critical]',
      'Pings: none',
      'Path: direct',
      'since 04:00',
    ]);
  });

  it('leaves out a line of which only empty values are left, not one that is empty', () => {
    const values = { ...VALUES, device: '', evidence: '' };
    expect(filledLines('{title}\\n\\n{device}\\n{evidence}\\nend', values)).toEqual([
      'git is offline',
      '',
      'end',
    ]);
  });

  it('fills in no value of a value', () => {
    const values = { ...VALUES, device: '{severity}' };
    expect(filledLines('{device}', values)).toEqual(['{severity}']);
  });

  it.each(['{name}', '{}', 'a { b', '{title', 'title}', '{{title}}', '{constructor}'])(
    'is refused as %s, with what there is',
    (template) => expect(templateFault(template)).toContain('{title}, {severity}'),
  );
});
