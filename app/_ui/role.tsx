'use client';

import { createContext, type ReactNode, useContext } from 'react';
import type { Role } from '@/lib/domain/caller';

const RoleContext = createContext<Role | null>(null);

/** Tells the components inside what whoever looks may do. The server decides again at every call. */
export function RoleProvider({ role, children }: { role: Role | null; children: ReactNode }) {
  return <RoleContext value={role}>{children}</RoleContext>;
}

/** Whether whoever looks may change things: what they may not do is not offered. */
export function useIsAdmin(): boolean {
  return useContext(RoleContext) === 'admin';
}
