import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Caller } from '../domain/caller';
import { AppError } from '../domain/errors';
import { say } from '../domain/said';
import { Gate } from './gate';

const NODE = {
  ...{ nodeId: 'n1', device: 'phone', login: 'eve@example.com', name: 'Eve', tags: [] },
  classification: 'external' as const,
};
const EVE: Caller = { kind: 'node', node: NODE, address: '100.64.0.9', via: 'socket' };
const nobody = (key: Parameters<typeof say>[0], values?: Parameters<typeof say>[1]): Caller => ({
  ...{ kind: 'anonymous', address: '192.0.2.1', reason: say(key, values) },
});

/** Asks a gate for the dashboard, as a browser or a program that prefers a language, and returns the answer. */
async function asked(caller: Caller | Error, headers: Record<string, string>, path = '/vpn') {
  const policy = { admins: [], viewers: [] };
  const identify = async () => {
    if (caller instanceof Error) throw caller;
    return caller;
  };
  const gate = new Gate({ policy, allowedHosts: [] }, { identify }, () => null);
  const server = createServer((request, response) => {
    void gate.pass(request, response, () => response.end('passed'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  return { status: answer.status, text: await answer.text() };
}

const SPANISH = { 'accept-language': 'es-ES,es;q=0.9,en;q=0.8' };

describe('a refusal', () => {
  it('is in the language of the request: a page to a browser, a problem to a program', async () => {
    const page = await asked(EVE, { ...SPANISH, accept: 'text/html' });
    expect(page.status).toBe(403);
    expect(page.text).toContain('<html lang="es">');
    expect(page.text).toContain('<h1>Acceso denegado</h1>');
    expect(page.text).toContain('Eres eve@example.com en phone, y no tienes acceso');
    const problem = await asked(EVE, { cookie: 'language=es' });
    expect(JSON.parse(problem.text)).toMatchObject({
      title: 'Acceso denegado',
      detail: expect.stringContaining('Su administrador puede nombrarte en TAILSCALE_VIEWERS'),
    });
  });

  it('is English to a program that names no language', async () => {
    const { text } = await asked(EVE, {});
    expect(JSON.parse(text)).toEqual({
      ...{ type: 'about:blank', title: 'Forbidden', status: 403 },
      detail:
        'You are eve@example.com on phone, and have no access to this dashboard. Its administrator can name you in TAILSCALE_VIEWERS.',
    });
  });

  it.each<[string, Caller | Error, string]>([
    [
      'who is not identified, with the reason',
      nobody('refusals.notTailnet', { address: '192.0.2.1' }),
      'No se pudo identificar quién llama: 192.0.2.1 no es una dirección de la tailnet.',
    ],
    [
      'whose token is unknown',
      new AppError('unauthenticated', say('refusals.unknownToken')),
      'Este token es desconocido: crea uno con `npm run token`.',
    ],
    [
      'while tailscaled is away, with its own words',
      new AppError('tailscale_unavailable', 'tailscaled is not running'),
      'Ahora no se puede identificar quién llama: tailscaled is not running',
    ],
  ])('says so in Spanish to a caller %s', async (_who, caller, detail) => {
    const { text } = await asked(caller, SPANISH);
    expect(JSON.parse(text).detail).toBe(detail);
  });

  it('of a URL says what is wrong with it', async () => {
    const { status, text } = await asked(EVE, SPANISH, '/vpn//x');
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      title: 'Petición incorrecta',
      detail: expect.stringContaining('Esta URL no es válida'),
    });
  });
});
