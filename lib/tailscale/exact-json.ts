/**
 * A whole number of 16 to 20 digits (2^53 has 16, the largest 64-bit number 20) that is not part of a longer number.
 */
const LONG_INTEGER = /(?<![\w.+-])-?\d{16,20}(?![\w.])/g;

/**
 * Parses JSON like `JSON.parse`, but returns integers of 16 digits or more as strings: ids exceed 2^53, beyond which a
 * JavaScript number silently corrupts them. Throws `SyntaxError` as `JSON.parse` does.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(quoteLongIntegers(text));
}

/**
 * Quotes long integers. Jumps from string literal to string literal with `indexOf` and applies the regular expression
 * only between them, so digits in a string are never touched. Measured on Node 20 with 5,000 peers (5.6 MB): 9–26 ms,
 * compared with 70–90 ms for one expression that also matches the strings; that one also overflows V8's stack on a long
 * hostile string, whereas this takes linear time on any.
 */
function quoteLongIntegers(text: string): string {
  let out = '';
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const opening = text.indexOf('"', at);
    const end = opening < 0 ? text.length : opening;
    if (end - at >= 16) {
      const between = text.slice(at, end);
      const quoted = between.replace(LONG_INTEGER, '"$&"');
      if (quoted !== between) {
        out += text.slice(copied, at) + quoted;
        copied = end;
      }
    }
    if (opening < 0) break;
    at = endOfString(text, opening);
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** Returns the index after the string literal that opens at `opening`; the end of the text when it is never closed. */
function endOfString(text: string, opening: number): number {
  for (let quote = opening + 1; ; quote++) {
    quote = text.indexOf('"', quote);
    if (quote < 0) return text.length;
    let slash = quote - 1;
    while (text.charCodeAt(slash) === 92) slash--;
    // An even number of backslashes escape each other, so the quote is real.
    if ((quote - slash) % 2 === 1) return quote + 1;
  }
}

/**
 * Returns the JSON object in a command's output, without lines before it (`netcheck` warns that its format is not
 * stable, and the seed's proxy merges both streams).
 */
export function skipWarnings(text: string): string {
  const start = text.search(/^[ \t]*\{/m);
  return start < 0 ? text : text.slice(start);
}
