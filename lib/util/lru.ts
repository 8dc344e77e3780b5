/** A cache that drops what was used longest ago: bounded by entries (`max`), or by bytes (`maxSize`, `sizeCalculation`). */
export { LRUCache } from 'lru-cache';
