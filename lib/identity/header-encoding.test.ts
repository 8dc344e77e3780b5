import { describe, expect, it } from 'vitest';
import { decodeHeader } from './header-encoding';

describe('a header value', () => {
  it('is decoded as Go encodes what is not ASCII', () => {
    expect(decodeHeader('=?utf-8?q?J=C3=BCrgen=40example.com?=')).toBe('Jürgen@example.com');
    expect(decodeHeader('=?utf-8?q?a_b?= =?UTF-8?B?w7w=?=')).toBe('a bü');
    expect(decodeHeader('alice@example.com')).toBe('alice@example.com');
  });
});
