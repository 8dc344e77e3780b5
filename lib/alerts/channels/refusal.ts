import { type Said, say } from '../../domain/said';

/** What a service answered in place of taking a message, and what to do about it. */
type Refusal = {
  /** The service, as it is named to people. */
  service: string;
  /** An HTTP status, or another program's words. */
  status: string | number;
  /** The service's own words; empty where there are none. */
  reason?: string | Said;
  /** Begins with a verb; `undefined` where nothing is known to help. */
  advice?: Said | undefined;
};

/** Returns why a service took no message, for readers of any language. */
export function refusal({ service, status, reason = '', advice }: Refusal): Said {
  const answer = { service, status: String(status) };
  const fault =
    reason === ''
      ? say('channelFaults.answered', answer)
      : say('channelFaults.answeredWhy', {
          ...answer,
          reason: typeof reason === 'string' ? reason : { said: reason },
        });
  if (!advice) return fault;
  return say('channelFaults.advised', { fault: { said: fault }, advice: { said: advice } });
}
