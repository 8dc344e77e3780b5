'use client';

import { createContext, type ReactNode, useContext } from 'react';
import type { Role } from '@/lib/domain/caller';

const RoleContext = createContext<Role | null>(null);

/** Provides the caller's role. The server checks it again at every call. */
export function RoleProvider({ role, children }: { role: Role | null; children: ReactNode }) {
  return <RoleContext value={role}>{children}</RoleContext>;
}

/** Returns whether the caller may change things; otherwise the controls are not offered. */
export function useIsAdmin(): boolean {
  return useContext(RoleContext) === 'admin';
}
