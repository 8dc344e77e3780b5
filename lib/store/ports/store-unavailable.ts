import { AppError } from '../../domain/errors';
import type { Said } from '../../domain/said';

/** Reports that the store cannot take writes now; the message says what the user can do. Reads may still work. */
export class StoreUnavailable extends AppError {
  override name = 'StoreUnavailable';
  constructor(
    readonly reason: 'full' | 'read_only' | 'corrupt' | 'busy' | 'failed',
    message: string | Said,
    options?: ErrorOptions,
  ) {
    super('store_unavailable', message, options);
  }
}
