import enCommon from './en/common.json' with { type: 'json' };
import enFormat from './en/format.json' with { type: 'json' };
import enPalette from './en/palette.json' with { type: 'json' };
import enUi from './en/ui.json' with { type: 'json' };
import esCommon from './es/common.json' with { type: 'json' };
import esFormat from './es/format.json' with { type: 'json' };
import esPalette from './es/palette.json' with { type: 'json' };
import esUi from './es/ui.json' with { type: 'json' };

const en = { common: enCommon, format: enFormat, palette: enPalette, ui: enUi };

/** Every text, by language and area. What is in English must be in each language: the compiler checks that. */
export const messages: { en: typeof en; es: typeof en } = {
  en,
  es: { common: esCommon, format: esFormat, palette: esPalette, ui: esUi },
};

export type Area = keyof typeof en;
/** An area and a name in it, such as `format.now`. */
export type MessageKey = { [A in Area]: `${A}.${Extract<keyof (typeof en)[A], string>}` }[Area];
