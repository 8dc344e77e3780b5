/** The format of BotFather's tokens: the bot's id, a colon, the secret. */
export const TELEGRAM_TOKEN = /^\d{1,20}:[A-Za-z0-9_-]{1,200}$/;

/** A number (negative for groups), or the name of a public channel. */
export const TELEGRAM_CHAT_ID = /^(-?\d{1,20}|@[A-Za-z0-9_]{1,64})$/;
