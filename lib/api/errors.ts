/** There is no such thing; the message says what there is. */
export class NotFound extends Error {
  override name = 'NotFound';
}

/** Asked for too much at once; `retryAfterSeconds` says when it may be asked again. */
export class TooMany extends Error {
  override name = 'TooMany';
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}
