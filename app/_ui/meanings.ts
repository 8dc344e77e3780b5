import type { Classification, Path } from '@/lib/domain/device';
import { t } from '@/lib/i18n/t';

/** Returns the name of a path state. */
export const pathWord = (path: Path) => t(`ui.path_${path}`);

/** Returns what a path state means. */
export const pathMeaning = (path: Path) => t(`ui.pathMeaning_${path}`);

/** Returns the name of a class of device, by its owner. */
export const classWord = (name: Classification) => t(`ui.class_${name}`);

/** Returns what a class of device means. */
export const classMeaning = (name: Classification) => t(`ui.classMeaning_${name}`);

export const medianMeaning = () => t('ui.medianMeaning');
export const p95Meaning = () => t('ui.p95Meaning');
export const pathChangeMeaning = () => t('ui.pathChangeMeaning');
