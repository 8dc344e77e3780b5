/** The store cannot take writes now; the message says what the user can do. Reads may still work. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
  constructor(
    readonly code: 'full' | 'read_only' | 'corrupt' | 'busy' | 'failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
