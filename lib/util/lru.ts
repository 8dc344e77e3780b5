/**
 * A cache that drops the least recently used entry: limited by entries (`max`), or by bytes (`maxSize`,
 * `sizeCalculation`).
 */
export { LRUCache } from 'lru-cache';
