import { describe, expect, it } from 'vitest';
import {
  type AccessPolicy,
  type Caller,
  type CallingDevice,
  mayIngest,
  parseAccessRule,
  roleOf,
} from './caller';
import { verbatim } from './said';

const node = (change: Partial<CallingDevice> = {}): Caller => ({
  kind: 'node',
  via: 'serve',
  address: '100.64.0.2',
  node: {
    ...{ nodeId: 'n1', device: 'laptop', login: 'Alice@example.com', name: 'Alice', tags: [] },
    classification: 'own',
    ...change,
  },
});
const policy = (admins: string[], viewers: string[] | null = null): AccessPolicy => {
  const rules = (entries: string[]) =>
    entries.map((entry) => parseAccessRule(entry) ?? expect.fail(entry));
  return { admins: rules(admins), viewers: viewers && rules(viewers) };
};
const tagged = node({ tags: ['tag:ci'], login: 'tagged-devices' });
const sharee = node({ classification: 'external', login: 'eve@example.com' });

describe('who may do what', () => {
  it.each<[string, Caller, AccessPolicy, string | null]>([
    ['a member of our tailnet without lists', node(), policy([]), 'viewer'],
    ['a sharee without lists', sharee, policy([]), null],
    [
      'an owner of a device shared in without lists',
      node({ classification: 'shared' }),
      policy([]),
      null,
    ],
    ['a tagged machine without lists', tagged, policy([]), null],
    ['a member whom the list of viewers leaves out', node(), policy([], ['bob@example.com']), null],
    ['a member when only admins are named', node(), policy(['bob@example.com']), 'viewer'],
    ['an admin by login, in any case', node(), policy(['ALICE@example.com']), 'admin'],
    ['an admin by domain', node(), policy(['*@example.com']), 'admin'],
    [
      'someone of a domain that only ends like it',
      node({ login: 'a@notexample.com' }),
      policy([], ['*@example.com']),
      null,
    ],
    ['a sharee named by login', sharee, policy([], ['eve@example.com']), 'viewer'],
    ['a sharee by the word for all of them', sharee, policy([], ['external']), 'viewer'],
    ['a machine by its tag', tagged, policy(['tag:ci']), 'admin'],
    ['a machine by another tag', tagged, policy(['tag:c']), null],
    ['a machine by the word for all of ours', tagged, policy([], ['own']), 'viewer'],
    ['a machine by a login it does not have', tagged, policy(['tagged-devices@x']), null],
    ['the operator', { kind: 'operator' }, policy([], []), 'admin'],
    [
      'nobody known',
      { kind: 'anonymous', address: null, reason: verbatim('') },
      policy(['own', '*@x']),
      null,
    ],
    ['a token to look', { kind: 'token', name: 't', scope: 'read' }, policy([]), 'viewer'],
    ['a token to measure', { kind: 'token', name: 't', scope: 'ingest' }, policy([]), null],
    ['a token for everything', { kind: 'token', name: 't', scope: 'admin' }, policy([]), 'admin'],
  ])('%s', (_, caller, rules, role) => {
    expect(roleOf(caller, rules)).toBe(role);
  });

  it('lets only tokens made for it send measurements, the operator neither', () => {
    expect(mayIngest({ kind: 'token', name: 't', scope: 'ingest' })).toBe(true);
    expect(mayIngest({ kind: 'token', name: 't', scope: 'admin' })).toBe(true);
    expect(mayIngest({ kind: 'token', name: 't', scope: 'read' })).toBe(false);
    expect(mayIngest({ kind: 'operator' })).toBe(false);
    expect(mayIngest(node())).toBe(false);
  });

  it.each(['', 'alice', '@example.com', '*', '*@', 'tag:', 'tag:A b', 'a@b@c', '*@*'])(
    'takes %j for no rule',
    (entry) => {
      expect(parseAccessRule(entry)).toBeNull();
    },
  );
});
