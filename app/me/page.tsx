import type { Metadata } from 'next';
import { connection } from 'next/server';
import { type MeWire, me } from '@/lib/api/me';
import { requireRole } from '@/lib/identity/current';
import { runtime } from '@/lib/runtime/current';
import { explainError } from '../_ui/explain-error';
import { Message } from '../_ui/message';
import { MeScreen } from './me-screen';

export const metadata: Metadata = { title: 'You' };

/** What the dashboard knows of whoever looks. */
export default async function MePage() {
  await connection();
  let known: MeWire;
  try {
    requireRole('viewer');
    known = await me(runtime());
  } catch (error) {
    return (
      <Message title="Who you are could not be shown">
        <p>{await explainError(error)}</p>
      </Message>
    );
  }
  return <MeScreen now={Date.now()} known={known} />;
}
