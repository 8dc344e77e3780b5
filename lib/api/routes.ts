import type { z } from 'zod';
import { accessLogs, dashboardUsage, devices, quotaStatus } from './analytics';
import type { Route } from './handle';
import { health } from './health';
import { logDoctor } from './log-doctor';
import { accessLogsQuery, noQuery, usageQuery } from './query';
import {
  accessLogsSchema,
  devicesSchema,
  healthSchema,
  logDoctorSchema,
  quotaStatusSchema,
  usageSchema,
} from './schemas';

const route = <Q extends z.ZodType, R extends z.ZodType>(made: Route<Q, R>) => made;

/** Every JSON call there is: what serves them and what describes them (`/openapi.json`) are the same objects. */
export const routes = {
  '/analytics/devices': route({
    summary: 'Every device of the tailnet: whose it is, whether it is online, and over which path',
    query: noQuery,
    response: devicesSchema,
    run: devices,
  }),
  '/analytics/quota-status': route({
    summary: 'The tailnet counted against the limits of its plan',
    query: noQuery,
    response: quotaStatusSchema,
    run: quotaStatus,
  }),
  '/analytics/access-logs': route({
    summary: 'Hits one by one, newest first (default: the last 24 hours)',
    query: accessLogsQuery,
    response: accessLogsSchema,
    run: accessLogs,
  }),
  '/analytics/dashboard-usage': route({
    summary: 'What the dashboard shows of a range (default: the last 7 days)',
    query: usageQuery,
    response: usageSchema,
    run: dashboardUsage,
  }),
  '/analytics/log-doctor': route({
    summary: 'What is wrong with the access log, and the exact remedy',
    query: noQuery,
    response: logDoctorSchema,
    run: logDoctor,
  }),
  '/healthz': route({
    summary: 'How every part is doing; 503 when one needs attention',
    query: noQuery,
    response: healthSchema,
    run: health,
    status: ({ status }) => (status === 'ok' ? 200 : 503),
  }),
};
